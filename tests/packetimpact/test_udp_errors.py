"""packetimpact's scenario of ICMP errors about datagrams: which socket gets them, from which call."""

import errno

import pytest
from packetimpact.conftest import Stack
from scapy.layers.inet import ICMP, IP, UDP
from scapy.layers.inet6 import ICMPv6DestUnreach, ICMPv6TimeExceeded, IPv6
from scapy.packet import Packet, Raw

OURS = 5000  # our port
ERRORS = {
    "port": (ICMP(type=3, code=3), ICMPv6DestUnreach(code=4), errno.ECONNREFUSED),
    "hops": (ICMP(type=11, code=0), ICMPv6TimeExceeded(code=0), errno.EHOSTUNREACH),
}


class Talk:
    """Two sockets alike, both connected to us or none of them."""

    def __init__(self, stack: Stack, six: bool, connected: bool) -> None:
        self.stack, self.six = stack, six
        self.address = (stack.link.address6 if six else stack.link.address, OURS)
        self.sock, self.port = self.open(connected)
        self.other, self.other_port = self.open(connected)

    def open(self, connected: bool) -> tuple[int, int]:
        sock = self.stack.agent.socket("AF_INET6" if self.six else "AF_INET", "SOCK_DGRAM")
        port = next(self.stack.ports)
        self.stack.agent.do("bind", socket=sock, address=("::" if self.six else "0.0.0.0", port))
        if connected:
            self.stack.agent.do("connect", socket=sock, address=self.address)
        return sock, port

    def send(self, sock: int) -> Packet:
        """Return the packet of a datagram from there."""
        self.stack.agent.do("sendto", socket=sock, data="00", address=self.address)
        frame = self.stack.link.expect(lambda frame: UDP in frame and frame[UDP].dport == OURS)
        return frame[IPv6] if self.six else frame[IP]

    def fail(self, what: str, packet: Packet) -> None:
        """Report that it has not arrived."""
        four, six, _ = ERRORS[what]
        self.stack.link.send(IPv6() / six / packet if self.six else IP() / four / packet)

    def answer(self, port: int) -> None:
        packet = IPv6() if self.six else IP()
        self.stack.link.send(packet / UDP(sport=OURS, dport=port) / Raw(b"after all"))


@pytest.fixture(params=["port", "hops"])
def what(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(params=[False, True], ids=["connectionless", "connected"])
def connected(request: pytest.FixtureRequest) -> bool:
    found: bool = request.param
    return found


@pytest.fixture(params=[False, True], ids=["4", "6"])
def talk(stack: Stack, request: pytest.FixtureRequest, connected: bool) -> Talk:
    return Talk(stack, request.param, connected)


def told(talk: Talk, what: str, connected: bool) -> int:
    """Return the errno that the socket gets, 0 for none: an unconnected one could not attribute it. RFC 1122
    4.1.3.3 requires that all errors are passed on; Linux does not pass on soft ones."""
    return ERRORS[what][2] if connected and (what == "port" or talk.stack.name == "guest") else 0


@pytest.mark.parametrize("call", ["sendto", "recv", "waiting recv", "SO_ERROR"])
def test_errors(talk: Talk, what: str, connected: bool, call: str) -> None:
    """udp_icmp_error_propagation: the next call fails, whichever it is, and no other socket's; then all is as
    before."""
    agent = talk.stack.agent
    packet = talk.send(talk.sock)
    error = told(talk, what, connected)
    if call == "waiting recv":
        waiting = agent.begin("recv", socket=talk.sock)
        agent.do("stats")
    talk.fail(what, packet)
    talk.stack.link.settle()
    if call == "SO_ERROR":
        asked = {"level": "SOL_SOCKET", "option": "SO_ERROR"}
        assert agent.do("getsockopt", socket=talk.other, **asked) == {"value": 0}
        assert agent.do("getsockopt", socket=talk.sock, **asked) == {"value": error}
    elif error:
        with pytest.raises(OSError) as failed:
            if call == "waiting recv":
                agent.end(waiting)
            elif call == "recv":
                agent.recv(talk.sock)
            else:
                talk.send(talk.sock)
        assert failed.value.errno == error
    elif call == "waiting recv":
        talk.answer(talk.port)
        assert bytes.fromhex(agent.end(waiting)["data"]) == b"after all"
    for sock, port in ((talk.other, talk.other_port), (talk.sock, talk.port)):
        talk.send(sock)
        talk.answer(port)
        assert agent.recv(sock) == b"after all"
