# fragments.py - IPv4 fragmentation: RFC 791 3.2, RFC 1122 3.3.3.
from micropython import const

from ...wire import ipv4 as wire

MIN_MTU = const(552)  # smaller path MTUs are ignored, as in other stacks


def send(ip, neighbor, src, dst, protocol, length, ttl, tos, ident, mtu, keep):
    """Send the payload of `length` bytes at PAYLOAD in the link's buffer as fragments for `mtu`. Returns
    False if one of them found no room: the rest is then useless. From the second on, each header
    overwrites the end of the previous fragment, which has been sent."""
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
        ip.count("IpFragCreates")
        at += n
    ip.count("IpFragOKs")
    return True
