# ipv4.py - the IPv4 header, RFC 791 3.1. Bytes only; the header follows an Ethernet header, at offset 14.
from micropython import const

from ..errors import ParseError
from .primitives import put16, put32, sum16, u16, u32

OFFSET = const(14)
HEADER = const(20)
PAYLOAD = const(34)  # offset of the payload in frames we send: no options
ICMP = const(1)
IGMP = const(2)
TCP = const(6)
UDP = const(17)
DONT_FRAGMENT = const(0x4000)
MORE_FRAGMENTS = const(0x2000)
_MORE_OR_OFFSET = const(0x3FFF)
_OFFSET_MASK = const(0x1FFF)


def parse(frame, n, packet):
    """Parse frame[:n] into `packet`, with the checks of RFC 1122 3.2.1 in order. ParseError names the drop
    reason."""
    if n < OFFSET + HEADER:
        raise ParseError("ipv4_short")
    header = (frame[OFFSET] & 15) * 4
    if frame[OFFSET] >> 4 != 4:
        raise ParseError("ipv4_version")
    total = u16(frame, OFFSET + 2)
    if header < HEADER or total < header or total > n - OFFSET:
        raise ParseError("ipv4_length")
    if sum16(frame, OFFSET, header) != 0xFFFF:
        raise ParseError("ipv4_checksum")
    packet.frame = frame
    packet.src = u32(frame, OFFSET + 12)
    packet.dst = u32(frame, OFFSET + 16)
    packet.protocol = frame[OFFSET + 9]
    packet.ttl = frame[OFFSET + 8]
    packet.tos = frame[OFFSET + 1]
    packet.ce = packet.tos & 3 == 3
    packet.off = OFFSET + header
    packet.end = OFFSET + total


def is_fragment(frame):
    """Whether the parsed packet is a fragment (RFC 791 3.2)."""
    return u16(frame, OFFSET + 6) & _MORE_OR_OFFSET != 0


def fragment(frame):
    """Return (payload offset, more fragments, identification) of the parsed packet."""
    field = u16(frame, OFFSET + 6)
    return (field & _OFFSET_MASK) << 3, bool(field & MORE_FRAGMENTS), u16(frame, OFFSET + 4)


def quoted(frame, off, end):
    """Parse the quote of an ICMP error, frame[off:end], into (source, destination, protocol, offset of its
    payload, its total length). ParseError if it has less than 8 bytes of payload (RFC 792), or is not a
    first fragment."""
    if end - off < HEADER:
        raise ParseError("icmp_quote")
    header = (frame[off] & 15) * 4
    if (
        frame[off] >> 4 != 4
        or header < HEADER
        or end - off < header + 8
        or u16(frame, off + 6) & _OFFSET_MASK
    ):
        raise ParseError("icmp_quote")
    return u32(frame, off + 12), u32(frame, off + 16), frame[off + 9], off + header, u16(frame, off + 2)


def write(buf, src, dst, protocol, length, ttl, tos=0, ident=0, fragment=DONT_FRAGMENT):
    """Write a header before a payload of `length` bytes at PAYLOAD. Identification 0 is for atomic
    datagrams (RFC 6864 4.1); `fragment` is the field of flags and fragment offset."""
    buf[14] = 0x45
    buf[15] = tos
    put16(buf, 16, HEADER + length)
    put16(buf, 18, ident)
    put16(buf, 20, fragment)
    buf[22] = ttl
    buf[23] = protocol
    put16(buf, 24, 0)
    put32(buf, 26, src)
    put32(buf, 30, dst)
    put16(buf, 24, ~sum16(buf, OFFSET, HEADER))


def pseudo(src, dst, protocol):
    """Return the sum of the pseudo header of UDP and TCP without the length (RFC 768, RFC 9293 3.1), not
    folded."""
    return (src >> 16) + (src & 0xFFFF) + (dst >> 16) + (dst & 0xFFFF) + protocol
