"""packetimpact's scenarios of UDP."""

import pytest
from packetimpact.conftest import Stack
from scapy.layers.inet import ICMP, IP, UDP
from scapy.packet import Raw


def bound(stack: Stack, address: str = "0.0.0.0") -> tuple[int, int]:
    """(socket, port) of a UDP socket there."""
    sock, port = stack.agent.socket(kind="SOCK_DGRAM"), next(stack.ports)
    stack.agent.do("bind", socket=sock, address=(address, port))
    return sock, port


def test_a_wildcard_socket_receives_unicast(stack: Stack) -> None:
    """udp_any_addr_recv_unicast."""
    sock, port = bound(stack)
    stack.link.send(IP() / UDP(sport=5000, dport=port) / Raw(b"hello"))
    reply = stack.agent.do("recvfrom", socket=sock)
    assert (bytes.fromhex(reply["data"]), reply["address"]) == (b"hello", [stack.link.address, 5000])


@pytest.mark.parametrize("connected", [False, True])
@pytest.mark.parametrize("local", ["any", "own"])
def test_sending_and_receiving(stack: Stack, local: str, connected: bool) -> None:
    """udp_socket_send_recv: bound to all addresses or to one, connected or not."""
    sock, port = bound(stack, stack.link.peer if local == "own" else "0.0.0.0")
    if connected:
        stack.agent.do("connect", socket=sock, address=(stack.link.address, 5000))
        stack.link.send(IP() / UDP(sport=5001, dport=port) / Raw(b"a stranger"))
        stack.agent.send(sock, b"to you")
    else:
        stack.agent.do("sendto", socket=sock, data=b"to you".hex(), address=(stack.link.address, 5000))
    sent = stack.link.expect(lambda frame: UDP in frame and frame[UDP].dport == 5000)
    assert (sent[IP].src, sent[UDP].sport, sent[Raw].load[:6]) == (stack.link.peer, port, b"to you")
    stack.link.send(IP() / UDP(sport=5000, dport=port) / Raw(b"to me"))
    assert stack.agent.recv(sock) == b"to me"


@pytest.mark.parametrize("source", ["224.0.0.5", "239.1.2.3", "255.255.255.255"])
def test_sources_that_are_not_one_host(stack: Stack, source: str) -> None:
    """udp_discard_mcast_source_addr: neither delivered nor answered."""
    sock, port = bound(stack)
    stack.link.send(IP(src=source) / UDP(sport=5000, dport=port) / Raw(b"from all"))
    stack.link.send(IP(src=source) / UDP(sport=5000, dport=next(stack.ports)) / Raw(b"from all"))
    assert stack.link.settle(lambda frame: ICMP in frame and frame[ICMP].type == 3) == []
    assert stack.agent.do("poll", socket=sock)["events"] == ["out"]


@pytest.mark.parametrize("connected", [False, True])
def test_refusals(stack: Stack, connected: bool) -> None:
    """udp_icmp_error_propagation: a connected socket hears of it, another one does not."""
    sock, port = bound(stack)
    address = (stack.link.address, 5000)
    if connected:
        stack.agent.do("connect", socket=sock, address=address)
        stack.agent.send(sock, b"text")
    else:
        stack.agent.do("sendto", socket=sock, data="00", address=address)
    sent = stack.link.expect(lambda frame: UDP in frame and frame[UDP].dport == 5000)
    stack.link.send(IP() / ICMP(type=3, code=3) / sent[IP])
    stack.link.settle()
    if connected:
        with pytest.raises(ConnectionRefusedError):
            stack.agent.recv(sock)
    stack.link.send(IP() / UDP(sport=5000, dport=port) / Raw(b"after all"))
    assert stack.agent.recv(sock) == b"after all"
