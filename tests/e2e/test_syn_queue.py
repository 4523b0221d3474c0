"""Distant clients, more of them than the backlog holds: each is served, also beside spoofed SYNs.
tests/sim/test_syn_queue.py covers rates, round trips and backlogs; here a few of them run on a booted image
with Linux's clients."""

import random
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
from e2e import lab, peers
from e2e.cables import cable
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether

from host.net import netns
from host.net.wire import Faults

SHORT = 9003  # of the probe: a backlog of 5
DELAY = 0.08  # seconds, each way
RATE = 60  # clients a second
CLIENTS = 120
TWO_RTOS = 3.0  # seconds: the first retransmissions of a SYN are after 1 s and after 3 s
SPOOFED = 500  # SYNs a second
MAC = "02:00:00:00:00:02"
WORD = b"hello"


def spoofed_syns(port: int) -> list[bytes]:
    """Send SYNs from addresses of the link that no host has."""
    chance = random.Random(1)
    return [
        bytes(
            Ether(dst=MAC, src="02:00:00:00:00:aa")
            / IP(src=f"10.0.0.{chance.randrange(100, 200)}", dst=lab.GUEST)
            / TCP(sport=chance.randrange(1024, 65536), dport=port, seq=chance.getrandbits(32), flags="S")
        )
        for _ in range(SPOOFED)
    ]


@contextmanager
def flooded(port: int) -> Iterator[None]:
    """Send spoofed SYNs to the port, evenly, until the block ends."""
    frames, stop = spoofed_syns(port), threading.Event()

    def flood() -> None:
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
            sock.bind(("br-near", 0))
            start, sent = time.monotonic(), 0
            while not stop.wait(0.02):
                while sent < (time.monotonic() - start) * SPOOFED:
                    sock.send(frames[sent % len(frames)])
                    sent += 1

    thread = threading.Thread(target=flood, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def visit(port: int) -> list[float]:
    """Connect clients one after the other at RATE: each sends a word and reads the echo. Returns how long
    each waited for it; raises the first error."""
    waits: list[float] = []
    start, begun = time.monotonic(), 0
    with selectors.DefaultSelector() as selector:
        while len(waits) < CLIENTS:
            assert time.monotonic() < start + CLIENTS / RATE + peers.TIMEOUT, f"{len(waits)} were served"
            while begun < CLIENTS and time.monotonic() >= start + begun / RATE:
                begin(selector, port)
                begun += 1
            for key, _ in selector.select(0.01):
                sock, at = key.fileobj, key.data
                assert isinstance(sock, socket.socket)
                if key.events == selectors.EVENT_WRITE:
                    if error := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                        raise OSError(error, f"client {begun} after {time.monotonic() - at:.2f} s")
                    sock.send(WORD)
                    selector.modify(sock, selectors.EVENT_READ, at)
                    continue
                assert sock.recv(100) == WORD
                waits.append(time.monotonic() - at)
                selector.unregister(sock)
                sock.close()
    return waits


def begin(selector: selectors.BaseSelector, port: int) -> None:
    sock = socket.socket()
    sock.setblocking(False)
    sock.connect_ex((lab.GUEST, port))
    selector.register(sock, selectors.EVENT_WRITE, time.monotonic())


@pytest.mark.parametrize("flood", [False, True], ids=["alone", "flood"])
@pytest.mark.parametrize("port", [SHORT, lab.PORT], ids=["backlog5", "backlog128"])
def test_far_clients_are_all_served(namespace: netns.Namespace, port: int, flood: bool) -> None:
    with cable(Faults(delay=DELAY), 1, "", "tap0"), lab.server(name=lab.PROBE, mac=MAC):
        peers.converse(lab.GUEST, port, 100)  # resolves the neighbors
        with flooded(port) if flood else nullcontext():
            waits = visit(port)
        assert max(waits) < TWO_RTOS + 4 * DELAY
        assert peers.ask(lab.GUEST, "counters")["bugs"] == 0
