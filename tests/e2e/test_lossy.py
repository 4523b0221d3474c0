"""A bad cable between Linux and a guest, and between guests: what arrives is what was sent."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from e2e import lab, peers

from host import netns, tap
from host.wire import Faults, Wire, wire

MIB = 1 << 20
BAD = Faults(loss=0.05, duplicate=0.02, reorder=0.05)
NOISY = Faults(corrupt=0.02)
PATIENCE = 180.0  # seconds: after losses in a row a retransmission waits long


@contextmanager
def cable(faults: Faults, seed: int, *ends: str) -> Iterator[Wire]:
    """A wire between taps "near" and "far", each in a bridge with one of `ends`, or with the host's address.

    The guest's tap is held open by its runner, so the wire has taps of its own.
    """
    with ExitStack() as stack:
        for name, end in zip(("near", "far"), ends, strict=True):
            stack.enter_context(tap.tap(name))
            addresses = () if end else (f"{lab.HOST}/24",)
            ports = [name] + ([stack.enter_context(tap.tap(end))] if end else [])
            stack.enter_context(tap.bridge(f"br-{name}", *ports, addresses=addresses))
        joined = stack.enter_context(wire("near", "far", faults, seed))
        yield joined
        print(f"--- cable: {dict(joined.counts)}")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_linux_and_a_guest(namespace: netns.Namespace, seed: int) -> None:
    with cable(BAD, seed, "", "tap0") as bad, lab.server("server"):
        peers.converse(lab.GUEST, lab.PORT, MIB, patience=PATIENCE)
        assert min(bad.counts[what] for what in ("lost", "duplicated", "reordered")) > 10


@pytest.mark.parametrize("seed", [1, 2])
def test_guest_and_guest(namespace: netns.Namespace, seed: int) -> None:
    with cable(BAD, seed, "tap1", "tap0") as bad, lab.server("server"):
        arguments = f"client {lab.GUEST} {MIB}"
        with lab.booted(lab.on_tap(arguments, lab.OTHER, "tap1")) as client:
            assert client.wait(PATIENCE) == 0
        assert min(bad.counts[what] for what in ("lost", "duplicated", "reordered")) > 10


def test_many_over_a_bad_cable(namespace: netns.Namespace) -> None:
    """Handshakes and goodbyes are lost too."""
    with cable(BAD, 4, "", "tap0"), lab.server("server"):
        socks = [peers.connect(lab.GUEST, lab.PORT) for _ in range(30)]
        peers.run([peers.Conversation(s, 5000, seed) for seed, s in enumerate(socks)], PATIENCE)


def test_bit_errors_are_caught(namespace: netns.Namespace) -> None:
    with cable(NOISY, 5, "", "tap0") as noisy, lab.server(name=lab.PROBE):
        peers.converse(lab.GUEST, lab.PORT, MIB, patience=PATIENCE)
        assert noisy.counts["corrupted"] > 10
        counted = peers.ask(lab.GUEST, "counters")
        assert counted["bugs"] == 0 and counted["drops"]["tcp_checksum"] > 0


def test_bit_errors_between_guests_are_caught(namespace: netns.Namespace) -> None:
    with cable(NOISY, 6, "tap1", "tap0") as noisy, lab.server("server"):
        arguments = f"client {lab.GUEST} {MIB}"
        with lab.booted(lab.on_tap(arguments, lab.OTHER, "tap1")) as client:
            assert client.wait(PATIENCE) == 0
        assert noisy.counts["corrupted"] > 10
