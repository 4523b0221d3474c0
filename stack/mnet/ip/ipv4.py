# ipv4.py - packets in and out: RFC 791, RFC 1122 3.2. Fragments are not reassembled yet: dropped and counted.
from micropython import const

from ..errors import ParseError
from ..wire import ethernet
from ..wire import ipv4 as wire
from ..wire.primitives import u32
from .routes import Routes

_TTL = const(64)  # RFC 1700


class Ipv4:
    """IPv4 on one link. `address` is ours, 0 while there is none.

    What UDP and TCP need of a network layer, and find in Ipv6 too: `header` and `payload`, where theirs
    begins in a frame we write; source, neighbor, neighbors, output, mss, key, pack, pseudo, write. An
    address is an int here, 16 bytes there.
    """

    ethertype = ethernet.IPV4
    header = wire.HEADER
    payload = wire.PAYLOAD
    pseudo = staticmethod(wire.pseudo)
    any_address = 0

    def __init__(self, link, arp, stats):
        self.link = link
        self.arp = arp
        self.neighbors = arp.neighbors
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
        packet.ip = self
        if not self.is_host(packet.src):
            raise ParseError("ipv4_source")
        if not self._for_us(packet):
            raise ParseError("ipv4_not_ours")
        if wire.is_fragment(frame):
            raise ParseError("ipv4_fragment")
        if packet.off > wire.PAYLOAD and _source_routed(frame, packet.off):
            raise ParseError("ipv4_source_route")

    def output(self, src, dst, protocol, length, now):
        """Send the payload of `length` bytes that stands at PAYLOAD in the link's buffer. False if there is
        no way there."""
        frame = self.link.buf
        wire.write(frame, src, dst, protocol, length, _TTL)
        n = wire.PAYLOAD + length
        if self.routes.is_broadcast(dst):
            return self.link.output(frame, n, ethernet.BROADCAST, ethernet.IPV4)
        neighbor = self.neighbor(dst, now)
        if neighbor is None:
            self.stats.drop("ipv4_no_route")
            return False
        return self.neighbors.send(neighbor, frame, n, ethernet.IPV4)

    def source(self, dst, now):
        """Our address towards `dst`, or None if there is no way there."""
        return self.address if self.address and self.reaches(dst) else None

    def is_ours(self, address):
        """Whether we have this address."""
        return address == self.address and address != 0

    def reaches(self, dst):
        """Whether there is a way to `dst`."""
        return self.routes.next_hop(dst) is not None

    def mss(self, dst):
        """The largest TCP segment to `dst`, without options (RFC 9293 3.7.1)."""
        return self.link.mtu - 40

    def write(self, frame, src, dst, protocol, length):
        """Put our usual header before a payload."""
        wire.write(frame, src, dst, protocol, length, _TTL)

    def sent(self, frame):
        """What stands in a frame that we have written: (protocol, source, destination, where the payload
        is)."""
        return (
            frame[wire.OFFSET + 9],
            u32(frame, wire.OFFSET + 12),
            u32(frame, wire.OFFSET + 16),
            wire.PAYLOAD,
        )

    def key(self, remote, local):
        """What stands for the two addresses in the table of connections: a number below 2**33."""
        return remote

    def pack(self, address):
        """An address as bytes."""
        return address.to_bytes(4, "big")

    def neighbor(self, dst, now):
        """The neighbour that takes packets for `dst`, or None if there is no way there."""
        hop = self.routes.next_hop(dst)
        return None if hop is None else self.neighbors.lookup(hop, now)

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
