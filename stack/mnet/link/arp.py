# arp.py - address resolution for IPv4: RFC 826, RFC 1122 2.3.2; conflicts in acd.py.
from micropython import const

from ..address import format_ipv4, format_mac, is_unicast
from ..wire import arp as wire
from ..wire import ethernet
from .acd import Claim
from .neighbors import Neighbors

_UNSPECIFIED = b"\0\0\0\0\0\0"
_NO_ADDRESS = const(0)


class Arp:
    """Answers for our addresses, asks for others', keeps their answers in `neighbors`."""

    def __init__(self, link, deadlines, stats, env, log):
        self.link = link
        self.deadlines = deadlines
        self.stats = stats
        self.log = log
        self.random_below = env.random_below
        self.claims = {}  # address -> Claim
        self.neighbors = Neighbors(link, deadlines, stats, self._request)
        self.source = None  # source(address): which of ours to ask for `address` from
        # not the link's buffer: a question is asked while a packet stands there
        self.frame = bytearray(wire.SIZE)

    def claim(self, address, on_ours=None, on_lost=None):
        """A Claim to `address`; take() or probe() begins it."""
        claim = self.claims[address] = Claim(self, address, on_ours, on_lost)
        return claim

    def unclaim(self, address):
        """Answer for it no longer."""
        self.claims.pop(address).release()

    def announce(self, address):
        """Tell the link that it is ours (RFC 5227 2.3)."""
        self._send(wire.REQUEST, ethernet.BROADCAST, address, _UNSPECIFIED, address)

    def ask_who_has(self, address):
        """A probe (RFC 5227 2.1.1): no sender, so that it teaches nobody anything."""
        self._send(wire.REQUEST, ethernet.BROADCAST, _NO_ADDRESS, _UNSPECIFIED, address)

    def report(self, address, mac, what, now):
        """Log a conflict."""
        self.log("%s is also used by %s: %s" % (format_ipv4(address), format_mac(mac), what), now)

    def input(self, frame, n, now):
        """A frame of type ARP has arrived (RFC 826, Packet Reception)."""
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
            if sender == _NO_ADDRESS:  # RFC 5227 2.1.1: two want it at the same time
                self.stats.drop("arp_conflict")
                claim.contested(sender_mac, now)
            return
        # RFC 5227 1.1: a probe has no sender address; others are no host's (RFC 1122 3.2.1.3)
        if is_unicast(sender):
            self.neighbors.learn(sender, sender_mac, now, wanted=claim is not None)
        if claim is not None:
            self._send(wire.REPLY, sender_mac, target, sender_mac, sender)

    def _request(self, neighbor):
        """One question: to everybody, or to whom we knew (RFC 1122 2.3.2.1, unicast poll)."""
        source = self.source(neighbor.address) if self.source is not None else _NO_ADDRESS
        self._send(wire.REQUEST, neighbor.mac or ethernet.BROADCAST, source, _UNSPECIFIED, neighbor.address)

    def _send(self, operation, dst, sender, target_mac, target):
        n = wire.write(self.frame, operation, self.link.mac, sender, target_mac, target)
        # a reply has a peer who asks again; without a request a neighbour in use would be given up
        self.link.output(self.frame, n, dst, ethernet.ARP, operation == wire.REQUEST)
