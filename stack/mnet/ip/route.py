# route.py - route selection: RFC 1122 3.3.1, RFC 6724; interfaces and source addresses by the strong host
# model (RFC 1122 3.3.4.2, docs/adr/0021).
from ..address import is_any, is_group
from ..address6 import is_multicast, is_unicast
from .loopback import LOCALHOST, localhost

_BROADCAST = 0xFFFFFFFF


class Route:
    """Packets to `dst` leave by `interface` over its `ip` (Ipv4 or Ipv6), from our address `source`, to the
    neighbour `hop`, which is None if `dst` is a multicast group or a `broadcast` address. Found again when
    the `generation` of the host's routes has changed."""

    def __init__(self, ip, source, dst, hop, broadcast, generation):
        self.ip = ip
        self.interface = ip.interface
        self.source = source
        self.dst = dst
        self.hop = hop
        self.broadcast = broadcast
        self.generation = generation

    def mtu(self, now):
        """Return the path MTU to `dst`, headers included."""
        return self.ip.paths.get(self.dst, self.ip.mtu, now)


def find(host, dst, source, interface, now):
    """Return the Route to `dst`, or None. `source`: our address, the unspecified address, or None to
    choose one. `interface`: the only one to use, None for any."""
    if is_any(dst):  # this host, as on Linux
        dst = localhost(dst)
    lo = host.loopback.ip_of(dst)
    if lo.is_ours(dst):
        return _loopback(host, lo, dst, source)
    if isinstance(dst, int):
        return _find4(host, dst, source, interface)
    return _find6(host, dst, source, interface, now)


def _loopback(host, ip, dst, source):
    """To one of our own addresses: from 127.0.0.1 to 127.0.0.0/8, else from the address itself."""
    if source is None:
        source = LOCALHOST if isinstance(dst, int) and dst >> 24 == 127 else dst
    elif not ip.is_ours(source):
        return None
    return Route(ip, source, dst, dst, False, host.routes.generation)


def _find4(host, dst, source, interface):
    generation = host.routes.generation
    if dst == _BROADCAST or is_group(dst):
        for each in host.interfaces:
            ip = each.ipv4
            if interface in (None, each) and (ip.address if source is None else _may_send(ip, source)):
                src = ip.address if source is None else source
                return Route(ip, src, dst, None, dst == _BROADCAST, generation)
        return None
    on = host.routes.broadcast(dst, interface)
    if on is not None:
        if source is None or _may_send(on.ipv4, source):
            src = on.ipv4.source_on_link(dst) if source is None else source
            return Route(on.ipv4, src, dst, None, True, generation)
        return None
    entry = host.routes.lookup(dst, interface, source)
    if entry is None:
        return None
    ip = entry.interface.ipv4
    hop = entry.gateway or dst
    src = ip.source_on_link(hop) if source is None else source
    return Route(ip, src, dst, hop, False, generation) if src or source is not None else None


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
            return Route(ip, src, dst, hop, False, host.routes.generation)
        found = found or Route(ip, src, dst, hop, False, host.routes.generation)
    return found
