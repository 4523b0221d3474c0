# icmp4.py - received ICMP messages: RFC 792, RFC 1122 3.2.2; errors are checked as in RFC 5927.
from ..errors import (
    ECONNREFUSED,
    EHOSTUNREACH,
    EMSGSIZE,
    ENETUNREACH,
    ENOPROTOOPT,
    EPROTO,
    ParseError,
)
from ..packet import TransportError
from ..wire import icmp4 as wire
from ..wire import ipv4
from ..wire.primitives import copy
from .fragments4 import MIN_MTU

# RFC 1191 section 7: what to try when a router does not say how much it would take
_PLATEAUS = (32000, 17914, 8166, 4352, 2002, 1492, 1006, MIN_MTU)
_NETS = (0, 6, 9, 11)  # codes of UNREACHABLE that speak of networks, RFC 1812 5.2.7.1


class Icmp4:
    """Answers echo requests, and hands echo replies and errors to the host (host.py)."""

    def __init__(self, interface):
        self.ip = interface.ipv4
        self.host = interface.host
        self.stats = self.host.stats
        self.error = TransportError()

    def input(self, packet, now):
        """A message has arrived."""
        kind = wire.check(packet.frame, packet.off, packet.end)
        if kind == wire.ECHO_REQUEST:
            return self._echo(packet, now)
        if kind == wire.ECHO_REPLY:
            return self.host.echo_reply(packet, now)
        if kind in (wire.UNREACHABLE, wire.TIME_EXCEEDED, wire.PARAMETER_PROBLEM):
            return self._error(packet, kind, packet.frame[packet.off + 1], now)
        # redirects among them: there is one gateway, and it was chosen (docs/deviations.md)
        self.stats.drop("icmp_ignored")

    def _echo(self, packet, now):
        """The same data comes back, RFC 792 page 14, from the address that was asked (RFC 1122 3.2.2.6)."""
        if packet.broadcast:  # RFC 1122 3.2.2.6 allows silence; it makes no amplifier (Smurf)
            return self.stats.drop("icmp_broadcast_echo")
        length = packet.end - packet.off
        buf = self.ip.link.buf
        copy(buf, ipv4.PAYLOAD, packet.frame, packet.off, length)
        wire.finish(buf, ipv4.PAYLOAD, length, wire.ECHO_REPLY)
        # no socket would learn from routers how much the path takes: they may cut it
        self.ip.output(packet.dst, packet.src, ipv4.ICMP, length, now, atomic=False)

    def _error(self, packet, kind, code, now):
        """An ICMP error. Anybody can have sent it: the quoted packet must be ours (RFC 5927 section 4), and
        the transport protocol looks whether it is in flight."""
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
        error.errno, error.hard = _meaning(kind, code)
        if not self.host.transport_error(protocol, error, now):
            return self.stats.drop("icmp_error_for_nobody")
        if error.mtu:
            self.ip.paths.lower(remote, error.mtu, now)

    def undelivered(self, frame, now):
        """A packet of ours, with its headers, found no neighbour (RFC 1122 2.4)."""
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
    """RFC 1191 sections 3 to 5: what the router says, or the next plateau below the packet of `length` bytes.
    ParseError if it makes no sense."""
    mtu = said
    if not mtu:
        mtu = next((plateau for plateau in _PLATEAUS if plateau < length), 0)
    if mtu >= length or mtu < MIN_MTU:  # RFC 5927 7.2: larger than what it is about, or absurd
        raise ParseError("icmp_mtu")
    return mtu


def _meaning(kind, code):
    """(errno, whether it is hard): RFC 1122 3.2.2.1, 4.2.3.9, RFC 1812 5.2.7.1."""
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
