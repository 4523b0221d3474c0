# table.py - UDP: the ports of a host, RFC 768, RFC 1122 4.1.
from micropython import const

from ..errors import EADDRINUSE, ParseError
from ..ip.paths import Flight
from ..ip.v4.fragments import MIN_MTU
from ..limits import EPHEMERAL_FIRST, EPHEMERAL_LAST, UDP_SOCKETS
from ..wire import ethernet, ipv4
from ..wire import udp as wire
from ..wire.primitives import copy, u16

_LARGEST = const(65507)  # of data: IPv4's 65535 bytes with both headers


class Udp:
    """The endpoints of one host by port. `largest`: the most data of a datagram."""

    largest = _LARGEST

    def __init__(self, host):
        self.env = host.env
        self.stats = host.stats
        self.flight = Flight()
        self.ports = {}  # port -> [Endpoint]
        self.count = 0

    def bind(self, endpoint, port):
        """Bind `endpoint` to a port at its local address, an unused one if `port` is 0. Returns the port,
        or a negative errno."""
        if self.count >= UDP_SOCKETS:
            return -EADDRINUSE
        if port == 0:
            port = self._unused_port()
        others = self.ports.get(port, [])
        if port == 0 or any([endpoint.conflicts(other) for other in others]):
            return -EADDRINUSE
        self.ports[port] = [endpoint] + others  # of equal matches the latest is preferred
        self.count += 1
        return port

    def unbind(self, endpoint, port):
        """Unbind an endpoint from its port."""
        endpoints = self.ports.get(port, ())
        if endpoint in endpoints:
            endpoints.remove(endpoint)
            self.count -= 1
            if not endpoints:
                del self.ports[port]

    def input(self, packet, verify):
        """Process a datagram; `verify` is false if the device has verified its checksum. Returns False if
        no endpoint receives it."""
        frame = packet.frame
        if (
            packet.ip.ethertype == ethernet.IPV6
            and packet.off + 8 <= packet.end
            and not u16(frame, packet.off + 6)
        ):
            raise ParseError("udp_no_checksum")  # RFC 8200 8.1
        sport, dport, end = self._parse(packet, verify)
        off = packet.off + wire.HEADER
        endpoints = self.ports.get(dport)
        if endpoints is None:
            self.stats.drop("udp_no_port")
            packet.ip.count("UdpNoPorts")
            return False
        if packet.broadcast:
            return self._deliver_to_all(endpoints, packet, off, end, sport)
        best = self.best(dport, packet.ip.interface, packet.dst, packet.src, sport)
        if best is None:
            self.stats.drop("udp_other_peer")
            packet.ip.count("UdpNoPorts")
            return False
        taken = best.deliver(frame, off, end, packet.src, sport, packet.dst, packet)
        self._delivered(packet.ip, taken)
        return True

    def _parse(self, packet, verify):
        pseudo = packet.ip.pseudo(packet.src, packet.dst, ipv4.UDP) if verify else -1
        try:
            return wire.parse(packet.frame, packet.off, packet.end, pseudo)
        except ParseError as error:
            packet.ip.count("UdpInErrors")
            if error.args[0] == "udp_checksum":
                packet.ip.count("UdpInCsumErrors")
            raise

    def _delivered(self, ip, taken):
        """Count a datagram that an endpoint has taken, or had no room for."""
        if taken:
            return ip.count("UdpInDatagrams")
        self.stats.drop("udp_queue_full")
        ip.count("UdpRcvbufErrors")
        ip.count("UdpInErrors")

    def _deliver_to_all(self, endpoints, packet, off, end, sport):
        """Deliver a broadcast or multicast to every endpoint on the port; without one no error is sent
        (RFC 1122 3.2.2)."""
        for endpoint in list(endpoints):
            if endpoint.match(packet.ip.interface, packet.dst, packet.src, sport) >= 0:
                taken = endpoint.deliver(packet.frame, off, end, packet.src, sport, None, packet)
                self._delivered(packet.ip, taken)
        return True

    def transport_error(self, error, now):
        """Process an error about a datagram of ours. Returns False if no endpoint can have sent it."""
        return self.report(error, u16(error.frame, error.off), u16(error.frame, error.off + 2), now)

    def report(self, error, lport, rport, now):
        """Report the error to the endpoint that sent the datagram, if it is connected: an unconnected one
        could not attribute it. Returns False if there is none, or if a Packet Too Big quotes no datagram
        of ours (RFC 8201 section 6)."""
        if error.mtu and not self.flight.too_big(error, now):
            return False
        best = self.best(lport, error.ip.interface, error.local, error.remote, rport)
        if best is None:
            return False
        if best.reports is not None:
            best.report(error, rport)
        if best.peer is not None or best.reports is not None:
            best.fail(error.errno)
        return True

    def loop(self, route, sport, dport, data):
        """Deliver an outgoing multicast or broadcast to the endpoints of this host (RFC 1112 7.2)."""
        dst, src = route.dst, route.source
        for endpoint in list(self.ports.get(dport, ())):
            if endpoint.match(route.interface, dst, src, sport) >= 0:
                if not endpoint.deliver(data, 0, len(data), src, sport):
                    self.stats.drop("udp_queue_full")

    def output(self, route, sport, dport, data, now, ttl=0, tos=0):
        """Send one datagram, fragmented if necessary; ttl 0 is the default. Without room in the device it
        is queued: the caller checks route.takes() first. Returns False if the queue is full."""
        ip, dst = route.ip, route.dst
        protocol, n = self.write(ip, route.source, dst, sport, dport, data)
        if ip.header + n > MIN_MTU:
            self.flight.add(ip, dst, ip.payload, n, now)
        return route.send(protocol, n, now, ttl, tos, True)

    def write(self, ip, src, dst, sport, dport, data):
        """Write a datagram as payload. Returns its protocol and length."""
        buf, at, n = ip.link.buf, ip.payload, len(data)
        copy(buf, at + wire.HEADER, data, 0, n)
        wire.write(buf, at, sport, dport, n, ip.pseudo(src, dst, ipv4.UDP))
        ip.counters["UdpOutDatagrams"] += 1
        return ipv4.UDP, wire.HEADER + n

    def best(self, port, interface, dst, src, sport):
        """Return the endpoint that a datagram matches best, or None: connected before bound before
        wildcard."""
        best = None
        score = -1
        for endpoint in self.ports.get(port, ()):
            fits = endpoint.match(interface, dst, src, sport)
            if fits > score:
                best = endpoint
                score = fits
        return best

    def _unused_port(self):
        """Choose an ephemeral port (RFC 6056 3.3.1): the next free one from a random start; 0: none is
        free."""
        size = EPHEMERAL_LAST - EPHEMERAL_FIRST + 1
        start = self.env.random_below(size)
        for i in range(size):
            port = EPHEMERAL_FIRST + (start + i) % size
            if port not in self.ports:
                return port
        return 0
