# settings.py - the options of a connection. Connections share the default Settings until one is changed.
from ..limits import SECOND


class Settings:
    """Options of a connection. Times in microseconds. A buffer size of 0 is tuned automatically
    (tuning.py)."""

    def __init__(self, snd_buf=0, rcv_buf=0, nodelay=False):
        self.snd_buf = snd_buf
        self.rcv_buf = rcv_buf
        self.nodelay = nodelay
        self.ttl = self.tos = 0  # of the IP header (RFC 9293 MUST-48, MUST-49); ttl 0: the default
        self.reuse = self.reuse_port = False  # SO_REUSEADDR, SO_REUSEPORT (binding.py)
        self.corked = False
        self.oob_inline = False  # urgent data is read in line
        self.quick = False  # no delayed ACKs
        self.congestion = None  # a name of cc.ALGORITHMS; None: the default of Tcp
        self.keep_alive = False
        self.keep_idle = 7200 * SECOND  # RFC 1122 4.2.3.6: two hours at least by default
        self.keep_interval = 75 * SECOND
        self.keep_count = 9
        self.fin_wait_2 = 60 * SECOND  # timeout of FIN-WAIT-2 for a closed socket
        self.user_timeout = 0  # RFC 5482; 0: the number of retries of RFC 9293 3.8.3

    def but(self, name, value):
        """Return a copy with one option changed."""
        other = Settings()
        for each, old in self.__dict__.items():
            setattr(other, each, old)
        setattr(other, name, value)
        return other
