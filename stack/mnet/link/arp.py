# arp.py - address resolution for IPv4: RFC 826, RFC 1122 2.3.2; conflict detection in acd.py.
from micropython import const

from ..address import format_ipv4, format_mac, is_unicast
from ..wire import arp as wire
from ..wire import ethernet
from .acd import Claim

_UNSPECIFIED = b"\0\0\0\0\0\0"
_NO_ADDRESS = const(0)


class Arp:
    """ARP of one interface: answers requests for our addresses, resolves those of `neighbors`."""

    def __init__(self, interface):
        host = interface.host
        self.interface = interface
        self.link = interface.link
        self.deadlines = host.deadlines
        self.stats = host.stats
        self.random_below = host.env.random_below
        self.claims = {}  # address -> Claim
        self.neighbors = interface.neighbors(self.link, ethernet.IPV4, host.deadlines, host.stats, self)
        # not the transmit buffer: a request may be sent while that holds a packet
        self.frame = bytearray(wire.SIZE)

    def claim(self, address, on_ours=None, on_lost=None):
        """Return a Claim to `address`; take() or probe() starts it."""
        claim = self.claims[address] = Claim(self, address, on_ours, on_lost)
        return claim

    def unclaim(self, address):
        """Remove the claim to an address."""
        self.claims.pop(address).release()

    def announce(self, address):
        """Send an announcement of our address (RFC 5227 2.3)."""
        self._send(wire.REQUEST, ethernet.BROADCAST, address, _UNSPECIFIED, address)

    def send_probe(self, address):
        """Send a probe (RFC 5227 2.1.1): without a sender address, so that it changes no cache."""
        self._send(wire.REQUEST, ethernet.BROADCAST, _NO_ADDRESS, _UNSPECIFIED, address)

    def report(self, address, mac, what, now):
        """Log a conflict."""
        self.interface.log("%s is also used by %s: %s" % (format_ipv4(address), format_mac(mac), what), now)

    def input(self, frame, n, now):
        """Process an ARP frame (RFC 826, Packet Reception)."""
        operation, sender_mac, sender, target = wire.parse(frame, n)
        if sender_mac == self.link.mac:
            return self.stats.drop("arp_own")
        if sender_mac[0] & 1:
            return self.stats.drop("arp_multicast_sender")
        claim = self.claims.get(sender)
        if claim is not None:
            self.stats.drop("arp_conflict")
            return claim.contested(sender_mac, now)
        claim = self.claims.get(target) if operation == wire.REQUEST else None
        if claim is not None and not claim.ours:
            if sender == _NO_ADDRESS:  # RFC 5227 2.1.1: a simultaneous probe
                self.stats.drop("arp_conflict")
                claim.contested(sender_mac, now)
            return
        # RFC 5227 1.1: a probe has no sender address; other invalid ones are ignored (RFC 1122 3.2.1.3)
        if is_unicast(sender):
            self.neighbors.learn(sender, sender_mac, now, wanted=claim is not None)
        if claim is not None:
            self._send(wire.REPLY, sender_mac, target, sender_mac, sender)

    def clear(self):
        """Drop everything when the link is released. Allocates only a list."""
        for claim in list(self.claims.values()):
            claim.release()
        self.claims.clear()
        self.neighbors.clear()

    # For the neighbor cache

    def solicit(self, neighbor):
        """Send a request: broadcast, or unicast to the known MAC (RFC 1122 2.3.2.1, unicast poll)."""
        source = self.interface.ipv4.source_on_link(neighbor.address)
        self._send(wire.REQUEST, neighbor.mac or ethernet.BROADCAST, source, _UNSPECIFIED, neighbor.address)

    def unreachable(self, neighbor):
        """Handle an unreachable neighbor: prefer other gateways (RFC 1122 3.3.1.5)."""
        self.interface.host.routes.gateway_failed(self.interface, neighbor.address)

    def undelivered(self, frame, now):
        """Report a packet whose neighbor did not answer (RFC 1122 2.4)."""
        self.interface.icmp4.undelivered(frame, now)

    def _send(self, operation, dst, sender, target_mac, target):
        n = wire.write(self.frame, operation, self.link.mac, sender, target_mac, target)
        # a lost reply is requested again; without a request a neighbor in use would expire
        self.link.output(self.frame, n, dst, ethernet.ARP, operation == wire.REQUEST)
