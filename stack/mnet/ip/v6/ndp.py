# ndp.py - neighbor solicitation and advertisement: RFC 4861 section 7, RFC 4862 5.4, RFC 4429, RFC 7527.
from micropython import const

from ...address6 import (
    ALL_NODES,
    UNSPECIFIED,
    format_ipv6,
    is_link_local,
    is_multicast,
    multicast_mac,
    solicited_node,
)
from ...errors import ParseError
from ...limits import NDP_REACHABLE
from ...wire import ethernet, icmp6, ipv6
from ...wire import ndp as wire

_HOP_LIMIT = const(255)  # not decremented, so the sender is on the link
_HEADER = const(24)  # size of a solicitation or an advertisement, with the target


class Ndp:
    """Answers solicitations of our addresses in `ip`, and resolves neighbors."""

    def __init__(self, ip):
        host = ip.interface.host
        self.ip = ip
        self.interface = ip.interface
        self.stats = host.stats
        self.env = host.env
        cache = self.interface.neighbors
        self.neighbors = cache(ip.link, ethernet.IPV6, host.deadlines, host.stats, self)
        self.solicitation_deferred = False  # a solicitation waits for a source address that is not optimistic
        self.reachable_time(NDP_REACHABLE)
        # not the link's buffer: a solicitation may be sent while that holds a packet
        self.frame = bytearray(ipv6.PAYLOAD + 96)

    def reachable_time(self, base):
        """Return the reachable time (6.3.2): half to one and a half of the base value, so that hosts do
        not probe in step."""
        self.neighbors.reachable_time = base * (512 + self.env.random_below(1024)) // 1024

    # Input

    def valid(self, packet, size):
        """Validate a message (7.1) and return its options. ParseError if it is invalid."""
        frame, off = packet.frame, packet.off
        if packet.ttl != _HOP_LIMIT:
            raise ParseError("ndp_hop_limit")
        if frame[off + 1] or packet.end - off < size or packet.whole:  # RFC 6980: never in fragments
            raise ParseError("ndp_message")
        return wire.options(frame, off + size, packet.end)

    def _target(self, packet):
        target = bytes(packet.frame[packet.off + 8 : packet.off + 24])
        if is_multicast(target):
            raise ParseError("ndp_message")
        return target

    def solicited(self, packet, now):
        """Process a neighbor solicitation (7.2.3)."""
        options = self.valid(packet, _HEADER)
        target = self._target(packet)
        if self.ip.is_ours(packet.src):
            raise ParseError("ipv6_source")
        mac = mac_of(options, wire.SOURCE_MAC, packet.frame)
        probe = packet.src == UNSPECIFIED
        if probe and (mac is not None or packet.dst != solicited_node(target)):
            raise ParseError("ndp_message")
        address = self.ip.addresses.get(target)
        if address is None:
            raise ParseError("ndp_not_ours")
        if probe:
            return self._probed(address, wire.find(options, wire.NONCE, packet.frame), now)
        if mac is not None:
            self.neighbors.learn_stale(packet.src, mac, now)
        self._advertise(address, packet.src, now)

    def _probed(self, address, nonce, now):
        """Process a DAD solicitation for our address (RFC 4862 5.4.3), which may be our own, looped back."""
        if nonce is not None and nonce == address.nonce:
            return self.stats.drop("ndp_looped")
        if address.tentative():
            return self.interface.slaac.conflict(address, now)
        self._advertise(address, UNSPECIFIED, now)

    def advertised(self, packet, now):
        """Process a neighbor advertisement (7.2.5)."""
        options = self.valid(packet, _HEADER)
        target = self._target(packet)
        flags = packet.frame[packet.off + 4]
        if is_multicast(packet.dst) and flags & wire.SOLICITED:
            raise ParseError("ndp_message")
        address = self.ip.addresses.get(target)
        if address is not None:
            return self._conflicting_advertisement(address, now)
        neighbor = self.neighbors.table.get(target)
        if neighbor is None:
            return self.stats.drop("ndp_unsolicited")
        mac = mac_of(options, wire.TARGET_MAC, packet.frame)
        solicited, override = flags & wire.SOLICITED != 0, flags & wire.OVERRIDE != 0
        if not self.neighbors.advertised(neighbor, mac, solicited, override, now):
            return
        if not flags & wire.ROUTER:
            self.ip.routes.no_router(target)
        elif solicited:
            self.ip.routes.router_reachable(target)

    def _conflicting_advertisement(self, address, now):
        """Process an advertisement of our own address: DAD failure or conflict (RFC 4862 5.4.4)."""
        if address.tentative():
            return self.interface.slaac.conflict(address, now)
        self.stats.drop("ndp_conflict")
        self.interface.log("%s is also used by another host" % format_ipv6(address.value), now)

    # Output

    def _advertise(self, address, to, now):
        """Send a neighbor advertisement (7.2.4); without the override flag while the address is
        optimistic (RFC 4429 3.3)."""
        flags = 0 if address.tentative() else wire.OVERRIDE
        if to != UNSPECIFIED:
            flags |= wire.SOLICITED
        message = bytes((icmp6.NEIGHBOR_ADVERTISEMENT, 0, 0, 0, flags, 0, 0, 0)) + address.value
        message += wire.mac_option(wire.TARGET_MAC, self.ip.link.mac)
        if to == UNSPECIFIED:
            return self.send(address.value, ALL_NODES, message)
        n = self._write(address.value, to, message)
        self.neighbors.send(self.neighbors.lookup(to, now), self.frame, n)

    def probe(self, address):
        """Send the DAD solicitation (RFC 4862 5.4.2), with a nonce to recognise it."""
        address.nonce = self.env.random(6)
        message = _solicitation(address.value) + wire.nonce_option(address.nonce)
        self.send(UNSPECIFIED, solicited_node(address.value), message)

    # For the neighbor cache

    def solicit(self, neighbor):
        """Send a solicitation (7.2.2): multicast, or unicast to the known MAC. Never from an optimistic
        address (RFC 4429 3.2); without another one wake() sends it later."""
        target = neighbor.address
        src = self.ip.addresses.solicitation_source(is_link_local(target))
        if src is None:
            self.solicitation_deferred = True
            return
        message = _solicitation(target) + wire.mac_option(wire.SOURCE_MAC, self.ip.link.mac)
        if neighbor.mac is None:
            self.send(src, solicited_node(target), message)
        else:
            self.send(src, target, message, neighbor.mac)

    def wake(self, now):
        """Send deferred solicitations when an address is no longer optimistic."""
        if not self.solicitation_deferred:
            return
        self.solicitation_deferred = False
        for neighbor in list(self.neighbors.table.values()):
            if neighbor.mac is None:
                neighbor.tries = 0
                self.neighbors.solicit(neighbor, now)

    def send(self, src, dst, message, mac=None):
        """Send a message with hop limit 255 to a group or a known MAC."""
        n = self._write(src, dst, message)
        self.ip.link.output(self.frame, n, mac or multicast_mac(dst), ethernet.IPV6, True)

    def _write(self, src, dst, message):
        n = len(message)
        self.frame[ipv6.PAYLOAD : ipv6.PAYLOAD + n] = message
        ipv6.write(self.frame, src, dst, ipv6.ICMP, n, _HOP_LIMIT)
        icmp6.finish(self.frame, ipv6.PAYLOAD, n, message[0], 0, src, dst)
        self.ip.count_icmp(True, message[0])
        return ipv6.PAYLOAD + n

    def unreachable(self, neighbor):
        """Handle an unreachable neighbor."""
        self.ip.routes.forget(neighbor.address)

    def undelivered(self, frame, now):
        """Report a packet whose neighbor did not answer."""
        self.interface.icmp6.undelivered(frame, now)


def _solicitation(target):
    return bytes((icmp6.NEIGHBOR_SOLICITATION, 0, 0, 0, 0, 0, 0, 0)) + target


def mac_of(options, kind, frame):
    """Return the MAC in an option of this kind, or None; a group address is invalid."""
    mac = wire.find(options, kind, frame)
    return mac if mac is not None and len(mac) == 6 and not mac[0] & 1 else None
