# icmp.py - received ICMP messages: RFC 792, RFC 1122 3.2.2; errors are validated as in RFC 5927.
from ...errors import ECONNREFUSED, EHOSTUNREACH, EMSGSIZE, ENETUNREACH, ENOPROTOOPT, EPROTO, ParseError
from ...packet import TransportError
from ...wire import icmp4 as wire
from ...wire import ipv4
from ...wire.primitives import copy
from .fragments import MIN_MTU

# RFC 1191 section 7: MTUs to try when a router reports none
_PLATEAUS = (32000, 17914, 8166, 4352, 2002, 1492, 1006, MIN_MTU)
_NETS = (0, 6, 9, 11)  # codes of UNREACHABLE about networks, RFC 1812 5.2.7.1


class Icmp4:
    """Answers echo requests, and passes echo replies and errors to the host (host.py)."""

    def __init__(self, interface):
        self.ip = interface.ipv4
        self.host = interface.host
        self.stats = self.host.stats
        self.error = TransportError()

    def input(self, packet, now):
        """Process a message."""
        kind = wire.check(packet.frame, packet.off, packet.end)
        self.ip.count_icmp(False, kind)
        if kind == wire.ECHO_REQUEST:
            return self._echo(packet, now)
        if kind == wire.ECHO_REPLY:
            return self.host.echo_reply(packet, now)
        if kind in (wire.UNREACHABLE, wire.TIME_EXCEEDED, wire.PARAMETER_PROBLEM):
            return self._error(packet, kind, packet.frame[packet.off + 1], now)
        # includes redirects: there is one configured gateway (docs/deviations.md)
        self.stats.drop("icmp_ignored")

    def _echo(self, packet, now):
        """Send an echo reply with the same data (RFC 792 page 14) from the address of the request (RFC
        1122 3.2.2.6)."""
        if packet.broadcast:  # RFC 1122 3.2.2.6 permits no reply; so this host is no amplifier (Smurf)
            return self.stats.drop("icmp_broadcast_echo")
        length = packet.end - packet.off
        buf = self.ip.link.buf
        copy(buf, ipv4.PAYLOAD, packet.frame, packet.off, length)
        wire.finish(buf, ipv4.PAYLOAD, length, wire.ECHO_REPLY)
        # no socket can learn the path MTU from errors about it, so routers may fragment it
        self.ip.count_icmp(True, wire.ECHO_REPLY)
        self.ip.output(packet.dst, packet.src, ipv4.ICMP, length, now, atomic=False)

    def _error(self, packet, kind, code, now):
        """Process an ICMP error. It may be spoofed: the quoted packet must be ours (RFC 5927 section 4),
        and the transport protocol checks whether it is in flight."""
        off = packet.off + wire.HEADER
        error = self.error
        local, remote, protocol, at, length = ipv4.quoted(packet.frame, off, packet.end)
        if packet.broadcast or not self.ip.is_ours(local):
            raise ParseError("icmp_quote_not_ours")
        error.ip = self.ip
        error.local, error.remote = local, remote
        error.frame, error.off, error.end = packet.frame, at, packet.end
        error.mtu = 0
        if kind == wire.UNREACHABLE and code == wire.FRAGMENTATION_NEEDED:
            error.mtu = _path_mtu(wire.next_hop_mtu(packet.frame, packet.off), length)
        error.errno, error.hard = _classify(kind, code)
        if not self.host.transport_error(protocol, error, now):
            return self.stats.drop("icmp_error_for_nobody")
        if error.mtu:
            self.ip.paths.lower(remote, error.mtu, now)

    def undelivered(self, frame, now):
        """Process a packet of ours, with its headers, whose next hop is unreachable (RFC 1122 2.4)."""
        error = self.error
        try:
            local, remote, protocol, at, _ = ipv4.quoted(frame, ipv4.OFFSET, len(frame))
        except ParseError:  # a later fragment
            return
        error.ip = self.ip
        error.local, error.remote = local, remote
        error.frame, error.off, error.end = frame, at, len(frame)
        error.mtu = 0
        error.errno, error.hard = EHOSTUNREACH, True
        self.host.transport_error(protocol, error, now)


def _path_mtu(said, length):
    """Return the path MTU (RFC 1191 sections 3 to 5): the router's, or the next plateau below the packet
    of `length` bytes. ParseError if it is invalid."""
    mtu = said
    if not mtu:
        mtu = next((plateau for plateau in _PLATEAUS if plateau < length), 0)
    if mtu >= length or mtu < MIN_MTU:  # RFC 5927 7.2: larger than the quoted packet, or impossibly small
        raise ParseError("icmp_mtu")
    return mtu


def _classify(kind, code):
    """Return (errno, hard) of an error: RFC 1122 3.2.2.1, 4.2.3.9, RFC 1812 5.2.7.1."""
    if kind == wire.PARAMETER_PROBLEM:
        return EPROTO, False
    if kind == wire.TIME_EXCEEDED or code in _NETS:
        return (ENETUNREACH if kind == wire.UNREACHABLE else EHOSTUNREACH), False
    if code == wire.PORT:
        return ECONNREFUSED, True
    if code == wire.PROTOCOL:
        return ENOPROTOOPT, True
    if code == wire.FRAGMENTATION_NEEDED:
        return EMSGSIZE, False
    return EHOSTUNREACH, False
