# errors.py - sending ICMP errors: RFC 792, RFC 1122 3.2.2, RFC 1812 4.3.2.
from micropython import const

from ...limits import ICMP_BURST, ICMP_RATE
from ...wire import icmp4 as wire
from ...wire import ipv4
from ...wire.primitives import copy, u16
from ..ratelimit import TokenBucket

_QUOTE = const(548)  # RFC 1812 4.3.2.3: as much as fits into 576 bytes
_TOS = const(0xC0)  # RFC 1812 4.3.2.5: internetwork control


class Errors:
    """Sends errors about received packets."""

    def __init__(self, interface):
        self.ip = interface.ipv4
        self.stats = interface.host.stats
        self.bucket = TokenBucket(ICMP_RATE, ICMP_BURST, interface.host.env.random)

    def unreachable(self, packet, code, now):
        """Send destination unreachable (RFC 1122 3.2.2.1), code wire.PROTOCOL or wire.PORT."""
        self._send(packet.frame, packet.end, packet.broadcast, wire.UNREACHABLE, code, 0, now)

    def parameter_problem(self, packet, pointer, now):
        """Send parameter problem for the byte `pointer` of the header (RFC 1122 3.2.2.5)."""
        self._send(packet.frame, packet.end, packet.broadcast, wire.PARAMETER_PROBLEM, 0, pointer << 24, now)

    def reassembly_timeout(self, head, data, now):
        """Send time exceeded for an incomplete datagram (RFC 1122 3.2.2.4). `head` and `data`: its first
        fragment."""
        frame = bytearray(head + data)
        broadcast = bool(frame[0] & 1) or not self.ip.is_ours(_address(frame, 16))
        self._send(frame, len(frame), broadcast, wire.TIME_EXCEEDED, wire.REASSEMBLY, 0, now)

    def _send(self, frame, end, broadcast, kind, code, rest, now):
        """Send an error. None is sent about an ICMP error, a broadcast, a fragment but the first, or a
        packet whose source is not one host (RFC 1122 3.2.2)."""
        src = _address(frame, 12)
        if broadcast or not self.ip.is_host(src) or u16(frame, ipv4.OFFSET + 6) & 0x1FFF:
            return
        header = (frame[ipv4.OFFSET] & 15) * 4
        if frame[ipv4.OFFSET + 9] == ipv4.ICMP and not _is_query(frame, ipv4.OFFSET + header, end):
            return
        if not self.bucket.take(now):
            return self.stats.drop("icmp_error_rate")
        n = min(end - ipv4.OFFSET, _QUOTE)
        buf = self.ip.link.buf
        copy(buf, ipv4.PAYLOAD + wire.HEADER, frame, ipv4.OFFSET, n)
        wire.finish_error(buf, ipv4.PAYLOAD, wire.HEADER + n, kind, code, rest)
        self.ip.count_icmp(True, kind)
        # RFC 1812 4.3.2.4: from the destination address of the packet
        self.ip.output(_address(frame, 16), src, ipv4.ICMP, wire.HEADER + n, now, tos=_TOS)


def _address(frame, at):
    return int.from_bytes(bytes(frame[ipv4.OFFSET + at : ipv4.OFFSET + at + 4]), "big")


def _is_query(frame, off, end):
    """Whether it is certainly no error message: echo, timestamp, information, mask (RFC 1122 3.2.2)."""
    return off < end and frame[off] in (0, 8, 13, 14, 15, 16, 17, 18)
