# table.py - UDP: the ports of a host, RFC 768, RFC 1122 4.1.
from micropython import const

from ..errors import EADDRINUSE, ParseError
from ..ip.paths import Flight
from ..limits import EPHEMERAL_FIRST, EPHEMERAL_LAST, UDP_SOCKETS
from ..wire import ethernet, ipv4
from ..wire import udp as wire
from ..wire.primitives import copy, u16

_LARGEST = const(65507)  # of data: IPv4's 65535 bytes with both headers


class Udp:
    """The endpoints of one host by port."""

    def __init__(self, host):
        self.env = host.env
        self.stats = host.stats
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
        """A datagram has arrived; `verify` is false if the device has verified its checksum. False if no
        endpoint takes it."""
        frame = packet.frame
        if (
            packet.ip.ethertype == ethernet.IPV6
            and packet.off + 8 <= packet.end
            and not u16(frame, packet.off + 6)
        ):
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
        best = self.best(dport, packet.ip.interface, packet.dst, packet.src, sport)
        if best is None:
            self.stats.drop("udp_other_peer")
            return False
        if not best.deliver(frame, off, end, packet.src, sport, packet.dst):
            self.stats.drop("udp_queue_full")
        return True

    def _deliver_to_all(self, endpoints, packet, off, end, sport):
        """A broadcast or multicast is for every endpoint on the port; without one no error is sent (RFC 1122
        3.2.2)."""
        for endpoint in list(endpoints):
            if endpoint.match(packet.ip.interface, packet.dst, packet.src, sport) >= 0:
                if not endpoint.deliver(packet.frame, off, end, packet.src, sport):
                    self.stats.drop("udp_queue_full")
        return True

    def failed(self, error, now):
        """An error about a datagram of ours. False if no endpoint can have sent it."""
        return self.tell(error, u16(error.frame, error.off), u16(error.frame, error.off + 2), now)

    def tell(self, error, lport, rport, now):
        """Tell the endpoint that sent the datagram, if it is connected: others would not know what the error
        is about. False if there is none, or if the datagram that was too big is none of ours (RFC 8201
        section 6)."""
        if error.mtu and not self.flight.too_big(error, now):
            return False
        best = self.best(lport, error.ip.interface, error.local, error.remote, rport)
        if best is None:
            return False
        if best.peer is not None:
            best.fail(error.errno)
        return True

    def loop(self, route, sport, dport, data):
        """Deliver a multicast or broadcast that was sent to the endpoints of this host (RFC 1112 7.2)."""
        dst, src = route.dst, route.source
        for endpoint in list(self.ports.get(dport, ())):
            if endpoint.match(route.interface, dst, src, sport) >= 0:
                if not endpoint.deliver(data, 0, len(data), src, sport):
                    self.stats.drop("udp_queue_full")

    def output(self, route, sport, dport, data, now, ttl=0, tos=0):
        """Send one datagram, in fragments if it must be; ttl 0 is the default. What finds no room in the
        device waits: the caller asks ip.takes() first. False if too much waits."""
        ip, dst = route.ip, route.dst
        protocol, n = self.write(ip, route.source, dst, sport, dport, data)
        self.flight.add(ip, dst, ip.payload, n, now)
        return ip.send(route.source, dst, route.hop, protocol, n, now, ttl, tos, True, True)

    def write(self, ip, src, dst, sport, dport, data):
        """Put a datagram where the payload belongs. Returns its protocol and length."""
        buf, at, n = ip.link.buf, ip.payload, len(data)
        copy(buf, at + wire.HEADER, data, 0, n)
        wire.write(buf, at, sport, dport, n, ip.pseudo(src, dst, ipv4.UDP))
        return ipv4.UDP, wire.HEADER + n

    def best(self, port, interface, dst, src, sport):
        """The endpoint that a datagram matches best, or None: the connected before the bound before the
        wildcard."""
        best = None
        score = -1
        for endpoint in self.ports.get(port, ()):
            fits = endpoint.match(interface, dst, src, sport)
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
