"""packetimpact's scenarios of ping sockets, in both families: the messages sent and received."""

import errno
import itertools
import struct
from dataclasses import dataclass

import pytest
from packetimpact.conftest import Stack
from packetimpact.link import group_mac
from scapy.layers.inet import ICMP, IP
from scapy.layers.inet6 import (
    ICMPv6DestUnreach,
    ICMPv6EchoReply,
    ICMPv6EchoRequest,
    IPv6,
)
from scapy.layers.l2 import Ether
from scapy.packet import Packet, Raw

REQUEST = {4: 8, 6: 128}
ANY = {4: "0.0.0.0", 6: "::"}
ALL_NODES = "ff02::1"
IDENTIFIERS = itertools.count(1000)


@dataclass
class Ping:
    """A ping socket of a stack, and our side of its messages."""

    stack: Stack
    version: int

    def __post_init__(self) -> None:
        self.family, proto = (
            ("AF_INET", "IPPROTO_ICMP") if self.version == 4 else ("AF_INET6", "IPPROTO_ICMPV6")
        )
        self.sock = self.stack.agent.socket(self.family, "SOCK_DGRAM", proto=proto)
        link = self.stack.link
        self.ours = link.address if self.version == 4 else link.address6
        self.own = link.peer if self.version == 4 else link.peer6

    def bind(self, address: str, identifier: int = 0) -> None:
        self.stack.agent.do("bind", socket=self.sock, address=scoped(address, identifier))

    @property
    def identifier(self) -> int:
        found = self.stack.agent.do("names", socket=self.sock)["local"][1]
        assert isinstance(found, int)
        return found

    def send(self, message: bytes, to: str = "") -> None:
        address = scoped(to or self.ours)
        reply = self.stack.agent.do("sendto", socket=self.sock, data=message.hex(), address=address)
        assert reply == {"sent": len(message)}

    def request(self, sequence: int, data: bytes = b"") -> bytes:
        """Return a message of a user: identifier and checksum do not matter."""
        return struct.pack("!BBHHH", REQUEST[self.version], 0, 0xBEEF, 0xDEAD, sequence) + data

    def sent(self, sequence: int) -> Packet:
        """Receive the frame of that request."""

        def is_it(frame: Packet) -> bool:
            if self.version == 4:
                return ICMP in frame and (frame[ICMP].type, frame[ICMP].seq) == (8, sequence)
            return ICMPv6EchoRequest in frame and frame[ICMPv6EchoRequest].seq == sequence

        return self.stack.link.expect(is_it)

    def reply(self, identifier: int, sequence: int, data: bytes = b"", **header: str) -> bytes:
        """Send a reply. Returns the message as the socket receives it."""
        if self.version == 4:
            packet = IP(**header) / ICMP(type=0, id=identifier, seq=sequence) / Raw(data)
            self.stack.link.send(packet)
            return bytes(packet)[20:]
        packet = IPv6(**header) / ICMPv6EchoReply(id=identifier, seq=sequence, data=data)
        self.stack.link.send(packet)
        return bytes(packet)[40:]

    def heard(self) -> tuple[bytes, str]:
        """Return the next message, and its sender."""
        found = self.stack.agent.do("recvfrom", socket=self.sock)
        assert found["address"][1] == 0
        return bytes.fromhex(found["data"]), found["address"][0]

    def silent(self) -> bool:
        """Whether no earlier message is for this socket."""
        self.stack.link.settle()
        events: list[str] = self.stack.agent.do("poll", socket=self.sock)["events"]
        return events == ["out"]


def scoped(address: str, identifier: int = 0) -> tuple[str | int, ...]:
    """Return an address as programs write it."""
    return (address, identifier, 0, "service") if address == ALL_NODES else (address, identifier)


@pytest.fixture(params=[4, 6])
def ping(stack: Stack, request: pytest.FixtureRequest) -> Ping:
    return Ping(stack, request.param)


@pytest.mark.parametrize("bound", ["not", "to any", "to one"])
@pytest.mark.parametrize("data", [b"", b"hello world", bytes(range(250)) * 4])
def test_requests_and_replies(ping: Ping, bound: str, data: bytes) -> None:
    """icmpv4_socket_send_recv, icmpv6_socket_send_recv: the identifier is the socket's, the rest the user's;
    the reply is delivered unchanged."""
    if bound != "not":
        chosen = next(IDENTIFIERS)
        ping.bind(ANY[ping.version] if bound == "to any" else ping.own, chosen)
        assert ping.identifier == chosen
    ping.send(ping.request(7, data))
    frame = ping.sent(7)
    source = frame[IP].src if ping.version == 4 else frame[IPv6].src
    message = bytes(frame[ICMP] if ping.version == 4 else frame[ICMPv6EchoRequest])
    kind, code, _, identifier, _ = struct.unpack("!BBHHH", message[:8])
    assert (source, kind, code, identifier) == (ping.own, REQUEST[ping.version], 0, ping.identifier)
    assert message[8:] == data
    answer = ping.reply(identifier, 7, data)
    assert ping.heard() == (answer, ping.ours)


@pytest.mark.parametrize("bound", ["to any", "to one"])
def test_replies_for_other_sockets_are_not_received(ping: Ping, bound: str) -> None:
    """icmpv4_socket_send_recv, icmpv6_socket_send_recv: other identifiers, requests, replies to
    groups."""
    ping.bind(ANY[ping.version] if bound == "to any" else ping.own)
    identifier = ping.identifier
    ping.reply(identifier ^ 1, 1)
    if ping.version == 4:
        ping.stack.link.send(IP() / ICMP(type=8, id=identifier, seq=2))
    else:
        ping.stack.link.send(IPv6() / ICMPv6EchoRequest(id=identifier, seq=2))
    assert ping.silent()
    groups = ("224.0.0.1", "255.255.255.255", ping.own.rpartition(".")[0] + ".255")
    for group in groups if ping.version == 4 else (ALL_NODES,):
        ping.reply(identifier, 3, dst=group)
    # Linux accepts one to all IPv6 nodes, though no reply is sent there
    all_nodes = ping.stack.name == "linux" and ping.version == 6 and bound == "to any"
    assert ping.silent() != all_nodes


def test_an_identifier_has_one_socket(ping: Ping) -> None:
    """icmpv4_socket_send_recv, icmpv6_socket_send_recv: until it is closed."""
    ping.bind(ANY[ping.version])
    identifier = ping.identifier
    if ping.stack.name == "guest":  # on Linux they may share it, and one of them receives
        with pytest.raises(OSError) as refused:
            Ping(ping.stack, ping.version).bind(ANY[ping.version], identifier)
        assert refused.value.errno == errno.EADDRINUSE
    ping.stack.agent.do("close", socket=ping.sock)
    ping.reply(identifier, 4)
    other = Ping(ping.stack, ping.version)
    other.bind(ANY[ping.version], identifier)
    message = other.reply(identifier, 5)
    assert other.heard() == (message, other.ours)


def test_addresses_without_replies(ping: Ping) -> None:
    """icmpv4_socket_send_recv, icmpv6_socket_send_recv: no socket is bound to a group, a broadcast address,
    or an address that is not ours."""
    network = ping.own.rpartition(".")[0]
    four = ("224.0.0.1", "255.255.255.255", network + ".255", network + ".99")
    for address in four if ping.version == 4 else (ALL_NODES, "fd00::99"):
        with pytest.raises(OSError) as refused:
            ping.bind(address)
        linux_says = errno.EINVAL if address == ALL_NODES else errno.EADDRNOTAVAIL
        assert refused.value.errno == (linux_says if ping.stack.name == "linux" else errno.EADDRNOTAVAIL)


def test_nothing_but_requests(ping: Ping) -> None:
    """icmpv4_socket_send_recv, icmpv6_socket_send_recv: a user cannot send other messages."""
    wrong = (b"\0" + ping.request(1)[1:], bytes((3, 1)) + bytes(30), ping.request(1)[:7])
    for message in wrong:
        with pytest.raises(OSError) as refused:
            ping.send(message)
        assert refused.value.errno == errno.EINVAL
    assert ping.stack.link.settle(lambda frame: frame.haslayer(ICMP) and frame[ICMP].type == 3) == []


def test_asking_a_group(ping: Ping) -> None:
    """icmpv4_socket_send_recv, icmpv6_socket_send_recv: a broadcast request needs SO_BROADCAST."""
    ping.bind(ping.own)
    if ping.version == 6:
        groups = [ALL_NODES]
    else:
        network = ping.own.rpartition(".")[0]
        groups = ["224.0.0.1", network + ".255", "255.255.255.255"]
        for address in groups[1:]:
            with pytest.raises(PermissionError):
                ping.send(ping.request(1), address)
        ping.stack.option(ping.sock, "SO_BROADCAST", 1, "SOL_SOCKET")
    for number, address in enumerate(groups):
        ping.send(ping.request(10 + number), address)
        assert ping.sent(10 + number)[Ether].dst == group_mac(address)


def test_a_connected_socket(ping: Ping) -> None:
    """icmpv4_socket_send_recv, icmpv6_socket_send_recv: where it sends, and from where it receives."""
    ping.stack.agent.do("connect", socket=ping.sock, address=(ping.ours, 9))
    assert ping.stack.agent.send(ping.sock, ping.request(3)) == 8
    ping.sent(3)
    identifier = ping.identifier
    ping.reply(identifier, 4, src=ping.ours.replace("66", "67"))
    # RFC 1122 3.2.2.6 does not define it; Linux matches the identifier only
    assert ping.silent() == (ping.stack.name == "guest")


def test_requests_that_do_not_arrive(ping: Ping) -> None:
    """icmpv4_socket_send_recv, icmpv6_socket_send_recv: a connected socket gets errors, an unconnected one
    does not."""
    for connected in (False, True):
        if connected:
            ping.stack.agent.do("connect", socket=ping.sock, address=(ping.ours, 9))
        ping.send(ping.request(5 + connected))
        asked = ping.sent(5 + connected)
        if ping.version == 4:
            ping.stack.link.send(IP() / ICMP(type=3, code=13) / asked[IP])
        else:
            ping.stack.link.send(IPv6() / ICMPv6DestUnreach(code=1) / asked[IPv6])
        assert ping.silent() != connected
    with pytest.raises(OSError) as failed:
        ping.stack.agent.do("recv", socket=ping.sock)
    assert failed.value.errno == (errno.EHOSTUNREACH if ping.version == 4 else errno.EACCES)
