# icmp4.py - ICMP echo, RFC 792 page 14. Bytes only.
from micropython import const

from ..errors import ParseError
from .primitives import put16, sum16

HEADER = const(8)
ECHO_REPLY = const(0)
ECHO_REQUEST = const(8)


def check(frame, off, end):
    """The type of the message frame[off:end]; ParseError if it is short or its sum is wrong."""
    if end - off < HEADER:
        raise ParseError("icmp_short")
    if sum16(frame, off, end - off) != 0xFFFF:
        raise ParseError("icmp_checksum")
    return frame[off]


def finish(buf, off, length, kind):
    """Make the message buf[off:off+length] one of type `kind`, code 0, and sum it."""
    buf[off] = kind
    buf[off + 1] = 0
    put16(buf, off + 2, 0)
    put16(buf, off + 2, ~sum16(buf, off, length))
