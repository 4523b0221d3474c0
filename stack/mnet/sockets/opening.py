# opening.py - a TCP socket until it is connected: bind(), listen(), accept(), connect() (RFC 9293 3.9.1.1).
from mkernel import scheduler
from mkernel.errors import oserror

from ..address import is_any
from ..address6 import format_address
from ..errors import (
    EADDRNOTAVAIL,
    EALREADY,
    ECONNABORTED,
    EINPROGRESS,
    EINVAL,
    EISCONN,
    ENETUNREACH,
    ENOTCONN,
)
from ..limits import TCP_BACKLOG
from ..tcp.states import CLOSED, SYN_RCVD, SYN_SENT
from .families import agreed, available
from .waiting import NOW, Description, wait, yield_if_due


class Opening(Description):
    """The opening of a Stream, which has its `host`, `family`, `settings`, `tcb`, `readers` and `writers`."""

    # What few sockets have: an idle connection should be small.
    bound = None  # (address, port), after bind(); None: that of the connection
    connecting = False  # the outcome of connect() is not reported yet
    scope = 0  # the number of the only interface, 0 for any
    binding = None
    listener = None

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

    def _connected(self):
        tcb = self.tcb
        if tcb is None or tcb.state == SYN_SENT or tcb.state == SYN_RCVD:
            raise oserror(ENOTCONN)
        return tcb
