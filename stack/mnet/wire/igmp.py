# igmp.py - group membership messages: RFC 2236 (version 2), RFC 3376 section 4 (version 3). Bytes only.
from micropython import const

from ..errors import ParseError
from . import ipv4
from .primitives import put16, put32, sum16, u32

QUERY = const(0x11)
REPORT_V1 = const(0x12)  # RFC 1112
REPORT_V2 = const(0x16)
LEAVE = const(0x17)
REPORT_V3 = const(0x22)
# Record types, RFC 3376 4.2.12
IS_EXCLUDE = const(2)
TO_INCLUDE = const(3)
TO_EXCLUDE = const(4)
_HEADER = const(8)
_V3_QUERY = const(12)
_ROUTER_ALERT = const(0x94040000)  # RFC 2113
_TOS = const(0xC0)  # RFC 3376 section 4
_AT = const(38)  # behind an IP header with that option


def parse(frame, off, end):
    """Parse frame[off:end] into (type, version of a query, maximum response time in tenths of a second,
    group). ParseError if it is too short or its checksum is wrong."""
    n = end - off
    if n < _HEADER:
        raise ParseError("igmp_short")
    if sum16(frame, off, n) != 0xFFFF:
        raise ParseError("igmp_checksum")
    code = frame[off + 1]
    if n >= _V3_QUERY:  # RFC 3376 7.1
        version = 3
    elif n == _HEADER:
        version = 2 if code else 1
    else:
        raise ParseError("igmp_length")
    if version == 3 and code >= 128:  # 4.1.1: a floating-point value
        code = ((code & 15) | 16) << ((code >> 4 & 7) + 3)
    return frame[off], version, code, u32(frame, off + 4)


def report(buf, src, dst, kind, group, record):
    """Write a frame with a message of type `kind` about `group`; `record` is its record type in version 3.
    Returns its length."""
    n = 16 if kind == REPORT_V3 else _HEADER
    put32(buf, _AT, kind << 24)
    if kind == REPORT_V3:
        put32(buf, _AT + 4, 1)  # one record
        put32(buf, _AT + 8, record << 24)
        put32(buf, _AT + 12, group)
    else:
        put32(buf, _AT + 4, group)
    put16(buf, _AT + 2, ~sum16(buf, _AT, n))
    ipv4.write(buf, src, dst, ipv4.IGMP, n, 1, _TOS)
    buf[14] = 0x46
    put32(buf, 34, _ROUTER_ALERT)
    put16(buf, 16, 24 + n)
    put16(buf, 24, 0)
    put16(buf, 24, ~sum16(buf, 14, 24))
    return _AT + n
