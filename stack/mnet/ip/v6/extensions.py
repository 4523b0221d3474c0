# extensions.py - IPv6 extension headers: RFC 8200 section 4, RFC 5095, RFC 7112.
from micropython import const

from ...address6 import is_multicast
from ...errors import ParseError
from ...limits import EXTENSIONS
from ...wire import icmp6
from ...wire import ipv6 as wire
from ...wire.primitives import u16, u32

# minimum size of the transport header in a first fragment (RFC 7112 section 5)
_TRANSPORT = {6: 20, 17: 8, wire.ICMP: 8}
_PAD1 = const(0)
_ROUTER_ALERT = const(5)


class Problem(ParseError):
    """A drop that is reported to the sender: args are the reason, the code of the parameter problem and
    the pointer (RFC 4443 3.4)."""


class Chain:
    """The header chain of the packet being processed. `pointer`: offset of the last next-header field;
    `fragment`: None, or (offset, more, identification); `alert`: a router alert is present (RFC 2711)."""

    def __init__(self):
        self.pointer = 0
        self.fragment = None
        self.alert = False

    def walk(self, packet):
        """Process the chain up to the upper-layer header, or to a fragment's payload. ParseError names the
        drop reason."""
        self.pointer = wire.NEXT_HEADER
        self.fragment = None
        self.alert = False
        for _ in range(EXTENSIONS):
            step = _STEPS.get(packet.protocol)
            if step is None:
                return
            step(self, packet)
            if self.fragment is not None:
                return
        raise ParseError("ipv6_too_many_extensions")

    def header(self, packet):
        """Advance past the extension header at packet.off."""
        off = packet.off
        self.pointer = off
        packet.protocol = packet.frame[off]
        packet.off = off + _size(packet)


def _size(packet):
    """Return the length of the header at packet.off. ParseError if it is truncated."""
    size = (packet.frame[packet.off + 1] + 1) << 3 if packet.off + 8 <= packet.end else 0
    if not size or packet.off + size > packet.end:
        raise ParseError("ipv6_extension_short")
    return size


def _hop_by_hop(chain, packet):
    if chain.pointer != wire.NEXT_HEADER:  # 4.1: only directly behind the IPv6 header
        raise Problem("ipv6_next_header", icmp6.NEXT_HEADER, chain.pointer)
    _options(chain, packet)


def _options(chain, packet):
    """Process options; act on an unrecognised option by its two high-order bits (4.2)."""
    frame = packet.frame
    at, end = packet.off + 2, packet.off + _size(packet)
    while at < end:
        kind = frame[at]
        if kind == _PAD1:
            at += 1
            continue
        if at + 2 > end or at + 2 + frame[at + 1] > end:
            raise ParseError("ipv6_option_length")
        if kind == _ROUTER_ALERT:
            chain.alert = True
        elif kind >> 6:
            if kind >> 6 == 2 or (kind >> 6 == 3 and not is_multicast(packet.dst)):
                raise Problem("ipv6_option", icmp6.OPTION, at)
            raise ParseError("ipv6_option")
        at += 2 + frame[at + 1]
    chain.header(packet)


def _routing(chain, packet):
    """Process a routing header (4.4). Type 0 is treated as unknown (RFC 5095)."""
    _size(packet)
    if packet.frame[packet.off + 3]:  # segments left
        raise Problem("ipv6_routing", icmp6.FIELD, packet.off + 2)
    chain.header(packet)


def _fragment(chain, packet):
    """Process a fragment header (4.5). An atomic fragment (RFC 6946) is a whole packet; Ipv6 reassembles
    others."""
    frame, off = packet.frame, packet.off
    if off + 8 > packet.end:
        raise ParseError("ipv6_extension_short")
    if frame[off] == wire.HOP_BY_HOP:
        raise Problem("ipv6_next_header", icmp6.NEXT_HEADER, off)
    field = u16(frame, off + 2)
    packet.protocol = frame[off]
    packet.off = off + 8
    if field & 0xFFF9:
        chain.fragment = (field & 0xFFF8, field & 1, u32(frame, off + 4))
        if not field & 0xFFF8:
            _whole_chain(packet)
    else:
        chain.pointer = off
        packet.whole = True


def _whole_chain(packet):
    """Check that a first fragment has all headers, including the transport's (RFC 7112)."""
    frame, off, protocol = packet.frame, packet.off, packet.protocol
    while protocol in (wire.HOP_BY_HOP, wire.ROUTING, wire.DESTINATION):
        if off + 8 > packet.end:
            raise Problem("ipv6_first_fragment", icmp6.CHAIN, wire.OFFSET)
        protocol, off = frame[off], off + (frame[off + 1] + 1 << 3)
    if off + _TRANSPORT.get(protocol, 0) > packet.end:
        raise Problem("ipv6_first_fragment", icmp6.CHAIN, wire.OFFSET)


_STEPS = {
    wire.HOP_BY_HOP: _hop_by_hop,
    wire.ROUTING: _routing,
    wire.FRAGMENT: _fragment,
    wire.DESTINATION: _options,
}
