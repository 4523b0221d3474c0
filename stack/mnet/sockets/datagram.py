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
    EBADF,
    EDESTADDRREQ,
    EINVAL,
    EMSGSIZE,
    ENETUNREACH,
    ENOBUFS,
    ENOTCONN,
    EPIPE,
)
from ..limits import SECOND
from ..runner import current
from ..udp.endpoint import Endpoint
from .families import agreed, available
from .groups import Memberships
from .names import SHUT_RD, SHUT_WR
from .waiting import breathe, wait

_HEADER = const(8)  # UDP's, and that of an echo request


class Datagram(pollable.Pollable):
    """The state behind a SOCK_DGRAM socket: one endpoint of `table`."""

    listener = None
    read_shut = write_shut = False

    def __init__(self, family):
        self.host = current().host
        self.table = self.protocol(self.host)
        self.family = family
        self.endpoint = Endpoint()
        self.may_broadcast = False
        self.ttl = self.tos = 0
        self.memberships = Memberships(self.host)
        self.local = (family.any, 0)
        self.bound = False
        self.scope = 0  # the number of the only interface, 0 for any
        self.users = 0  # of mkernel.files
        self.closed = False
        self.readers = Waiters()
        self.writers = Waiters()
        self.route = None  # to the peer
        self.found = 0  # when the route was looked up
        self.last = None  # (Route, length) of the datagram that was sent or refused last
        self.link = None  # whose on_room() we wait for
        self.poll_watched()

    def protocol(self, host):
        """What keeps such endpoints."""
        return host.udp

    def bind(self, address, port, scope=0):
        """Take the port, or an unused one if it is 0."""
        self.check_open()
        if self.bound:
            raise oserror(EINVAL, "already bound")
        if not available(self.host, address, scope):
            raise oserror(EADDRNOTAVAIL, format_address(address))
        endpoint = self.endpoint
        endpoint.local, endpoint.interface = address, self.host.interface(scope)
        taken = self.table.bind(endpoint, port)
        if taken < 0:
            raise oserror(-taken, "port %d" % port)
        try:
            self.local = (address, taken)
        except MemoryError:
            self.table.unbind(endpoint, taken)
            raise
        self.bound = True
        self.scope = scope

    def connect(self, address, port, scope, deadline):
        """Send to this peer only and hear only it, from the source address that is used towards it."""
        self.check_open()
        scope = agreed(scope, self.scope)
        route = self._find(address, port, scope)
        if not self.bound:
            self.bind(self.family.any, 0, scope)
        self.scope = scope
        if is_any(self.local[0]):
            self.local = (route.source, self.local[1])
            self.endpoint.local = route.source
        self.endpoint.peer = (address, port)
        self.route = route
        self.last = (route, 0)

    def recvfrom(self, deadline, peek=False):
        """The next datagram: (data, address, port); `peek`: it stays. After SHUT_RD what is queued, and then
        for who would wait for ever b"" from nobody."""
        while True:
            self.check_open()
            self._raise_error()
            datagram = self.endpoint.peek() if peek else self.endpoint.take()
            if datagram is not None:
                breathe()
                return datagram
            if self.read_shut and deadline is None:
                return b"", None, 0
            wait(self.readers, deadline)

    def send(self, data, deadline=None):
        """Send one datagram to the peer. Returns its length."""
        self.check_open()
        if self.endpoint.peer is None:
            raise oserror(EDESTADDRREQ)
        return self.sendto(data, *self.endpoint.peer, 0, deadline)

    def sendto(self, data, address, port, scope=0, deadline=None):
        """Send one datagram. Returns its length. Waits for room in the device and, while the next hop is
        being resolved, in its queue."""
        while True:
            self.check_open()
            self._raise_error()
            if self.write_shut:
                raise oserror(EPIPE)
            if not port:
                raise oserror(EINVAL, "port 0")
            route = self._route(address, port, scope)
            if not self.bound:
                self.bind(self.family.any, 0)
            limit = self.table.max_data()
            if len(data) > limit:
                raise oserror(EMSGSIZE, "at most %d bytes" % limit)
            self.last = (route, len(data))
            if self._has_room():
                break
            wait(self.writers, deadline)
        self._output(route, data, port)
        breathe()
        return len(data)

    def _output(self, route, data, port):
        """Send by a route that has room."""
        memberships = self.memberships
        group = route.hop is None
        ttl = memberships.ttl if group and not route.broadcast else self.ttl
        if not self.table.output(route, self.local[1], port, data, scheduler.now(), ttl, self.tos):
            raise oserror(ENOBUFS, format_address(route.dst))
        if group and memberships.loop and (route.broadcast or route.dst in route.ip.groups):
            self.table.loop(route, self.local[1], port, bytes(data))

    def _has_room(self):
        """Whether one more datagram as the last one can be sent now. If not, on_room() will be called."""
        route, length = self.last
        ip = route.ip
        if ip.takes(route, length + _HEADER, scheduler.now()):
            return True
        if self.link is not ip.link:
            self._forget_link()
            ip.link.waiting.append(self)
            self.link = ip.link
        return False

    def on_room(self):
        """There may be room in a device, or in a neighbour's queue."""
        self.link = None
        self.writers.wake_all()
        self.poll_changed()

    def _forget_link(self):
        if self.link is not None:
            self.link.waiting.remove(self)
            self.link = None

    def _route(self, address, port, scope):
        """The Route to `address`: that of the peer is looked up again when routes have changed, and every
        second, because what routers advertise ends."""
        route = self.route
        if route is None or self.endpoint.peer != (address, port):
            return self._find(address, port, agreed(scope, self.scope))
        now = scheduler.now()
        if route.generation != self.host.routes.generation or now - self.found >= SECOND:
            route = self.route = self._find(address, port, self.scope)
        return route

    def _find(self, address, port, scope):
        """Look up the Route to `address`. A broadcast needs SO_BROADCAST."""
        now = scheduler.now()
        interface = self.host.interface(scope)
        local = self.local[0]
        source = None if is_any(local) or is_group(local) else local
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
        self.found = now
        return route

    def close(self):
        """Give the port back. Whoever waits in another fiber gets EBADF."""
        if not self.closed:
            self.closed = True
            if self.bound:
                self.table.unbind(self.endpoint, self.local[1])
            self.memberships.leave_all()
            self._forget_link()
            self.readers.wake_all()
            self.writers.wake_all()
            self.poll_changed()

    def sockname(self):
        """(address, port) of our end."""
        return self.local

    def peername(self):
        """(address, port) of the other end."""
        if self.endpoint.peer is None:
            raise oserror(ENOTCONN)
        return self.endpoint.peer

    def poll_mask(self):
        """What can be done now without waiting (mkernel.pollable). A datagram can be sent if one as the last
        could be."""
        if self.closed:
            return pollable.NVAL
        mask = pollable.IN if self.endpoint.queue else 0
        if self.last is None or self._has_room():
            mask |= pollable.OUT
        if self.read_shut:
            mask |= pollable.IN | pollable.RDHUP | (pollable.HUP if self.write_shut else 0)
        return mask | pollable.ERR if self.endpoint.error else mask

    def poll_watched(self):
        """Tell the watchers too, for as long as there are any."""
        self.endpoint.on_readable = self._readable if self._watchers else self.readers.wake_all

    def _readable(self):
        self.readers.wake_all()
        self.poll_changed()

    def error(self):
        """SO_ERROR: the pending error, which is then forgotten."""
        error, self.endpoint.error = self.endpoint.error, 0
        return error

    def _raise_error(self):
        error = self.error()
        if error:
            raise oserror(error)

    def shutdown(self, how):
        """SHUT_WR: nothing can be sent; SHUT_RD: nobody waits. Without a peer that is an error, and yet it is
        done, as on Linux."""
        self.check_open()
        self.write_shut = self.write_shut or how != SHUT_RD
        self.read_shut = self.read_shut or how != SHUT_WR
        self.readers.wake_all()
        self.poll_changed()
        if self.endpoint.peer is None:
            raise oserror(ENOTCONN)

    def check_open(self):
        if self.closed:
            raise oserror(EBADF)
