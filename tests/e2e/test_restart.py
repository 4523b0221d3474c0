"""Guests start and end: neighbors replace the old entry, however the guest ended."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e import lab, peers

from host.net import netns, tap


@pytest.fixture
def bridge(namespace: netns.Namespace) -> Iterator[str]:
    """A bridge with tap0 and tap1: unlike a tap it stays up, with its table, when a guest ends."""
    with tap.tap("tap0"), tap.tap("tap1"):
        with tap.bridge("br0", "tap0", "tap1", addresses=(f"{lab.HOST}/24",)) as name:
            yield name


def test_one_after_the_other(tap0: str) -> None:
    """Each with another MAC."""
    for _ in range(5):
        with lab.server("server --limit 1") as guest:
            peers.converse(lab.GUEST, lab.PORT, 10_000)
            assert guest.wait(30) == 0


def test_an_announcement_moves_the_address(bridge: str) -> None:
    def neighbor() -> str:
        """Return the link-layer address that Linux has for the guest, if any."""
        entries = json.loads(tap.ip("-json", "neighbor", "show", "to", lab.GUEST, "dev", bridge))
        return "".join(str(entry.get("lladdr")) for entry in entries)

    # An announcement creates an entry too, should Linux have dropped the old one in between.
    Path(f"/proc/sys/net/ipv4/conf/{bridge}/arp_accept").write_text("1")
    with lab.booted(lab.on_tap("server", tap="tap1", address=lab.OTHER)):  # keeps the bridge up
        with lab.server("server", mac="02:00:00:00:00:01"):
            peers.ping(lab.GUEST)
            lab.eventually(lambda: neighbor() == "02:00:00:00:00:01", "Linux has resolved the address")
        with lab.server("server", mac="02:00:00:00:00:02"):
            lab.eventually(lambda: neighbor() == "02:00:00:00:00:02", "Linux has heard the announcement")


def test_old_connections_are_reset_by_the_next_guest(tap0: str) -> None:
    with lab.server("server"):
        old = peers.connect(lab.GUEST, lab.PORT)
        old.sendall(b"to the first")
        assert old.recv(100)
    with lab.server("server"), old:
        old.sendall(b"to the second")
        with pytest.raises(ConnectionResetError):
            old.recv(100)
        peers.converse(lab.GUEST, lab.PORT, 10_000)


def test_address_conflict_of_two_images_is_reported(bridge: str) -> None:
    """RFC 5227: the first holder defends the address, and both images log the conflict."""
    with lab.server("server") as first, lab.booted(lab.on_tap("server", tap="tap1")) as second:
        second.wait_for(lab.READY)
        first.wait_for(f"{lab.GUEST} is also used by")
        second.wait_for(f"{lab.GUEST} is also used by")
