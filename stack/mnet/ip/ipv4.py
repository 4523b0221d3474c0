# ipv4.py - packets in and out: RFC 791, RFC 1122 3.2. Fragments are not reassembled yet: dropped and counted.
from micropython import const

from ..errors import ParseError
from ..wire import ethernet
from ..wire import ipv4 as wire
from .routes import Routes

_TTL = const(64)  # RFC 1700


class Ipv4:
    """IPv4 on one link. `address` is ours, 0 while there is none."""

    def __init__(self, link, arp, stats):
        self.link = link
        self.arp = arp
        self.stats = stats
        self.address = 0
        self.routes = Routes()

    def configure(self, address, prefix, gateway):
        """Take an address; `gateway` is 0 if there is none."""
        self.address = address
        self.routes.add_prefix(address, prefix)
        self.routes.gateway = gateway
        self.arp.announce(address)

    def input(self, frame, n, packet):
        """Parse a packet and decide whether it is for us; ParseError says why not (RFC 1122 3.2.1.3, 3.2.1.5,
        3.3.1.6)."""
        wire.parse(frame, n, packet)
        if not self.is_host(packet.src):
            raise ParseError("ipv4_source")
        if not self._for_us(packet):
            raise ParseError("ipv4_not_ours")
        if wire.is_fragment(frame):
            raise ParseError("ipv4_fragment")
        if packet.off > wire.PAYLOAD and _source_routed(frame, packet.off):
            raise ParseError("ipv4_source_route")

    def output(self, dst, protocol, length, now):
        """Send the payload of `length` bytes that stands at PAYLOAD in the link's buffer. False if there is
        no way there."""
        frame = self.link.buf
        wire.write(frame, self.address, dst, protocol, length, _TTL)
        n = wire.PAYLOAD + length
        if self.routes.is_broadcast(dst):
            return self.link.output(frame, n, ethernet.BROADCAST, ethernet.IPV4)
        neighbor = self.neighbor(dst, now)
        if neighbor is None:
            self.stats.drop("ipv4_no_route")
            return False
        return self.arp.neighbors.send(neighbor, frame, n, ethernet.IPV4)

    def neighbor(self, dst, now):
        """The neighbour that takes packets for `dst`, or None if there is no way there."""
        hop = self.routes.next_hop(dst)
        return None if hop is None else self.arp.neighbors.lookup(hop, now)

    def _for_us(self, packet):
        if packet.dst == self.address and self.address:
            # RFC 1122 3.3.6: a link broadcast to our unicast address is not for us
            return not packet.broadcast
        if self.routes.is_broadcast(packet.dst):
            packet.broadcast = True
            return True
        return False

    def is_host(self, address):
        """Whether another host may have this address: RFC 1122 3.2.1.3, and 240/4 is reserved. Ours is not
        among them (LAND)."""
        return (
            0 < address >> 24 < 0xE0
            and address >> 24 != 127
            and address != self.address
            and not self.routes.is_broadcast(address)
        )


def _source_routed(frame, end):
    """Whether the options ask for a source route (RFC 7126 4.3, 4.4: drop), or are malformed."""
    off = wire.OFFSET + wire.HEADER
    while off < end:
        kind = frame[off]
        if kind == 0:
            return False
        if kind == 1:
            off += 1
            continue
        if kind in (131, 137) or off + 2 > end or frame[off + 1] < 2 or off + frame[off + 1] > end:
            return True
        off += frame[off + 1]
    return False
