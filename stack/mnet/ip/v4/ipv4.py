# ipv4.py - IPv4 input and output: RFC 791, RFC 1122 3.2.
from micropython import const

from ...address import is_unicast, netmask
from ...errors import ParseError
from ...wire import ethernet
from ...wire import ipv4 as wire
from ..identification import Identifications
from ..paths import PathMtus
from ..reassembly import Reassembly
from . import fragments as fragments4
from . import options as options4

_LARGEST = const(65535)


class Ipv4:
    """IPv4 on one link. `addresses` are ours; `address` is the first of them, 0 while there is none.

    UDP and TCP use these of a network layer, which Ipv6 has too: `header`, the length of its header, and
    `payload`, the offset of theirs in a frame that is written; `hop_limit`, the default; `pseudo` and
    `write` of wire/; neighbors, output, send, mss, key, pack. An address is an int here, 16 bytes there.
    """

    ethertype = ethernet.IPV4
    header = wire.HEADER
    payload = wire.PAYLOAD
    pseudo = staticmethod(wire.pseudo)
    write = staticmethod(wire.write)
    hop_limit = 64  # the default TTL, RFC 1700

    def __init__(self, interface):
        host = interface.host
        self.interface = interface
        self.segment = interface.segment
        self.link = interface.link
        self.mtu = interface.link.mtu
        self.arp = interface.arp
        self.neighbors = self.arp.neighbors
        self.stats = host.stats
        self.counters, self.icmp = host.stats.counters, host.stats.icmp
        self.address = 0
        self.addresses = []
        self.prefixes = {}  # address -> prefix length
        self.groups = {}  # multicast groups joined: igmp.py
        self.routes = host.routes
        self.paths = PathMtus()
        self.identifications = Identifications(host.env.secret)
        self.reassembly = Reassembly(host.deadlines, host.stats, self._expired, self.count)

    def configure(self, address, prefix, gateway, now=None, probe=False, metric=0):
        """Take an address, at once or, with `probe`, when no other host has it (RFC 5227). `gateway` is 0 if
        there is none; of several the one with the lowest `metric` is used. Without the time the address is
        announced only once."""
        if gateway:
            self.routes.add(0, 0, self.interface, gateway, metric)
        if address in self.arp.claims:
            return
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
        """Remove an address, and with the last one the gateway."""
        self.arp.unclaim(address)
        if address in self.addresses:
            self._remove(address, now)
        if not self.arp.claims:
            self.routes.remove_gateways(self.interface)

    def clear(self, now):
        """Remove everything when the interface stops."""
        for address in list(self.addresses):
            self._remove(address, now)
        self.routes.remove_interface(self.interface)
        self.reassembly.clear()

    def _add(self, address, prefix):
        self.routes.add(address, prefix, self.interface)  # first: each of these needs memory
        self.prefixes[address] = prefix
        self.addresses.append(address)
        self.address = self.addresses[0]

    def _remove(self, address, now):
        self.interface.host.address_removed(address, now)
        self.addresses.remove(address)
        self.address = self.addresses[0] if self.addresses else 0
        length = self.prefixes.pop(address)
        mask = netmask(length)
        if not any(
            [self.prefixes[each] == length and (each ^ address) & mask == 0 for each in self.addresses]
        ):
            self.routes.remove(address, length, self.interface)

    def input(self, frame, n, packet, now):
        """Parse a packet and decide whether it is for us (RFC 1122 3.2.1.3, 3.2.1.5, 3.3.1.6). ParseError
        names the drop reason. Returns False for a fragment of an incomplete datagram."""
        wire.parse(frame, n, packet)
        packet.ip = self
        # RFC 4541 2.1.1: a switch without an address sends IGMP queries, too
        if not self.is_host(packet.src) and (packet.src or packet.protocol != wire.IGMP):
            raise ParseError("ipv4_source")
        if not self._for_us(packet):
            raise ParseError("ipv4_not_ours")
        if packet.off > wire.PAYLOAD:
            options4.check(frame, packet, self.interface.errors4, now)
        if wire.is_fragment(frame):
            return self._fragment(frame, packet, now)
        packet.whole = False
        return True

    def _fragment(self, frame, packet, now):
        """Reassemble (RFC 1122 3.3.2). A complete datagram replaces its last fragment."""
        at, more, ident = wire.fragment(frame)
        key = (packet.src, packet.dst, packet.protocol, ident)
        self.count("IpReasmReqds")
        whole = self.reassembly.add(key, frame, packet.off, packet.end, at, more, now)
        if whole is None:
            return False
        self.count("IpReasmOKs")
        packet.frame, packet.off = whole
        packet.end = len(packet.frame)
        packet.whole = True
        if packet.end - wire.OFFSET > _LARGEST:
            raise ParseError("fragment_too_far")
        return True

    def _expired(self, head, data, now):
        self.interface.errors4.reassembly_timeout(head, data, now)

    def count(self, name, n=1):
        """Count an event of this version of IP, by its name in nstat (mib.py)."""
        self.counters[name] += n

    def count_icmp(self, sent, kind):
        """Count an ICMP message by its type."""
        self.stats.add(self.icmp, (sent, kind))

    def next_hop(self, dst):
        """Return the neighbor of this interface that forwards packets to `dst`: the destination, a
        gateway, or None if there is no route."""
        entry = self.routes.lookup(dst, self.interface)
        return None if entry is None else entry.gateway or dst

    def queues(self, route, length, now):
        """Whether the neighbor of a Route, while it is unresolved, can queue all fragments of a payload of
        `length` bytes."""
        frames = length // (route.mtu(now) - wire.HEADER - 7) + 1
        return self.neighbors.takes(route.hop, frames, length + frames * wire.PAYLOAD)

    def output(self, src, dst, protocol, length, now, ttl=0, tos=0, atomic=True, keep=False):
        """Send a payload as send() does, by this interface. Returns False if there is no route."""
        neighbor = None
        if not self.is_broadcast(dst) and dst >> 28 != 0xE:
            neighbor = self.neighbor(dst, now)
            if neighbor is None:
                return self.no_route()
        return self.send(src, dst, neighbor, protocol, length, now, ttl, tos, atomic, keep)

    def send(self, src, dst, neighbor, protocol, length, now, ttl=0, tos=0, atomic=True, keep=False):
        """Send the payload of `length` bytes at PAYLOAD in the transmit buffer to a Neighbor, None if
        `dst` is a group or a broadcast address; fragmented if necessary. `atomic`: routers must
        not fragment it (they report that, and paths.py learns the MTU). ttl 0 is the default. Without room
        in the device the packet is lost or, with `keep`, queued."""
        frame = self.link.buf
        ttl = ttl or self.hop_limit
        mtu = self.paths.get(dst, self.mtu, now)
        if wire.HEADER + length > mtu or not (atomic or wire.HEADER + length <= fragments4.MIN_MTU):
            ident = self.identification(src, dst, protocol)
            return fragments4.send(self, neighbor, src, dst, protocol, length, ttl, tos, ident, mtu, keep)
        wire.write(frame, src, dst, protocol, length, ttl, tos)
        return self.transmit(neighbor, dst, frame, wire.PAYLOAD + length, keep)

    def no_route(self):
        """Count a packet without a route. Returns False."""
        self.stats.drop("ipv4_no_route")
        return False

    def transmit(self, neighbor, dst, frame, n, keep=False):
        """Send a packet to its next hop; None: a broadcast or multicast on the link."""
        if neighbor is None:
            mac = ethernet.multicast4(dst) if dst >> 28 == 0xE else ethernet.BROADCAST
        elif neighbor.mac is None:
            return self.neighbors.send(neighbor, frame, n, keep)
        else:
            mac = neighbor.mac
        return self.link.output(frame, n, mac, ethernet.IPV4, keep)

    def identification(self, src, dst, protocol):
        """Return an identification for a datagram that is or may be fragmented (RFC 6864 4.2)."""
        return self.identifications.next(self.pack(src) + self.pack(dst) + bytes((protocol,)))

    def is_ours(self, address):
        """Whether this interface has the address."""
        return address == self.address and address != 0 or address in self.addresses

    def source_on_link(self, hop):
        """Return our address in the prefix of a neighbor (RFC 1122 3.3.4.3), else the first one."""
        for address in self.addresses:
            if (address ^ hop) & netmask(self.prefixes[address]) == 0:
                return address
        return self.address

    def is_broadcast(self, dst):
        """Whether `dst` is a broadcast address on this link."""
        return dst == 0xFFFFFFFF or self.routes.broadcast(dst, self.interface) is not None

    def mss(self, dst, now):
        """Return the largest TCP segment to `dst`, without options (RFC 9293 3.7.1)."""
        return self.paths.get(dst, self.mtu, now) - 40

    def key(self, remote, local):
        """Return the two addresses as a number for the table of connections (docs/adr/0009)."""
        fold = local ^ local >> 7 ^ local >> 14 ^ local >> 21 ^ local >> 28
        return (self.interface.number << 7 | fold & 127) << 33 | remote

    def pack(self, address):
        """Return an address as bytes."""
        return address.to_bytes(4, "big")

    def neighbor(self, dst, now):
        """Return the neighbor that forwards packets to `dst`, or None if there is no route."""
        hop = self.next_hop(dst)
        return None if hop is None else self.neighbors.lookup(hop, now)

    def _for_us(self, packet):
        dst = packet.dst
        if self.is_ours(dst):
            # RFC 1122 3.3.6: a link broadcast to our unicast address is not for us
            return not packet.broadcast
        if self.is_broadcast(dst) or dst in self.groups:
            packet.broadcast = True
            return True
        return False

    def is_host(self, address):
        """Whether another host may have this address (RFC 1122 3.2.1.3). Ours are excluded (LAND attack)."""
        return (
            is_unicast(address)
            and self.interface.host.interface_of(address) is None
            and self.routes.broadcast(address, self.interface) is None
        )
