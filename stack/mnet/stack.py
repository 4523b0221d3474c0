# stack.py - THE PAGE: the whole way of a packet.
#
#   device -> Interface.poll -> Stack.input -> arp | ipv4 | ipv6 -> icmp | udp | tcp -> receive ring or queue
#       -> the socket's reader
#   the socket's writer -> tcp.user.send -> tcp.output -> device
#   udp, icmp, handshakes -> ipv4 | ipv6.output -> neighbours -> device
#
# Pure: a device, randomness and a log are given at the start, `now` (microseconds) with each call. A frame's
# buffer belongs to the stack until input() returns; what is kept is copied, into a receive ring, a datagram
# queue, a neighbour's queue or the transmit queue.
from .env import Log
from .errors import ParseError
from .ip.host6 import Host6
from .ip.icmp4 import Icmp4
from .ip.icmp4_errors import Errors
from .ip.igmp import Groups
from .ip.ipv4 import Ipv4
from .link.arp import Arp
from .link.ethernet import Ethernet
from .packet import Packet
from .stats import Stats
from .tcp.input import segment_arrives
from .tcp.shortage import resume_later
from .tcp.table import Tcp
from .timers import Deadlines
from .udp.ping import Ping
from .udp.table import Udp
from .wire import ethernet
from .wire import icmp4 as wire_icmp4
from .wire import icmp6 as wire_icmp6
from .wire import ipv4 as wire_ipv4
from .wire import ipv6 as wire_ipv6
from .wire.primitives import Segment, u16


class Stack:
    """One device's stack. `device` has mac, mtu, features and write(frame, n, csum_start, csum_offset,
    gso_size) -> bool."""

    def __init__(self, device, env):
        self.env = env
        self.stats = Stats()
        self.deadlines = Deadlines()
        self.log = Log(env.write, self.deadlines)
        self.packet = Packet()
        self.link = Ethernet(device, self.stats)
        self.arp = Arp(self.link, self.deadlines, self.stats, env, self.log)
        self.ipv4 = Ipv4(self.link, self.arp, self.stats, env, self.deadlines)
        self.ipv4.errors = self.errors4 = Errors(self.ipv4, self.stats, env.random)
        self.icmp4 = Icmp4(self.ipv4, self.stats)
        self.groups4 = Groups(self.ipv4, self.deadlines, self.stats, env.random_below)
        segment = Segment(self.link.mac, env.random(72))
        self.host6 = Host6(self.link, segment, self.deadlines, self.stats, env, self.log)
        self.ipv6 = self.host6.ip
        self.udp = Udp(self.ipv4, self.ipv6, env, self.stats)
        self.ping = Ping(self.ipv4, self.ipv6, env, self.stats)
        self.tcp = Tcp(self.link, self.ipv4, self.ipv6, segment, env, self.stats, self.deadlines)
        self.icmp4.uppers = {
            wire_ipv4.UDP: self.udp.failed,
            wire_ipv4.TCP: self.tcp.failed,
            wire_ipv4.ICMP: self.ping.failed,
            wire_ipv6.ICMP: self.ping.failed,
        }
        self.icmp4.replied = self.host6.icmp.handlers[wire_icmp6.ECHO_REPLY] = self.ping.replied
        self.ipv4.abandoned = self.tcp.abandoned
        self.host6.icmp.uppers = self.icmp4.uppers
        self.host6.slaac.abandoned = self.tcp.abandoned
        self.host6.slaac.in_use = self.in_use
        self.arp.neighbors.undelivered = self.icmp4.undelivered

    def input(self, frame, n, verify, now):
        """A frame of n bytes has arrived; `verify` is false if the device vouches for its TCP or UDP
        checksum."""
        seg = self.tcp.segment
        remote = seg.parse(frame, n, verify)
        if remote >= 0:
            connections = self.tcp.ports.get(seg.dport)
            if connections is not None:
                tcb = connections.get(remote)
                if tcb is not None and (tcb.local == seg.dst or seg.between(tcb.ends)):
                    try:
                        return segment_arrives(tcb, frame, seg, now)
                    except MemoryError:
                        return resume_later(tcb, now)
        try:
            return self._ethernet(frame, n, verify, now)
        except ParseError as error:
            return self.stats.drop(error.args[0])

    def _ethernet(self, frame, n, verify, now):
        if n < ethernet.HEADER:
            return self.stats.drop("ethernet_runt")
        self.packet.broadcast = bool(frame[0] & 1)
        if not self.packet.broadcast and frame[0:6] != self.link.mac:
            return self.stats.drop("ethernet_other_host")
        if frame[6] & 1 or frame[6:12] == self.link.mac:  # nobody can have sent that
            return self.stats.drop("ethernet_source")
        ethertype = u16(frame, 12)
        if ethertype == ethernet.IPV4:
            return self._ipv4(frame, n, verify, now)
        if ethertype == ethernet.ARP:
            return self.arp.input(frame, n, now)
        if ethertype == ethernet.IPV6:
            return self._ipv6(frame, n, verify, now)
        return self.stats.drop(ethernet.foreign(ethertype))

    def _ipv4(self, frame, n, verify, now):
        packet = self.packet
        if not self.ipv4.input(frame, n, packet, now):
            return
        verify = verify or packet.whole
        if packet.protocol == wire_ipv4.TCP:
            return self.tcp.input(packet, verify, now)
        if packet.protocol == wire_ipv4.UDP:
            if not self.udp.input(packet, verify):
                self.errors4.unreachable(packet, wire_icmp4.PORT, now)
            return
        if packet.protocol == wire_ipv4.ICMP:
            return self.icmp4.input(packet, now)
        if packet.protocol == wire_ipv4.IGMP:
            return self.groups4.input(packet, now)
        self.stats.drop("ipv4_protocol")
        self.errors4.unreachable(packet, wire_icmp4.PROTOCOL, now)

    def _ipv6(self, frame, n, verify, now):
        packet = self.packet
        if not self.ipv6.input(frame, n, packet, now):
            return None
        verify = verify or packet.whole
        if packet.protocol == wire_ipv4.TCP:
            return self.tcp.input(packet, verify, now)
        if packet.protocol == wire_ipv4.UDP:
            if not self.udp.input(packet, verify):
                self.host6.errors.unreachable(packet, wire_icmp6.PORT, now)
            return None
        if packet.protocol == wire_ipv6.ICMP:
            return self.host6.icmp.input(packet, now)
        if packet.protocol == wire_ipv6.NO_NEXT_HEADER:  # RFC 8200 4.7
            return self.stats.drop("ipv6_no_payload")
        self.stats.drop("ipv6_protocol")
        return self.host6.errors.unknown_protocol(packet, now)

    def in_use(self, address):
        """Whether a connection has this address of ours, or a socket is bound to it."""
        for connections in self.tcp.ports.values():
            for tcb in connections.values():
                if tcb.local == address:
                    return True
        bound = [each.address for port in self.tcp.listeners.values() for each in port]
        return address in bound + [each.local for port in self.udp.ports.values() for each in port]

    def ip_of(self, address):
        """The family that this address is of."""
        return self.ipv4 if isinstance(address, int) else self.ipv6

    def groups_of(self, group):
        """Who keeps the multicast groups of its family."""
        return self.groups4 if isinstance(group, int) else self.host6.mld

    def link_up(self, now):
        """The link was down and is back: who and what is there is found out again; connections go on."""
        for claim in list(self.arp.claims.values()):
            claim.check(now)
        self.arp.neighbors.all_stale(now)
        self.groups4.again(now)
        self.host6.link_up(now)

    def tick(self, now):
        """Do what is due by the clock, and go on with what waited for room in the device."""
        if self.link.queue:
            self.link.resume()
        if self.deadlines.next() <= now:
            self.deadlines.tick(now)
        if self.tcp.stalled:
            self.tcp.resume(now)

    def deadline(self):
        """When tick() must be called at the latest, in microseconds; timers.NEVER if it need not be."""
        return self.deadlines.next()
