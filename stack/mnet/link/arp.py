# arp.py - address resolution for IPv4: RFC 826, and of RFC 5227 announcing and defending our address.
from micropython import const

from ..address import format_ipv4, format_mac
from ..limits import SECOND
from ..wire import arp as wire
from ..wire import ethernet
from .neighbors import Neighbors

_DEFEND_INTERVAL = 10 * SECOND  # RFC 5227 1.1
_UNSPECIFIED = b"\0\0\0\0\0\0"
_NO_ADDRESS = const(0)


class Arp:
    """Answers for `address` (0 while there is none), asks for others, keeps their answers in `neighbors`."""

    def __init__(self, link, deadlines, stats, log):
        self.link = link
        self.stats = stats
        self.log = log
        self.address = _NO_ADDRESS
        self.neighbors = Neighbors(link, deadlines, stats, self._request)
        self.defended = -_DEFEND_INTERVAL
        # not the link's buffer: a question is asked while a packet stands there
        self.frame = bytearray(wire.SIZE)

    def announce(self, address):
        """Take `address` and tell the link (RFC 5227 2.3)."""
        self.address = address
        self._send(wire.REQUEST, ethernet.BROADCAST, _UNSPECIFIED, address)

    def input(self, frame, n, now):
        """A frame of type ARP has arrived (RFC 826, Packet Reception)."""
        operation, sender_mac, sender, target = wire.parse(frame, n)
        if sender_mac == self.link.mac:
            return self.stats.drop("arp_own")
        if sender_mac[0] & 1:
            return self.stats.drop("arp_multicast_sender")
        if sender == self.address and sender != _NO_ADDRESS:
            return self._conflict(sender_mac, now)
        asked = operation == wire.REQUEST and target == self.address and target != _NO_ADDRESS
        if sender != _NO_ADDRESS:  # RFC 5227 1.1: a probe says nothing about its sender
            self.neighbors.learn(sender, sender_mac, now, wanted=asked)
        if asked:
            self._send(wire.REPLY, sender_mac, sender_mac, sender)

    def _conflict(self, sender_mac, now):
        """RFC 5227 2.4 (b): defend once, and not again within ten seconds."""
        self.stats.drop("arp_conflict")
        if now - self.defended < _DEFEND_INTERVAL:
            return
        self.defended = now
        self.log("%s is also used by %s" % (format_ipv4(self.address), format_mac(sender_mac)))
        self.announce(self.address)

    def _request(self, neighbor):
        """One question: to everybody, or to whom we knew (RFC 1122 2.3.2.1, unicast poll)."""
        self._send(wire.REQUEST, neighbor.mac or ethernet.BROADCAST, _UNSPECIFIED, neighbor.address)

    def _send(self, operation, dst, target_mac, target):
        n = wire.write(self.frame, operation, self.link.mac, self.address, target_mac, target)
        self.link.output(self.frame, n, dst, ethernet.ARP)
