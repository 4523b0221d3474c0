# ipv4.py - packets in and out: RFC 791, RFC 1122 3.2.
from micropython import const

from ..address import is_unicast
from ..errors import ParseError
from ..wire import ethernet
from ..wire import ipv4 as wire
from . import fragments4, options4
from .identification import Identifications
from .paths import PathMtus
from .reassembly import Reassembly
from .routes import Routes

_TTL = const(64)  # RFC 1700
_LARGEST = const(65535)


class Ipv4:
    """IPv4 on one link. `addresses` are ours; `address` is the first of them, 0 while there is none.

    What UDP and TCP need of a network layer, and find in Ipv6 too: `header` and `payload`, where theirs
    begins in a frame we write; source, neighbor, neighbors, output, mss, key, pack, pseudo, write. An
    address is an int here, 16 bytes there.
    """

    ethertype = ethernet.IPV4
    header = wire.HEADER
    payload = wire.PAYLOAD
    pseudo = staticmethod(wire.pseudo)
    any_address = 0

    def __init__(self, link, arp, stats, env, deadlines):
        self.link = link
        self.arp = arp
        self.neighbors = arp.neighbors
        self.stats = stats
        self.address = 0
        self.addresses = []
        self.prefixes = {}  # address -> prefix length
        self.abandoned = None  # is told of an address that we give up
        self.groups = {}  # multicast groups we listen to: igmp.py
        self.routes = Routes()
        self.paths = PathMtus()
        self.identifications = Identifications(env.secret)
        self.reassembly = Reassembly(deadlines, stats, self._expired)
        self.errors = None  # icmp4_errors.Errors
        arp.source = self._source_on_link

    def configure(self, address, prefix, gateway, now=None, probe=False):
        """Take an address, at once or, with `probe`, when nobody else has it (RFC 5227); `gateway` is 0 if
        there is none. Without the time it is announced only once."""
        if gateway:
            self.routes.gateway = gateway
        claim = self.arp.claim(
            address,
            lambda now: self._add(address, prefix),
            lambda now: self._remove(address, now),
        )
        if probe:
            claim.probe(now)
        else:
            claim.take(now)

    def unconfigure(self, address, now):
        """Give an address up."""
        self.arp.unclaim(address)
        if address in self.addresses:
            self._remove(address, now)

    def _add(self, address, prefix):
        self.addresses.append(address)
        self.prefixes[address] = prefix
        self.address = self.addresses[0]
        self.routes.add_prefix(address, prefix)

    def _remove(self, address, now):
        if self.abandoned is not None:
            self.abandoned(address, now)
        self.addresses.remove(address)
        self.address = self.addresses[0] if self.addresses else 0
        self.routes.remove_prefix(address, self.prefixes.pop(address))

    def input(self, frame, n, packet, now):
        """Parse a packet and decide whether it is for us; ParseError says why not (RFC 1122 3.2.1.3, 3.2.1.5,
        3.3.1.6). False: it is a fragment, and others are still to come."""
        wire.parse(frame, n, packet)
        packet.ip = self
        # RFC 4541 2.1.1: a switch without an address asks for groups, too
        if not self.is_host(packet.src) and (packet.src or packet.protocol != wire.IGMP):
            raise ParseError("ipv4_source")
        if not self._for_us(packet):
            raise ParseError("ipv4_not_ours")
        if packet.off > wire.PAYLOAD:
            options4.check(frame, packet, self.errors, now)
        if wire.is_fragment(frame):
            return self._fragment(frame, packet, now)
        packet.whole = False
        return True

    def _fragment(self, frame, packet, now):
        """RFC 1122 3.3.2. A datagram that has become whole takes the place of its last fragment."""
        at, more, ident = wire.fragment(frame)
        key = (packet.src, packet.dst, packet.protocol, ident)
        whole = self.reassembly.add(key, frame, packet.off, packet.end, at, more, now)
        if whole is None:
            return False
        packet.frame, packet.off = whole
        packet.end = len(packet.frame)
        packet.whole = True
        if packet.end - wire.OFFSET > _LARGEST:
            raise ParseError("fragment_too_far")
        return True

    def _expired(self, head, data, now):
        self.errors.reassembly_timeout(head, data, now)

    def takes(self, dst, length, now):
        """Whether output() can send a payload of `length` bytes to `dst` now and lose nothing of it: no frame
        waits for room in the device, and a neighbour to be resolved has room for all fragments."""
        if self.link.queue:
            return False
        hop = self.routes.next_hop(dst)
        if hop is None:
            return True
        frames = length // (self.paths.get(dst, self.link.mtu, now) - wire.HEADER - 7) + 1
        return self.neighbors.takes(hop, frames, length + frames * wire.PAYLOAD)

    def output(self, src, dst, protocol, length, now, ttl=0, tos=0, atomic=True, keep=False):
        """Send the payload of `length` bytes that stands at PAYLOAD in the link's buffer, in fragments if it
        must be. `atomic`: no router may cut it (it then says so, and paths.py learns); else routers may.
        ttl 0 is the usual one. False if there is no route. What finds no room in the device is lost or, with
        `keep`, waits for it."""
        frame = self.link.buf
        ttl = ttl or _TTL
        neighbor = None
        if not self.routes.is_broadcast(dst) and dst >> 28 != 0xE:
            neighbor = self.neighbor(dst, now)
            if neighbor is None:
                self.stats.drop("ipv4_no_route")
                return False
        mtu = self.paths.get(dst, self.link.mtu, now)
        if wire.HEADER + length > mtu or not (atomic or wire.HEADER + length <= fragments4.MIN_MTU):
            ident = self.identification(src, dst, protocol)
            return fragments4.send(self, neighbor, src, dst, protocol, length, ttl, tos, ident, mtu, keep)
        wire.write(frame, src, dst, protocol, length, ttl, tos)
        return self.transmit(neighbor, dst, frame, wire.PAYLOAD + length, keep)

    def transmit(self, neighbor, dst, frame, n, keep=False):
        """Send a packet to its next hop; to all of the link, or of a group, if that is None."""
        if neighbor is not None:
            return self.neighbors.send(neighbor, frame, n, ethernet.IPV4, keep)
        mac = ethernet.multicast4(dst) if dst >> 28 == 0xE else ethernet.BROADCAST
        return self.link.output(frame, n, mac, ethernet.IPV4, keep)

    def identification(self, src, dst, protocol):
        """For a datagram that is cut or may be (RFC 6864 4.2)."""
        return self.identifications.next(self.pack(src) + self.pack(dst) + bytes((protocol,)))

    def is_ours(self, address):
        """Whether we have this address."""
        return address == self.address and address != 0 or address in self.addresses

    def reaches(self, dst, now):
        """Whether there is a way to `dst`."""
        return dst >> 28 == 0xE or self.routes.is_broadcast(dst) or self.routes.next_hop(dst) is not None

    def source(self, dst, now):
        """Our address towards `dst`, one in the prefix of the next hop (RFC 1122 3.3.4.3), or None if there
        is no way there."""
        if not self.address or not self.reaches(dst, now):
            return None
        return self._source_on_link(self.routes.next_hop(dst) or dst)

    def _source_on_link(self, hop):
        """Whom a question about a neighbour is from."""
        for address in self.addresses:
            if self.routes.same_prefix(address, hop):
                return address
        return self.address

    def on_link(self, dst, now):
        """Whether it is on this link for sure."""
        return self.routes.on_link(dst)

    @property
    def mtu(self):
        """The largest packet on the link."""
        return self.link.mtu

    def is_broadcast(self, dst):
        """Whether it is everybody's."""
        return self.routes.is_broadcast(dst)

    def mss(self, dst, now):
        """The largest TCP segment to `dst`, without options (RFC 9293 3.7.1)."""
        return self.paths.get(dst, self.link.mtu, now) - 40

    def write(self, frame, src, dst, protocol, length, ttl=0, tos=0):
        """Put a header before a payload; ttl 0 is the usual one."""
        wire.write(frame, src, dst, protocol, length, ttl or _TTL, tos)

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
        dst = packet.dst
        if self.is_ours(dst):
            # RFC 1122 3.3.6: a link broadcast to our unicast address is not for us
            return not packet.broadcast
        if self.routes.is_broadcast(dst) or dst in self.groups:
            packet.broadcast = True
            return True
        return False

    def is_host(self, address):
        """Whether another host may have this address (RFC 1122 3.2.1.3). Ours are excluded (LAND attack)."""
        return is_unicast(address) and address not in self.addresses and not self.routes.is_broadcast(address)
