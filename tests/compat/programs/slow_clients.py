"""A threaded server with 500 slow clients still serves another at once: the slow ones send half of a line."""

import socket
import threading
import time

SLOW = 500


def serve(connection):
    with connection, connection.makefile("rb") as lines:
        for line in lines:
            connection.sendall(line)


def accept(listener):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
    address = listener.getsockname()
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
    slow = []
    for _ in range(SLOW):
        client = socket.create_connection(address)
        client.sendall(b"half of ")
        slow.append(client)
    with socket.create_connection(address, timeout=10) as normal, normal.makefile("rb") as lines:
        before = time.monotonic()
        for number in range(100):
            normal.sendall(b"line %d\n" % number)
            assert lines.readline() == b"line %d\n" % number
        assert time.monotonic() - before < 5
    assert threading.active_count() >= SLOW
    for client in slow:
        client.sendall(b"a line\n")
    for client in slow:
        with client, client.makefile("rb") as lines:
            assert lines.readline() == b"half of a line\n"
