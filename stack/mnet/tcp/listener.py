# listener.py - the state LISTEN: the SYN queue and the accept queue of one port.


class Listener:
    """A listening port. `syn_queue` holds the connections in SYN-RECEIVED, `accept_queue` the established
    ones that accept() has not taken; each has room for `backlog` connections, as on Linux. SYNs beyond the
    SYN queue are answered with cookies (cookies.py)."""

    def __init__(self, tcp, address, port, backlog, settings, binding):
        self.tcp = tcp
        self.address = address  # 0: any of ours
        self.port = port
        self.backlog = backlog
        self.binding = binding
        self.settings = settings  # of accepted connections
        self.cookies_until = 0  # how long ACKs of handshakes that have no TCB may arrive (SYN_COOKIES_LIFE)
        self.syn_queue = []
        self.accept_queue = []
        self.on_readable = None

    @property
    def half_open(self):
        """How many connections are in SYN-RECEIVED."""
        return len(self.syn_queue)

    def syn_queue_full(self):
        """Whether another SYN must be answered with a cookie."""
        return len(self.syn_queue) >= self.backlog

    def accept_queue_full(self):
        """Whether no more connections may wait for accept()."""
        return len(self.accept_queue) >= self.backlog

    def overflows(self):
        """Whether there is no place, either, for a peer that has proved its address. It may use a second
        `backlog` of places in the SYN queue while it waits for room in the accept queue."""
        return len(self.syn_queue) >= 2 * self.backlog

    def completed(self, tcb):
        """Move the connection, now open, to the accept queue. MemoryError: nothing has changed."""
        self.accept_queue.append(tcb)  # first: there may be no memory for it
        self.syn_queue.remove(tcb)
        tcb.listener = None

    def tell(self):
        """accept() has something to take."""
        if self.on_readable is not None:
            self.on_readable()

    def accept(self):
        """The oldest established connection, or None."""
        return self.accept_queue.pop(0) if self.accept_queue else None
