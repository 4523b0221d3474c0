"""A guest on a bad network: after all of it, it works, nothing grew, and no exception was swallowed."""

from typing import Any

import pytest
from e2e import hostile, lab, peers

from host import tap
from host.guest import Guest

MAC = "02:00:00:00:00:01"
TABLES = ("fibers", "connections", "ports", "time_waits", "stalled", "half_open", "timers", "neighbors")


def counters() -> dict[str, Any]:
    answer: dict[str, Any] = peers.ask(lab.GUEST, "counters")
    return answer


def settled(before: dict[str, Any]) -> None:
    """It works, and is what it was."""
    tap.ip("neighbor", "flush", "dev", "tap0")  # some of the frames told lies about who is where
    peers.ping(lab.GUEST)
    peers.eventually_converse(lab.GUEST, lab.PORT, 1 << 20)
    peers.ask(lab.GUEST, "forget")

    grown: dict[str, Any] = {"grown": "nothing"}

    def back() -> bool:
        now = counters()
        grown.clear()
        grown.update({name: (before[name], now[name]) for name in TABLES if now[name] > before[name]})
        return not grown

    lab.eventually(back, grown, 90)
    after = counters()
    assert after["bugs"] == 0, lab.PROBE
    assert after["heap"] < before["heap"] + 65536


@pytest.fixture
def fortress(tap0: str) -> Any:
    with lab.server(name=lab.PROBE, mac=MAC) as guest:
        peers.converse(lab.GUEST, lab.PORT, 1 << 20)
        peers.ask(lab.GUEST, "forget")
        counters()
        yield guest


def test_a_hundred_thousand_bad_frames(fortress: Guest) -> None:
    before = counters()
    assert hostile.flood("tap0", hostile.frames(MAC, 100_000, seed=1)) == 100_000
    drops = counters()["drops"]
    assert len(drops) > 15, drops  # they got to many places
    settled(before)


def test_bad_frames_while_connections_are_open(fortress: Guest) -> None:
    """A stream goes on beside them, whatever they say about it."""
    before = counters()
    with peers.connect(lab.GUEST, lab.PORT) as sock:
        for round_ in range(10):
            hostile.flood("tap0", hostile.frames(MAC, 1000, seed=100 + round_))
            tap.ip("neighbor", "flush", "dev", "tap0")
            data = b"%d" % round_ * 1000
            sock.sendall(data)
            received = b""
            while len(received) < len(data):
                received += sock.recv(peers.PIECE)
            assert received == data
    settled(before)


def test_a_flood_of_syns(fortress: Guest) -> None:
    before = counters()
    with peers.connect(lab.GUEST, lab.PORT) as sock:
        hostile.flood("tap0", hostile.syns(MAC, 5000, seed=1))
        during = counters()
        assert during["half_open"] > 10, during
        peers.converse(lab.GUEST, lab.PORT, 100_000)  # new ones are let in at once
        sock.sendall(b"still open")
        assert sock.recv(100) == b"still open"
    settled(before)
