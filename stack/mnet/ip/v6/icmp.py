# icmp.py - received ICMPv6 messages: RFC 4443; neighbor discovery and MLD are passed on.
from ...address6 import UNSPECIFIED, is_multicast
from ...errors import EACCES, ECONNREFUSED, EHOSTUNREACH, EMSGSIZE, ENETUNREACH, EPROTO, ParseError
from ...packet import TransportError
from ...wire import icmp6 as wire
from ...wire import ipv6
from ...wire.primitives import copy, u32
from .errors import payload

_NEIGHBOR_MESSAGES = (wire.NEIGHBOR_SOLICITATION, wire.NEIGHBOR_ADVERTISEMENT)
_UNREACHABLE = (  # by code, RFC 4443 3.1: (errno, whether it is hard)
    (ENETUNREACH, False),
    (EACCES, False),
    (EHOSTUNREACH, False),
    (EHOSTUNREACH, False),
    (ECONNREFUSED, True),
    (EACCES, False),
    (EACCES, False),
)


class Icmp6:
    """Answers echo requests, and passes the other messages on. `handlers` maps the type of an
    informational message to a function of the packet and the time."""

    def __init__(self, interface):
        self.ip = interface.ipv6
        self.host = interface.host
        self.stats = self.host.stats
        self.handlers = {
            wire.ECHO_REQUEST: self._echo,
            wire.ECHO_REPLY: self.host.echo_reply,
            wire.NEIGHBOR_SOLICITATION: self.ip.ndp.solicited,
            wire.NEIGHBOR_ADVERTISEMENT: self.ip.ndp.advertised,
            wire.ROUTER_ADVERTISEMENT: interface.routers.advertised,
            wire.REDIRECT: interface.routers.redirected,
            wire.QUERY: interface.mld.queried,
            wire.REPORT_V1: interface.mld.reported,
        }
        self.error = TransportError()

    def input(self, packet, now):
        """Process a message."""
        kind = wire.check(packet)
        self.ip.count_icmp(False, kind)
        if self.ip.is_spoofed(packet.src) and kind not in _NEIGHBOR_MESSAGES:
            raise ParseError("ipv6_source")
        handler = self._error if kind < wire.INFORMATIONAL else self.handlers.get(kind)
        if handler is None:
            return self.stats.drop("icmp6_ignored")
        handler(packet, now)

    def _echo(self, packet, now):
        """Send an echo reply with the same data (4.2); for a group from an address of ours."""
        src, dst = packet.src, packet.dst
        us = self.ip.addresses.source(src) if is_multicast(dst) else dst
        if src == UNSPECIFIED or us is None:
            raise ParseError("ipv6_source")
        length = packet.end - packet.off
        buf = self.ip.link.buf
        copy(buf, ipv6.PAYLOAD, packet.frame, packet.off, length)
        wire.finish(buf, ipv6.PAYLOAD, length, wire.ECHO_REPLY, 0, us, src)
        self.ip.count_icmp(True, wire.ECHO_REPLY)
        self.ip.output(us, src, ipv6.ICMP, length, now)

    def _error(self, packet, now):
        """Process an ICMP error. It may be spoofed: the quoted packet must be ours (RFC 5927 section 4),
        and the transport protocol checks whether it is in flight."""
        frame, off = packet.frame, packet.off
        quote = off + wire.HEADER
        if packet.end - quote < ipv6.HEADER + 8 or frame[quote] >> 4 != 6:
            raise ParseError("icmp6_quote")
        if packet.broadcast and frame[off] != wire.TOO_BIG:
            raise ParseError("icmp6_quote_not_ours")
        protocol = self._quoted(frame, quote, packet.end)
        error = self.error
        code = frame[off + 1]
        if frame[off] == wire.UNREACHABLE:
            error.errno, error.hard = _UNREACHABLE[code] if code < 7 else (EHOSTUNREACH, False)
        elif frame[off] == wire.TOO_BIG:
            error.errno = EMSGSIZE
            error.mtu = self._path_mtu(u32(frame, off + 4))
        elif frame[off] == wire.TIME_EXCEEDED:
            error.errno = EHOSTUNREACH
        else:  # a parameter problem, or an unknown error (2.4 (a))
            error.errno = EPROTO
        if not self.host.transport_error(protocol, error, now):
            return self.stats.drop("icmp6_error_for_nobody")
        if error.mtu:
            self.ip.paths.lower(error.remote, error.mtu, now)

    def _quoted(self, frame, ip, end):
        """Fill in the error about the packet of ours quoted in frame[ip:end]. Returns its protocol.
        ParseError if it cannot be ours, or has no ports."""
        error = self.error
        error.ip = self.ip
        error.local, error.remote = bytes(frame[ip + 8 : ip + 24]), bytes(frame[ip + 24 : ip + 40])
        if not self.ip.is_ours(error.local):
            raise ParseError("icmp6_quote_not_ours")
        protocol, error.off, later = payload(frame, ip, end)
        if later or error.off + 8 > end:
            raise ParseError("icmp6_quote")
        error.frame, error.end = frame, end
        error.mtu, error.hard = 0, False
        return protocol

    def _path_mtu(self, said):
        """Return the path MTU (RFC 8201 section 4), at least the minimum; a smaller value does not cause
        atomic fragments (RFC 8021)."""
        if said < ipv6.MIN_MTU or said >= self.ip.mtu:
            raise ParseError("icmp6_mtu")
        return said

    def undelivered(self, frame, now):
        """Process a packet of ours, with its headers, whose next hop is unreachable."""
        try:
            protocol = self._quoted(frame, ipv6.OFFSET, len(frame))
        except ParseError:  # a later fragment, or our address is gone
            return
        self.error.errno, self.error.hard = EHOSTUNREACH, True
        self.host.transport_error(protocol, self.error, now)
