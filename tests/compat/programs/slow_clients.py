"""A threaded server with 500 clients that send a byte now and then serves another client at once."""

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


def dribble(clients, sent, done):
    """Send a byte on each connection, one after the other, again and again."""
    while not done.is_set():
        for client in clients:
            client.sendall(b".")
            sent[client] += b"."
            time.sleep(0.0005)


with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
    address = listener.getsockname()
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
    slow = []
    for _ in range(SLOW):
        client = socket.create_connection(address)
        client.sendall(b"half of ")
        slow.append(client)
    sent, done = {client: b"half of " for client in slow}, threading.Event()
    dribbling = threading.Thread(target=dribble, args=(slow, sent, done))
    dribbling.start()
    with socket.create_connection(address, timeout=10) as normal, normal.makefile("rb") as lines:
        before = time.monotonic()
        for number in range(100):
            normal.sendall(b"line %d\n" % number)
            assert lines.readline() == b"line %d\n" % number
        assert time.monotonic() - before < 5
    while min(map(len, sent.values())) == len(b"half of "):  # each has sent more since
        time.sleep(0.01)
    done.set()
    dribbling.join()
    assert threading.active_count() >= SLOW
    for client in slow:
        client.sendall(b"a line\n")
    for client in slow:
        with client, client.makefile("rb") as lines:
            assert lines.readline() == sent[client] + b"a line\n"
