"""Many connections: at once, one after the other; nothing stays behind in the guest."""

import random
import socket
import struct
from typing import Any

from e2e import lab, peers

from host.guest import Guest

TABLES = ("fibers", "connections", "ports", "time_waits", "stalled", "half_open", "timers")
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends a reset


def counters() -> dict[str, Any]:
    answer: dict[str, Any] = peers.ask(lab.GUEST, "counters")
    return answer


def assert_back_to(before: dict[str, Any]) -> None:
    """Tables, timers and fibers are what they were, and the heap about as full."""
    lab.eventually(
        lambda: all(counters()[name] <= before[name] for name in TABLES), f"tables as in {before}", 60
    )
    after = counters()
    assert after["bugs"] == 0
    assert after["heap"] < before["heap"] + 16384


def test_two_hundred_at_once(echo: Guest) -> None:
    lengths = random.Random(1)
    socks = [peers.connect(lab.GUEST, lab.PORT) for _ in range(200)]
    peers.run([peers.Conversation(s, lengths.randrange(100000), seed) for seed, s in enumerate(socks)])


def test_a_thousand_in_a_row_leave_nothing(probe: Guest) -> None:
    for seed in range(50):
        peers.converse(lab.GUEST, lab.PORT, 100, seed)
    before = counters()
    for seed in range(1000):
        peers.converse(lab.GUEST, lab.PORT, 1000, seed)
    assert counters()["opened"] == before["opened"] + 1000
    assert_back_to(before)


def test_connections_that_end_badly_leave_nothing(probe: Guest) -> None:
    """Resets at every stage: at once, with text on the way in both directions, after a half close."""

    def wave() -> None:
        for number in range(100):
            with peers.connect(lab.GUEST, lab.PORT) as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                sock.send(bytes(1000 * (number % 10)))
                if number % 3 == 0:
                    sock.shutdown(socket.SHUT_WR)

    wave()
    before = counters()
    for _ in range(5):
        wave()
    assert_back_to(before)
    peers.converse(lab.GUEST, lab.PORT, 100000)


def test_the_memory_of_many_comes_back(probe: Guest) -> None:
    def wave() -> None:
        socks = [peers.connect(lab.GUEST, lab.PORT) for _ in range(100)]
        peers.run([peers.Conversation(sock, 20000, seed) for seed, sock in enumerate(socks)])

    wave()
    before = counters()
    for _ in range(4):
        wave()
    assert_back_to(before)
