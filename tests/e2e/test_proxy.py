"""The application proxy: connections reach a server that answers, whole in both directions."""

import hashlib
import random
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from e2e import lab, peers

from host.run.guest import Guest

PORT = 8000
SERVERS = (9001, 9002)  # no server at the first one
SIZE = 1 << 20


@pytest.fixture(autouse=True, scope="module")
def image() -> None:
    lab.build("proxy")


def reply(data: bytes) -> bytes:
    """Return what the server sends for a request: as large, and known only to who has seen all of it."""
    return random.Random(hashlib.sha256(data).digest()).randbytes(len(data))


def stop(listening: socket.socket) -> None:
    """Stop listening although a thread waits in accept()."""
    with suppress(OSError):  # twice
        listening.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def server(tap0: str) -> Iterator[socket.socket]:
    """A server that replies when its peer has sent everything."""

    def serve(sock: socket.socket) -> None:
        with sock:
            data = b"".join(iter(lambda: sock.recv(65536), b""))
            sock.sendall(reply(data))

    def accept() -> None:
        try:
            while True:
                threading.Thread(target=serve, args=[listening.accept()[0]], daemon=True).start()
        except OSError:
            return  # closed below

    with socket.create_server((lab.HOST, SERVERS[1])) as listening:
        threading.Thread(target=accept, daemon=True).start()
        yield listening
        stop(listening)


@pytest.fixture
def proxy(server: socket.socket) -> Iterator[Guest]:
    servers = " ".join(f"{lab.HOST}:{port}" for port in SERVERS)
    with lab.server(f"--most 8 --timeout 2 {servers}", "proxy") as guest:
        yield guest


def test_both_directions_are_whole(proxy: Guest) -> None:
    socks = [peers.connect(lab.GUEST, PORT) for _ in range(4)]
    requests = [random.Random(number).randbytes(SIZE) for number in range(4)]
    for sock, data in zip(socks, requests, strict=True):
        sock.sendall(data)
    for sock, data in zip(socks, requests, strict=True):
        sock.shutdown(socket.SHUT_WR)
        assert b"".join(iter(lambda each=sock: each.recv(65536), b"")) == reply(data)  # type: ignore[misc]
        sock.close()
    assert f"proxy: {lab.HOST}:{SERVERS[0]}: " in proxy.console.text  # it was tried in turn


def test_no_server_answers(proxy: Guest, server: socket.socket) -> None:
    stop(server)
    with pytest.raises(ConnectionResetError), peers.connect(lab.GUEST, PORT) as sock:
        sock.recv(1)
    proxy.wait_for("no server answers")


def test_too_many_connections(proxy: Guest) -> None:
    """The ninth is reset; when one of the others has ended there is room again."""
    socks = [peers.connect(lab.GUEST, PORT) for _ in range(8)]
    for sock in socks:
        sock.sendall(b"x")
    with pytest.raises(ConnectionResetError), peers.connect(lab.GUEST, PORT) as ninth:
        ninth.recv(1)
    proxy.wait_for("8 connections are open")
    for sock in socks:
        sock.shutdown(socket.SHUT_WR)
        assert sock.recv(100) == reply(b"x")
        assert sock.recv(100) == b""
        sock.close()

    def is_served() -> bool:
        try:
            with peers.connect(lab.GUEST, PORT) as sock:
                sock.sendall(b"again")
                sock.shutdown(socket.SHUT_WR)
                return sock.recv(100) == reply(b"again")
        except ConnectionResetError:
            return False

    lab.eventually(is_served, "served again")
