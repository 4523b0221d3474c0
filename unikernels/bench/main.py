# bench - services to be measured: echo 9000, sink 9001, source 9002, HTTP 8080. A thread a connection.
import socket
import threading

PIECE = 65536
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\nContent-Type: text/plain\r\n\r\nHello, world!\n"


def echo(connection):
    """Echo until the peer closes."""
    piece = bytearray(PIECE)
    view = memoryview(piece)
    while True:
        n = connection.recv_into(piece)
        if not n:
            return
        connection.sendall(view[:n])


def sink(connection):
    """Read and discard."""
    piece = bytearray(PIECE)
    while connection.recv_into(piece):
        pass


def source(connection):
    """Send for as long as the peer reads."""
    piece = bytes(PIECE)
    while True:
        connection.sendall(piece)


def http(connection):
    """Send one fixed answer to each request."""
    pending = b""
    while True:
        data = connection.recv(4096)
        if not data:
            return
        pending += data
        while True:
            end = pending.find(b"\r\n\r\n")
            if end < 0:
                break
            line = pending[:end].split(b"\r\n")[0].split(b" ")
            pending = pending[end + 4 :]
            if line[0] == b"GET":
                connection.sendall(ANSWER)


def serve(connection, service):
    """Run a service until the peer has gone."""
    with connection:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            service(connection)
        except OSError:
            pass


def listen(port):
    """Return a listener with room for super-segments."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 262144)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 262144)
    listener.bind(("0.0.0.0", port))
    listener.listen(1024)
    return listener


def accept(listener, service):
    """Accept connections without end."""
    while True:
        connection, peer = listener.accept()
        threading.Thread(target=serve, args=(connection, service), daemon=True).start()


def main():
    """Serve all four; the last in this thread."""
    services = [(listen(port), service) for port, service in ((9000, echo), (9001, sink), (9002, source))]
    last = listen(8080)
    for listener, service in services:
        threading.Thread(target=accept, args=(listener, service), daemon=True).start()
    print("bench: listening on ports 9000, 9001, 9002 and 8080", flush=True)
    accept(last, http)


if __name__ == "__main__":
    main()
