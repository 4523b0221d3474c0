# datagram.py - a UDP socket (RFC 768, RFC 1122 4.1).
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
    ENOTCONN,
    EOPNOTSUPP,
)
from ..udp.endpoint import Endpoint
from .families import agreed, covered
from .groups import Memberships
from .waiting import breathe, wait


class Datagram(pollable.Pollable):
    """The state behind a SOCK_DGRAM socket: one endpoint, bound on every interface its address covers."""

    listeners = ()

    def __init__(self, family):
        self.family = family
        self.endpoint = Endpoint()
        self.may_broadcast = False
        self.ttl = self.tos = 0
        self.memberships = Memberships()
        self.local = (family.any, 0)
        self.bound = []
        self.scope = 0  # the number of the only interface, 0 for any
        self.closed = False
        self.readers = Waiters()
        self.poll_watched()

    def table(self, running):
        """Where an interface keeps such endpoints."""
        return running.udp

    def bind(self, address, port, scope=0):
        """Take the port, or some unused one if it is 0."""
        if self.bound:
            raise oserror(EINVAL, "already bound")
        self.endpoint.local = address
        for running in interface.scoped(scope):
            if covered(running, address):
                table = self.table(running)
                taken = table.bind(self.endpoint, port)
                if taken < 0:
                    self._unbind()
                    raise oserror(-taken, "port %d" % port)
                self.bound.append(table)
                port = taken
        if not self.bound:
            if interface.running:
                raise oserror(EADDRNOTAVAIL, format_address(address))
            raise oserror(ENETUNREACH, "no network to bind to")
        self.local = (address, port)
        self.scope = scope

    def connect(self, address, port, scope, deadline):
        """Talk to this peer only, from the address that is used towards it."""
        self._check_open()
        scope = agreed(scope, self.scope)
        found = self._route(address, scope)
        if not self.bound:
            self.bind(self.family.any, 0, scope)
        self.scope = scope
        if is_any(self.local[0]):
            self.local = (found.stack.ip_of(address).source(address, scheduler.now()), self.local[1])
            self.endpoint.local = self.local[0]
        self.endpoint.peer = (address, port)

    def recvfrom(self, deadline):
        """The next datagram: (data, address, port)."""
        while True:
            self._check_open()
            self._raise_error()
            datagram = self.endpoint.take()
            if datagram is not None:
                breathe()
                return datagram
            wait(self.readers, deadline)

    def send(self, data):
        """Send one datagram to the peer. Returns its length."""
        self._check_open()
        if self.endpoint.peer is None:
            raise oserror(EDESTADDRREQ)
        return self.sendto(data, *self.endpoint.peer)

    def sendto(self, data, address, port, scope=0):
        """Send one datagram. Returns its length."""
        self._check_open()
        self._raise_error()
        if not port:
            raise oserror(EINVAL, "port 0")
        found = self._route(address, agreed(scope, self.scope))
        if not self.bound:
            self.bind(self.family.any, 0)
        table = self.table(found)
        if len(data) > table.max_data():
            raise oserror(EMSGSIZE, "at most %d bytes" % table.max_data())
        now = scheduler.now()
        ip = found.stack.ip_of(address)
        source = self._source() or self.endpoint.answers_from(address, port)
        if not ip.is_ours(source):
            source = None
        # a device without room loses it, and counts: a datagram has no right to arrive
        ttl = self.memberships.ttl if is_group(address) else self.ttl
        table.output(self.local[1], address, port, data, now, source, ttl, self.tos)
        if self.memberships.loop and (address in ip.groups or ip.is_broadcast(address)):
            table.loop(source or ip.source(address, now), self.local[1], address, port, bytes(data))
        breathe()
        return len(data)

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
            self._unbind()
            self.memberships.leave_all()
            self.readers.wake_all()
            self.poll_changed()

    def _unbind(self):
        for table in self.bound:
            table.unbind(self.endpoint, self.local[1])
        self.bound = []

    def sockname(self):
        """(address, port) of our end."""
        return self.local

    def peername(self):
        """(address, port) of the other end."""
        if self.endpoint.peer is None:
            raise oserror(ENOTCONN)
        return self.endpoint.peer

    def poll_mask(self):
        """What can be done now without waiting (mkernel.pollable): datagrams are sent or dropped at once."""
        if self.closed:
            return pollable.NVAL
        mask = pollable.OUT | pollable.IN if self.endpoint.queue else pollable.OUT
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
        """Nothing to shut."""
        raise oserror(ENOTCONN if self.endpoint.peer is None else EOPNOTSUPP)

    def _check_open(self):
        if self.closed:
            raise oserror(EBADF)
