# datagram.py - a UDP socket (RFC 768, RFC 1122 4.1).
from mkernel import pollable, scheduler
from mkernel.errors import oserror
from mkernel.scheduler import Waiters

from .. import interface
from ..address import format_ipv4
from ..errors import EBADF, EDESTADDRREQ, EHOSTUNREACH, EINVAL, EMSGSIZE, ENETUNREACH, ENOTCONN, EOPNOTSUPP
from ..udp.endpoint import Endpoint
from .waiting import breathe, wait


class Datagram(pollable.Pollable):
    """The state behind a SOCK_DGRAM socket: one endpoint, bound on every interface its address covers."""

    listeners = ()

    def __init__(self):
        self.endpoint = Endpoint()
        self.local = (0, 0)
        self.bound = []
        self.closed = False
        self.readers = Waiters()
        self.poll_watched()

    def bind(self, address, port):
        """Take the port, or some unused one if it is 0."""
        if self.bound:
            raise oserror(EINVAL, "already bound")
        for running in interface.running:
            if address in (0, running.stack.ipv4.address):
                taken = running.udp.bind(self.endpoint, port)
                if taken < 0:
                    self._unbind()
                    raise oserror(-taken, "port %d" % port)
                self.bound.append(running.udp)
                port = taken
        if not self.bound:
            raise oserror(ENETUNREACH, "no network to bind to")
        self.local = (address, port)

    def connect(self, address, port, deadline):
        """Talk to this peer only."""
        self._check_open()
        if not self.bound:
            self.bind(0, 0)
        self.endpoint.peer = (address, port)

    def recvfrom(self, deadline):
        """The next datagram: (data, address, port)."""
        while True:
            self._check_open()
            datagram = self.endpoint.take()
            if datagram is not None:
                breathe()
                return datagram
            wait(self.readers, deadline)

    def sendto(self, data, address, port):
        """Send one datagram; without an address to the peer. Returns its length."""
        self._check_open()
        if not port:
            if self.endpoint.peer is None:
                raise oserror(EDESTADDRREQ)
            address, port = self.endpoint.peer
        found = interface.route(address, self.local[0])
        if found is None:
            raise oserror(ENETUNREACH, format_ipv4(address))
        if not self.bound:
            self.bind(0, 0)
        if len(data) > found.udp.max_data():
            raise oserror(EMSGSIZE, "at most %d bytes" % found.udp.max_data())
        if not found.udp.output(self.local[1], address, port, data, scheduler.now()):
            raise oserror(EHOSTUNREACH, format_ipv4(address))
        breathe()
        return len(data)

    def close(self):
        """Give the port back. Whoever waits in another fiber gets EBADF."""
        if not self.closed:
            self.closed = True
            self._unbind()
            self.readers.wake_all()
            self.poll_changed()

    def _unbind(self):
        for udp in self.bound:
            udp.unbind(self.endpoint, self.local[1])
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
        return pollable.OUT | pollable.IN if self.endpoint.queue else pollable.OUT

    def poll_watched(self):
        """Tell the watchers too, for as long as there are any."""
        self.endpoint.on_readable = self._readable if self._watchers else self.readers.wake_all

    def _readable(self):
        self.readers.wake_all()
        self.poll_changed()

    def error(self):
        """SO_ERROR."""
        return 0

    def shutdown(self, how):
        """Nothing to shut."""
        raise oserror(ENOTCONN if self.endpoint.peer is None else EOPNOTSUPP)

    def _check_open(self):
        if self.closed:
            raise oserror(EBADF)
