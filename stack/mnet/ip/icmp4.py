# icmp4.py - ICMP: we answer echo requests (RFC 1122 3.2.2.6). Errors are another chapter.
from ..wire import icmp4 as wire
from ..wire import ipv4
from ..wire.primitives import copy


class Icmp4:
    """The responder."""

    def __init__(self, ip, stats):
        self.ip = ip
        self.stats = stats

    def input(self, packet, now):
        """A message has arrived."""
        kind = wire.check(packet.frame, packet.off, packet.end)
        if kind != wire.ECHO_REQUEST:
            return self.stats.drop("icmp_ignored")
        if packet.broadcast:  # RFC 1122 3.2.2.6 allows silence; it makes no amplifier (Smurf)
            return self.stats.drop("icmp_broadcast_echo")
        self._reply(packet, now)

    def _reply(self, packet, now):
        """The same data comes back, RFC 792 page 14."""
        length = packet.end - packet.off
        buf = self.ip.link.buf
        copy(buf, ipv4.PAYLOAD, packet.frame, packet.off, length)
        wire.finish(buf, ipv4.PAYLOAD, length, wire.ECHO_REPLY)
        self.ip.output(self.ip.address, packet.src, ipv4.ICMP, length, now)
