"""A guest on a hostile network: afterwards it works, no table grew, and no exception was swallowed."""

from collections.abc import Iterator
from typing import Any

import pytest
from e2e import hostile, lab, peers

from host.net import tap
from host.run.guest import Guest

MAC = "02:00:00:00:00:01"
TABLES = ("fibers", "connections", "ports", "time_waits", "stalled", "half_open", "timers", "neighbors")


def counters() -> dict[str, Any]:
    answer: dict[str, Any] = peers.ask(lab.GUEST, "counters")
    return answer


def storm(frames: Iterator[bytes]) -> int:
    """Send all frames; then Linux resolves the guest's address again, which repairs its neighbor cache."""
    sent = hostile.flood("tap0", frames)
    tap.ip("neighbor", "flush", "dev", "tap0")
    return sent


def at_rest() -> dict[str, Any]:
    """Return the guest's state after every timeout."""
    peers.ask(lab.GUEST, "later")
    return counters()


def assert_back_to(before: dict[str, Any]) -> None:
    """Check that it works, that no exception was swallowed, and that its state is as before."""
    peers.ping(lab.GUEST)
    peers.eventually_converse(lab.GUEST, lab.PORT, 1 << 20)
    after = at_rest()
    assert after["bugs"] == 0
    assert {name: after[name] for name in TABLES} == {name: before[name] for name in TABLES}
    assert after["heap"] < before["heap"] + 65536


@pytest.fixture
def fortress(tap0: str) -> Iterator[Guest]:
    with lab.server(name=lab.PROBE, mac=MAC) as guest:
        peers.converse(lab.GUEST, lab.PORT, 1 << 20)
        yield guest


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_hundred_thousand_bad_frames(fortress: Guest, seed: int) -> None:
    before = at_rest()
    assert storm(hostile.frames(MAC, 100_000, seed)) == 100_000
    drops = counters()["drops"]
    assert len(drops) > 15, drops  # they reached many places
    assert_back_to(before)


def test_bad_frames_while_connections_are_open(fortress: Guest) -> None:
    """A stream continues beside them."""
    before = at_rest()
    with peers.connect(lab.GUEST, lab.PORT) as sock:
        for round_ in range(10):
            storm(hostile.frames(MAC, 1000, seed=100 + round_))
            data = b"%d" % round_ * 1000
            sock.sendall(data)
            received = b""
            while len(received) < len(data):
                received += sock.recv(peers.PIECE)
            assert received == data
    assert_back_to(before)


def test_frames_longer_than_the_guest_takes(fortress: Guest) -> None:
    """Drivers and devices drop them in various ways, none of which may cost a buffer."""
    before = at_rest()
    tap.ip("link", "set", "tap0", "mtu", "9000")
    frames = hostile.long_frames(MAC, 1000)
    assert hostile.flood("tap0", frames, longest=9014) == 1000
    assert_back_to(before)


def test_a_flood_of_syns(fortress: Guest) -> None:
    before = at_rest()
    with peers.connect(lab.GUEST, lab.PORT) as sock:
        storm(hostile.syns(MAC, 5000, seed=1))
        during = counters()
        assert during["half_open"] > 10, during
        peers.converse(lab.GUEST, lab.PORT, 100_000)  # new ones are accepted at once
        sock.sendall(b"still open")
        assert sock.recv(100) == b"still open"
    assert_back_to(before)
