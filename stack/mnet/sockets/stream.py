# stream.py - a TCP socket: what the user asks, when it must wait, and what it is told (RFC 9293 3.9.1 in the
# words of POSIX).
from mkernel import pollable, scheduler
from mkernel.errors import oserror
from mkernel.scheduler import Waiters, deadline_after

from .. import interface
from ..address import is_any
from ..address6 import format_address
from ..errors import (
    EADDRNOTAVAIL,
    EAGAIN,
    EALREADY,
    EBADF,
    EINPROGRESS,
    EINVAL,
    EISCONN,
    ENETUNREACH,
    ENOTCONN,
    EPIPE,
)
from ..limits import TCP_BACKLOG
from ..tcp import urgent, user
from ..tcp.settings import Settings
from ..tcp.states import CLOSED, SYN_RCVD, SYN_SENT
from .families import agreed, covered
from .names import SHUT_RD, SHUT_WR
from .waiting import NOW, breathe, wait


class Stream(pollable.Pollable):
    """The state behind a SOCK_STREAM socket: nothing yet, listeners, or one connection."""

    def __init__(self, family, tcb=None):
        self.family = family
        self.tcb = tcb
        self.local = (family.any, 0)
        self.scope = 0  # the number of the only interface, 0 for any
        self.listeners = []
        self.closed = False
        self.read_shut = False
        self.readers = Waiters()
        self.writers = Waiters()
        self.poll_watched()
        self.settings = tcb.settings if tcb else Settings()
        self.linger = None  # seconds after close; None: as long as it takes, without waiting

    # Opening

    def bind(self, address, port, scope=0):
        """Remember the local end; whether the port is free shows at listen()."""
        if self.tcb or self.listeners or self.local[1]:
            raise oserror(EINVAL, "already bound")
        if scope and not covered(interface.scoped(scope)[0], address):
            raise oserror(EADDRNOTAVAIL, format_address(address))
        self.local = (address, port)
        self.scope = scope

    def listen(self, backlog):
        """Take connections on every interface the address covers."""
        if self.tcb:
            raise oserror(EINVAL, "a connected socket cannot listen")
        backlog = min(max(backlog, 1), TCP_BACKLOG)
        address, port = self.local
        if self.listeners:
            for listener in self.listeners:
                listener.backlog = backlog
            return
        for running in interface.scoped(self.scope):
            if covered(running, address):
                listener = running.tcp.listen(address, port, backlog, self.settings)
                if isinstance(listener, int):
                    self._unlisten()
                    raise oserror(-listener, "port %d" % port)
                listener.on_readable = self._wake_readers
                self.listeners.append(listener)
                port = listener.port
        if not self.listeners:
            raise oserror(ENETUNREACH, "no network to listen on")
        self.local = (address, port)

    def accept(self, deadline):
        """The next established connection as a Stream."""
        while True:
            self._check_open()
            if not self.listeners:
                raise oserror(EINVAL, "accept() needs listen()")
            for listener in self.listeners:
                tcb = listener.accept()
                if tcb is not None:
                    breathe()
                    stream = Stream(self.family, tcb)
                    stream.local = (tcb.local, tcb.lport)
                    return stream
            wait(self.readers, deadline)

    def connect(self, address, port, scope, deadline):
        """Open a connection and wait for it."""
        self._check_open()
        if self.tcb is None:
            self._open(address, port, scope)
            if deadline == NOW:
                raise oserror(EINPROGRESS)
        elif self.tcb.state not in (SYN_SENT, SYN_RCVD, CLOSED):
            raise oserror(EISCONN)
        elif deadline == NOW and self.tcb.state != CLOSED:
            raise oserror(EALREADY)
        try:
            while self.tcb.state in (SYN_SENT, SYN_RCVD):
                self.tcb.on_writable = self._wake_writers
                wait(self.writers, deadline)
                self._check_open()
        except OSError:
            if self.tcb is not None:
                user.abort(self.tcb, scheduler.now())
                self.tcb = None
            raise
        if self.tcb.state == CLOSED:
            error, self.tcb = self.tcb.error, None
            raise oserror(error or ENOTCONN)

    def _open(self, address, port, scope):
        scope = agreed(scope, self.scope)
        found = interface.route(address, self.local[0], scope)
        if found is None:
            raise oserror(ENETUNREACH, format_address(address))
        if self.listeners:
            raise oserror(EISCONN, "a listening socket cannot connect")
        settings, (local, lport) = self.settings, self.local
        sizes = settings.snd_buf, settings.rcv_buf
        source = None if is_any(local) else local
        tcb = found.tcp.connect(address, port, lport, *sizes, scheduler.now(), source, settings=settings)
        if isinstance(tcb, int):
            raise oserror(-tcb)
        self.tcb = tcb
        self.scope = scope
        self.local = (tcb.local, tcb.lport)
        self.poll_watched()

    # Text

    def recv_into(self, buf, n, deadline):
        """Up to n bytes into buf; 0 at the end of the stream."""
        tcb = self._wait_readable(deadline)
        got = user.receive(tcb, buf, 0, n, scheduler.now()) if not self.read_shut else 0
        if not got and tcb.state == CLOSED:
            self._raise_error(tcb)
        return got

    def recv(self, n, deadline):
        """Up to n bytes; b"" at the end of the stream."""
        tcb = self._wait_readable(deadline)
        buf = bytearray(min(n, tcb.rx.head - tcb.rx.tail))
        got = user.receive(tcb, buf, 0, len(buf), scheduler.now()) if not self.read_shut else 0
        if not got and tcb.state == CLOSED:
            self._raise_error(tcb)
        return bytes(buf if got == len(buf) else buf[:got])  # reading stops at an urgent mark

    def recv_urgent(self):
        """MSG_OOB: the urgent byte. OSError(EINVAL) if there is none, EAGAIN if it is still on its way."""
        self._check_open()
        byte = urgent.take(self._connected())
        if byte is None:
            raise oserror(EINVAL, "no urgent byte")
        if byte < 0:
            raise oserror(EAGAIN)
        return bytes((byte,))

    def at_mark(self):
        """Whether all before the urgent mark was read, and nothing behind it."""
        mark = self._connected().urgent
        return mark is not None and mark.at == self.tcb.rx.tail

    def send(self, data, off, n, deadline, urgently=False):
        """Queue up to n bytes of data[off:]; waits while there is room for none. Returns how many."""
        while True:
            tcb = self._writable_tcb(deadline)
            sent = user.send(tcb, data, off, n, scheduler.now(), urgently)
            if sent or not n:
                breathe()
                return sent
            tcb.on_writable = self._wake_writers
            wait(self.writers, deadline)
            if self.writers.empty and not self._watchers:
                tcb.on_writable = None

    def _opened(self, deadline):
        """The connection; what is asked of one that is still being opened waits (RFC 9293 3.10.2, 3.10.3)."""
        self._check_open()
        while self.tcb is not None and self.tcb.state in (SYN_SENT, SYN_RCVD):
            self.tcb.on_writable = self._wake_writers
            wait(self.writers, deadline)
            self._check_open()
        return self._connected()

    def _wait_readable(self, deadline):
        tcb = self._opened(deadline)
        if user.readable(tcb) or self.read_shut:
            breathe()
            return tcb
        while not user.readable(tcb) and not self.read_shut:
            tcb.on_readable = self._wake_readers
            wait(self.readers, deadline)
            self._check_open()
        if self.readers.empty and not self._watchers:
            tcb.on_readable = None
        return tcb

    def _writable_tcb(self, deadline):
        tcb = self._opened(deadline)
        if tcb.state == CLOSED:
            self._raise_error(tcb)
        if tcb.state == CLOSED or tcb.fin_seq >= 0:
            raise oserror(EPIPE)
        return tcb

    # Closing

    def shutdown(self, how):
        """Half close: SHUT_WR says that no more will be sent, SHUT_RD that no more is wanted."""
        self._check_open()
        tcb = self._connected()
        if tcb.state == CLOSED:
            raise oserror(ENOTCONN)
        if how != SHUT_RD:
            user.shutdown(tcb, scheduler.now())
            self._wake_writers()
        if how != SHUT_WR:
            self.read_shut = True
            self._wake_readers()

    def close(self):
        """Give everything back. Whoever waits in another fiber gets EBADF."""
        if self.closed:
            return
        self.closed = True
        self._unlisten()
        if self.tcb is not None:
            if self.linger == 0:
                user.abort(self.tcb, scheduler.now())
            else:
                user.shut_and_forget(self.tcb, scheduler.now())
                if self.linger:
                    self._linger(deadline_after(self.linger))
        self._wake_readers()
        self._wake_writers()
        self.poll_changed()

    def _linger(self, deadline):
        """Wait until the peer has all that was sent; if that takes too long it goes on without us."""
        tcb = self.tcb
        try:
            while tcb.state != CLOSED and not tcb.fin_acked:
                tcb.on_writable = self.writers.wake_all
                wait(self.writers, deadline)
        except OSError:
            tcb.on_writable = None

    def _unlisten(self):
        for listener in self.listeners:
            listener.tcp.unlisten(listener, scheduler.now())
        self.listeners = []

    # Telling

    def sockname(self):
        """(address, port) of our end."""
        return self.local

    def peername(self):
        """(address, port) of the other end."""
        tcb = self._connected()
        if tcb.state == CLOSED:
            raise oserror(ENOTCONN)
        return tcb.remote, tcb.rport

    def poll_mask(self):
        """What can be done now without waiting (mkernel.pollable)."""
        tcb = self.tcb
        if self.closed:
            return pollable.NVAL
        if self.listeners:
            return pollable.IN if any(listener.accept_queue for listener in self.listeners) else 0
        if tcb is None:
            return pollable.OUT | pollable.HUP
        mask = pollable.IN if self.read_shut or user.readable(tcb) else 0
        if tcb.state == CLOSED or tcb.fin_seq >= 0 or user.writable(tcb):
            mask |= pollable.OUT
        if tcb.urgent is not None and urgent.pending(tcb):
            mask |= pollable.PRI
        if tcb.state == CLOSED:
            mask |= pollable.HUP
        return mask | pollable.ERR if tcb.error and tcb.state == CLOSED else mask

    def poll_watched(self):
        """Have TCP tell the watchers too, for as long as there are any."""
        self._wake_readers = self._readable if self._watchers else self.readers.wake_all
        self._wake_writers = self._writable if self._watchers else self.writers.wake_all
        for listener in self.listeners:
            listener.on_readable = self._wake_readers
        if self.tcb is not None:
            self.tcb.on_readable = self._wake_readers if self._watchers or not self.readers.empty else None
            self.tcb.on_writable = self._wake_writers if self._watchers or not self.writers.empty else None

    def _readable(self):
        self.readers.wake_all()
        self.poll_changed()

    def _writable(self):
        self.writers.wake_all()
        self.poll_changed()

    def error(self):
        """SO_ERROR: the pending error, which is then forgotten."""
        if self.tcb is None:
            return 0
        error, self.tcb.error = self.tcb.error, 0
        return error

    def _raise_error(self, tcb):
        """What ended the connection is told once."""
        error, tcb.error = tcb.error, 0
        if error:
            raise oserror(error)

    def _check_open(self):
        if self.closed:
            raise oserror(EBADF)

    def _connected(self):
        tcb = self.tcb
        if tcb is None or tcb.state in (SYN_SENT, SYN_RCVD):
            raise oserror(ENOTCONN)
        return tcb

    def choose(self, name, value):
        """A socket option; a listening socket hands it on to those it accepts."""
        self.settings = self.settings.but(name, value)
        for listener in self.listeners:
            listener.settings = self.settings
        if self.tcb is not None and self.tcb.state != CLOSED:
            user.choose(self.tcb, self.settings, scheduler.now())
