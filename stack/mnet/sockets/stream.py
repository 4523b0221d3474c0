# stream.py - a TCP socket: data, closing, readiness and errors (RFC 9293 3.9.1 in the terms of POSIX); its
# opening is in opening.py.
from mkernel import pollable, scheduler
from mkernel.errors import oserror
from mkernel.scheduler import Waiters, deadline_after

from ..errors import EAGAIN, EINVAL, ENOTCONN, EPIPE
from ..runner import current
from ..tcp import urgent, user
from ..tcp.states import CLOSE_WAIT, CLOSED, ESTABLISHED, TIME_WAIT
from ..wire.primitives import ring_get
from .names import SHUT_RD, SHUT_WR
from .opening import Opening
from .waiting import wait, yield_if_due


class Stream(Opening):
    """The state behind a SOCK_STREAM socket: unconnected, a listener, or one connection."""

    # What few sockets have: an idle connection should be small.
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

    def set_choice(self, name, value):
        """Set a socket option; accepted connections inherit it from a listener."""
        self.settings = self.settings.but(name, value)
        if self.binding is not None:
            self.binding.settings = self.settings
        if self.listener is not None:
            self.listener.settings = self.settings
        if self.tcb is not None and self.tcb.state != CLOSED:
            user.apply_settings(self.tcb, self.settings, scheduler.now())
