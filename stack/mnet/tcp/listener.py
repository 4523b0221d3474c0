# listener.py - the state LISTEN: connections that are coming and those that wait for accept().

from ..limits import TCP_HALF_OPEN


class Listener:
    """A listening port. `coming` holds those in SYN-RECEIVED, `ready` what accept() takes; together at most
    `backlog`, and as many more that cookies have let in."""

    def __init__(self, tcp, address, port, backlog, settings):
        self.tcp = tcp
        self.address = address  # 0: any of ours
        self.port = port
        self.backlog = backlog
        self.settings = settings  # of accepted connections
        self.cookies_until = 0  # cookies.py
        self.coming = []
        self.ready = []
        self.on_readable = None

    @property
    def half_open(self):
        """How many are in SYN-RECEIVED."""
        return len(self.coming)

    def full(self):
        """Whether there is no room for another SYN."""
        return len(self.coming) + len(self.ready) >= self.backlog

    def behind(self):
        """Whether accept() is so far behind that no more may wait for it."""
        return len(self.ready) >= self.backlog

    def overdue(self, now):
        """Whether the oldest in SYN-RECEIVED has had time to answer. Of many that come at once none is in
        another's way."""
        return self.coming and now - self.coming[0].timed_at >= TCP_HALF_OPEN

    def flooded(self, now):
        """Whether those in SYN-RECEIVED leave no room, and none of them may go yet."""
        return self.full() and not self.behind() and not self.overdue(now)

    def completed(self, tcb):
        """The handshake is over: hand it to accept()."""
        self.ready.append(tcb)  # before: there may be no memory for it
        self.coming.remove(tcb)
        tcb.listener = None
        if self.on_readable is not None:
            self.on_readable()

    def accept(self):
        """The oldest established connection, or None."""
        return self.ready.pop(0) if self.ready else None
