"""packetimpact's scenarios of UDP: which sockets send where, and what they receive."""

import errno
import ipaddress

import pytest
from packetimpact.conftest import Stack
from packetimpact.link import group_mac
from scapy.layers.inet import ICMP, IP, UDP
from scapy.layers.inet6 import ICMPv6DestUnreach, IPv6
from scapy.layers.l2 import Ether
from scapy.packet import Packet, Raw

OURS = 5000  # our port
ALL_HOSTS, EVERYBODY, ALL_NODES = "224.0.0.1", "255.255.255.255", "ff02::1"


def address(stack: Stack, name: str) -> str:
    """The values of the names in the tables below."""
    link = stack.link
    network = link.peer.rpartition(".")[0]
    return {
        "any": "0.0.0.0",
        "any6": "::",
        "own": link.peer,
        "own6": link.peer6,
        "ours": link.address,
        "ours6": link.address6,
        "network": f"{network}.255",
    }.get(name, name)


def socket_at(stack: Stack, local: str) -> tuple[int, int]:
    """Return (socket, port) of a UDP socket there, of the family of its address."""
    sock = stack.agent.socket("AF_INET6" if ":" in local else "AF_INET", "SOCK_DGRAM")
    port = next(stack.ports)
    stack.agent.do("bind", socket=sock, address=(local, port))
    return sock, port


def datagram(to: str, port: int, data: bytes) -> Packet:
    """Return an address of ours."""
    packet = IPv6(dst=to) if ":" in to else IP(dst=to)
    return packet / UDP(sport=OURS, dport=port) / Raw(data)


def is_for_us(frame: Packet) -> bool:
    return UDP in frame and frame[UDP].dport == OURS


def test_a_wildcard_socket_receives_unicast(stack: Stack) -> None:
    """udp_any_addr_recv_unicast."""
    sock, port = socket_at(stack, "0.0.0.0")
    stack.link.send(datagram(stack.link.peer, port, b"hello"))
    reply = stack.agent.do("recvfrom", socket=sock)
    assert (bytes.fromhex(reply["data"]), reply["address"]) == (b"hello", [stack.link.address, OURS])


@pytest.mark.parametrize("connected", [False, True])
@pytest.mark.parametrize("local", ["any", "own"])
def test_sending_and_receiving(stack: Stack, local: str, connected: bool) -> None:
    """udp_socket_send_recv: bound to all addresses or to one, connected or not."""
    sock, port = socket_at(stack, address(stack, local))
    if connected:
        stack.agent.do("connect", socket=sock, address=(stack.link.address, OURS))
        stack.link.send(IP() / UDP(sport=OURS + 1, dport=port) / Raw(b"a stranger"))
        stack.agent.send(sock, b"to you")
    else:
        stack.agent.do("sendto", socket=sock, data=b"to you".hex(), address=(stack.link.address, OURS))
    sent = stack.link.expect(is_for_us)
    assert (sent[IP].src, sent[UDP].sport, sent[Raw].load[:6]) == (stack.link.peer, port, b"to you")
    stack.link.send(datagram(stack.link.peer, port, b"to me"))
    assert stack.agent.recv(sock) == b"to me"


@pytest.mark.parametrize(
    ("local", "heard"),
    [
        ("any", {"own", EVERYBODY, "network", ALL_HOSTS}),
        ("own", {"own"}),
        (ALL_HOSTS, {ALL_HOSTS}),
        ("any6", {"own", EVERYBODY, "network", ALL_HOSTS, "own6", ALL_NODES}),
        ("own6", {"own6"}),
    ],
)
@pytest.mark.parametrize("size", [0, 11, 1000])
def test_what_a_socket_receives(stack: Stack, local: str, heard: set[str], size: int) -> None:
    """udp_socket_send_recv: by the address it is bound to, and the datagram's destination."""
    sock, port = socket_at(stack, address(stack, local))
    for to in ("own", EVERYBODY, "network", ALL_HOSTS, "own6", ALL_NODES):
        data = to.encode() + bytes(size)
        stack.link.send(datagram(address(stack, to), port, data))
        stack.link.settle()
        is_heard = "in" in stack.agent.do("poll", socket=sock)["events"]
        # an IPv6 socket of Linux receives from IPv4's groups when it has joined them
        expected = to in heard and not (stack.name == "linux" and (local, to) == ("any6", ALL_HOSTS))
        assert is_heard == expected, to
        if is_heard:
            assert stack.agent.recv(sock) == data


@pytest.mark.parametrize("local", ["any", "own", "any6", "own6"])
@pytest.mark.parametrize("size", [0, 11, 1000])
def test_what_a_socket_sends(stack: Stack, local: str, size: int) -> None:
    """udp_socket_send_recv: to one host, to a broadcast address and to groups."""
    sock, port = socket_at(stack, address(stack, local))
    stack.option(sock, "SO_BROADCAST", 1, "SOL_SOCKET")
    for to in ("ours", "network", EVERYBODY, ALL_HOSTS, "ours6", ALL_NODES):
        host = address(stack, to)
        six, data = ":" in host, bytes(size)
        if local.endswith("6"):
            destination = (host if six else f"::ffff:{host}", OURS, 0, "service" if to == ALL_NODES else 0)
        elif six:
            continue
        else:
            destination = (host, OURS)
        sending = stack.agent.begin("sendto", socket=sock, data=data.hex(), address=destination)
        # Linux needs a route even to broadcast addresses and link-local groups
        unrouted = stack.name == "linux" and local != "own" and to in (EVERYBODY, ALL_HOSTS)
        if unrouted or (local == "own6" and not six):
            with pytest.raises(OSError) as refused:
                stack.agent.end(sending)
            assert refused.value.errno == errno.ENETUNREACH, to
            continue
        assert stack.agent.end(sending) == {"sent": size}
        frame = stack.link.expect(is_for_us)
        packet = frame[IPv6] if six else frame[IP]
        assert (packet.dst, frame[UDP].sport, frame[UDP].len) == (host, port, 8 + size)
        assert frame[Ether].dst == (group_mac(host) or frame[Ether].dst)
        if (stack.name, local, to) == (
            "guest",
            "any6",
            ALL_NODES,
        ):  # RFC 6724; Linux was given no such address
            assert ipaddress.ip_address(packet.src).is_link_local
        else:
            assert packet.src == address(stack, "own6" if six else "own")
        assert (packet.hlim if six else packet.ttl) == (1 if ipaddress.ip_address(host).is_multicast else 64)


@pytest.mark.parametrize("local", ["any", "own"])
def test_sending_to_itself(stack: Stack, local: str) -> None:
    """udp_socket_send_recv: to the loopback interface, not to the wire."""
    sock, port = socket_at(stack, address(stack, local))
    sending = stack.agent.begin("sendto", socket=sock, data="00", address=(stack.link.peer, port))
    assert stack.agent.end(sending) == {"sent": 1}
    assert stack.agent.recv(sock) == b"\0"
    assert stack.link.settle(lambda frame: UDP in frame) == []


@pytest.mark.parametrize(
    "source", ["224.0.0.5", "239.1.2.3", "255.255.255.255", "ff02::1", "ff02::5", "ff0e::1:2"]
)
def test_sources_that_are_not_one_host(stack: Stack, source: str) -> None:
    """udp_discard_mcast_source_addr: neither delivered nor answered."""
    six = ":" in source
    sock, port = socket_at(stack, "::" if six else "0.0.0.0")
    packet = IPv6(src=source) if six else IP(src=source)
    stack.link.send(packet / UDP(sport=OURS, dport=port) / Raw(b"from all"))
    stack.link.send(packet / UDP(sport=OURS, dport=next(stack.ports)) / Raw(b"from all"))

    def is_error(frame: Packet) -> bool:
        return (ICMP in frame and frame[ICMP].type == 3) or ICMPv6DestUnreach in frame

    assert stack.link.settle(is_error) == []
    assert stack.agent.do("poll", socket=sock)["events"] == ["out"]
