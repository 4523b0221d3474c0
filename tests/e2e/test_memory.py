"""Little memory, and none left."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
import ways
from e2e import lab, peers

LEAST = 5 if ways.BOARD.runner == "unikraft" else 4  # MiB


def test_sixteen_megabytes_serve(tap0: str, accelerator: str) -> None:
    with lab.server("server", memory=16, accelerator=accelerator):
        peers.converse(lab.GUEST, lab.PORT, 4 << 20)
        socks = [peers.connect(lab.GUEST, lab.PORT) for _ in range(20)]
        peers.run([peers.Conversation(sock, 50_000, seed) for seed, sock in enumerate(socks)])


@pytest.mark.parametrize("memory", [LEAST, 8, 64, 512, 2048])
def test_any_memory_serves(tap0: str, memory: int) -> None:
    with lab.server("server", memory=memory):
        peers.converse(lab.GUEST, lab.PORT, 1 << 20)


@pytest.mark.skipif(
    ways.BOARD.platform == "spt", reason="board solo5-spt serves in 2 MiB, and with 1 there is no start"
)
@pytest.mark.skipif(
    ways.BOARD.runner == "unikraft", reason="board unikraft-qemu: the launcher refuses less than 4 MiB"
)
def test_too_little_is_said(tap0: str) -> None:
    with lab.booted(lab.on_tap("server", memory=2)) as guest:
        assert guest.wait(30) == 1
        assert guest.console.text.splitlines() == ["not enough memory for this image: give the machine more"]


@contextmanager
def packets() -> Iterator[None]:
    """Send datagrams to a closed port and open short connections, all the time."""
    over = threading.Event()

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            while not over.wait(0.01):
                sock.sendto(bytes(100), (lab.GUEST, 1))
                with suppress(OSError), socket.create_connection((lab.GUEST, lab.PORT), 0.05) as client:
                    client.sendall(b"anybody?")

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize("objects", ["hog", "hog_small"])
def test_a_fiber_that_takes_it_all_gets_the_error(tap0: str, objects: str) -> None:
    """The heap is full for a second while packets arrive: MemoryError for the task that allocates, and the
    stack continues."""
    with lab.server(name=lab.PROBE, memory=16), peers.connect(lab.GUEST, lab.PORT) as sock:
        sock.sendall(b"before")
        assert sock.recv(6) == b"before"
        for _ in range(3):
            with packets():
                assert peers.ask(lab.GUEST, objects) == ["MemoryError"]
        sock.sendall(b"after")
        assert sock.recv(6) == b"after"
        peers.ping(lab.GUEST)
        peers.converse(lab.GUEST, lab.PORT, 1 << 20)
        assert peers.ask(lab.GUEST, "counters")["bugs"] == 0


def crowd(size: int = 200) -> None:
    """Open connections until one fails; then close all."""
    with ExitStack() as socks:
        connected = 0
        try:
            while connected < size:
                sock = socks.enter_context(peers.connect(lab.GUEST, lab.PORT, timeout=1))
                sock.sendall(bytes(1000))
                connected += 1
        except OSError:
            pass
        assert connected > 5


def test_echo_outlives_more_connections_than_it_has_threads_for(tap0: str) -> None:
    with lab.server("server", memory=8) as guest:
        crowd()
        peers.eventually_converse(lab.GUEST, lab.PORT, 100_000)
        assert "Traceback" not in guest.console.text


@pytest.mark.parametrize(("memory", "clients"), [(8, 1500), (16, 3000)])
def test_echo_outlives_a_crowd(tap0: str, memory: int, clients: int) -> None:
    """Clients without room are refused, or time out; the others are served, and all when it is over."""
    with lab.server("server", memory=memory) as guest, ExitStack() as stack:
        socks = [stack.enter_context(socket.socket()) for _ in range(clients)]
        for sock in socks:
            sock.setblocking(False)
            sock.connect_ex((lab.GUEST, lab.PORT))
        served, deadline = set(), time.monotonic() + 30
        while time.monotonic() < deadline and len(served) < 20:
            for sock in socks:
                with suppress(OSError):  # not connected yet, or refused
                    sock.send(b"somebody")
                with suppress(OSError):
                    if sock.recv(1000):
                        served.add(sock)
        assert len(served) >= 20
        stack.close()
        peers.eventually_converse(lab.GUEST, lab.PORT, 100_000)
        assert guest.running and "Traceback" not in guest.console.text


def test_more_connections_than_memory(tap0: str) -> None:
    """Connections without memory fail individually; when the others have gone there is room again."""
    with lab.server(name=lab.PROBE, memory=8) as guest:
        crowd()
        peers.eventually_converse(lab.GUEST, lab.PORT, 100_000)
        assert peers.ask(lab.GUEST, "counters")["bugs"] == 0
        assert guest.running
