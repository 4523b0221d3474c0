# listener.py - LISTEN: the SYN queue and the accept queue of one port.


class Listener:
    """A listening port. `syn_queue` holds the connections in SYN-RECEIVED, `accept_queue` the established
    ones that accept() has not taken; each has room for `backlog` connections, as on Linux. SYNs beyond the
    SYN queue are answered with cookies (cookies.py)."""

    def __init__(self, tcp, address, port, backlog, settings, binding):
        self.tcp = tcp
        self.address = address  # local address; 0: any
        self.port = port
        self.backlog = backlog
        self.binding = binding
        self.settings = settings  # of accepted connections
        self.cookies_until = 0  # until when an ACK may complete a handshake without a TCB (SYN_COOKIES_LIFE)
        self.syn_queue = []
        self.accept_queue = []
        self.interface = None  # the only one that connections come from, None: any
        self.on_readable = None

    def syn_queue_full(self):
        """Whether a new SYN must be answered with a cookie."""
        return len(self.syn_queue) >= self.backlog

    def accept_queue_full(self):
        """Whether no more connections can wait for accept()."""
        return len(self.accept_queue) >= self.backlog

    def overflows(self):
        """Whether there is no room even for a peer that has proved its address. It may use a second
        `backlog` of places in the SYN queue until there is room in the accept queue."""
        return len(self.syn_queue) >= 2 * self.backlog

    def completed(self, tcb):
        """Move an established connection to the accept queue. MemoryError: nothing has changed."""
        self.accept_queue.append(tcb)  # first: there may be no memory for it
        self.syn_queue.remove(tcb)
        tcb.listener = None

    def notify(self):
        """Wake the tasks that wait in accept()."""
        if self.on_readable is not None:
            self.on_readable()

    def accept(self):
        """Take the oldest connection of the accept queue, or None."""
        return self.accept_queue.pop(0) if self.accept_queue else None
