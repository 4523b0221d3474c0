"""packetimpact's scenarios of IPv6's headers: unknown ones, and the errors about them."""

import pytest
from packetimpact.conftest import Stack
from scapy.layers.inet6 import (
    HBHOptUnknown,
    ICMPv6EchoReply,
    ICMPv6EchoRequest,
    ICMPv6ParamProblem,
    IPv6,
    IPv6ExtHdrDestOpt,
    IPv6ExtHdrHopByHop,
    IPv6ExtHdrRouting,
)
from scapy.packet import Packet, Raw

ALL_NODES = "ff02::1"
UNKNOWN = 254  # RFC 3692: for experiments


def problems(stack: Stack, packet: Packet) -> list[tuple[int, int]]:
    """Return (code, pointer) of each parameter problem that replies to a packet, and quotes all of it."""
    stack.link.send(packet)
    found = stack.link.settle(lambda frame: ICMPv6ParamProblem in frame)
    for frame in found:
        assert (frame[IPv6].src, frame[IPv6].dst) == (stack.link.peer6, stack.link.address6)
        assert bytes(frame[ICMPv6ParamProblem])[8:] == bytes(packet)
    return [(frame[ICMPv6ParamProblem].code, frame[ICMPv6ParamProblem].ptr) for frame in found]


def test_unknown_next_header(stack: Stack) -> None:
    """icmpv6_param_problem: the pointer is the offset of its number (RFC 4443 3.4, RFC 8200 section 4)."""
    plain = IPv6(nh=UNKNOWN) / Raw(b"payload")
    assert problems(stack, plain) == [(1, 6)]
    behind_options = IPv6() / IPv6ExtHdrDestOpt(nh=UNKNOWN) / Raw(b"payload")
    assert problems(stack, behind_options) == [(1, 40)]


def test_hop_by_hop_options_that_do_not_come_first(stack: Stack) -> None:
    """icmpv6_param_problem: there they are handled as unknown (RFC 8200 4.1)."""
    late = IPv6() / IPv6ExtHdrDestOpt(nh=0) / IPv6ExtHdrHopByHop() / ICMPv6EchoRequest()
    assert problems(stack, late) == [(1, 40)]


def test_unknown_routing_header(stack: Stack) -> None:
    """icmpv6_param_problem: of an unknown type, with segments left (RFC 8200 4.4)."""
    routed = IPv6() / IPv6ExtHdrRouting(type=UNKNOWN, addresses=["fd00::99"], segleft=1) / ICMPv6EchoRequest()
    assert problems(stack, routed) == [(0, 42)]


def test_multicast_causes_no_error(stack: Stack) -> None:
    """icmpv6_param_problem: but of options (RFC 4443 2.4 (e.3))."""
    assert problems(stack, IPv6(dst=ALL_NODES, nh=UNKNOWN) / Raw(b"payload")) == []


@pytest.mark.parametrize("destination", ["unicast", "multicast"])
@pytest.mark.parametrize("action", ["skip", "discard", "tell", "tell unless multicast"])
@pytest.mark.parametrize("header", [IPv6ExtHdrHopByHop, IPv6ExtHdrDestOpt])
def test_unknown_options(stack: Stack, header: type[Packet], action: str, destination: str) -> None:
    """ipv6_unknown_options_action: the two highest bits of its number decide (RFC 8200 4.2)."""
    bits = ["skip", "discard", "tell", "tell unless multicast"].index(action)
    option = HBHOptUnknown(otype=bits << 6 | 0x1E, optdata=bytes(4))
    address = stack.link.peer6 if destination == "unicast" else ALL_NODES
    echo = ICMPv6EchoRequest(id=7, seq=next(stack.ports))
    told = action == "tell" or (action == "tell unless multicast" and destination == "unicast")
    stack.link.send(IPv6(dst=address) / header(options=[option]) / echo)
    answered = stack.link.settle(
        lambda frame: ICMPv6EchoReply in frame and frame[ICMPv6EchoReply].seq == echo.seq
    )
    assert len(answered) == (action == "skip")
    assert problems(stack, IPv6(dst=address) / header(options=[option]) / echo) == [(2, 42)] * told
