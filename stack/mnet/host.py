# host.py - THE PAGE: the whole way of a packet.
#
#   device -> Interface.receive -> tcp (predicted) | Host.input -> arp | ipv4 | ipv6 -> icmp | udp | tcp
#       -> receive ring or datagram queue -> the socket's reader
#   the socket's writer -> tcp.user.send -> tcp.output -> Interface's link -> device
#   udp, handshakes -> Route.send -> device, or with icmp -> ipv4 | ipv6.send -> neighbors -> link -> device
#
# Pure: devices, randomness and a log are injected at the start, `now` (microseconds) is an argument of each
# call. A frame's buffer belongs to the host until receive() returns; data that is kept is copied, into a
# receive ring, a datagram queue, a neighbor's queue or the transmit queue.
from .env import Log
from .interface import Interface, LoopbackInterface
from .ip import route
from .ip.v4.routes import Routes
from .limits import FRAME_SIZE, INTERFACES
from .packet import Packet
from .stats import Stats
from .tcp.table import Tcp
from .timers import Deadlines
from .udp.ping import Ping
from .udp.table import Udp
from .wire import ethernet
from .wire import icmp4 as wire_icmp4
from .wire import icmp6 as wire_icmp6
from .wire import ipv4 as wire_ipv4
from .wire import ipv6 as wire_ipv6
from .wire.primitives import u16


class Host:
    """An Internet host: the state that exists once, whatever the number of its interfaces."""

    def __init__(self, env):
        self.env = env
        self.stats = Stats()
        self.deadlines = Deadlines()
        self.log = Log(env.write, self.deadlines)
        self.packet = Packet()
        self.buf = bytearray(FRAME_SIZE)  # the transmit buffer
        self.secret = env.random(72)  # for the keys of connections
        self.interfaces = []  # in the order of their start
        self.routes = Routes()
        self.generation = 0  # of the route table, for cached routes
        self.deferred = False  # frames, or connections with data to send, wait for tick()
        self.udp = Udp(self)
        self.ping = Ping(self)
        self.tcp = Tcp(self)
        self.loopback = LoopbackInterface(self)

    # Interfaces

    def add_interface(self, device, name):
        """Add an Interface over `device`, which has mac, mtu, features and write(frame, n, csum_start,
        csum_offset, gso_size) -> bool. ValueError if there are too many."""
        numbers = [each.number for each in self.interfaces]
        number = self.loopback.number + 1
        while number in numbers:
            number += 1
        if number > INTERFACES:
            raise ValueError("more than %d interfaces" % INTERFACES)
        interface = Interface(self, device, name, number)
        self.interfaces.append(interface)
        return interface

    def remove_interface(self, interface, now):
        """Stop an interface and end the connections of its addresses. Sockets stay bound."""
        self.tcp.end_interface(interface)
        if interface in self.interfaces:
            self.interfaces.remove(interface)
        interface.stop(now)

    def interface(self, number):
        """Return the Interface with this number, or None."""
        for each in self.all_interfaces():
            if each.number == number:
                return each
        return None

    def all_interfaces(self):
        """Return the loopback interface, then the others."""
        return [self.loopback] + self.interfaces

    def interface_of(self, address):
        """Return the Interface that has this address, or None. The loopback interface has all."""
        for each in self.interfaces:
            if each.has(address):
                return each
        return None

    def route(self, dst, now, source=None, interface=None):
        """Return the Route (ip/route.py) to `dst`, or None if there is none. `source`: our address, the
        unspecified address, or None to choose one. `interface`: the only one to use, or None."""
        return route.find(self, dst, source, interface, now)

    # Input

    def input(self, interface, frame, n, verify, now):
        """Process a frame that is not a plain TCP segment of a connection (Interface.receive)."""
        packet = self.packet
        if n < ethernet.HEADER:
            interface.rx_errors += 1
            return self.stats.drop("ethernet_runt")
        packet.broadcast = bool(frame[0] & 1)
        if not packet.broadcast and frame[0:6] != interface.link.mac:
            interface.rx_dropped += 1
            return self.stats.drop("ethernet_other_host")
        ethertype = u16(frame, 12)
        interface.count_unpredicted(frame, ethertype)
        if frame[6] & 1 or (frame[6:12] == interface.link.mac and interface is not self.loopback):
            interface.rx_dropped += 1
            return self.stats.drop("ethernet_source")  # no other host can have sent it
        if ethertype == ethernet.IPV4:
            return self._ipv4(interface, frame, n, verify, now)
        if ethertype == ethernet.ARP:
            return interface.arp.input(frame, n, now)
        if ethertype == ethernet.IPV6:
            return self._ipv6(interface, frame, n, verify, now)
        interface.rx_dropped += 1
        return self.stats.drop(ethernet.foreign(ethertype))

    def _ipv4(self, interface, frame, n, verify, now):
        packet = self.packet
        ip = interface.ipv4
        ip.count("IpInReceives")
        if not ip.input(frame, n, packet, now):
            return
        ip.count("IpInDelivers")
        verify = verify or packet.whole
        if packet.protocol == wire_ipv4.TCP:
            return self.tcp.input(packet, verify, now)
        if packet.protocol == wire_ipv4.UDP:
            if not self.udp.input(packet, verify):
                interface.errors4.unreachable(packet, wire_icmp4.PORT, now)
            return
        if packet.protocol == wire_ipv4.ICMP:
            return interface.icmp4.input(packet, now)
        if packet.protocol == wire_ipv4.IGMP:
            return interface.igmp.input(packet, now)
        ip.count("IpInUnknownProtos")
        self.stats.drop("ipv4_protocol")
        interface.errors4.unreachable(packet, wire_icmp4.PROTOCOL, now)

    def _ipv6(self, interface, frame, n, verify, now):
        packet = self.packet
        ip = interface.ipv6
        ip.count("IpInReceives")
        if not ip.input(frame, n, packet, now):
            return None
        ip.count("IpInDelivers")
        verify = verify or packet.whole
        if packet.protocol == wire_ipv4.TCP:
            return self.tcp.input(packet, verify, now)
        if packet.protocol == wire_ipv4.UDP:
            if not self.udp.input(packet, verify):
                interface.errors6.unreachable(packet, wire_icmp6.PORT, now)
            return None
        if packet.protocol == wire_ipv6.ICMP:
            return interface.icmp6.input(packet, now)
        if packet.protocol == wire_ipv6.NO_NEXT_HEADER:  # RFC 8200 4.7
            return self.stats.drop("ipv6_no_payload")
        ip.count("IpInUnknownProtos")
        self.stats.drop("ipv6_protocol")
        return interface.errors6.unknown_protocol(packet, now)

    # Reports of the lower layers

    def transport_error(self, protocol, error, now):
        """Process an error about a packet that this host sent (packet.TransportError). Returns whether it
        matches a connection or an endpoint."""
        if protocol == wire_ipv4.TCP:
            return self.tcp.transport_error(error, now)
        if protocol == wire_ipv4.UDP:
            return self.udp.transport_error(error, now)
        if protocol == wire_ipv4.ICMP or protocol == wire_ipv6.ICMP:
            return self.ping.transport_error(error, now)
        return False

    def echo_reply(self, packet, now):
        """Process an ICMP echo reply."""
        self.ping.replied(packet, now)

    def address_removed(self, address, now):
        """Process the removal of an address: its connections end."""
        self.tcp.abandoned(address, now)

    def in_use(self, address):
        """Whether a connection uses this address, or a socket is bound to it."""
        for connections in self.tcp.ports.values():
            for tcb in connections.values():
                if tcb.local == address:
                    return True
        bound = [each.address for port in self.tcp.listeners.values() for each in port]
        return address in bound + [each.local for port in self.udp.ports.values() for each in port]

    # Timers

    def tick(self, now):
        """Run the expired timers, and resume what waits for room in a device."""
        if self.deferred:
            self._resume_frames(now)
        if self.deadlines.next() <= now:
            self.deadlines.tick(now)
        if self.generation != self.routes.generation:
            self.generation = self.routes.generation
            self.tcp.routes_changed()
        if self.deferred:
            self._resume_connections(now)

    def _resume_frames(self, now):
        """Receive frames to the host itself, and send those that wait for room in a device. Allocates
        nothing itself."""
        self.loopback.resume(now)
        for interface in self.interfaces:
            interface.resume(now)

    def _resume_connections(self, now):
        """Let connections send that wait for room in a device. Allocates nothing itself."""
        waits = self._resume_link(self.loopback, now)
        for interface in self.interfaces:
            if self._resume_link(interface, now):
                waits = True
        self.deferred = waits

    def _resume_link(self, interface, now):
        """Let the connections of a link send. Returns whether something still waits there."""
        link = interface.link
        if link.stalled:
            self.tcp.resume(link, now)
        return bool(link.stalled or link.queue or interface.pending())

    def deadline(self):
        """Return when tick() must be called at the latest, in microseconds; timers.NEVER if it need not
        be."""
        if self.deferred:
            if self.loopback.pending():
                return 0
            for interface in self.interfaces:
                if interface.pending():
                    return 0
        return self.deadlines.next()
