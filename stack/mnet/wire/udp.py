# udp.py - the UDP header, RFC 768. Bytes only.
from micropython import const

from ..errors import ParseError
from .primitives import put16, sum16, u16

HEADER = const(8)


def parse(frame, off, end, pseudo):
    """Parse frame[off:end] into (source port, destination port, end of the data). `pseudo` is the sum of
    the pseudo header without the length, or -1 if the device has verified it; a checksum of 0 means that
    the sender computed none (RFC 768)."""
    if end - off < HEADER:
        raise ParseError("udp_short")
    length = u16(frame, off + 4)
    if length < HEADER or length > end - off:
        raise ParseError("udp_length")
    if pseudo >= 0 and u16(frame, off + 6) and sum16(frame, off, length, pseudo + length) != 0xFFFF:
        raise ParseError("udp_checksum")
    return u16(frame, off), u16(frame, off + 2), off + length


def write(buf, off, sport, dport, n, pseudo):
    """Write a header before the n bytes at off + HEADER; `pseudo` as in parse. A checksum of 0 is sent as
    all ones (RFC 768)."""
    length = HEADER + n
    put16(buf, off, sport)
    put16(buf, off + 2, dport)
    put16(buf, off + 4, length)
    put16(buf, off + 6, 0)
    put16(buf, off + 6, (~sum16(buf, off, length, pseudo + length) & 0xFFFF) or 0xFFFF)
