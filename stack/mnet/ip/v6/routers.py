# routers.py - router discovery: RFC 4861 section 6.3 and 8.3, RFC 4191, RFC 8106.
from micropython import const

from ...address6 import ALL_ROUTERS, UNSPECIFIED, is_link_local, is_multicast
from ...errors import ParseError
from ...limits import NAMESERVERS, SEARCH_DOMAINS, SECOND
from ...timers import NEVER
from ...wire import icmp6, ipv6
from ...wire import ndp as wire
from .ndp import mac_of

_SOLICITATIONS = const(3)  # RFC 4861 section 10
_INTERVAL = 4 * SECOND
_RETRANSMIT_MIN, _RETRANSMIT_MAX = const(10), const(10000)  # milliseconds: bounds of a plausible value
_FOREVER = const(0xFFFFFFFF)
_HOP_LIMIT_MIN = const(32)
_PREFERENCES = (0, 1, 0, -1)  # RFC 4191 2.1: medium, high, reserved (then medium), low


class Routers:
    """Router discovery: sends solicitations until a router has answered, and applies advertisements.
    `nameservers` and `search` map the entries of RFC 8106 to the end of their lifetime."""

    def __init__(self, interface):
        self.ip = interface.ipv6
        self.ndp = self.ip.ndp
        self.slaac = interface.slaac
        self.deadlines = interface.host.deadlines
        self.stats = interface.host.stats
        self.nameservers = {}
        self.search = {}
        self.left = 0  # remaining solicitations
        self.router = None  # sender of the advertisement being processed
        self.due = NEVER
        self.slot = 0

    def start(self, now):
        """Start soliciting (6.3.7), without the initial delay: starting takes milliseconds
        (docs/deviations.md)."""
        self.left = _SOLICITATIONS
        self.expire(now)

    def expire(self, now):
        """Send the next solicitation."""
        if not self.left:
            return
        self.left -= 1
        src = self.ip.addresses.solicitation_source(True)
        message = bytes((icmp6.ROUTER_SOLICITATION, 0, 0, 0, 0, 0, 0, 0))
        if src is not None:  # RFC 4429 3.2: no source option while our address is optimistic
            message += wire.mac_option(wire.SOURCE_MAC, self.ip.link.mac)
        self.ndp.send(src or UNSPECIFIED, ALL_ROUTERS, message)
        if self.left:
            self.deadlines.arm(self, now + _INTERVAL)

    def advertised(self, packet, now):
        """Process a router advertisement (6.1.2, 6.3.4)."""
        options = self.ndp.valid(packet, 16)
        frame = packet.frame
        if not is_link_local(packet.src):
            raise ParseError("ndp_message")
        hop_limit, flags, lifetime, reachable, retransmit = wire.router(frame, packet.off)
        if hop_limit >= _HOP_LIMIT_MIN:
            self.ip.hop_limit = hop_limit
        elif hop_limit:  # a low hop limit would cut the host off (docs/deviations.md)
            self.stats.drop("ndp_hop_limit_low")
        if 0 < reachable <= 3600000:
            self.ndp.reachable_time(reachable * 1000)
        if retransmit:
            self.ndp.neighbors.retry = min(max(retransmit, _RETRANSMIT_MIN), _RETRANSMIT_MAX) * 1000
        if lifetime:
            self.left = 0
        if not self.ip.routes.add_router(
            packet.src, now + lifetime * SECOND, _PREFERENCES[flags >> 3 & 3], now
        ):
            self.stats.drop("ndp_too_many_routers")
        mac = mac_of(options, wire.SOURCE_MAC, frame)
        if mac is not None:
            self.ndp.neighbors.learn_stale(packet.src, mac, now)
        self.router = packet.src
        for kind, off, size in options:
            handler = _OPTIONS.get(kind)
            if handler is not None:
                handler(self, frame, off, size, now)

    def _prefix(self, frame, off, size, now):
        """Process a prefix option (4.6.2, 6.3.4, and for SLAAC RFC 4862 5.5.3)."""
        prefix = wire.prefix(frame, off, size)
        if prefix is None:
            return self.stats.drop("ndp_prefix")
        value, length, flags, valid, preferred = prefix
        if is_link_local(value) or is_multicast(value):
            return None
        if flags & wire.ON_LINK:
            if not self.ip.routes.add_prefix(value, length, until(valid, now), now, False, self.router):
                self.stats.drop("ndp_too_many_prefixes")
        if flags & wire.AUTONOMOUS:
            self.slaac.prefix(value, length, until(valid, now), until(preferred, now), now, self.router)
        return None

    def _mtu(self, frame, off, size, now):
        """Process an MTU option (4.6.4), within the minimum and the device's MTU."""
        mtu = wire.mtu(frame, off, size)
        if ipv6.MIN_MTU <= mtu <= self.ip.link.mtu:
            self.ip.mtu = mtu
        else:
            self.stats.drop("ndp_mtu")

    def _servers(self, frame, off, size, now):
        """Process a RDNSS option (RFC 8106 5.1)."""
        found = wire.servers(frame, off, size)
        if found is None:
            return self.stats.drop("ndp_rdnss")
        return self._remember(self.nameservers, NAMESERVERS, *found, now)

    def _domains(self, frame, off, size, now):
        """Process a DNSSL option (RFC 8106 5.2)."""
        found = wire.domains(frame, off, size)
        if found is None:
            return self.stats.drop("ndp_dnssl")
        return self._remember(self.search, SEARCH_DOMAINS, *found, now)

    def _remember(self, table, limit, names, lifetime, now):
        """Store an entry of RFC 8106 6.2; a lifetime of 0 removes it. Without room the one that expires
        first is evicted."""
        for name in names:
            table.pop(name, None)
            if lifetime:
                if len(table) >= limit:
                    del table[min(table, key=lambda each: table[each])]
                table[name] = until(lifetime, now)

    def redirected(self, packet, now):
        """Process a redirect (8.1, 8.3), only from the current next hop."""
        options = self.ndp.valid(packet, 40)
        frame, off = packet.frame, packet.off
        target, dst = bytes(frame[off + 8 : off + 24]), bytes(frame[off + 24 : off + 40])
        if (
            not is_link_local(packet.src)
            or is_multicast(dst)
            or (target != dst and not is_link_local(target))
        ):
            raise ParseError("ndp_message")
        if self.ip.routes.next_hop(dst, now) != packet.src or self.ip.is_ours(target):
            raise ParseError("ndp_redirect")
        self.ip.routes.redirect(dst, target)
        mac = mac_of(options, wire.TARGET_MAC, frame)
        if mac is not None:
            self.ndp.neighbors.learn_stale(target, mac, now)


_OPTIONS = {
    wire.PREFIX: Routers._prefix,
    wire.MTU: Routers._mtu,
    wire.RDNSS: Routers._servers,
    wire.DNSSL: Routers._domains,
}


def until(seconds, now):
    """Return the end of a lifetime; all ones is infinity."""
    return NEVER if seconds == _FOREVER else now + seconds * SECOND
