# fragments4.py - a datagram too large for its path leaves in fragments: RFC 791 3.2, RFC 1122 3.3.3.
from micropython import const

from ..wire import ipv4 as wire

MIN_MTU = const(552)  # no path is believed to take less (the smallest that others believe in, too)


def send(ip, neighbor, src, dst, protocol, length, ttl, tos, ident, mtu, keep):
    """Send the payload of `length` bytes at PAYLOAD in the link's buffer in pieces for `mtu`. False if one of
    them found no room: then the rest is worth nothing.

    From the first on, each header is written over the end of the piece before, which has left.
    """
    view = memoryview(ip.link.buf)
    room = (mtu - wire.HEADER) & ~7
    at = 0
    while at < length:
        n = min(room, length - at) if length - at > mtu - wire.HEADER else length - at
        field = at >> 3 | (wire.MORE_FRAGMENTS if at + n < length else 0)
        frame = view[at:]
        wire.write(frame, src, dst, protocol, n, ttl, tos, ident, field)
        if not ip.transmit(neighbor, dst, frame, wire.PAYLOAD + n, keep):
            return False
        at += n
    return True
