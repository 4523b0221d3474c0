# icmp6.py - ICMPv6 messages that have come: RFC 4443; neighbour discovery and MLD are handed on.
from ..address6 import UNSPECIFIED, is_multicast
from ..errors import EACCES, ECONNREFUSED, EHOSTUNREACH, EMSGSIZE, ENETUNREACH, EPROTO, ParseError
from ..packet import Failure
from ..wire import icmp6 as wire
from ..wire import ipv6
from ..wire.primitives import copy, u32
from .icmp6_errors import payload

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
    """Answers echo requests and hands the rest on: `handlers` maps the type of what is no error to a function
    of the packet and the time; `uppers` maps a protocol to a function that takes a Failure and the time, and
    says whether the packet may have been its own."""

    def __init__(self, ip, stats):
        self.ip = ip
        self.stats = stats
        self.handlers = {wire.ECHO_REQUEST: self._echo}
        self.uppers = {}
        self.failure = Failure()

    def input(self, packet, now):
        """A message has arrived."""
        kind = wire.check(packet)
        if self.ip.is_ours(packet.src) and kind not in _NEIGHBOR_MESSAGES:
            raise ParseError("ipv6_source")
        handler = self._error if kind < wire.INFORMATIONAL else self.handlers.get(kind)
        if handler is None:
            return self.stats.drop("icmp6_ignored")
        handler(packet, now)

    def _echo(self, packet, now):
        """The same data comes back (4.2), to a group from an address of ours."""
        src, dst = packet.src, packet.dst
        us = self.ip.addresses.source(src) if is_multicast(dst) else dst
        if src == UNSPECIFIED or us is None:
            raise ParseError("ipv6_source")
        length = packet.end - packet.off
        buf = self.ip.link.buf
        copy(buf, ipv6.PAYLOAD, packet.frame, packet.off, length)
        wire.finish(buf, ipv6.PAYLOAD, length, wire.ECHO_REPLY, 0, us, src)
        self.ip.output(us, src, ipv6.ICMP, length, now)

    def _error(self, packet, now):
        """Something has become of a packet of ours. Who says so is anybody, so the packet must be there (RFC
        5927 section 4), and it is said only to whom it concerns."""
        frame, off = packet.frame, packet.off
        quote = off + wire.HEADER
        if packet.end - quote < ipv6.HEADER + 8 or frame[quote] >> 4 != 6:
            raise ParseError("icmp6_quote")
        if packet.broadcast and frame[off] != wire.TOO_BIG:
            raise ParseError("icmp6_quote_not_ours")
        protocol = self._quoted(frame, quote, packet.end)
        failure = self.failure
        code = frame[off + 1]
        if frame[off] == wire.UNREACHABLE:
            failure.error, failure.hard = _UNREACHABLE[code] if code < 7 else (EHOSTUNREACH, False)
        elif frame[off] == wire.TOO_BIG:
            failure.error = EMSGSIZE
            failure.mtu = self._path_mtu(u32(frame, off + 4))
        elif frame[off] == wire.TIME_EXCEEDED:
            failure.error = EHOSTUNREACH
        else:  # a parameter problem, or what nobody knows (2.4 (a))
            failure.error = EPROTO
        self._deliver(protocol, failure, now)

    def _quoted(self, frame, ip, end):
        """Make the Failure of the packet of ours that is quoted in frame[ip:end]; its protocol. ParseError if
        it cannot be ours, or does not say whose it is."""
        failure = self.failure
        failure.ip = self.ip
        failure.local, failure.remote = bytes(frame[ip + 8 : ip + 24]), bytes(frame[ip + 24 : ip + 40])
        if not self.ip.is_ours(failure.local):
            raise ParseError("icmp6_quote_not_ours")
        protocol, failure.off, later = payload(frame, ip, end)
        if later or failure.off + 8 > end:
            raise ParseError("icmp6_quote")
        failure.frame, failure.end = frame, end
        failure.mtu, failure.hard = 0, False
        return protocol

    def _path_mtu(self, said):
        """RFC 8201 section 4: never below the minimum; RFC 8021: nor does less make atomic fragments."""
        if said < ipv6.MIN_MTU or said >= self.ip.mtu:
            raise ParseError("icmp6_mtu")
        return said

    def _deliver(self, protocol, failure, now):
        upper = self.uppers.get(protocol)
        if upper is None or not upper(failure, now):
            return self.stats.drop("icmp6_error_for_nobody")
        if failure.mtu:
            self.ip.paths.lower(failure.remote, failure.mtu, now)

    def undelivered(self, frame, now):
        """A packet of ours, with its headers, found no neighbour."""
        try:
            protocol = self._quoted(frame, ipv6.OFFSET, len(frame))
        except ParseError:  # a later fragment, or our address is gone
            return
        failure = self.failure
        failure.error, failure.hard = EHOSTUNREACH, True
        upper = self.uppers.get(protocol)
        if upper is not None:
            upper(failure, now)
