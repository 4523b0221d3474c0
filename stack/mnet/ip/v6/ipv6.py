# ipv6.py - IPv6 input and output: RFC 8200. UDP and TCP use the same interface as of Ipv4.
from ...address6 import LOOPBACK, UNSPECIFIED, is_mapped, is_multicast, is_unicast, multicast_mac
from ...errors import ParseError
from ...wire import ethernet, icmp6
from ...wire import ipv6 as wire
from ...wire.primitives import copy, put16
from ..identification import Identifications
from ..paths import PathMtus
from ..reassembly import Reassembly
from .addresses import Addresses
from .extensions import Chain, Problem
from .ndp import Ndp
from .routes import Routes6


class Ipv6:
    """IPv6 on one link; it sends and accepts nothing before Interface.start6(). `groups` are the multicast
    groups joined."""

    ethertype = ethernet.IPV6
    header = wire.HEADER
    payload = wire.PAYLOAD
    pseudo = staticmethod(wire.pseudo)
    write = staticmethod(wire.write)
    hop_limit = 64  # or as a router advertises
    enabled = False

    def __init__(self, interface):
        host, link = interface.host, interface.link
        self.interface = interface
        self.link = link
        self.segment = interface.segment
        self.stats = host.stats
        self.counters, self.icmp = host.stats.counters6, host.stats.icmp6
        self.ndp = Ndp(self)
        self.neighbors = self.ndp.neighbors
        self.addresses = Addresses()
        self.routes = Routes6(self.neighbors, host.routes)
        self.paths = PathMtus()
        self.groups = {}
        self.mtu = link.mtu  # or less, if a router advertises less
        self.chain = Chain()
        self.identifications = Identifications(host.env.secret)
        self.reassembly = Reassembly(host.deadlines, host.stats, self._expired, self.count)

    # Input

    def input(self, frame, n, packet, now):
        """Parse a packet and decide whether it is for us. ParseError names the drop reason. Returns False
        for a fragment of an incomplete datagram."""
        if not self.enabled:
            raise ParseError("ipv6_off")
        wire.parse(frame, n, packet)
        packet.ip = self
        packet.whole = False
        self.check_addresses(packet)
        try:
            self.chain.walk(packet)
            if self.chain.fragment is None or self._fragment(packet, now):
                return True
        except Problem as problem:
            _, code, pointer = problem.args
            self.interface.errors6.parameter_problem(packet, code, pointer, now)
            raise
        return False

    def check_addresses(self, packet):
        """Validate source and destination (RFC 4291 2.5.2, 2.5.3, 2.7, RFC 4862 5.4). Refuse IPv4-mapped
        addresses, which sockets treat as IPv4."""
        src, dst = packet.src, packet.dst
        if (
            is_multicast(src)
            or is_mapped(src)
            or LOOPBACK in (src, dst)
            or (packet.protocol != wire.ICMP and (src == UNSPECIFIED or self.is_spoofed(src)))
        ):
            raise ParseError("ipv6_source")
        if is_multicast(dst):
            if dst not in self.groups or dst[1] & 15 < 2:
                raise ParseError("ipv6_not_ours")
            packet.broadcast = True
        elif not self.is_ours(dst):
            raise ParseError("ipv6_not_ours")
        elif packet.broadcast:  # a unicast packet in a broadcast frame
            raise ParseError("ipv6_link_multicast")

    def _fragment(self, packet, now):
        """Reassemble (RFC 8200 4.5). A complete datagram replaces its last fragment, without the fragment
        header."""
        at, more, identification = self.chain.fragment
        n = packet.end - packet.off
        if more and n & 7:
            raise Problem("fragment_length", icmp6.FIELD, wire.OFFSET + 4)
        if at + n > 0xFFFF:
            raise Problem("fragment_too_far", icmp6.FIELD, packet.off - 6)
        key = (packet.src, packet.dst, identification)
        self.count("IpReasmReqds")
        whole = self.reassembly.add(key, packet.frame, packet.off, packet.end, at, more, now)
        if whole is None:
            return False
        self.count("IpReasmOKs")
        packet.frame, packet.off = whole
        return self._whole(packet)

    def _whole(self, packet):
        """Remove the fragment header, and process the chain again."""
        frame, off = packet.frame, packet.off - 8
        protocol = frame[off]
        packet.end = len(frame) - 8
        if packet.end - wire.PAYLOAD > 0xFFFF:
            raise ParseError("fragment_too_far")
        copy(frame, off, frame, off + 8, packet.end - off)
        put16(frame, wire.OFFSET + 4, packet.end - wire.PAYLOAD)
        frame[_last_pointer(frame, off)] = protocol
        packet.whole = True
        packet.protocol, packet.off = frame[wire.NEXT_HEADER], wire.PAYLOAD
        self.chain.walk(packet)
        if self.chain.fragment is not None:
            raise ParseError("ipv6_fragment_of_fragment")
        return True

    def _expired(self, head, data, now):
        self.interface.errors6.reassembly_timeout(head, data, now)

    # Output

    def count(self, name, n=1):
        """Count an event of this version of IP (mib.py), by the name that nstat has for IPv4."""
        self.counters[name] += n

    def count_icmp(self, sent, kind):
        """Count an ICMPv6 message by its type."""
        self.stats.add(self.icmp, (sent, kind))

    def next_hop(self, dst, now):
        """Return the neighbor of this interface that forwards packets to `dst`, or None if there is no
        route."""
        return self.routes.next_hop(dst, now)

    def queues(self, route, length, now):
        """Whether an unresolved neighbor can queue a payload, as Ipv4.queues()."""
        frames = length // (route.mtu(now) - wire.HEADER - 15) + 1
        return self.neighbors.takes(route.hop, frames, length + frames * (wire.PAYLOAD + 8))

    def output(self, src, dst, protocol, length, now, hop_limit=0, traffic_class=0, keep=False):
        """Send a payload as send() does, by this interface. Returns False if there is no route."""
        neighbor = None
        if not is_multicast(dst):
            neighbor = self.neighbor(dst, now)
            if neighbor is None:
                return self.no_route()
        return self.send(src, dst, neighbor, protocol, length, now, hop_limit, traffic_class, True, keep)

    def send(
        self, src, dst, neighbor, protocol, length, now, hop_limit=0, traffic_class=0, atomic=True, keep=False
    ):
        """Send a payload as Ipv4.send() does; only the source may fragment (RFC 8200 4.5), so all packets
        are `atomic`."""
        frame = self.link.buf
        hop_limit = hop_limit or self.hop_limit
        if neighbor is None and dst[1] & 15 < 2:  # RFC 4291 2.7: a group of node-local scope
            return True
        mtu = self.paths.get(dst, self.mtu, now)
        if wire.HEADER + length > mtu:
            return self._fragments(neighbor, src, dst, protocol, length, hop_limit, traffic_class, mtu, keep)
        wire.write(frame, src, dst, protocol, length, hop_limit, traffic_class)
        return self.transmit(neighbor, dst, frame, wire.PAYLOAD + length, keep)

    def _fragments(self, neighbor, src, dst, protocol, length, hop_limit, traffic_class, mtu, keep):
        """Send a datagram in fragments (RFC 8200 4.5: only its source may)."""
        view = memoryview(self.link.buf)
        identification = self.identifications.next(src + dst)
        room = (mtu - wire.HEADER - 8) & ~7
        frame = bytearray(wire.PAYLOAD + 8 + room)
        for at in range(0, length, room):
            n = min(room, length - at)
            frame[wire.PAYLOAD + 8 : wire.PAYLOAD + 8 + n] = view[wire.PAYLOAD + at : wire.PAYLOAD + at + n]
            wire.write(frame, src, dst, wire.FRAGMENT, 8 + n, hop_limit, traffic_class)
            wire.write_fragment(frame, protocol, at, at + n < length, identification)
            if not self.transmit(neighbor, dst, frame, wire.PAYLOAD + 8 + n, keep):
                return False
            self.count("IpFragCreates")
        self.count("IpFragOKs")
        return True

    def no_route(self):
        """Count a packet without a route. Returns False."""
        self.stats.drop("ipv6_no_route")
        return False

    def transmit(self, neighbor, dst, frame, n, keep=False):
        """Send a packet to its next hop, or to a group if that is None."""
        if neighbor is None:
            mac = multicast_mac(dst)
        elif neighbor.mac is None:
            return self.neighbors.send(neighbor, frame, n, keep)
        else:
            mac = neighbor.mac
        return self.link.output(frame, n, mac, ethernet.IPV6, keep)

    def neighbor(self, dst, now):
        """Return the neighbor that forwards packets to `dst`, or None if there is no route."""
        hop = self.next_hop(dst, now)
        return None if hop is None else self.neighbors.lookup(hop, now)

    # Addresses and routes

    def clear(self, now):
        """Remove everything when the interface stops."""
        self.enabled = False
        self.reassembly.clear()
        self.neighbors.clear()

    def source(self, dst, hop):
        """Return our source address for `dst` by the next hop, or None."""
        return self.addresses.source(dst, hop)

    def is_ours(self, address):
        """Whether we have this address."""
        return self.addresses.get(address) is not None

    def is_spoofed(self, src):
        """Whether no packet from the link can come from this address: it is ours."""
        return self.interface.host.interface_of(src) is not None

    def is_host(self, address):
        """Whether another host may have this address."""
        return is_unicast(address) and not self.is_ours(address)

    def on_link(self, dst, now):
        """Whether `dst` is known to be on this link."""
        return self.enabled and self.routes.on_link(dst, now)

    def is_broadcast(self, dst):
        """Return False: IPv6 has no broadcast."""
        return False

    def mss(self, dst, now):
        """Return the largest TCP segment to `dst`, without options (RFC 9293 3.7.1)."""
        return self.paths.get(dst, self.mtu, now) - 60

    def key(self, remote, local):
        """Return the two addresses as a number for the table of connections (docs/adr/0009)."""
        return self.interface.number << 40 | self.segment.hash6(remote + local, 0)

    def pack(self, address):
        """Return an address as bytes."""
        return address


def _last_pointer(frame, end):
    """Return the offset of the next-header field of the header that ends at `end`; the headers before have
    been parsed."""
    pointer, off = wire.NEXT_HEADER, wire.PAYLOAD
    while off < end:
        pointer, off = off, off + (frame[off + 1] + 1 << 3)
    return pointer
