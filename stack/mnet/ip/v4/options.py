# options.py - IPv4 options of a received packet: RFC 791 3.1, RFC 1122 3.2.1.8, RFC 7126. None has an
# effect.
from micropython import const

from ...errors import ParseError
from ...wire import ipv4 as wire

_END = const(0)
_NOP = const(1)
_LOOSE_ROUTE = const(131)
_STRICT_ROUTE = const(137)


def check(frame, packet, errors, now):
    """Check the options. ParseError for a source route (RFC 7126 4.3.5, 4.4.5: dropped silently) and for a
    malformed option, which also sends a parameter problem (RFC 1122 3.2.2.5)."""
    off = wire.OFFSET + wire.HEADER
    end = packet.off
    while off < end:
        kind = frame[off]
        if kind == _END:
            return
        if kind == _NOP:
            off += 1
            continue
        if kind in (_LOOSE_ROUTE, _STRICT_ROUTE):
            raise ParseError("ipv4_source_route")
        if off + 2 > end or frame[off + 1] < 2 or off + frame[off + 1] > end:
            errors.parameter_problem(packet, off - wire.OFFSET, now)
            raise ParseError("ipv4_options")
        off += frame[off + 1]
