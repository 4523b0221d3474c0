"""packetimpact's scenario of reassembly: an echo request in four fragments."""

import pytest
from packetimpact.conftest import Stack
from scapy.layers.inet import ICMP, IP
from scapy.packet import Packet, Raw

IDENTIFIER = 7
PIECE = 1200
ORDERS = {
    "in order": ([0, 1, 2, 3], True),
    "reversed": ([3, 2, 1, 0], True),
    "twice": ([0, 0, 1, 1, 2, 2, 3], True),
    "without the last": ([0, 1, 2], False),
    "without the first": ([1, 2, 3], False),
}


def fragments(stack: Stack, number: int) -> list[Packet]:
    """An echo request of four pieces with that identification."""
    message = bytes(ICMP(id=IDENTIFIER, seq=number) / Raw(bytes(range(250)) * 16))
    pieces = range(0, len(message), PIECE)
    return [
        IP(id=number, proto=1, flags="MF" if at + PIECE < len(message) else 0, frag=at // 8)
        / Raw(message[at : at + PIECE])
        for at in pieces
    ]


def answered(stack: Stack, pieces: list[Packet]) -> bool:
    """Whether the whole is echoed, in fragments of its own."""
    for piece in pieces:
        stack.link.send(piece)

    def is_reply(frame: Packet) -> bool:
        return ICMP in frame and frame[IP].flags.MF and (frame[ICMP].type, frame[ICMP].id) == (0, IDENTIFIER)

    return bool(stack.link.settle(is_reply))


@pytest.mark.parametrize("order", ORDERS)
def test_reassembly(stack: Stack, order: str) -> None:
    """ipv4_fragment_reassembly: in any order, with doubles; not without an end."""
    indices, whole = ORDERS[order]
    pieces = fragments(stack, next(stack.ports))
    assert len(pieces) == 4
    assert answered(stack, [pieces[index] for index in indices]) == whole


def test_overlaps(stack: Stack) -> None:
    """ipv4_fragment_reassembly: the datagram goes (RFC 5722, which Linux keeps to for IPv4, too)."""
    pieces = fragments(stack, next(stack.ports))
    pieces[1].frag -= 10
    assert not answered(stack, pieces)
