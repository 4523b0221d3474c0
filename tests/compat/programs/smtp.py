import smtplib
import socket
import threading

seen = []


def serve(listener):
    connection, _ = listener.accept()
    with connection, connection.makefile("rwb") as file:

        def say(text):
            file.write(text + b"\r\n")
            file.flush()

        say(b"220 hi")
        while line := file.readline():
            if line[:4].upper() == b"DATA":
                say(b"354 go")
                while (got := file.readline()) != b".\r\n":
                    seen.append(got)
            if line[:4].upper() == b"QUIT":
                say(b"221 bye")
                break
            say(b"250 ok")


listener = socket.create_server(("127.0.0.1", 0))
thread = threading.Thread(target=serve, args=(listener,), daemon=True)
thread.start()
with smtplib.SMTP("127.0.0.1", listener.getsockname()[1], timeout=5) as server:
    assert server.sendmail("a@b", ["c@d"], "Subject: x\n\n.y\n") == {}
thread.join(5)
assert seen == [b"Subject: x\r\n", b"\r\n", b"..y\r\n"], seen
