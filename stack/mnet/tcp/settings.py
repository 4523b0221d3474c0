# settings.py - the options of a connection. Connections share the default Settings until one is changed.
from ..limits import SECOND


class Settings:
    """Options of a connection, immutable. Times in microseconds. A buffer size of 0 is tuned automatically
    (tuning.py)."""

    snd_buf = rcv_buf = 0
    nodelay = False
    ttl = tos = 0  # of the IP header (RFC 9293 MUST-48, MUST-49); ttl 0: the default
    reuse = reuse_port = False  # SO_REUSEADDR, SO_REUSEPORT (binding.py)
    corked = False
    oob_inline = False  # urgent data is read in line
    quick = False  # no delayed ACKs
    congestion = None  # a name of cc.ALGORITHMS; None: the default of Tcp
    keep_alive = False
    keep_idle = 7200 * SECOND  # RFC 1122 4.2.3.6: two hours at least by default
    keep_interval = 75 * SECOND
    keep_count = 9
    fin_wait_2 = 60 * SECOND  # timeout of FIN-WAIT-2 for a closed socket
    user_timeout = 0  # RFC 5482; 0: the number of retries of RFC 9293 3.8.3

    def __init__(self, snd_buf=0, rcv_buf=0, nodelay=False):
        self.changes = ()  # (name, value) of the options that differ from the defaults
        self.last = None  # what but() has returned with one change more: a server's connections share it
        if snd_buf:
            self._set("snd_buf", snd_buf)
        if rcv_buf:
            self._set("rcv_buf", rcv_buf)
        if nodelay:
            self._set("nodelay", nodelay)

    def _set(self, name, value):
        setattr(self, name, value)
        self.changes = self.changes + ((name, value),)

    def but(self, name, value):
        """Return Settings with one option changed."""
        last = self.last
        if last is not None and last.changes[-1] == (name, value):
            return last
        other = Settings()
        for each in self.changes:
            if each[0] != name:
                other._set(*each)
        other._set(name, value)
        if len(other.changes) > len(self.changes):  # so that a chain of them has an end
            self.last = other
        return other
