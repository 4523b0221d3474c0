"""Link down and up, as QEMU signals it to the guest (RFC 4862 5.4, RFC 5227 2.1)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import ways
from e2e import elsewhere, lab, peers, qmp
from e2e.ear import Ear
from scapy.layers.inet6 import ICMPv6MLReport2, ICMPv6ND_NS, ICMPv6ND_RS, IPv6
from scapy.layers.l2 import ARP

from host.run.guest import Guest

pytestmark = ways.needs_link

MAC = "52:54:00:00:00:02"
LINK_LOCAL = "fe80::5054:ff:fe00:2"
HOST, GUEST = "fd00::1", "fd00::2"


@contextmanager
def server(folder: Path, *extra: str, name: str | Path = "echo") -> Iterator[tuple[Guest, qmp.Machine]]:
    """A server at an address of each family, and control of its link."""
    elsewhere.bring_up("tap0", f"{HOST}/64", "fe80::1/64")
    arguments = f"-v --ipv6={GUEST}/64" + " server" * (name == "echo")
    options = lab.on_tap(arguments, mac=MAC, extra=(*qmp.option(folder / "qmp"), *extra))
    with lab.booted(options, name) as guest, qmp.machine(folder / "qmp") as machine:
        yield guest, machine


def pull(guest: Guest, machine: qmp.Machine) -> None:
    machine.link(up=False)
    guest.wait_for("the link is down")


def plug(guest: Guest, machine: qmp.Machine) -> None:
    machine.link(up=True)
    guest.wait_for("the link is up")


@pytest.mark.parametrize("address", [lab.GUEST, GUEST])
def test_a_connection_outlives_it(tap0: str, tmp_path: Path, address: str) -> None:
    with server(tmp_path) as (guest, machine):
        guest.wait_for(lab.READY)
        with peers.connect(address, lab.PORT) as sock:
            sock.sendall(b"before")
            assert sock.recv(100) == b"before"
            pull(guest, machine)
            sock.sendall(b"meanwhile")
            plug(guest, machine)
            assert sock.recv(100) == b"meanwhile"
        peers.converse(address, lab.PORT, 100_000)


def test_link_up_repeats_discovery(tap0: str, tmp_path: Path) -> None:  # ND-6, ND-8, ARP-7
    with server(tmp_path) as (guest, machine), Ear(tap0) as ear:
        guest.wait_for(lab.READY)
        pull(guest, machine)
        ear.forget()
        plug(guest, machine)
        ear.hear(ICMPv6MLReport2)
        assert [ear.hear(ICMPv6ND_NS)[ICMPv6ND_NS].tgt for _ in range(2)] == [LINK_LOCAL, GUEST]
        assert ear.hear(ICMPv6ND_RS)[IPv6].src == "::"
        asked = [ear.hear(ARP, op=1, hwsrc=MAC, pdst=lab.GUEST)[ARP].psrc for _ in range(5)]
        assert asked == ["0.0.0.0"] * 3 + [lab.GUEST] * 2


def test_address_taken_while_the_link_was_down(tap0: str, tmp_path: Path) -> None:  # ND-8
    """The IPv4 address is defended and the conflict logged (--acd would give it up); the IPv6 address is
    removed."""
    with server(tmp_path) as (guest, machine):
        guest.wait_for(lab.READY)
        pull(guest, machine)
        for address in (f"{lab.GUEST}/32", f"{GUEST}/128"):
            elsewhere.bring_up(tap0, address)
        plug(guest, machine)
        guest.wait_for(f"{lab.GUEST} is also used by")
        guest.wait_for(f"{GUEST} is used by another host")
        peers.converse(f"{LINK_LOCAL}%{tap0}", lab.PORT, 10_000)


def test_what_is_sent_meanwhile_is_counted(tap0: str, tmp_path: Path) -> None:
    with server(tmp_path, name=lab.PROBE) as (guest, machine):
        guest.wait_for(lab.READY)
        assert peers.ask(lab.GUEST, "link") == [True, 0]
        peers.ask(lab.GUEST, "talk")
        pull(guest, machine)
        guest.wait_for("probe: lost one, the link is down")
        plug(guest, machine)
        up, lost = peers.ask(lab.GUEST, "link")
        assert up and lost > 0


def test_a_guest_that_starts_without_a_cable(tap0: str, tmp_path: Path) -> None:
    with server(tmp_path, "-S") as (guest, machine), Ear(tap0) as ear:
        machine.link(up=False)
        machine.do("cont")
        guest.wait_for(lab.READY)
        plug(guest, machine)
        assert ear.hear(ICMPv6ND_NS)[IPv6].src == "::"
        for address in (lab.GUEST, GUEST):
            peers.ping(address)
