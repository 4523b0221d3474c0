# ping.py - echo requests of applications and their replies: RFC 792, RFC 1122 3.2.2.6, RFC 4443 section 4.
from ..wire import ethernet, icmp4, icmp6, ipv4, ipv6
from ..wire.primitives import copy, put16, u16
from .table import Udp


class Ping(Udp):
    """The endpoints of one host by identifier, which is used as a port. Messages include their headers."""

    def replied(self, packet, now):
        """Process an echo reply; ignore broadcast replies."""
        frame, off = packet.frame, packet.off
        best = None
        if not packet.broadcast:
            best = self.best(u16(frame, off + 4), packet.ip.interface, packet.dst, packet.src, 0)
        if best is None:
            return self.stats.drop("icmp_reply_for_nobody")
        if not best.deliver(frame, off, packet.end, packet.src, 0, None, packet):
            self.stats.drop("udp_queue_full")

    def transport_error(self, error, now):
        """Process an error about an echo request of ours."""
        frame, off = error.frame, error.off
        if frame[off] not in (icmp4.ECHO_REQUEST, icmp6.ECHO_REQUEST):
            return False
        return self.report(error, u16(frame, off + 4), 0, now)

    def loop(self, route, sport, dport, data):
        """Do nothing: echo requests are not delivered to endpoints."""

    def write(self, ip, src, dst, ident, _, data):
        """Write a user's message as payload. Returns its protocol and length."""
        buf, at, n = ip.link.buf, ip.payload, len(data)
        copy(buf, at, data, 0, n)
        put16(buf, at + 4, ident)
        if ip.ethertype == ethernet.IPV4:
            icmp4.finish(buf, at, n, icmp4.ECHO_REQUEST)
            ip.count_icmp(True, icmp4.ECHO_REQUEST)
            return ipv4.ICMP, n
        icmp6.finish(buf, at, n, icmp6.ECHO_REQUEST, 0, src, dst)
        ip.count_icmp(True, icmp6.ECHO_REQUEST)
        return ipv6.ICMP, n
