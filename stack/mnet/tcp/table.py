# table.py - TCP of one stack: demultiplexing, listening, ports, and what the connections share.
from micropython import const

from ..address import covers
from ..errors import EADDRINUSE, ECONNABORTED, ENETUNREACH, ENOBUFS
from ..limits import (
    TCP_CONNECTION,
    TCP_CONNECTIONS,
    TCP_MEMORY,
    TCP_TUNED_MAX,
)
from ..rings import Memory
from ..wire import ipv4
from ..wire import tcp as wire
from ..wire.primitives import u16, u32
from . import close, control, cookies, ecn, handshake, isn, listen, path, timers
from .binding import Bindings
from .cc import cubic
from .input import any_segment, segment_arrives
from .listener import Listener
from .loss import send_pending
from .output import acknowledge
from .reclaim import Reclaimer
from .settings import Settings
from .shortage import resume_later
from .states import ESTABLISHED
from .tcb import Tcb

_LAYOUT_OTHER = const(0)
_LAYOUT_TIMESTAMPS = const(2)
_SPREAD = const(0x9E3779B1)  # a large prime: neighboring keys choose different listeners


class Tcp:
    """All connections and listeners of one host."""

    def __init__(self, host):
        self.host = host
        self.env = env = host.env
        self.stats = host.stats
        self.deadlines = host.deadlines
        self.buf = host.buf
        self.options = wire.Options()
        self.congestion = cubic  # default of new connections
        self.ecn = ecn.ACCEPT  # accept or request ECN (ecn.py)
        self.settings = Settings()  # default options
        self.memory = Memory(env.heap * TCP_MEMORY // 100 or 1 << 60)
        self.ports = {}  # local port -> {Tcb.key -> Tcb}
        self.listeners = {}  # local port -> [Listener]
        self.bindings = Bindings(self)
        self.count = 0
        self.reclaimer = Reclaimer(self)
        self.time_waits = []  # the oldest first (close.py)
        self.ended_at = 0  # when a peer last closed first, until the tasks have been run (runner.py)

    def input(self, packet, verify, now):
        """Process a TCP packet outside the fast path: of no connection, or with unusual headers."""
        ip = packet.ip
        seg = ip.segment
        self.stats.count("TcpInSegs")
        pseudo = ip.pseudo(packet.src, packet.dst, ipv4.TCP) + packet.end - packet.off if verify else -1
        wrong = seg.parse_tcp(packet.frame, packet.off, packet.end, pseudo)
        if wrong:
            return self.stats.drop("tcp_header" if wrong == -1 else "tcp_checksum")
        if packet.broadcast:  # RFC 9293 3.10.7, MUST-57
            return self.stats.drop("tcp_broadcast")
        key = ip.key(packet.src, packet.dst) << 16 | seg.sport
        tcb = self.ports.get(seg.dport, {}).get(key)
        if tcb is not None:
            if tcb.remote == packet.src and tcb.local == packet.dst:
                return self.arrives(tcb, packet, seg, now)
            return self.stats.drop("tcp_same_key")  # a collision of the hash of IPv6 addresses: one in 2**32
        listener = self.listener(seg.dport, packet.dst, key, ip.interface)
        if listener is None or ip.interface.closing:
            self.stats.drop("tcp_no_port")
            return control.refuse(self, packet, seg, now)
        listen.arrives(listener, packet, seg, self.read_options(packet.frame, seg), now)

    def arrives(self, tcb, packet, seg, now):
        """Process a segment of a connection."""
        try:
            if packet.ce and tcb.ecn is not None:
                return self._marked(tcb, packet, seg, now)
            return segment_arrives(tcb, packet.frame, seg, now)
        except MemoryError:
            return resume_later(tcb, now)

    def _marked(self, tcb, packet, seg, now):
        """Process a packet with a CE mark (ecn.py)."""
        tcb.ecn.marked = True
        any_segment(tcb, packet.frame, seg, now)
        if tcb.ecn is not None:
            tcb.ecn.marked = False

    def listener(self, port, address, key=0, interface=None):
        """Return the Listener for our `address` and `port`, or None. A listener on this address precedes
        one on all addresses; of those that share the port (SO_REUSEPORT) the `key` of the connection
        chooses."""
        best = shared = None
        for listener in self.listeners.get(port, ()):
            only = listener.interface
            if not covers(listener.address, address) or (only is not None and only is not interface):
                continue
            if best is None or (listener.address == address != best.address):
                best, shared = listener, None
            elif listener.address == best.address:
                shared = shared or [best]
                shared.append(listener)
        return best if shared is None else shared[(key * _SPREAD >> 16) % len(shared)]

    def full(self):
        """Whether there is no room for another connection."""
        return self.count >= TCP_CONNECTIONS or self.memory.exhausted()

    def completed_by_cookie(self, tcb, seg, options, now):
        """`tcb` in SYN-RECEIVED was opened by a duplicate of a SYN that had been answered with a cookie, and
        the ACK is for the cookie: replace it. False if it is not."""
        listener = tcb.listener
        other = cookies.returned(listener, tcb.ip, tcb.local, tcb.remote, seg, options, now)
        if other is None:
            return False
        close.finished(tcb, 0)
        if listen.admit(listener, other, now):
            handshake.completed(other, seg, options, now)
        return True

    def route_back(self, packet, now):
        """Return the Route of replies to a packet: by the interface that has received it. None if there is
        none."""
        return self.host.route(packet.src, now, packet.dst, packet.ip.interface)

    def route(self, tcb, now):
        """Return the current Route of a connection, or None if there is none any more. The interface stays
        the same."""
        route = tcb.route
        if not route.current(now):
            route = self.host.route(tcb.remote, now, tcb.local, tcb.ip.interface)
            if route is None or route.ip is not tcb.ip:
                return None
            tcb.route = route
        return route

    def connect(self, route, rport, lport, settings, now):
        """Open a connection by a Route. lport 0: choose a port. Returns the Tcb in SYN-SENT, or a negative
        errno."""
        if route.hop is None or not route.source:  # a group, or no address yet
            return -ENETUNREACH
        if self.full() and not self.reclaimer.make_room(now):
            return -ENOBUFS
        tcb = Tcb(self, route, lport, rport, settings)
        if lport == 0:
            tcb.lport = lport = self.bindings.unused(tcb.key)
        if lport == 0 or tcb.key in self.ports.get(lport, {}):
            return -EADDRINUSE
        self.add(tcb)
        self.stats.counters["TcpActiveOpens"] += 1
        try:
            handshake.open_active(tcb, now)
        except MemoryError:
            close.finished(tcb, 0)
            raise
        return tcb

    def listen(self, address, port, backlog, settings, binding=None):
        """Listen on `address` (see address.covers) and `port` (0: choose one), or where a socket is bound.
        Returns the Listener, or a negative errno."""
        if binding is None:
            binding = self.bindings.bind(address, port, settings)
            if isinstance(binding, int):
                return binding
        elif not self.bindings.may(binding):
            return -EADDRINUSE
        port = binding.port
        listener = Listener(self, address, port, backlog, settings, binding)
        self.listeners[port] = self.listeners.get(port, []) + [listener]
        binding.listening = True
        return listener

    def unlisten(self, listener, now):
        """Stop listening, and reset the connections of both queues (3.10.4). The port stays bound."""
        listener.binding.listening = False
        others = self.listeners[listener.port]
        others.remove(listener)
        if not others:
            del self.listeners[listener.port]
        while listener.accept_queue:
            _abort_pending(listener.accept_queue.pop(), now)
        while listener.syn_queue:
            _abort_pending(listener.syn_queue[-1], now)

    def remove(self, tcb):
        """Remove a closed connection."""
        if tcb.listener is not None:
            tcb.listener.syn_queue.remove(tcb)
            tcb.listener = None
        key = tcb.key
        connections = self.ports.get(tcb.lport)
        if connections is not None and connections.get(key) is tcb:
            del connections[key]
            self.deadlines.dismiss(tcb)
            self.count -= 1
            self.memory.used -= TCP_CONNECTION
            if not connections:
                del self.ports[tcb.lport]

    def read_options(self, frame, seg):
        """Return the options of the segment."""
        options = self.options
        if seg.layout == _LAYOUT_OTHER:
            if not options.parse(frame, seg.header + wire.HEADER, seg.off):
                self.stats.drop("tcp_options")
        else:
            options.clear()
            if seg.layout == _LAYOUT_TIMESTAMPS:
                options.tsval = seg.tsval
                options.tsecr = seg.tsecr
        return options

    def largest_window(self):
        """Return the largest window that tuning.py allows, which determines the window scale of a SYN."""
        return min(TCP_TUNED_MAX, self.memory.limit >> 1)

    def initial_sequence(self, tcb, now):
        """Return the ISS of a new connection."""
        return isn.initial(self.env.secret, tcb.ends(), tcb.lport, tcb.rport, now)

    def stall(self, tcb):
        """Queue a connection until the device has room again."""
        self.stats.drop("device_full")
        if not tcb.stalled:
            tcb.link.stalled.append(tcb)
            tcb.stalled = True
            self.host.deferred = True

    def resume(self, link, now):
        """Let the stalled connections of a link send, in order, until its device is full. The others keep
        their places: trying each of them each time would be quadratic."""
        stalled = link.stalled
        done, count = 0, len(stalled)
        while done < count:
            tcb = stalled[done]
            done += 1
            tcb.stalled = False
            if tcb.state >= ESTABLISHED:
                try:
                    send_pending(tcb, now)
                    if tcb.rcv_acked != tcb.rcv_nxt:
                        acknowledge(tcb, now)
                except MemoryError:
                    resume_later(tcb, now)
            if tcb.stalled:
                break
        del stalled[:done]

    def transport_error(self, error, now):
        """Process a transport error (mnet.packet.TransportError) for a segment of ours. Returns False if it
        matches no connection."""
        frame, off = error.frame, error.off
        key = error.ip.key(error.remote, error.local) << 16 | u16(frame, off + 2)
        tcb = self.ports.get(u16(frame, off), {}).get(key)
        if tcb is None or tcb.local != error.local or tcb.remote != error.remote:
            return False
        try:
            return path.transport_error(tcb, u32(frame, off + 4), error, now)
        except MemoryError:
            resume_later(tcb, now)
            return True

    def abandoned(self, address, now):
        """Abort the connections of an address that was removed, with a RST to their peers (RFC 5227 2.4)."""
        for connections in list(self.ports.values()):
            for tcb in list(connections.values()):
                if tcb.local == address:
                    close.abort(tcb, ECONNABORTED, now)

    def end_interface(self, interface):
        """Delete the connections of an interface that stops, silently."""
        for connections in list(self.ports.values()):
            for tcb in list(connections.values()):
                if tcb.ip.interface is interface:
                    close.finished(tcb, ECONNABORTED)

    def routes_changed(self):
        """Have every connection look its next hop up again."""
        for connections in self.ports.values():
            for tcb in connections.values():
                tcb.invalidate_header()

    def expire(self, tcb, now):
        """Run the expired timers of `tcb`."""
        try:
            timers.expire(tcb, now)
        except MemoryError:
            resume_later(tcb, now)

    def add(self, tcb):
        """Add a connection. MemoryError: nothing has changed."""
        self.deadlines.admit()
        try:
            connections = self.ports.get(tcb.lport, {})
            connections[tcb.key] = tcb
            self.ports[tcb.lport] = connections
        except MemoryError:
            self.deadlines.dismiss(tcb)
            raise
        self.count += 1
        self.memory.used += TCP_CONNECTION


def _abort_pending(tcb, now):
    tcb.orphan = True  # no task will read its data
    tcb.rx.release()
    close.abort(tcb, 0, now)
