# table.py - UDP: who gets a datagram, RFC 768, RFC 1122 4.1.
from micropython import const

from ..errors import EADDRINUSE, ParseError
from ..ip.paths import Flight
from ..limits import EPHEMERAL_FIRST, EPHEMERAL_LAST, UDP_SOCKETS
from ..wire import ipv4
from ..wire import udp as wire
from ..wire.primitives import copy, u16

_LARGEST = const(65507)  # of data: IPv4's 65535 bytes with both headers


class Udp:
    """The endpoints of one stack by port."""

    def __init__(self, ipv4, ipv6, env, stats):
        self.ipv4 = ipv4
        self.ipv6 = ipv6
        self.env = env
        self.stats = stats
        self.flight = Flight()
        self.ports = {}  # port -> [Endpoint]
        self.count = 0

    def bind(self, endpoint, port):
        """Give `endpoint` a port at its local address, an unused one if `port` is 0. Returns the port, or a
        negative errno."""
        if self.count >= UDP_SOCKETS:
            return -EADDRINUSE
        if port == 0:
            port = self._unused_port()
        others = self.ports.get(port, [])
        if port == 0 or any([endpoint.conflicts(other) for other in others]):
            return -EADDRINUSE
        self.ports[port] = [endpoint] + others  # of equals the latest is asked first
        self.count += 1
        return port

    def unbind(self, endpoint, port):
        """The port is free again, or at least one has left it."""
        endpoints = self.ports.get(port, ())
        if endpoint in endpoints:
            endpoints.remove(endpoint)
            self.count -= 1
            if not endpoints:
                del self.ports[port]

    def input(self, packet, verify):
        """A datagram has arrived; `verify` is false if the device has checked its sum. False if nobody wants
        it."""
        frame = packet.frame
        if packet.ip is self.ipv6 and packet.off + 8 <= packet.end and not u16(frame, packet.off + 6):
            raise ParseError("udp_no_checksum")  # RFC 8200 8.1
        pseudo = packet.ip.pseudo(packet.src, packet.dst, ipv4.UDP) if verify else -1
        sport, dport, end = wire.parse(frame, packet.off, packet.end, pseudo)
        off = packet.off + wire.HEADER
        endpoints = self.ports.get(dport)
        if endpoints is None:
            self.stats.drop("udp_no_port")
            return False
        if packet.broadcast:
            return self._deliver_to_all(endpoints, packet, off, end, sport)
        best = self.best(dport, packet.dst, packet.src, sport)
        if best is None:
            self.stats.drop("udp_other_peer")
            return False
        if not best.deliver(frame, off, end, packet.src, sport, packet.dst):
            self.stats.drop("udp_queue_full")
        return True

    def _deliver_to_all(self, endpoints, packet, off, end, sport):
        """A broadcast or multicast is for everyone who has the port; that nobody has it is not told (RFC 1122
        3.2.2)."""
        for endpoint in list(endpoints):
            if endpoint.match(packet.dst, packet.src, sport) >= 0:
                if not endpoint.deliver(packet.frame, off, end, packet.src, sport):
                    self.stats.drop("udp_queue_full")
        return True

    def failed(self, failure, now):
        """An error about a datagram of ours. False if no endpoint can have sent it."""
        return self.tell(failure, u16(failure.frame, failure.off), u16(failure.frame, failure.off + 2), now)

    def tell(self, failure, lport, rport, now):
        """Tell the endpoint that sent the datagram, if it is connected: others would not know what the error
        is about. False if there is none, or if the datagram that was too big is none of ours (RFC 8201
        section 6)."""
        if failure.mtu and not self.flight.too_big(failure, now):
            return False
        best = self.best(lport, failure.local, failure.remote, rport)
        if best is None:
            return False
        if best.peer is not None:
            best.fail(failure.error)
        return True

    def loop(self, src, sport, dst, dport, data):
        """What was sent to a group that we are in, or to everybody, is for us too (RFC 1112 7.2)."""
        for endpoint in list(self.ports.get(dport, ())):
            if endpoint.match(dst, src, sport) >= 0 and not endpoint.deliver(data, 0, len(data), src, sport):
                self.stats.drop("udp_queue_full")

    def output(self, sport, dst, dport, data, now, src=None, ttl=0, tos=0):
        """Send one datagram, in fragments if it must be; src None and ttl 0 are the usual ones. What finds no
        room in the device waits: the caller asks ip.takes() first. False if there is no route to `dst`, or if
        too much waits."""
        ip = self.ipv4 if isinstance(dst, int) else self.ipv6
        src = src or ip.source(dst, now)
        if src is None:
            self.stats.drop("udp_no_route")
            return False
        protocol, n = self.write(ip, src, dst, sport, dport, data)
        self.flight.add(ip, dst, ip.payload, n, now)
        return ip.output(src, dst, protocol, n, now, ttl, tos, keep=True)

    def write(self, ip, src, dst, sport, dport, data):
        """Put a datagram where the payload belongs. Returns its protocol and length."""
        buf, at, n = ip.link.buf, ip.payload, len(data)
        copy(buf, at + wire.HEADER, data, 0, n)
        wire.write(buf, at, sport, dport, n, ip.pseudo(src, dst, ipv4.UDP))
        return ipv4.UDP, wire.HEADER + n

    def best(self, port, dst, src, sport):
        """The endpoint that a datagram means most exactly, or None: the connected before the bound before the
        wildcard."""
        best = None
        score = -1
        for endpoint in self.ports.get(port, ()):
            fits = endpoint.match(dst, src, sport)
            if fits > score:
                best = endpoint
                score = fits
        return best

    def max_data(self):
        """The largest datagram there is."""
        return _LARGEST

    def _unused_port(self):
        """RFC 6056 3.3.1: random, then the next free one; 0 if there is none."""
        size = EPHEMERAL_LAST - EPHEMERAL_FIRST + 1
        start = self.env.random_below(size)
        for i in range(size):
            port = EPHEMERAL_FIRST + (start + i) % size
            if port not in self.ports:
                return port
        return 0
