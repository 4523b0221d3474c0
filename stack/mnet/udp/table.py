# table.py - UDP: who gets a datagram, RFC 768, RFC 1122 4.1.
from ..errors import EADDRINUSE
from ..limits import EPHEMERAL_FIRST, EPHEMERAL_LAST, UDP_SOCKETS
from ..wire import ipv4
from ..wire import udp as wire
from ..wire.primitives import copy


class Udp:
    """The endpoints of one stack by port."""

    def __init__(self, ip, env, stats):
        self.ip = ip
        self.env = env
        self.stats = stats
        self.ports = {}

    def bind(self, endpoint, port):
        """Give `endpoint` a port, an unused one if `port` is 0. Returns it, or a negative errno."""
        if len(self.ports) >= UDP_SOCKETS:
            return -EADDRINUSE
        if port == 0:
            port = self._unused_port()
        if port == 0 or port in self.ports:
            return -EADDRINUSE
        self.ports[port] = endpoint
        return port

    def unbind(self, endpoint, port):
        """The port is free again."""
        if self.ports.get(port) is endpoint:
            del self.ports[port]

    def input(self, packet, verify):
        """A datagram has arrived; `verify` is false if the device has checked its sum."""
        frame = packet.frame
        pseudo = ipv4.pseudo(packet.src, packet.dst, ipv4.UDP) if verify else -1
        sport, dport, end = wire.parse(frame, packet.off, packet.end, pseudo)
        endpoint = self.ports.get(dport)
        if endpoint is None:
            return self.stats.drop("udp_no_port")
        reason = endpoint.deliver(frame, packet.off + wire.HEADER, end, packet.src, sport)
        if reason is not None:
            self.stats.drop(reason)

    def output(self, sport, dst, dport, data, now):
        """Send one datagram; `data` fits into one packet. False if there is no way to `dst`."""
        buf = self.ip.link.buf
        n = len(data)
        copy(buf, ipv4.PAYLOAD + wire.HEADER, data, 0, n)
        wire.write(buf, ipv4.PAYLOAD, sport, dport, n, ipv4.pseudo(self.ip.address, dst, ipv4.UDP))
        return self.ip.output(self.ip.address, dst, ipv4.UDP, wire.HEADER + n, now)

    def max_data(self):
        """The largest datagram that needs no fragments."""
        return self.ip.link.mtu - ipv4.HEADER - wire.HEADER

    def _unused_port(self):
        """RFC 6056 3.3.1: random, then the next free one; 0 if there is none."""
        size = EPHEMERAL_LAST - EPHEMERAL_FIRST + 1
        start = self.env.random_below(size)
        for i in range(size):
            port = EPHEMERAL_FIRST + (start + i) % size
            if port not in self.ports:
                return port
        return 0
