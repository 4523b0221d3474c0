# icmp4.py - ICMP messages, RFC 792. Bytes only.
from micropython import const

from ..errors import ParseError
from .primitives import put16, put32, sum16, u16

HEADER = const(8)
ECHO_REPLY = const(0)
UNREACHABLE = const(3)
REDIRECT = const(5)
ECHO_REQUEST = const(8)
TIME_EXCEEDED = const(11)
PARAMETER_PROBLEM = const(12)

# Codes of UNREACHABLE
NET = const(0)
PROTOCOL = const(2)
PORT = const(3)
FRAGMENTATION_NEEDED = const(4)

# Codes of TIME_EXCEEDED
REASSEMBLY = const(1)


def check(frame, off, end):
    """Return the type of the message frame[off:end]. ParseError if it is too short or its checksum is
    wrong."""
    if end - off < HEADER:
        raise ParseError("icmp_short")
    if sum16(frame, off, end - off) != 0xFFFF:
        raise ParseError("icmp_checksum")
    return frame[off]


def next_hop_mtu(frame, off):
    """Return the next-hop MTU of a message FRAGMENTATION_NEEDED (RFC 1191 section 4); 0 from an old
    router."""
    return u16(frame, off + 6)


def finish(buf, off, length, kind):
    """Set type `kind` and code 0 of the message buf[off:off+length], and its checksum."""
    buf[off] = kind
    buf[off + 1] = 0
    put16(buf, off + 2, 0)
    put16(buf, off + 2, ~sum16(buf, off, length))


def finish_error(buf, off, length, kind, code, rest):
    """Write the header of the error message buf[off:off+length], whose quote is already in place, and its
    checksum. `rest` are the header's last 32 bits."""
    buf[off] = kind
    buf[off + 1] = code
    put16(buf, off + 2, 0)
    put32(buf, off + 4, rest)
    put16(buf, off + 2, ~sum16(buf, off, length))
