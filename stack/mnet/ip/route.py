# route.py - route selection: RFC 1122 3.3.1, RFC 6724; interfaces and source addresses by the strong host
# model (RFC 1122 3.3.4.2, docs/adr/0021).
from micropython import const

from ..address import is_any, is_group
from ..address6 import is_multicast, is_unicast
from ..limits import ROUTE_LIFE
from ..link.neighbors import STALE
from ..wire import ethernet
from ..wire.primitives import copy
from .loopback import LOCALHOST, localhost
from .v4.fragments import MIN_MTU

_BROADCAST = 0xFFFFFFFF

# Scopes, with the numbers of Linux (rtnetlink)
GLOBAL = const(0)  # through a gateway
LINK = const(253)  # to a host, a group or all hosts on the link
HOST = const(254)  # to the host itself


class Route:
    """Packets to `dst` leave by `interface` over its `ip` (Ipv4 or Ipv6), from our address `source`, to the
    neighbor `hop`, which is None if `dst` is a multicast group or a `broadcast` address. A socket and a
    connection keep their Route while it is current()."""

    broadcast = False

    def __init__(self, ip, source, dst, hop, broadcast, now):
        self.ip = ip
        self.interface = ip.interface
        self.source = source
        self.dst = dst
        self.hop = hop
        if broadcast:
            self.broadcast = True
        self.generation = ip.interface.host.routes.generation
        self.found = now
        self.neighbor = None  # the Neighbor `hop`, once resolve() has looked it up

    def scope(self):
        """Return where `dst` is: HOST, LINK or GLOBAL."""
        if self.interface.loopback:
            return HOST
        return LINK if self.hop is None or self.hop == self.dst else GLOBAL

    def current(self, now):
        """Whether it need not be found again: routes have not changed, and it is younger than a second, since
        advertised routes expire."""
        return self.generation == self.interface.host.routes.generation and now - self.found < ROUTE_LIFE

    def resolve(self, now):
        """Return the Neighbor that forwards packets, None for a group or a broadcast. An entry that was
        removed, or must be verified, is looked up."""
        neighbor = self.neighbor
        if neighbor is None or neighbor.mac is None or neighbor.state == STALE:
            if self.hop is None:
                return None
            neighbor = self.neighbor = self.ip.neighbors.lookup(self.hop, now)
        neighbor.used = now
        return neighbor

    def mtu(self, now):
        """Return the path MTU to `dst`, headers included."""
        return self.ip.paths.get(self.dst, self.ip.mtu, now)

    def takes(self, length, now):
        """Whether send() can send a payload of `length` bytes now without loss: no frame waits for room in
        the device, and an unresolved neighbor can queue all fragments."""
        if self.ip.link.queue:
            return False
        neighbor = self.neighbor
        if self.hop is None or (neighbor is not None and neighbor.mac is not None):
            return True
        return self.ip.queues(self, length, now)

    def send(self, protocol, length, now, ttl=0, tos=0, keep=False):
        """Send the payload of `length` bytes at ip.payload in the transmit buffer. ttl 0 is the default.
        Without room in the device the packet is lost or, with `keep`, queued. Returns False if it is lost.

        A packet that fits in the path MTU, to a neighbor with a known MAC, goes to the device from here; any
        other takes the way of Ipv4.send()."""
        ip = self.ip
        link = ip.link
        neighbor = self.resolve(now)
        size = ip.header + length
        if (
            neighbor is None
            or neighbor.mac is None
            or link.queue
            or (size > MIN_MTU and size > self.mtu(now))
        ):
            return ip.send(self.source, self.dst, neighbor, protocol, length, now, ttl, tos, True, keep)
        frame = link.buf
        copy(frame, 0, neighbor.header, 0, ethernet.HEADER)
        ip.write(frame, self.source, self.dst, protocol, length, ttl or ip.hop_limit, tos)
        size += ethernet.HEADER
        return link.transmit(frame, size) or link.refused(frame, size, keep)


def find(host, dst, source, interface, now):
    """Return the Route to `dst`, or None. `source`: our address, the unspecified address, or None to
    choose one. `interface`: the only one to use, None for any."""
    if is_any(dst):  # this host, as on Linux
        dst = localhost(dst)
    lo = host.loopback.ip_of(dst)
    if lo.is_ours(dst):
        return _loopback(lo, dst, source, now)
    if isinstance(dst, int):
        return _find4(host, dst, source, interface, now)
    return _find6(host, dst, source, interface, now)


def _loopback(ip, dst, source, now):
    """To one of our own addresses: from 127.0.0.1 to 127.0.0.0/8, else from the address itself."""
    if source is None:
        source = LOCALHOST if isinstance(dst, int) and dst >> 24 == 127 else dst
    elif not ip.is_ours(source):
        return None
    return Route(ip, source, dst, dst, False, now)


def _find4(host, dst, source, interface, now):
    if dst == _BROADCAST or is_group(dst):
        for each in host.interfaces:
            ip = each.ipv4
            if interface in (None, each) and (ip.address if source is None else _may_send(ip, source)):
                src = ip.address if source is None else source
                return Route(ip, src, dst, None, dst == _BROADCAST, now)
        return None
    on = host.routes.broadcast(dst, interface)
    if on is not None:
        if source is None or _may_send(on.ipv4, source):
            src = on.ipv4.source_on_link(dst) if source is None else source
            return Route(on.ipv4, src, dst, None, True, now)
        return None
    entry = host.routes.lookup(dst, interface, source)
    if entry is None:
        return None
    ip = entry.interface.ipv4
    hop = entry.gateway or dst
    src = ip.source_on_link(hop) if source is None else source
    return Route(ip, src, dst, hop, False, now) if src or source is not None else None


def _may_send(ip, source):
    """Whether packets from `source` may leave by this interface; 0 is for hosts without an address (DHCP)."""
    return not source or ip.is_ours(source)


def _find6(host, dst, source, interface, now):
    """Find an IPv6 route: an interface with `dst` on its link is preferred to one with a router."""
    found = None
    group = is_multicast(dst)
    if not group and not is_unicast(dst):
        return None
    for each in host.interfaces:
        ip = each.ipv6
        if interface not in (None, each) or not ip.enabled:
            continue
        if source is not None and any(source) and not ip.is_ours(source):
            continue
        hop = None if group else ip.next_hop(dst, now)
        if hop is None and not group:
            continue
        src = ip.source(dst, hop) if source is None else source
        if src is None:
            continue
        if ip.on_link(dst, now):
            return Route(ip, src, dst, hop, False, now)
        found = found or Route(ip, src, dst, hop, False, now)
    return found
