# errors.py - sending ICMPv6 errors: RFC 4443 sections 2.4 and 3.
from micropython import const

from ...address6 import UNSPECIFIED, is_multicast
from ...limits import ICMP_BURST, ICMP_RATE
from ...wire import icmp6 as wire
from ...wire import ipv6
from ...wire.primitives import copy, put32
from ..ratelimit import TokenBucket

_QUOTE = const(1232)  # as much as fits into 1280 bytes, 2.4 (c)
_EXTENSIONS = (ipv6.HOP_BY_HOP, ipv6.ROUTING, ipv6.DESTINATION, ipv6.FRAGMENT)


class Errors6:
    """Sends errors about received packets."""

    def __init__(self, interface):
        self.ip = interface.ipv6
        self.stats = interface.host.stats
        self.bucket = TokenBucket(ICMP_RATE, ICMP_BURST, interface.host.env.random)

    def unreachable(self, packet, code, now):
        """Send destination unreachable (3.1)."""
        self._send(packet.frame, packet.end, packet.broadcast, wire.UNREACHABLE, code, 0, now)

    def unknown_protocol(self, packet, now):
        """Send parameter problem, code 1, for an unknown next header (3.4)."""
        self.parameter_problem(packet, wire.NEXT_HEADER, self.ip.chain.pointer, now)

    def parameter_problem(self, packet, code, pointer, now):
        """Send parameter problem for the byte frame[pointer] (3.4). For options also in reply to
        multicasts (2.4 (e.3))."""
        group = packet.broadcast and code != wire.OPTION
        self._send(packet.frame, packet.end, group, wire.PARAMETER_PROBLEM, code, pointer - ipv6.OFFSET, now)

    def reassembly_timeout(self, head, data, now):
        """Send time exceeded for an incomplete datagram (3.3); `head` and `data` are its first fragment."""
        frame = head + data
        group = bool(frame[0] & 1) or is_multicast(frame[38:54])
        self._send(frame, len(frame), group, wire.TIME_EXCEEDED, wire.REASSEMBLY, 0, now)

    def _send(self, frame, end, group, kind, code, rest, now):
        """Send an error. None is sent about an error or a redirect, a packet to a group, or a packet whose
        source is not one host (2.4 (e))."""
        src, dst = bytes(frame[22:38]), bytes(frame[38:54])
        if (
            group
            or src == UNSPECIFIED
            or is_multicast(src)
            or self.ip.is_spoofed(src)
            or _is_error(frame, end)
        ):
            return
        if not self.bucket.take(now):
            return self.stats.drop("icmp6_error_rate")
        us = dst if self.ip.is_ours(dst) else self.ip.addresses.source(src)  # 2.2
        if us is None:
            return
        n = min(end - ipv6.OFFSET, _QUOTE)
        buf = self.ip.link.buf
        copy(buf, ipv6.PAYLOAD + wire.HEADER, frame, ipv6.OFFSET, n)
        put32(buf, ipv6.PAYLOAD + 4, rest)
        wire.finish(buf, ipv6.PAYLOAD, wire.HEADER + n, kind, code, us, src)
        self.ip.count_icmp(True, kind)
        self.ip.output(us, src, ipv6.ICMP, wire.HEADER + n, now)


def _is_error(frame, end):
    """Whether the packet carries an ICMPv6 error or a redirect."""
    protocol, off, later = payload(frame, ipv6.OFFSET, end)
    return (
        protocol == ipv6.ICMP
        and not later
        and (off >= end or frame[off] < wire.INFORMATIONAL or frame[off] == wire.REDIRECT)
    )


def payload(frame, ip, end):
    """Walk the packet at frame[ip:end] as far as it is present. Returns (protocol, offset, whether it is
    in a later fragment)."""
    protocol, off = frame[ip + 6], ip + ipv6.HEADER
    later = False
    while protocol in _EXTENSIONS and off + 8 <= end:
        if protocol == ipv6.FRAGMENT:
            later = bool(frame[off + 2] or frame[off + 3] & 0xF8)
            if later:
                return frame[off], end, True
            size = 8
        else:
            size = (frame[off + 1] + 1) << 3
        protocol, off = frame[off], off + size
    return protocol, off, later
