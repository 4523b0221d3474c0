# stream.py - a TCP socket: blocking calls, readiness and errors (RFC 9293 3.9.1 in the terms of POSIX).
from mkernel import pollable, scheduler
from mkernel.errors import oserror
from mkernel.scheduler import Waiters, deadline_after

from ..address import is_any
from ..address6 import format_address
from ..errors import (
    EADDRNOTAVAIL,
    EAGAIN,
    EALREADY,
    ECONNABORTED,
    EINPROGRESS,
    EINVAL,
    EISCONN,
    ENETUNREACH,
    ENOTCONN,
    EPIPE,
)
from ..limits import TCP_BACKLOG
from ..runner import current
from ..tcp import urgent, user
from ..tcp.states import CLOSE_WAIT, CLOSED, ESTABLISHED, SYN_RCVD, SYN_SENT, TIME_WAIT
from ..wire.primitives import ring_get
from .families import agreed, available
from .names import SHUT_RD, SHUT_WR
from .waiting import NOW, Description, wait, yield_if_due


class Stream(Description):
    """The state behind a SOCK_STREAM socket: unconnected, a listener, or one connection."""

    # What few sockets have: an idle connection should be small.
    bound = None  # (address, port), after bind(); None: that of the connection
    connecting = False  # the outcome of connect() is not reported yet
    scope = 0  # the number of the only interface, 0 for any
    binding = None
    listener = None
    read_shut = False
    linger = None  # SO_LINGER in seconds; None: close() does not wait

    def __init__(self, family):
        self.host = current().host
        self.family = family
        self.tcb = None
        self.users = 0
        self.closed = False  # an attribute of its own: close() needs no memory
        self.readers = Waiters()
        self.writers = Waiters()
        self.poll_watched()
        self.settings = self.host.tcp.settings

    # Opening

    def bind(self, address, port, scope=0):
        """Bind to a port, an unused one if it is 0."""
        self.check_open()
        if self.binding or self.listener or self.tcb is not None and self.tcb.state != CLOSED:
            raise oserror(EINVAL, "already bound")
        if not available(self.host, address, scope):
            raise oserror(EADDRNOTAVAIL, format_address(address))
        self._bind(address, port)
        if scope != self.scope:
            self.scope = scope

    def _bind(self, address, port):
        self.binding = self.bound = None  # the attributes first: new ones need memory
        binding = self.host.tcp.bindings.bind(address, port, self.settings)
        if isinstance(binding, int):
            raise oserror(-binding, "port %d" % port)
        self.binding = binding
        try:
            self.bound = (address, binding.port)
        except MemoryError:
            self._unbind()
            raise

    def _unbind(self):
        """Release the port; needs no memory."""
        if self.binding is not None:
            self.binding.owner.unbind(self.binding)
            self.binding = None

    def listen(self, backlog):
        """Listen on every interface that the address covers, including those that start later."""
        self.check_open()
        if self.tcb:
            raise oserror(EINVAL, "a connected socket cannot listen")
        backlog = min(max(backlog, 1), TCP_BACKLOG)
        address, port = self.sockname()
        if self.listener is not None:
            self.listener.backlog = backlog
            return
        if self.binding is None:
            self._bind(address, port)
        self.listener = None  # the attribute first
        listener = self.host.tcp.listen(address, self.binding.port, backlog, self.settings, self.binding)
        if isinstance(listener, int):
            raise oserror(-listener, "port %d" % self.binding.port)
        self.listener = listener
        listener.interface = self.device
        listener.on_readable = self._wake_readers

    def acceptable(self, deadline):
        """Wait for an established connection. Returns the listener whose accept queue has it."""
        yield_if_due()
        while True:
            self.check_open()
            if self.listener is None:
                raise oserror(EINVAL, "accept() needs listen()")
            if self.listener.accept_queue:
                return self.listener
            wait(self.readers, deadline, self.receive_limit)

    def adopt(self, listener, family):
        """Take the first connection of the accept queue. MemoryError: it stays there."""
        tcb = listener.accept_queue[0]
        self.family = family
        self.settings = tcb.settings
        self.tcb = listener.accept()

    def connect(self, address, port, scope, deadline):
        """Open a connection and wait for it. As on Linux the attempt continues after EINPROGRESS and after
        a timeout, and the next call after its end reports the outcome, once."""
        self.check_open()
        if self.listener is not None:
            raise oserror(EISCONN, "a listening socket cannot connect")
        if not self.connecting:
            if self.tcb is not None:
                raise oserror(EISCONN)
            self.connecting = False  # the attribute first
            self._open(address, port, scope)
            self.connecting = True
            if deadline == NOW:
                raise oserror(EINPROGRESS)
        elif self._is_opening() and deadline is not None:
            raise oserror(EALREADY)
        elif not self._is_opening():
            self.connecting = False
            return self._check_opened(ECONNABORTED)
        self._wait_opened(deadline)
        if deadline is not None:  # CPython waits with poll(): on Linux the outcome is still unreported
            if self.tcb is None:
                raise oserror(ENOTCONN)
            return self._raise_error(self.tcb)
        self.connecting = False
        self._check_opened(ENOTCONN)

    def _is_opening(self):
        tcb = self.tcb
        return tcb is not None and (tcb.state == SYN_SENT or tcb.state == SYN_RCVD)

    def _wait_opened(self, deadline):
        while self._is_opening():
            self.tcb.on_writable = self._wake_writers
            wait(self.writers, deadline)
            self.check_open()

    def _check_opened(self, unknown):
        """Raise the error of a failed attempt, `unknown` if it was already reported, and reset the socket."""
        tcb = self.tcb
        if tcb is None or tcb.state == CLOSED:
            error = tcb.error if tcb is not None else 0
            self._unopened()
            raise oserror(error or unknown)

    def _unopened(self):
        """Handle the end of an attempt: release the port unless bind() took it."""
        self.tcb = None
        if self.binding is None and self.bound is not None:
            self.bound = None

    def _open(self, address, port, scope):
        scope = agreed(scope, self.scope)
        local, lport = self.sockname()
        now = scheduler.now()
        route = self.host.route(address, now, None if is_any(local) else local, self.host.interface(scope))
        if route is None:
            raise oserror(ENETUNREACH, format_address(address))
        tcb = self.host.tcp.connect(route, port, lport, self.settings, now)
        if isinstance(tcb, int):
            raise oserror(-tcb)
        self.tcb = tcb
        if scope != self.scope:
            self.scope = scope
        if self.bound is not None:
            self.bound = (tcb.local, tcb.lport)
        self.poll_watched()

    # Data

    def recv_into(self, buf, n, deadline):
        """Receive up to n bytes into buf; 0 at the end of the stream."""
        tcb = self._wait_readable(deadline)
        got = user.receive(tcb, buf, 0, n, scheduler.now())
        if not got and tcb.state == CLOSED:
            self._raise_error(tcb)
        return got

    def recv(self, n, deadline):
        """Return up to n bytes; b"" at the end of the stream."""
        tcb = self._wait_readable(deadline)
        buf = bytearray(min(n, tcb.rx.head - tcb.rx.tail))
        got = user.peek(tcb, buf, 0, len(buf))
        data = bytes(buf if got == len(buf) else buf[:got])  # reading stops at an urgent mark
        if got:  # not earlier: there may be no memory for `data`
            user.received(tcb, got, scheduler.now())
        elif tcb.state == CLOSED:
            self._raise_error(tcb)
        return data

    def peek(self, n, deadline):
        """Return data as recv() does, without consuming it (MSG_PEEK)."""
        rx = self._wait_readable(deadline).rx
        buf = bytearray(min(n, rx.head - rx.tail))
        if buf:
            ring_get(rx.buf, rx.tail, buf, 0, len(buf))
        return bytes(buf)

    def recv_urgent(self):
        """Return the urgent byte (MSG_OOB). OSError(EINVAL) if there is none, EAGAIN if it has not been
        received."""
        self.check_open()
        byte = urgent.take(self._connected())
        if byte is None:
            raise oserror(EINVAL, "no urgent byte")
        if byte < 0:
            raise oserror(EAGAIN)
        return bytes((byte,))

    def at_mark(self):
        """Whether exactly the data before the urgent mark was read."""
        mark = self._connected().urgent
        return mark is not None and mark.at == self.tcb.rx.tail

    def send(self, data, off, n, deadline, urgently=False):
        """Queue up to n bytes of data[off:]; wait while there is no room. Returns how many."""
        while True:
            tcb = self._writable_tcb(deadline)
            sent = user.send(tcb, data, off, n, scheduler.now(), urgently)
            if sent or not n:
                yield_if_due()
                return sent
            tcb.on_writable = self._wake_writers
            wait(self.writers, deadline, self.send_limit)
            if self.writers.empty and not self._watchers:
                tcb.on_writable = None

    def _opened(self, deadline):
        """Return the connection; wait while it is being opened (RFC 9293 3.10.2, 3.10.3)."""
        self.check_open()
        tcb = self.tcb
        if tcb is not None and tcb.state >= ESTABLISHED:
            return tcb
        self._wait_opened(deadline)
        return self._connected()

    def _wait_readable(self, deadline):
        tcb = self._opened(deadline)
        if user.readable(tcb) or self.read_shut:
            yield_if_due()
            return tcb
        while not user.readable(tcb) and not self.read_shut:
            tcb.on_readable = self._wake_readers
            wait(self.readers, deadline, self.receive_limit)
            self.check_open()
        if self.readers.empty and not self._watchers:
            tcb.on_readable = None
        return tcb

    def _writable_tcb(self, deadline):
        if self.tcb is None:
            self.check_open()
            raise oserror(EPIPE)
        tcb = self._opened(deadline)
        if tcb.state == CLOSED:
            self._raise_error(tcb)
        if tcb.state == CLOSED or tcb.fin_seq >= 0:
            raise oserror(EPIPE)
        return tcb

    # Closing

    def shutdown(self, how):
        """Close one or both directions: SHUT_WR sends a FIN, SHUT_RD discards received data."""
        self.check_open()
        if self.listener is not None or self._is_opening():
            return self._abandon(how)
        tcb = self.tcb
        if how != SHUT_WR:
            self.read_shut = True
            self._wake_readers()
        if tcb is None or tcb.state == CLOSED or tcb.state == TIME_WAIT:
            self._wake_readers()
            raise oserror(ENOTCONN)
        if how != SHUT_RD:
            user.shutdown(tcb, scheduler.now())
            self._wake_writers()

    def _abandon(self, how):
        """Stop a listener after SHUT_RD, or end an attempt to connect."""
        if self._is_opening():
            user.abort(self.tcb, scheduler.now())
            self.connecting = False
            self._unopened()
        elif how != SHUT_WR:
            self._unlisten()
        self._wake_readers()
        self._wake_writers()

    def close(self):
        """Close the socket; needs no memory. A waiting fiber gets EBADF."""
        if self.closed:
            return
        self.closed = True
        self._unlisten()
        self._unbind()
        tcb = self.tcb
        if tcb is not None:
            if self.linger == 0:
                user.abort(tcb, scheduler.now())
            else:
                user.close_and_release(tcb, scheduler.now())
        self._wake_readers()
        self._wake_writers()
        self.poll_changed()
        if tcb is not None and self.linger:
            self._linger(tcb)

    def _linger(self, tcb):
        """Wait until the peer has acknowledged everything; after the linger time the connection continues
        in the background."""
        try:
            deadline = deadline_after(self.linger)
            while tcb.state != CLOSED and not tcb.fin_acked:
                tcb.on_writable = self.writers.wake_all
                wait(self.writers, deadline)
        except Exception:  # a timeout or no memory: a tuple of the two would need memory
            tcb.on_writable = None

    def _unlisten(self):
        listener = self.listener
        if listener is not None:
            self.listener = None
            listener.tcp.unlisten(listener, scheduler.now())

    # State

    def sockname(self):
        """Return (address, port) of our end."""
        if self.bound is not None:
            return self.bound
        if self.tcb is not None:
            return self.tcb.local, self.tcb.lport
        return self.family.any, 0

    def unname(self):
        """Be bound to the wildcard address of the family, which has changed."""
        self.bound = None

    def peername(self):
        """Return (address, port) of the peer."""
        tcb = self._connected()
        if tcb.state in (CLOSED, TIME_WAIT):
            raise oserror(ENOTCONN)
        return tcb.remote, tcb.rport

    def poll_mask(self):
        """Return the events that are ready (mkernel.pollable)."""
        tcb = self.tcb
        if self.closed:
            return pollable.NVAL
        if self.listener is not None:
            return pollable.IN if self.listener.accept_queue else 0
        if tcb is None:
            return pollable.OUT | pollable.HUP
        mask = pollable.IN if self.read_shut or user.readable(tcb) else 0
        if self.read_shut or tcb.state == CLOSED or tcb.state >= CLOSE_WAIT:
            mask |= pollable.IN | pollable.RDHUP | (pollable.HUP if tcb.fin_seq >= 0 else 0)
        if tcb.state == CLOSED or tcb.fin_seq >= 0 or user.writable(tcb):
            mask |= pollable.OUT
        if tcb.urgent is not None and urgent.pending(tcb):
            mask |= pollable.PRI
        if tcb.state == CLOSED:
            mask |= pollable.HUP
        return mask | pollable.ERR if tcb.error and tcb.state == CLOSED else mask

    def poll_watched(self):
        """Have TCP notify the watchers as well, while there are any."""
        self._wake_readers = self._readable if self._watchers else self.readers.wake_all
        self._wake_writers = self._writable if self._watchers else self.writers.wake_all
        if self.listener is not None:
            self.listener.on_readable = self._wake_readers
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
        """Return and clear the pending error (SO_ERROR)."""
        if self.tcb is None:
            return 0
        error, self.tcb.error = self.tcb.error, 0
        return error

    def _raise_error(self, tcb):
        """Raise the error that ended the connection, once."""
        error, tcb.error = tcb.error, 0
        if error:
            raise oserror(error)

    def _connected(self):
        tcb = self.tcb
        if tcb is None or tcb.state == SYN_SENT or tcb.state == SYN_RCVD:
            raise oserror(ENOTCONN)
        return tcb

    def set_choice(self, name, value):
        """Set a socket option; accepted connections inherit it from a listener."""
        self.settings = self.settings.but(name, value)
        if self.binding is not None:
            self.binding.settings = self.settings
        if self.listener is not None:
            self.listener.settings = self.settings
        if self.tcb is not None and self.tcb.state != CLOSED:
            user.apply_settings(self.tcb, self.settings, scheduler.now())
