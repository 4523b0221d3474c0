# ipv6.py - the IPv6 header, RFC 8200 section 3, and the numbers of the next headers (section 4). Bytes only;
# the header follows an Ethernet header, at offset 14.
from micropython import const

from ..errors import ParseError
from .primitives import put16, put32, sum16, u16

OFFSET = const(14)
HEADER = const(40)
PAYLOAD = const(54)  # offset of the payload in frames we send
NEXT_HEADER = const(20)
MIN_MTU = const(1280)  # RFC 8200 section 5

HOP_BY_HOP = const(0)
ROUTING = const(43)
FRAGMENT = const(44)
ICMP = const(58)
NO_NEXT_HEADER = const(59)
DESTINATION = const(60)


def parse(frame, n, packet):
    """Parse frame[:n] into `packet`; the payload begins with the first next header. ParseError names the
    drop reason."""
    if n < PAYLOAD:
        raise ParseError("ipv6_short")
    if frame[OFFSET] >> 4 != 6:
        raise ParseError("ipv6_version")
    end = PAYLOAD + u16(frame, OFFSET + 4)
    if end > n:
        raise ParseError("ipv6_length")
    packet.frame = frame
    packet.src = bytes(frame[22:38])
    packet.dst = bytes(frame[38:54])
    packet.protocol = frame[NEXT_HEADER]
    packet.ttl = frame[21]
    packet.tos = frame[OFFSET] << 4 & 0xF0 | frame[OFFSET + 1] >> 4
    packet.ce = packet.tos & 3 == 3
    packet.off = PAYLOAD
    packet.end = end


def write(buf, src, dst, protocol, length, hop_limit, traffic_class=0):
    """Write a header before `length` bytes at PAYLOAD."""
    put32(buf, OFFSET, 6 << 28 | traffic_class << 20)
    put16(buf, 18, length)
    buf[20] = protocol
    buf[21] = hop_limit
    buf[22:38] = src
    buf[38:54] = dst


def write_fragment(buf, protocol, at, more, identification):
    """Write a fragment header at PAYLOAD (section 4.5)."""
    buf[PAYLOAD] = protocol
    buf[PAYLOAD + 1] = 0
    put16(buf, PAYLOAD + 2, at | more)
    put32(buf, PAYLOAD + 4, identification)


def pseudo(src, dst, protocol):
    """Return the sum of the pseudo header without the length (section 8.1), not folded."""
    return sum16(src, 0, 16) + sum16(dst, 0, 16) + protocol
