# client.py - send random bytes, read them back, compare.
import hashlib
import os
import socket
import threading

_PIECE = 16384


class Sender:
    """Sends `length` random bytes from a thread of its own, then closes its half."""

    def __init__(self, connection, length):
        self.connection = connection
        self.left = length
        self.digest = hashlib.sha256()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        try:
            while self.left:
                piece = os.urandom(min(self.left, _PIECE))
                self.digest.update(piece)
                self.connection.sendall(piece)
                self.left -= len(piece)
            self.connection.shutdown(socket.SHUT_WR)
        except OSError as error:
            print("client: sending failed: %s" % error)


def compare(host, port, length):
    """Return whether `length` random bytes were echoed unchanged."""
    with socket.create_connection((host, port)) as connection:
        sender = Sender(connection, length)
        digest = hashlib.sha256()
        received = 0
        piece = bytearray(_PIECE)
        view = memoryview(piece)
        while True:
            n = connection.recv_into(piece)
            if not n:
                break
            received += n
            digest.update(view[:n])
        sender.thread.join()
    same = received == length and digest.digest() == sender.digest.digest()
    print("client: %d of %d bytes came back%s" % (received, length, "" if same else ", and they differ"))
    return same
