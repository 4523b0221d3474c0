# listener.py - the state LISTEN: connections that are coming and those that wait for accept().


class Listener:
    """A listening port. `half_open` counts SYN-RECEIVED, `ready` holds what accept() takes; together at most
    `backlog`."""

    def __init__(self, tcp, address, port, backlog, options):
        self.tcp = tcp
        self.address = address  # 0: any of ours
        self.port = port
        self.backlog = backlog
        self.options = options  # (send buffer, receive buffer, nodelay) of accepted connections
        self.half_open = 0
        self.ready = []
        self.on_readable = None

    def full(self):
        """Whether a SYN must be ignored: its sender tries again."""
        return self.half_open + len(self.ready) >= self.backlog

    def completed(self, tcb):
        """The handshake is over: hand it to accept()."""
        self.half_open -= 1
        self.ready.append(tcb)
        tcb.listener = None
        if self.on_readable is not None:
            self.on_readable()

    def accept(self):
        """The oldest established connection, or None."""
        return self.ready.pop(0) if self.ready else None
