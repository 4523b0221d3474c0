# endpoint.py - the stack's side of a UDP socket: its binding, and a bounded queue of datagrams.
from ..address import covers
from ..limits import UDP_QUEUE, UDP_QUEUE_BYTES, UDP_REPORTS


class Endpoint:
    """`local`: the address it is bound to (address.covers). `interface`: the only one that it receives
    from, or None. `peer`: (address, port) once connected, or None. `shared`: the port may be shared with
    other shared endpoints. `error`: an errno for the user's next call. `last_received`: the sender of the
    last datagram taken and its destination address, None if that was not unicast. `on_readable` is called
    for a datagram or an error. `controls`: whether datagrams are kept with their control data, (destination,
    interface, hop limit, traffic class)."""

    controls = False
    reports = None  # with IP_RECVERR the errors that recvmsg(MSG_ERRQUEUE) will return

    def __init__(self):
        self.queue = []
        self.queued = 0
        self.room = UDP_QUEUE_BYTES
        self.local = 0
        self.interface = None
        self.peer = None
        self.shared = False
        self.error = 0
        self.last_received = (None, 0, None)
        self.on_readable = None

    def match(self, interface, dst, src, sport):
        """Return how well a datagram matches this endpoint: -1 not at all, else higher is better."""
        if not covers(self.local, dst) or (
            not interface.loopback and self.interface not in (None, interface)
        ):
            return -1
        score = 1 if self.local == dst else 0
        if self.peer is not None:
            if self.peer != (src, sport):
                return -1
            score += 2
        return score

    def conflicts(self, other):
        """Whether both cannot share a port (POSIX bind(), SO_REUSEADDR)."""
        if self.shared and other.shared:
            return False
        if self.interface is not other.interface and None not in (self.interface, other.interface):
            return False
        return covers(self.local, other.local) or covers(other.local, self.local)

    def deliver(self, frame, off, end, src, sport, dst=None, packet=None):
        """Queue a copy of frame[off:end]. Returns False if there is no room."""
        if len(self.queue) >= UDP_QUEUE or self.queued + end - off > self.room:
            return False
        control = None
        if self.controls and packet is not None:
            control = packet.dst, packet.ip.interface.number, packet.ttl, packet.tos
        self.queue.append((bytes(memoryview(frame)[off:end]), src, sport, control, dst))
        self.queued += end - off
        if self.on_readable is not None:
            self.on_readable()
        return True

    def fail(self, error):
        """Report an ICMP error about a datagram of ours (RFC 1122 4.1.3.3)."""
        self.error = error
        if self.on_readable is not None:
            self.on_readable()

    def report(self, error, rport):
        """Keep an error about a datagram (packet.TransportError) to `rport`, at most UDP_REPORTS of them."""
        if len(self.reports) < UDP_REPORTS:
            quoted = bytes(memoryview(error.frame)[error.off + 8 : error.end])
            self.reports.append((error.errno, error.mtu, error.remote, rport, quoted))

    def take(self):
        """Take the oldest datagram as (data, address, port, control data), or None."""
        if not self.queue:
            return None
        datagram = self.queue.pop(0)
        self.queued -= len(datagram[0])
        self.last_received = datagram[1], datagram[2], datagram[4]
        return datagram[:4]

    def peek(self):
        """Return the oldest datagram without taking it."""
        return self.queue[0][:4] if self.queue else None

    def answers_from(self, address, port):
        """Return the source address of a datagram to address:port if that is a reply to the last datagram
        taken (RFC 1122 4.1.3.5); else None."""
        src, sport, dst = self.last_received
        return dst if (src, sport) == (address, port) else None
