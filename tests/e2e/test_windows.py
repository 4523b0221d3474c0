"""Slow and stopped readers on both sides and families: zero windows, and no silly windows."""

import random
import socket

import pytest
from e2e import lab, peers, remote
from packetimpact import info

from host.run.guest import Guest

MSS = 1428  # the smaller of the two families', with timestamps
INFO = {"level": "IPPROTO_TCP", "option": "TCP_INFO", "length": info.LAYOUT.size}


def test_a_guest_that_does_not_read(agent_connection: remote.Connection) -> None:
    """Linux fills the window and sends zero window probes; nothing is lost."""
    agent, sock, number = agent_connection
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
    data = random.Random(1).randbytes(1 << 20)
    sock.setblocking(False)
    sent = 0
    with pytest.raises(BlockingIOError):
        while sent < len(data):
            sent += sock.send(data[sent : sent + 10_000])
    lab.eventually(lambda: peers.backed_off(sock) >= 2, "Linux has asked twice")
    sock.settimeout(peers.TIMEOUT)
    sock.shutdown(socket.SHUT_WR)
    received = bytearray()
    while piece := agent.recv(number, 1 << 16):
        received += piece
    assert received == data[:sent]


def test_a_host_that_does_not_read(agent_connection: remote.Connection) -> None:
    """The guest fills the window and sends zero window probes; nothing is lost."""
    agent, sock, number = agent_connection
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
    length = 1 << 20
    filling = agent.begin("fill", socket=number, length=length)

    def rto() -> int:
        return info.parse(agent.do("getsockopt", socket=number, **INFO)["value"]).rto

    lab.eventually(lambda: rto() >= 800_000, "the guest has asked, and waits longer each time")
    with sock.makefile("rb") as stream:
        assert stream.read(length) == bytes(length)
    agent.end(filling)


def test_a_guest_that_reads_slowly(agent_connection: remote.Connection) -> None:
    """Its window opens in steps that are worth a segment (RFC 9293 3.8.6.2.2)."""
    agent, sock, number = agent_connection
    length = 200_000
    sock.settimeout(peers.TIMEOUT)
    sock.sendall(bytes(length))
    for _ in range(length // 1000):
        assert agent.do("drain", socket=number, length=1000) == {"received": 1000}
    assert peers.segments(sock).text_out < 1.5 * length / MSS


@pytest.mark.parametrize("address", lab.BOTH)
def test_a_host_that_reads_slowly(dual: Guest, address: str) -> None:
    """The guest waits for windows that are worth a segment (RFC 9293 3.8.6.2.1)."""
    length = 1 << 20
    with peers.connect(address, peers.SOURCE) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
        sock.sendall(length.to_bytes(8, "big"))
        received = 0
        while piece := sock.recv(1000):
            received += len(piece)
        assert received == length
        assert peers.segments(sock).text_in < 1.5 * length / MSS
