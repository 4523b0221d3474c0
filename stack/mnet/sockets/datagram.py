# datagram.py - a UDP socket (RFC 768, RFC 1122 4.1).
from micropython import const
from mkernel import pollable, scheduler
from mkernel.errors import oserror
from mkernel.scheduler import Waiters

from ..address import is_any, is_group
from ..address6 import format_address
from ..errors import (
    EACCES,
    EADDRNOTAVAIL,
    EAGAIN,
    EDESTADDRREQ,
    EINVAL,
    EMSGSIZE,
    ENETUNREACH,
    ENOBUFS,
    ENOTCONN,
    EPIPE,
)
from ..limits import UDP_QUEUE_BYTES
from ..runner import current
from ..udp.endpoint import Endpoint
from .families import agreed, available
from .groups import Memberships
from .names import SHUT_RD, SHUT_WR
from .waiting import NOW, Description, wait, yield_if_due

SIX = 256  # added to options of IPv6 in Datagram.controls
_HEADER = const(8)  # size of UDP's header and of an echo request's


class Datagram(Description):
    """The state behind a SOCK_DGRAM socket: one endpoint of `table`."""

    listener = None
    read_shut = write_shut = False
    send_buffer = UDP_QUEUE_BYTES  # SO_SNDBUF, which has no effect
    controls = frozenset()  # the control data that recvmsg() returns by option

    def __init__(self, family):
        self.host = current().host
        self.table = self.protocol(self.host)
        self.family = family
        self.endpoint = Endpoint()
        self.users = 0
        self.closed = False  # an attribute of its own: close() needs no memory
        self.may_broadcast = False
        self.ttl = self.tos = 0
        self.memberships = Memberships(self.host)
        self.local = (family.any, 0)
        self.bound = False
        self.scope = 0  # the number of the only interface, 0 for any
        self.readers = Waiters()
        self.writers = Waiters()
        self.route = None  # to the peer
        self.last = None  # (Route, length) of the last datagram sent or refused
        self.link = None  # the link that will call on_room()
        self.poll_watched()

    def protocol(self, host):
        """Return the table of such endpoints."""
        return host.udp

    def bind(self, address, port, scope=0):
        """Bind to a port, an unused one if it is 0."""
        self.check_open()
        if self.bound:
            raise oserror(EINVAL, "already bound")
        if not available(self.host, address, scope):
            raise oserror(EADDRNOTAVAIL, format_address(address))
        endpoint = self.endpoint
        endpoint.local, endpoint.interface = address, self.device or self.host.interface(scope)
        taken = self.table.bind(endpoint, port)
        if taken < 0:
            raise oserror(-taken, "port %d" % port)
        try:
            self.local = (address, taken)
        except MemoryError:
            self.table.unbind(endpoint, taken)
            raise
        self.bound = True
        self.scope = scope or self.scope

    def connect(self, address, port, scope, deadline):
        """Set the peer and the source address towards it: send only to it and receive only from it."""
        self.check_open()
        scope = agreed(scope, self.scope)
        route = self._find(address, port, scope)
        if not self.bound:
            self.bind(self.family.any, 0, scope)
        self.scope = scope
        if is_any(self.local[0]):
            self.local = (route.source, self.local[1])
            self.endpoint.local = route.source
        self.endpoint.peer = (route.dst, port)
        self.route = route
        self.last = (route, 0)

    def recvfrom(self, deadline, peek=False):
        """Return the next datagram as (data, address, port, control); `peek`: without taking it. After
        SHUT_RD queued datagrams, then b"" from no address instead of waiting."""
        while True:
            self.check_open()
            self._raise_error()
            datagram = self.endpoint.peek() if peek else self.endpoint.take()
            if datagram is not None:
                yield_if_due()
                return datagram
            if self.read_shut and deadline is None:
                return b"", None, 0, None
            wait(self.readers, deadline, self.receive_limit)

    def read(self, n):
        """Return up to n bytes of a datagram, for os.read()."""
        return self.recvfrom(NOW if self.nonblocking else None)[0][:n]

    def write(self, data):
        """Send a datagram to the peer, for os.write()."""
        return self.send(data, NOW if self.nonblocking else None)

    def send(self, data, deadline=None):
        """Send one datagram to the peer. Returns its length."""
        if self.endpoint.peer is None:
            raise oserror(EDESTADDRREQ)
        return self.sendto(data, *self.endpoint.peer, 0, deadline)

    def take_report(self):
        """Take the oldest error of the error queue (IP_RECVERR): Endpoint.report(). The next one is then the
        pending error, as on Linux."""
        self.check_open()
        reports = self.endpoint.reports
        if not reports:
            raise oserror(EAGAIN)
        report = reports.pop(0)
        self.endpoint.error = reports[0][0] if reports else 0
        return report

    def send_controlled(self, data, ends, deadline, control):
        """Send one datagram with ancillary data (messages.Control) to `ends`, None: the peer."""
        self.check_open()
        if ends is None:
            if self.endpoint.peer is None:
                raise oserror(EDESTADDRREQ)
            ends = self.endpoint.peer + (0,)
        return self.sendto(data, *ends, deadline, control)

    def sendto(self, data, address, port, scope=0, deadline=None, control=None):
        """Send one datagram. Returns its length. Waits for room in the device and, while the next hop is
        being resolved, in its queue."""
        while True:
            self.check_open()
            if self.endpoint.error:
                self._raise_error()
            now = scheduler.now()
            if self.write_shut:
                raise oserror(EPIPE)
            if not port:
                raise oserror(EINVAL, "port 0")
            if control is None or not (control.interface or control.source):
                route = self._route(address, port, scope, now)
            else:
                route = self._find(address, port, control.interface or self.scope, control.source)
            if not self.bound:
                self.bind(self.family.any, 0)
            limit = self.table.largest
            if len(data) > limit:
                raise oserror(EMSGSIZE, "at most %d bytes" % limit)
            self.last = (route, len(data))
            if self._has_room(now):
                break
            wait(self.writers, deadline, self.send_limit)
        self._output(route, data, port, control, now)
        yield_if_due()
        return len(data)

    def _output(self, route, data, port, control, now):
        """Send by a route that has room."""
        memberships = self.memberships
        group = route.hop is None
        ttl = memberships.ttl if group and not route.broadcast else self.ttl
        tos = self.tos
        if control is not None:
            ttl = control.ttl or ttl
            tos = control.tos if control.tos >= 0 else tos
        if not self.table.output(route, self.local[1], port, data, now, ttl, tos):
            raise oserror(ENOBUFS, format_address(route.dst))
        if group and memberships.loop and (route.broadcast or route.dst in route.ip.groups):
            self.table.loop(route, self.local[1], port, bytes(data))

    def _has_room(self, now):
        """Whether a datagram like the last one can be sent now. If not, on_room() will be called."""
        route, length = self.last
        if route.takes(length + _HEADER, now):
            return True
        link = route.ip.link
        if self.link is not link:
            self._forget_link()
            link.waiting.append(self)
            self.link = link
        return False

    def on_room(self):
        """Handle room in a device, or in a neighbor's queue."""
        self.link = None
        self.writers.wake_all()
        self.poll_changed()

    def _forget_link(self):
        if self.link is not None:
            self.link.waiting.remove(self)
            self.link = None

    def _route(self, address, port, scope, now):
        """Return the Route to `address`. That to the peer is kept while it is current."""
        route = self.route
        if route is None or self.endpoint.peer != (address, port):
            return self._find(address, port, agreed(scope, self.scope))
        if not route.current(now):
            route = self.route = self._find(address, port, self.scope)
        return route

    def _find(self, address, port, scope, source=None):
        """Look up the Route to `address`, from `source` if that is not None. A broadcast needs
        SO_BROADCAST."""
        now = scheduler.now()
        interface = self.host.interface(scope)
        local = self.local[0]
        if source is None and not (is_any(local) or is_group(local)):
            source = local
        if is_group(address) and self.memberships.interface is not None:
            interface = self.memberships.interface
            if source is not None and not interface.has(source):
                source = None
        route = None
        answers_from = self.endpoint.answers_from(address, port)
        if source is None and answers_from is not None:
            route = self.host.route(address, now, answers_from, interface)
        if route is None:
            route = self.host.route(address, now, source, interface)
        if route is None:
            raise oserror(ENETUNREACH, format_address(address))
        if route.broadcast and not self.may_broadcast:
            raise oserror(EACCES, "broadcasting needs SO_BROADCAST")
        return route

    def close(self):
        """Close the socket. A waiting fiber gets EBADF."""
        if not self.closed:
            self.closed = True
            if self.bound:
                self.table.unbind(self.endpoint, self.local[1])
            self.memberships.leave_all()
            self._forget_link()
            self.readers.wake_all()
            self.writers.wake_all()
            self.poll_changed()

    def use_device(self, device):
        """Send by and receive from this Interface only, None: any."""
        super().use_device(device)
        self.endpoint.interface = device
        self.route = None

    def unname(self):
        """Be bound to the wildcard address of the family, which has changed."""
        self.local = (self.family.any, 0)

    def sockname(self):
        """Return (address, port) of our end."""
        return self.local

    def peername(self):
        """Return (address, port) of the peer."""
        if self.endpoint.peer is None:
            raise oserror(ENOTCONN)
        return self.endpoint.peer

    def poll_mask(self):
        """Return the events that are ready (mkernel.pollable). POLLOUT: a datagram like the last one can
        be sent."""
        if self.closed:
            return pollable.NVAL
        mask = pollable.IN if self.endpoint.queue else 0
        if self.last is None or self._has_room(scheduler.now()):
            mask |= pollable.OUT
        if self.read_shut:
            mask |= pollable.IN | pollable.RDHUP | (pollable.HUP if self.write_shut else 0)
        return mask | pollable.ERR if self.endpoint.error or self.endpoint.reports else mask

    def poll_watched(self):
        """Notify the watchers as well, while there are any."""
        self.endpoint.on_readable = self._readable if self._watchers else self.readers.wake_all

    def _readable(self):
        self.readers.wake_all()
        self.poll_changed()

    def error(self):
        """Return and clear the pending error (SO_ERROR)."""
        error, self.endpoint.error = self.endpoint.error, 0
        return error

    def _raise_error(self):
        error = self.error()
        if error:
            raise oserror(error)

    def shutdown(self, how):
        """SHUT_WR: no datagram can be sent; SHUT_RD: receiving does not wait. Without a peer this raises
        an error, but has its effect, as on Linux."""
        self.check_open()
        self.write_shut = self.write_shut or how != SHUT_RD
        self.read_shut = self.read_shut or how != SHUT_WR
        self.readers.wake_all()
        self.poll_changed()
        if self.endpoint.peer is None:
            raise oserror(ENOTCONN)
