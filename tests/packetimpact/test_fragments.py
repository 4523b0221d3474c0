"""packetimpact's scenarios of reassembly: an echo request in fragments, in both families."""

import struct

import pytest
from packetimpact.conftest import Stack
from scapy.layers.inet import ICMP, IP
from scapy.layers.inet6 import (
    ICMPv6EchoRequest,
    ICMPv6ParamProblem,
    ICMPv6TimeExceeded,
    IPv6,
    IPv6ExtHdrFragment,
)
from scapy.packet import Packet, Raw

IDENTIFIER = 7
PIECE = 1200
QUOTE = 1232  # as much as fits into the smallest MTU
ORDERS = {
    "in order": ([0, 1, 2, 3], True),
    "reversed": ([3, 2, 1, 0], True),
    "shuffled": ([2, 0, 3, 1], True),
    "twice": ([0, 0, 1, 1, 2, 2, 3], True),
    "without the last": ([0, 1, 2], False),
    "without the first": ([1, 2, 3], False),
    "without the middle": ([0, 1, 3], False),
}
families = pytest.mark.parametrize("version", [4, 6])


def message(stack: Stack, version: int, number: int, source: str | None = None) -> bytes:
    """Return an echo request of four pieces, without its IP header."""
    data = bytes(range(250)) * 16
    if version == 4:
        return bytes(ICMP(id=IDENTIFIER, seq=number) / Raw(data))
    packet = IPv6(src=source or stack.link.address6, dst=stack.link.peer6)
    return bytes(packet / ICMPv6EchoRequest(id=IDENTIFIER, seq=number, data=data))[40:]


def piece(version: int, number: int, at: int, data: bytes, more: bool, **header: str) -> Packet:
    """Return a fragment of an echo request."""
    if version == 4:
        return IP(id=number, proto=1, flags="MF" if more else 0, frag=at // 8, **header) / Raw(data)
    return IPv6(**header) / IPv6ExtHdrFragment(nh=58, offset=at // 8, m=more, id=number) / Raw(data)


def pieces(version: int, number: int, whole: bytes, **header: str) -> list[Packet]:
    """Return the four fragments of a message."""
    return [
        piece(version, number, at, whole[at : at + PIECE], at + PIECE < len(whole), **header)
        for at in range(0, len(whole), PIECE)
    ]


def reply(stack: Stack, version: int, to: str | None = None) -> bytes:
    """Return the reassembled reply; b"" if there is none."""
    address = to or (stack.link.address if version == 4 else stack.link.address6)

    def is_part(frame: Packet) -> bool:
        if version == 4:
            return IP in frame and frame[IP].dst == address and bool(frame[IP].flags.MF or frame[IP].frag)
        return IPv6ExtHdrFragment in frame and frame[IPv6].dst == address

    parts = {}
    for frame in stack.link.settle(is_part):
        if version == 4:
            parts[frame[IP].frag] = bytes(frame[IP].payload)[: frame[IP].len - 20]
        else:
            header = frame[IPv6ExtHdrFragment]
            parts[header.offset] = bytes(header.payload)[: frame[IPv6].plen - 8]
    return b"".join(parts[at] for at in sorted(parts))


def is_reply(version: int, answer: bytes, number: int, whole: bytes) -> bool:
    """Whether the reply is the echo of that message."""
    kind, code, _, identifier, sequence = struct.unpack("!BBHHH", answer[:8])
    return (kind, code, identifier, sequence, answer[8:]) == (
        0 if version == 4 else 129,
        0,
        IDENTIFIER,
        number,
        whole[8:],
    )


@families
@pytest.mark.parametrize("order", ORDERS)
def test_reassembly(stack: Stack, version: int, order: str) -> None:
    """ipv4_fragment_reassembly, ipv6_fragment_reassembly: in any order, with duplicates; not with a gap."""
    indices, complete = ORDERS[order]
    number = next(stack.ports)
    whole = message(stack, version, number)
    sent = pieces(version, number, whole)
    assert len(sent) == 4
    for index in indices:
        stack.link.send(sent[index])
    answer = reply(stack, version)
    assert is_reply(version, answer, number, whole) if complete else answer == b""


@families
@pytest.mark.parametrize("size", [PIECE, PIECE - 8])
def test_overlaps(stack: Stack, version: int, size: int) -> None:
    """ipv4_fragment_reassembly, ipv6_fragment_reassembly: a fragment that partly overlaps another drops the
    datagram (RFC 5722, which Linux follows for IPv4, too). No error is sent."""
    number = next(stack.ports)
    whole = message(stack, version, number)
    sent = pieces(version, number, whole)
    stack.link.send(sent[0])
    stack.link.send(piece(version, number, PIECE - 80, whole[PIECE - 80 :][:size], True))
    for each in sent[1:]:
        stack.link.send(each)
    assert stack.link.settle(lambda frame: ICMPv6ParamProblem in frame or IPv6ExtHdrFragment in frame) == []
    assert reply(stack, version) == b""


@families
def test_a_part_of_a_fragment(stack: Stack, version: int) -> None:
    """ipv4_fragment_reassembly, ipv6_fragment_reassembly: a fragment within another one."""
    number = next(stack.ports)
    whole = message(stack, version, number)
    first, *rest = pieces(version, number, whole)
    stack.link.send(first)
    stack.link.send(piece(version, number, 80, whole[80:160], True))
    for each in rest:
        stack.link.send(each)
    # RFC 8200 4.5 allows fragments duplicated on the path; this is an overlap. Linux ignores it
    assert bool(reply(stack, version)) == (stack.name == "linux")


def test_a_copy_has_its_own_identification(stack: Stack) -> None:
    """ipv4_id_uniqueness: of a fragmented datagram (RFC 6864 4.2)."""
    number = next(stack.ports)
    identifications = set()
    for _ in range(3):
        for each in pieces(4, number, message(stack, 4, number)):
            stack.link.send(each)
        parts = stack.link.settle(lambda frame: IP in frame and bool(frame[IP].flags.MF or frame[IP].frag))
        assert len({frame[IP].id for frame in parts}) == 1
        identifications.add(parts[0][IP].id)
    assert len(identifications) == 3


@families
def test_two_hosts_with_one_identification(stack: Stack, version: int) -> None:
    """ipv6_fragment_icmp_error: the fragments of each become a datagram of its own."""
    link = stack.link
    ours = link.address if version == 4 else link.address6
    other = ours.replace("66", "67")
    link.resolve(other)
    number = next(stack.ports)
    wholes = {address: message(stack, version, number, address) for address in (ours, other)}
    streams = [pieces(version, number, whole, src=address) for address, whole in wholes.items()]
    for both in zip(*streams, strict=True):
        for each in both:
            link.send(each)
    frames = link.settle()
    for address, whole in wholes.items():
        link.waiting.extend(frames)
        assert is_reply(version, reply(stack, version, address), number, whole)


@families
def test_beyond_the_largest_datagram(stack: Stack, version: int) -> None:
    """ipv4_fragment_reassembly, ipv6_fragment_icmp_error: an end behind 65535 bytes; with IPv6 an error
    reports its position (RFC 8200 4.5)."""
    number = next(stack.ports)
    whole = message(stack, version, number)
    stack.link.send(pieces(version, number, whole)[0])
    beyond = piece(version, number, 65520, whole[:24], False)
    stack.link.send(beyond)
    if version == 6:
        problem = stack.link.expect(lambda frame: ICMPv6ParamProblem in frame)[ICMPv6ParamProblem]
        assert (problem.code, problem.ptr) == (0, 42) and quoted(problem) == bytes(beyond)
    assert reply(stack, version) == b""


@families
def test_a_length_that_is_no_multiple_of_8(stack: Stack, version: int) -> None:
    """ipv6_fragment_icmp_error: only of the last fragment; with IPv6 an error reports the wrong payload
    length."""
    number = next(stack.ports)
    whole = message(stack, version, number)
    odd = piece(version, number, 0, whole[:17], True)
    stack.link.send(odd)
    if version == 6:
        problem = stack.link.expect(lambda frame: ICMPv6ParamProblem in frame)[ICMPv6ParamProblem]
        assert (problem.code, problem.ptr) == (0, 4) and quoted(problem) == bytes(odd)
    assert stack.link.settle(lambda frame: ICMP in frame and frame[ICMP].type != 0) == []


def test_a_datagram_that_does_not_become_whole(both: list[Stack]) -> None:
    """ipv6_fragment_icmp_error: a minute later (RFC 8200 4.5) the sender gets an error with the first
    fragment; if that is missing, no error is sent."""
    sent = {}
    for stack in both:
        numbers = [next(stack.ports) for _ in range(3)]
        datagrams = [pieces(6, number, message(stack, 6, number)) for number in numbers]
        for datagram, indices in zip(datagrams, ((1, 3), (0,), (0, 2)), strict=True):
            for index in indices:
                stack.link.send(datagram[index])
        sent[stack.name] = datagrams
    for stack in both:
        headless, *others = (datagram[0] for datagram in sent[stack.name])
        heard = {}
        while not all(identification(first) in heard for first in others):
            heard |= told([stack.link.expect(is_time_out, timeout=120)])
        heard |= told(stack.link.settle(is_time_out))
        assert [heard[identification(first)] for first in others] == [
            bytes(first)[:QUOTE] for first in others
        ]
        assert identification(headless) not in heard


def is_time_out(frame: Packet) -> bool:
    """Whether this is a reassembly timeout error."""
    return ICMPv6TimeExceeded in frame and frame[ICMPv6TimeExceeded].code == 1


def told(frames: list[Packet]) -> dict[int, bytes]:
    """Return the identifications quoted by reassembly timeouts."""
    fragments = [quoted(frame[ICMPv6TimeExceeded]) for frame in frames]
    return {identification(IPv6(fragment)): fragment for fragment in fragments}


def identification(fragment: Packet) -> int:
    """Return the identification of a fragment."""
    found: int = fragment[IPv6ExtHdrFragment].id
    return found


def quoted(error: Packet) -> bytes:
    """Return the packet that an ICMPv6 error quotes."""
    return bytes(error)[8:]
