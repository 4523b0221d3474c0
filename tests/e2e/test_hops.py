"""A guest, two routers and a host behind them: how far that is, and how wide the way.

guest - tap0 - this namespace - near:back - the second router - on:end - the far host
"""

import errno
import random
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from e2e import elsewhere, lab, peers, remote
from e2e.ear import Ear
from scapy.layers.inet import ICMP, IP
from scapy.layers.inet6 import ICMPv6PacketTooBig, ICMPv6TimeExceeded, IPv6, IPv6ExtHdrFragment

from host.net import netns, tap

PORT = 5000
NOBODY = 33434  # where traceroute begins


@dataclass(frozen=True)
class Family:
    name: str
    level: str
    hops: str
    routers: tuple[str, str]
    far: str
    number: socket.AddressFamily


FOUR = Family("AF_INET", "IPPROTO_IP", "IP_TTL", (lab.HOST, "10.1.0.2"), "10.2.0.2", socket.AF_INET)
SIX = Family(
    "AF_INET6", "IPPROTO_IPV6", "IPV6_UNICAST_HOPS", ("fd00::1", "fd01::2"), "fd02::2", socket.AF_INET6
)


@dataclass(frozen=True)
class Way:
    guest: remote.Remote
    second: netns.Beside
    far: netns.Beside

    def socket(self, family: Family, port: int) -> int:
        """A UDP socket of the guest's, connected to the far host."""
        sock = self.guest.socket(family.name, "SOCK_DGRAM")
        self.guest.do("connect", socket=sock, address=(family.far, port))
        self.guest.do("settimeout", socket=sock, seconds=peers.TIMEOUT)
        return sock

    def narrow(self, mtu: int) -> None:
        """The cable between the routers takes no more than this."""
        tap.ip("link", "set", "near", "mtu", str(mtu))
        with self.second.inside():
            tap.ip("link", "set", "back", "mtu", str(mtu))


@pytest.fixture
def way(namespace: netns.Namespace) -> Iterator[Way]:
    lab.build("agent")
    with netns.Beside() as second, netns.Beside() as far:
        elsewhere.cable("near", "back", second)
        elsewhere.bring_up("near", "10.1.0.1/24", "fd01::1/64", "fe80::1/64")
        with second.inside():
            elsewhere.cable("on", "end", far)
            elsewhere.bring_up("back", "10.1.0.2/24", "fd01::2/64", "fe80::2/64")
            elsewhere.bring_up("on", "10.2.0.1/24", "fd02::1/64", "fe80::1/64")
            elsewhere.forward()
            tap.ip("route", "add", "10.0.0.0/24", "via", "10.1.0.1")
            tap.ip("route", "add", "fd00::/64", "via", "fd01::1")
        with far.inside():
            elsewhere.bring_up("end", "10.2.0.2/24", "fd02::2/64", "fe80::2/64")
            tap.ip("route", "add", "default", "via", "10.2.0.1")
            tap.ip("route", "add", "default", "via", "fd02::1")
        elsewhere.forward()
        tap.ip("route", "add", "10.2.0.0/24", "via", "10.1.0.2")
        tap.ip("route", "add", "fd02::/64", "via", "fd01::2")
        with remote.guest(f"--ipv4-gateway={lab.HOST} --ipv6=fd00::2/64 --ipv6-gateway=fd00::1") as guest:
            elsewhere.bring_up("tap0", "fd00::1/64", "fe80::1/64")
            yield Way(guest, second, far)


def test_traceroute_from_the_guest(way: Way) -> None:
    """With each hop more a router further away sends time exceeded; at last the host replies."""
    for family in (FOUR, SIX):
        outcomes = []
        with Ear("tap0") as ear:
            for hops in (1, 2, 3):
                sock = way.socket(family, NOBODY + hops)
                way.guest.do("setsockopt", socket=sock, level=family.level, option=family.hops, value=hops)
                way.guest.send(sock, b"how far is it?")
                with pytest.raises(OSError) as caught:
                    way.guest.recv(sock)
                outcomes.append(caught.value.errno)
            speakers = [exceeded(ear, family) for _ in range(2)]
        assert outcomes == [errno.EHOSTUNREACH, errno.EHOSTUNREACH, errno.ECONNREFUSED]
        assert speakers == list(family.routers)


def exceeded(ear: Ear, family: Family) -> str:
    """Return the source of the time exceeded message."""
    if family is FOUR:
        return str(ear.hear(ICMP, ours=True, type=11)[IP].src)
    return str(ear.hear(ICMPv6TimeExceeded, ours=True)[IPv6].src)


@pytest.mark.parametrize(
    ("family", "mtus"),
    [(FOUR, (1280,)), (SIX, (1400, 1280))],  # routers fragment IPv4 fragments further, silently
    ids=["ipv4", "ipv6"],
)
def test_a_path_that_shrinks_while_datagrams_are_sent(
    way: Way, family: Family, mtus: tuple[int, ...]
) -> None:
    """The first datagram that is too large is lost, and the socket gets EMSGSIZE, as on Linux; the next
    ones are sent in fragments for the path, and arrive."""
    data = random.Random(1).randbytes(1400)
    sock = way.socket(family, PORT)
    with way.far.inside():
        far = socket.socket(family.number, socket.SOCK_DGRAM)
    with far, Ear("tap0") as ear:
        far.settimeout(peers.TIMEOUT)
        far.bind(("", PORT))
        assert sent(way, sock, data, far) == data
        for mtu in mtus:
            way.narrow(mtu)
            way.guest.send(sock, data)
            if family is FOUR:
                assert ear.hear(ICMP, ours=True, type=3, code=4)[ICMP].nexthopmtu == mtu
            else:
                assert ear.hear(ICMPv6PacketTooBig, ours=True)[ICMPv6PacketTooBig].mtu == mtu
            with pytest.raises(OSError) as caught:
                way.guest.recv(sock)
            assert caught.value.errno == errno.EMSGSIZE
            assert sent(way, sock, data, far) == data
            while (first := fragment(ear, family))[0]:  # the end of what was lost
                pass
            last = fragment(ear, family)
            assert mtu - 8 < first[1] <= mtu and first[1] + last[1] > len(data)
        assert sent(way, sock, data[:1000], far) == data[:1000]


def sent(way: Way, sock: int, data: bytes, far: socket.socket) -> bytes:
    """Return the part of a datagram that arrives."""
    way.guest.send(sock, data)
    return far.recv(65536)


def fragment(ear: Ear, family: Family) -> tuple[int, int]:
    """Where the guest's next fragment belongs, and the packet's size; IPv4's may be cut further."""
    if family is SIX:
        packet = ear.hear(IPv6ExtHdrFragment)[IPv6]
        return packet[IPv6ExtHdrFragment].offset, 40 + packet.plen
    while not (packet := ear.hear(IP, proto=17)[IP]).frag and "MF" not in packet.flags:
        pass
    assert "DF" not in packet.flags
    return packet.frag, packet.len
