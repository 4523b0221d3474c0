"""A path MTU that shrinks during a transfer: with errors from routers, and with a black hole."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e import lab, peers
from e2e.cables import cable

from host.net import netns, tap
from host.net.tap import ip
from host.net.wire import Faults

NET = Path("/proc/sys/net")
FORWARDING = ("ipv4/ip_forward", "ipv6/conf/all/forwarding")
ROUTER, ROUTER6 = "10.1.0.254", "fd01::fe"
BEYOND, BEYOND6 = "10.1.0.1", "fd01::1"
MTU = 1300
LENGTH = 8 * peers.MIB


@pytest.fixture
def beyond(namespace: netns.Namespace) -> Iterator[netns.Beside]:
    """A host behind a router, which is the namespace of the test."""
    for name in FORWARDING:
        (NET / name).write_text("1")
    ip("link", "add", "there", "type", "veth", "peer", "name", "here")
    with netns.Beside() as other, tap.tap("tap0", *lab.HOSTS):
        other.take("here")
        tap.bring_up("there", (f"{ROUTER}/24", f"{ROUTER6}/64"))
        with other.inside():
            tap.bring_up("here", (f"{BEYOND}/24", f"{BEYOND6}/64"))
            ip("route", "add", "default", "via", ROUTER)
            ip("route", "add", "default", "via", ROUTER6)
        yield other


@pytest.mark.parametrize("address", lab.BOTH)
def test_routers_tell(beyond: netns.Beside, address: str) -> None:
    """RFC 1191, RFC 8201: the reported MTU is used at once, without a timeout."""
    arguments = f"--ipv4-gateway={lab.HOST} --ipv6={lab.GUEST6}/64 --ipv6-gateway={lab.HOST6}"
    with lab.server(arguments, name=lab.PROBE):
        with beyond.inside():
            sock = peers.connect(address, peers.SOURCE)
        with sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 17)  # halfway, most is not yet sent
            peers.fetch(sock, LENGTH, halfway=lambda: ip("link", "set", "there", "mtu", str(MTU)))
        assert peers.ask(lab.GUEST, "paths") == [MTU]
        assert peers.ask(lab.GUEST, "counters")["black_holes"] == 0


@pytest.mark.parametrize("address", lab.BOTH)
def test_a_black_hole(namespace: netns.Namespace, address: str) -> None:
    """RFC 8899: large packets vanish without an error, the data arrives all the same."""
    with cable(Faults(), 1, "", "tap0") as joined:
        with lab.server(f"--ipv6={lab.GUEST6}/64", name=lab.PROBE):
            from_the_guest = joined.directions["far"]

            def shrink() -> None:
                from_the_guest.faults = Faults(mtu=MTU)

            with peers.connect(address, peers.SOURCE) as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 17)
                peers.fetch(sock, LENGTH, halfway=shrink)
            assert from_the_guest.counts["too long"] > 0
            assert peers.ask(lab.GUEST, "counters")["black_holes"] == 1
