# datagram.py - a UDP socket (RFC 768, RFC 1122 4.1).
from micropython import const
from mkernel import pollable, scheduler
from mkernel.errors import oserror
from mkernel.scheduler import Waiters

from .. import interface
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
from ..udp.endpoint import Endpoint
from .families import agreed, covered
from .groups import Memberships
from .names import SHUT_RD, SHUT_WR
from .waiting import breathe, wait

_HEADER = const(8)  # UDP's, and that of an echo request


class Datagram(pollable.Pollable):
    """The state behind a SOCK_DGRAM socket: one endpoint, bound on every interface its address covers."""

    listeners = ()
    read_shut = write_shut = False

    def __init__(self, family):
        self.family = family
        self.endpoint = Endpoint()
        self.may_broadcast = False
        self.ttl = self.tos = 0
        self.memberships = Memberships()
        self.local = (family.any, 0)
        self.bound = []
        self.scope = 0  # the number of the only interface, 0 for any
        self.users = 0  # of mkernel.files
        self.closed = False
        self.readers = Waiters()
        self.writers = Waiters()
        self.last = None  # (ip, address, length) of the datagram that was sent or refused last
        self.link = None  # whose on_room() we wait for
        self.poll_watched()

    def table(self, running):
        """Where an interface keeps such endpoints."""
        return running.udp

    def bind(self, address, port, scope=0):
        """Take the port, or some unused one if it is 0."""
        self.check_open()
        if self.bound:
            raise oserror(EINVAL, "already bound")
        self.endpoint.local = address
        try:
            for running in interface.scoped(scope):
                if covered(running, address):
                    port = self._bind(self.table(running), port)
            self.local = (address, port)
        except BaseException:
            self._unbind(port)
            raise
        if not self.bound:
            if interface.running:
                raise oserror(EADDRNOTAVAIL, format_address(address))
            raise oserror(ENETUNREACH, "no network to bind to")
        self.scope = scope

    def _bind(self, table, port):
        taken = table.bind(self.endpoint, port)
        if taken < 0:
            raise oserror(-taken, "port %d" % port)
        try:
            self.bound.append(table)
        except MemoryError:
            table.unbind(self.endpoint, taken)
            raise
        return taken

    def connect(self, address, port, scope, deadline):
        """Talk to this peer only, from the address that is used towards it."""
        self.check_open()
        scope = agreed(scope, self.scope)
        found = self._route(address, scope)
        if not self.bound:
            self.bind(self.family.any, 0, scope)
        self.scope = scope
        if is_any(self.local[0]):
            self.local = (found.stack.ip_of(address).source(address, scheduler.now()), self.local[1])
            self.endpoint.local = self.local[0]
        self.endpoint.peer = (address, port)
        self.last = (found.stack.ip_of(address), address, 0)

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
            found = self._route(address, agreed(scope, self.scope))
            if not self.bound:
                self.bind(self.family.any, 0)
            limit = self.table(found).max_data()
            if len(data) > limit:
                raise oserror(EMSGSIZE, "at most %d bytes" % limit)
            self.last = (found.stack.ip_of(address), address, len(data))
            if self._has_room():
                break
            wait(self.writers, deadline)
        self._output(found, data, address, port)
        breathe()
        return len(data)

    def _output(self, found, data, address, port):
        """Send it by the interface `found`, which has room."""
        table, ip, now = self.table(found), found.stack.ip_of(address), scheduler.now()
        source = self._source() or self.endpoint.answers_from(address, port)
        if not ip.is_ours(source):
            source = None
        ttl = self.memberships.ttl if is_group(address) else self.ttl
        if not table.output(self.local[1], address, port, data, now, source, ttl, self.tos):
            raise oserror(ENOBUFS if ip.source(address, now) else ENETUNREACH, format_address(address))
        if self.memberships.loop and (address in ip.groups or ip.is_broadcast(address)):
            table.loop(source or ip.source(address, now), self.local[1], address, port, bytes(data))

    def _has_room(self):
        """Whether one more datagram as the last one can be sent now. If not, on_room() will be called."""
        ip, address, length = self.last
        if ip.takes(address, length + _HEADER, scheduler.now()):
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

    def _source(self):
        """The address that datagrams must come from, or None."""
        local = self.local[0]
        return None if is_any(local) or is_group(local) else local

    def _route(self, address, scope):
        """The interface that sends to `address`. Who sends to everybody must have said so."""
        source = self._source()
        if is_group(address) and self.memberships.interface:
            source = self.memberships.interface
        found = interface.route(address, source, scope)
        if found is None:
            raise oserror(ENETUNREACH, format_address(address))
        if not self.may_broadcast and found.stack.ip_of(address).is_broadcast(address):
            raise oserror(EACCES, "broadcasting needs SO_BROADCAST")
        return found

    def close(self):
        """Give the port back. Whoever waits in another fiber gets EBADF."""
        if not self.closed:
            self.closed = True
            self._unbind(self.local[1])
            self.memberships.leave_all()
            self._forget_link()
            self.readers.wake_all()
            self.writers.wake_all()
            self.poll_changed()

    def _unbind(self, port):
        while self.bound:
            self.bound.pop().unbind(self.endpoint, port)

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
