"""packetimpact's scenarios of ICMP errors about segments."""

import errno

import pytest
from packetimpact.conftest import Stack
from packetimpact.connection import SEQ_MASK, Connection
from scapy.layers.inet import ICMP, IP, TCP
from scapy.layers.inet6 import ICMPv6DestUnreach, IPv6

NET, HOST, PORT = 0, 1, 3  # codes, RFC 792
NO_ROUTE, PORT6 = 0, 4  # RFC 4443 3.1
families = pytest.mark.parametrize("six", [False, True], ids=["4", "6"])


def unreachable(connection: Connection, code: int, seq: int, flags: str) -> None:
    """Report that one of the stack's segments has not arrived."""
    link = connection.link
    segment = TCP(sport=connection.remote, dport=connection.local, seq=seq & SEQ_MASK, flags=flags)
    if connection.six:
        link.send(IPv6() / ICMPv6DestUnreach(code=code) / IPv6(src=link.peer6, dst=link.address6) / segment)
    else:
        link.send(IP() / ICMP(type=3, code=code) / IP(src=link.peer, dst=link.address) / segment)


@families
def test_a_port_that_is_unreachable(stack: Stack, six: bool) -> None:
    """tcp_connect_icmp_error: it fails connect(), and leaves no state."""
    connection, sock, waiting = stack.connecting(six)
    unreachable(connection, PORT6 if six else PORT, connection.ack - 1, "S")
    with pytest.raises(ConnectionRefusedError):
        stack.agent.end(waiting)
    connection.send("SA")
    assert connection.expect("R").seq == connection.ack
    address = (stack.link.address6 if six else stack.link.address, connection.local)
    waiting = stack.agent.begin("connect", socket=sock, address=address)
    again = stack.answering(connection.local, six)
    again.send("SA")
    assert stack.agent.end(waiting) == {}


@pytest.mark.parametrize(
    ("six", "code", "error"),
    [
        (False, NET, errno.ENETUNREACH),
        (False, HOST, errno.EHOSTUNREACH),
        (True, NO_ROUTE, errno.ENETUNREACH),
    ],
    ids=["4-net", "4-host", "6-no route"],
)
def test_an_unreachable_network_while_opening(stack: Stack, six: bool, code: int, error: int) -> None:
    """tcp_network_unreachable: a soft error must not end it (RFC 9293 MUST-56): the SYN may take another path
    the next time. Linux gives up (RFC 5461)."""
    connection, _, waiting = stack.connecting(six)
    unreachable(connection, code, connection.ack - 1, "S")
    if stack.name == "linux":
        with pytest.raises(OSError) as failed:
            stack.agent.end(waiting)
        assert failed.value.errno == error
    else:
        connection.send("SA")
        assert stack.agent.end(waiting) == {}


def test_an_unreachable_network_does_not_end_a_connection(stack: Stack) -> None:
    """tcp_network_unreachable: a soft error in ESTABLISHED (RFC 1122 4.2.3.9)."""
    connection, sock = stack.established()
    stack.agent.send(sock, b"text")
    segment = connection.expect("A", seq=connection.ack)
    for code in (NET, HOST):
        unreachable(connection, code, segment.seq, "A")
    assert connection.take(segment) == b"text"
    connection.send("PA", b"more")
    connection.expect("A", ack=connection.seq + 4)
    assert stack.agent.recv(sock) == b"more"
