# icmp6.py - ICMPv6 messages: RFC 4443, RFC 4861 section 4 (numbers), RFC 3810. Bytes only.
from micropython import const

from ..errors import ParseError
from . import ipv6
from .primitives import put16, sum16

HEADER = const(8)
UNREACHABLE = const(1)
TOO_BIG = const(2)
TIME_EXCEEDED = const(3)
PARAMETER_PROBLEM = const(4)
INFORMATIONAL = const(128)  # types from here on are not errors (RFC 4443 2.1)
ECHO_REQUEST = const(128)
ECHO_REPLY = const(129)
QUERY = const(130)
REPORT_V1 = const(131)
DONE_V1 = const(132)
ROUTER_SOLICITATION = const(133)
ROUTER_ADVERTISEMENT = const(134)
NEIGHBOR_SOLICITATION = const(135)
NEIGHBOR_ADVERTISEMENT = const(136)
REDIRECT = const(137)
REPORT = const(143)

# Codes
PORT = const(4)  # of UNREACHABLE
REASSEMBLY = const(1)  # of TIME_EXCEEDED
FIELD = const(0)  # of PARAMETER_PROBLEM
NEXT_HEADER = const(1)
OPTION = const(2)
CHAIN = const(3)  # RFC 7112


def check(packet):
    """Return the type of the message in `packet`. ParseError if it is too short or its checksum is wrong
    (RFC 4443 2.3)."""
    length = packet.end - packet.off
    if length < HEADER:
        raise ParseError("icmp6_short")
    pseudo = ipv6.pseudo(packet.src, packet.dst, ipv6.ICMP) + length
    if sum16(packet.frame, packet.off, length, pseudo) != 0xFFFF:
        raise ParseError("icmp6_checksum")
    return packet.frame[packet.off]


def finish(buf, off, length, kind, code, src, dst):
    """Write type, code and checksum of the message buf[off:off+length]."""
    buf[off] = kind
    buf[off + 1] = code
    put16(buf, off + 2, 0)
    put16(buf, off + 2, ~sum16(buf, off, length, ipv6.pseudo(src, dst, ipv6.ICMP) + length))
