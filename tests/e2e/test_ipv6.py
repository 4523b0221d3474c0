"""IPv6 between Linux and an image: ping, TCP, UDP, neighbors, routers, two guests."""

import random
import socket
from collections.abc import Iterator

import pytest
import ways
from e2e import lab, peers, routers
from scapy.layers.inet6 import (
    ICMPv6ND_NA,
    ICMPv6ND_NS,
    ICMPv6ND_RS,
    ICMPv6NDOptDstLLAddr,
    ICMPv6NDOptSrcLLAddr,
    IPv6,
)
from scapy.layers.l2 import Ether
from scapy.packet import Packet

from host.net import netns, tap
from host.net.tap import ip
from host.options import Net, Options
from host.run.guest import Guest

HOST, GUEST, OTHER = "fd00::1", "fd00::2", "fd00::3"
MAC = "52:54:00:00:00:02"
LINK_LOCAL = "fe80::5054:ff:fe00:2"
MIB = 1 << 20
LARGEST = 1452  # of data in a packet of 1500 bytes


def options(
    arguments: str = "server", six: str = f"{GUEST}/64", name: str = "tap0", mac: str = MAC
) -> Options:
    """A guest with IPv6 only."""
    return Options(nets=(Net("service", name, mac=mac),), arguments=f"--ipv6={six} {arguments}")


@pytest.fixture
def link(tap0: str) -> Iterator[routers.Link]:
    """Captures frames on the tap; the host has an IPv6 address there, and a link-local one."""
    for address in (f"{HOST}/64", "fe80::1/64"):
        ip("address", "add", address, "dev", tap0, "nodad")
    with routers.link(tap0) as made:
        yield made


@pytest.fixture
def six(link: routers.Link) -> Iterator[Guest]:
    """The echo server at GUEST."""
    with lab.booted(options()) as guest:
        guest.wait_for(lab.READY)
        yield guest


def is_probe(address: str) -> object:
    """Return the DAD solicitation for this address."""
    return lambda frame: (
        ICMPv6ND_NS in frame and frame[IPv6].src == "::" and frame[ICMPv6ND_NS].tgt == address
    )


def test_ping(six: Guest) -> None:  # V6-10, V6-13
    with peers.Pinger(GUEST) as pinger:
        for size in range(0, LARGEST + 1, 7):
            pinger.ping(size)
        for size in (LARGEST, 1453, 2000, 9000, 40000, 65000):
            pinger.ping(size)
        sizes = random.Random(1)
        for _ in range(64):
            pinger.ping(*(sizes.randrange(LARGEST + 1) for _ in range(32)))


def test_at_once_and_at_the_link_local_address(link: routers.Link) -> None:
    with lab.booted(options()) as guest:
        guest.wait_for(lab.READY)
        peers.ping(GUEST)  # while the address is still optimistic
        peers.ping(f"{LINK_LOCAL}%tap0")
        peers.converse(f"{LINK_LOCAL}%tap0", lab.PORT, MIB)


@pytest.mark.parametrize("length", [0, 1, 1428, 1429, 65536, 32 * MIB])
def test_streams(six: Guest, length: int) -> None:
    peers.converse(GUEST, lab.PORT, length)


def test_both_families_at_once(link: routers.Link) -> None:
    with lab.booted(lab.on_tap(f"--ipv6={GUEST}/64 server")) as guest:
        guest.wait_for(lab.READY)
        with peers.connect(GUEST, lab.PORT) as a, peers.connect(lab.GUEST, lab.PORT) as b:
            peers.run([peers.Conversation(a, MIB, 1), peers.Conversation(b, MIB, 2)])


@pytest.mark.parametrize("length", [100, 16 * MIB])
def test_the_client(link: routers.Link, length: int) -> None:
    with peers.echo_server(HOST) as port:
        with lab.booted(options(f"client [{HOST}]:{port} {length}")) as guest:
            assert guest.wait(120) == 0
            assert f"{length} of {length} bytes came back" in guest.console.text


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        (f"[{HOST}]:1", "[Errno 111] Connection refused"),
        ("fd99::1", "[Errno 101] Network is unreachable: fd99::1"),
        ("fd00::77", "[Errno 113] No route to host"),
    ],
)
def test_no_connection_is_one_line(link: routers.Link, address: str, complaint: str) -> None:
    with lab.booted(options(ways.quiet(f"client {address}"))) as guest:
        assert guest.wait(30) == 1
        assert guest.console.text.splitlines() == [f"echo: {complaint}"]


def test_datagrams(six: Guest) -> None:
    contents = random.Random(1)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        sock.settimeout(peers.TIMEOUT)
        sock.connect((GUEST, lab.PORT))
        for size in [*range(0, LARGEST + 1, 11), 1453, 3000, 20000, 65000]:
            data = contents.randbytes(size)
            sock.send(data)
            assert sock.recv(65536) == data


def test_closed_port_is_unreachable(six: Guest) -> None:  # UDP-7
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        sock.settimeout(peers.TIMEOUT)
        sock.connect((GUEST, 9001))
        sock.send(b"to nobody")
        with pytest.raises(ConnectionRefusedError):
            sock.recv(1)


# Neighbors


def solicitation(link: routers.Link, target: str, source: str = "fd00::aa") -> Packet:
    """A solicitation as ndisc6 sends it."""
    group = socket.inet_pton(socket.AF_INET6, target)[-3:].hex()
    frame = Ether(src="02:00:00:00:00:aa", dst="33:33:ff:" + ":".join(group[i : i + 2] for i in (0, 2, 4)))
    frame /= IPv6(src=source, dst=f"ff02::1:ff{group[:2]}:{group[2:]}", hlim=255)
    return frame / ICMPv6ND_NS(tgt=target) / ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:aa")


def test_a_solicitation_is_answered(six: Guest, link: routers.Link) -> None:  # ND-2
    for target in (GUEST, LINK_LOCAL):
        link.send(solicitation(link, target))
        answer = link.expect(lambda frame: ICMPv6ND_NA in frame and frame[ICMPv6ND_NA].S)
        assert answer[ICMPv6ND_NA].tgt == target and answer[IPv6].dst == "fd00::aa"
        assert answer[ICMPv6NDOptDstLLAddr].lladdr == MAC and answer[ICMPv6ND_NA].R == 0


def test_duplicate_address_is_detected(link: routers.Link) -> None:  # ND-8
    with lab.booted(options()) as guest:
        link.expect(is_probe(GUEST))
        frame = Ether(src="02:00:00:00:00:aa", dst=routers.ALL_NODES_MAC)
        frame /= IPv6(src=GUEST, dst=routers.ALL_NODES, hlim=255)
        frame /= ICMPv6ND_NA(tgt=GUEST, O=1) / ICMPv6NDOptDstLLAddr(lladdr="02:00:00:00:00:aa")
        link.send(frame)
        guest.wait_for(f"{GUEST} is used by another host")
        guest.wait_for(lab.READY)
        peers.ping(f"{LINK_LOCAL}%tap0")
        link.send(solicitation(link, GUEST))
        link.send(solicitation(link, LINK_LOCAL))
        answer = link.expect(lambda frame: ICMPv6ND_NA in frame and frame[ICMPv6ND_NA].S)
        assert answer[ICMPv6ND_NA].tgt == LINK_LOCAL  # and none for the one before it


# Routers


def test_addresses_from_a_router(link: routers.Link) -> None:  # ND-7
    """An image without arguments has IPv6; a prefix that changes, an MTU, a router that leaves."""
    ip("address", "add", "fd01::1/64", "dev", "tap0", "nodad")
    ip("address", "add", "fd02::1/64", "dev", "tap0", "nodad")
    mine = "fd01::5054:ff:fe00:2"
    with lab.booted(options(six="eui64")) as guest:
        link.expect(lambda frame: ICMPv6ND_RS in frame)
        link.advertise()
        link.expect(is_probe(mine))
        guest.wait_for(lab.READY)
        peers.converse(mine, lab.PORT, MIB)
        link.advertise("fd02::", mtu=1300)
        link.expect(is_probe("fd02::5054:ff:fe00:2"))
        peers.converse("fd02::5054:ff:fe00:2", lab.PORT, MIB)
        with socket.create_connection(("fd02::5054:ff:fe00:2", lab.PORT)) as sock:
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG) <= 1300 - 60
        peers.ping(mine)


def test_an_answer_comes_from_the_address_that_was_asked(link: routers.Link) -> None:  # UDP-6
    """Though the socket is bound to the wildcard, and RFC 6724, rule 8, would prefer another address."""
    with lab.booted(options(six="eui64")) as guest:
        guest.wait_for(lab.READY)
        for prefix in ("fd01::", "fd02::"):
            ip("address", "add", f"{prefix}1/64", "dev", "tap0", "nodad")
            link.advertise(prefix)
            link.expect(is_probe(f"{prefix}5054:ff:fe00:2"))
        for ours, theirs in (("fd01::", "fd02::"), ("fd02::", "fd01::")):
            with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
                sock.settimeout(peers.TIMEOUT)
                sock.bind((f"{ours}1", 0))
                sock.connect((f"{theirs}5054:ff:fe00:2", lab.PORT))  # it receives no other
                sock.send(b"whom did I ask?")
                assert sock.recv(100) == b"whom did I ask?"


@pytest.mark.parametrize("mode", ["stable", "temporary"])
def test_addresses_that_tell_no_mac(link: routers.Link, mode: str) -> None:
    ip("address", "add", "fd01::1/64", "dev", "tap0", "nodad")
    with lab.booted(options(six=mode)) as guest:
        guest.wait_for(lab.READY)
        link.expect(lambda frame: ICMPv6ND_RS in frame)
        link.advertise()
        probe = link.expect(lambda frame: ICMPv6ND_NS in frame and frame[ICMPv6ND_NS].tgt.startswith("fd01:"))
        assert "ff:fe" not in probe[ICMPv6ND_NS].tgt
        peers.converse(probe[ICMPv6ND_NS].tgt, lab.PORT, 100000)


def test_a_thousand_advertisements(six: Guest, link: routers.Link) -> None:  # ND-10
    for i in range(1000):
        link.advertise(f"fd02:{i:x}::")
    peers.ping(GUEST)
    peers.converse(GUEST, lab.PORT, MIB)
    assert "Traceback" not in six.console.text


def test_no_ipv6(link: routers.Link) -> None:
    with lab.booted(lab.on_tap("--ipv6=off server")) as guest:
        guest.wait_for(lab.READY)
        link.send(solicitation(link, LINK_LOCAL))
        peers.ping(lab.GUEST)
        link.sock.settimeout(0.5)
        sources = set()
        try:
            while True:
                sources.add(Ether(link.sock.recv(65536)).src)
        except TimeoutError:
            pass
        assert all(source in ("02:00:00:00:00:aa", link.mac) for source in sources)


# Guests


def test_two_guests(namespace: netns.Namespace) -> None:
    """Over a bridge without an address: by configured and by link-local addresses."""
    with tap.tap("tap0"), tap.tap("tap1"), tap.bridge("br0", "tap0", "tap1"):
        with lab.booted(options()) as server:
            server.wait_for(lab.READY)
            for target in (GUEST, LINK_LOCAL):
                client = options(f"client {target} {4 * MIB}", f"{OTHER}/64", "tap1", "52:54:00:00:00:03")
                with lab.booted(client) as guest:
                    assert guest.wait(120) == 0
                    assert f"{4 * MIB} of {4 * MIB} bytes came back" in guest.console.text
