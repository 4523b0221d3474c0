"""An impaired link between Linux and a guest, and between guests: data received is data sent."""

import pytest
from e2e import lab, peers
from e2e.cables import cable

from host.net import netns
from host.net.wire import Faults

MIB = peers.MIB
BAD = Faults(loss=0.05, duplicate=0.02, reorder=0.05)
NOISY = Faults(corrupt=0.02)
TIMEOUT = 180.0  # seconds: after losses in a row a retransmission waits long


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_linux_and_a_guest(namespace: netns.Namespace, seed: int) -> None:
    with cable(BAD, seed, "", "tap0") as bad, lab.server("server"):
        peers.converse(lab.GUEST, lab.PORT, MIB, timeout=TIMEOUT)
        assert min(bad.counts[what] for what in ("lost", "duplicated", "reordered")) > 10


@pytest.mark.parametrize("seed", [1, 2])
def test_guest_and_guest(namespace: netns.Namespace, seed: int) -> None:
    with cable(BAD, seed, "tap1", "tap0") as bad, lab.server("server"):
        arguments = f"client {lab.GUEST} {MIB}"
        with lab.booted(lab.on_tap(arguments, lab.OTHER, "tap1")) as client:
            assert client.wait(TIMEOUT) == 0
        assert min(bad.counts[what] for what in ("lost", "duplicated", "reordered")) > 10


def test_many_over_a_bad_cable(namespace: netns.Namespace) -> None:
    """SYNs and FINs are lost too."""
    with cable(BAD, 4, "", "tap0"), lab.server("server"):
        socks = [peers.connect(lab.GUEST, lab.PORT) for _ in range(30)]
        peers.run([peers.Conversation(s, 5000, seed) for seed, s in enumerate(socks)], TIMEOUT)


def test_bit_errors_are_caught(namespace: netns.Namespace) -> None:
    with cable(NOISY, 5, "", "tap0") as noisy, lab.server(name=lab.PROBE):
        peers.converse(lab.GUEST, lab.PORT, MIB, timeout=TIMEOUT)
        assert noisy.counts["corrupted"] > 10
        counted = peers.ask(lab.GUEST, "counters")
        assert counted["bugs"] == 0 and counted["drops"]["tcp_checksum"] > 0


def test_bit_errors_between_guests_are_caught(namespace: netns.Namespace) -> None:
    with cable(NOISY, 6, "tap1", "tap0") as noisy, lab.server("server"):
        arguments = f"client {lab.GUEST} {MIB}"
        with lab.booted(lab.on_tap(arguments, lab.OTHER, "tap1")) as client:
            assert client.wait(TIMEOUT) == 0
        assert noisy.counts["corrupted"] > 10
