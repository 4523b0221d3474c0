# settings.py - what a user may choose for a connection; connections share it until somebody chooses.
from ..limits import SECOND


class Settings:
    """A buffer size of 0 lets the buffer grow with the path (tuning.py). Times in microseconds."""

    def __init__(self, snd_buf=0, rcv_buf=0, nodelay=False):
        self.snd_buf = snd_buf
        self.rcv_buf = rcv_buf
        self.nodelay = nodelay
        self.ttl = self.tos = (
            0  # of the IP header (RFC 9293 MUST-48, MUST-49); ttl 0: the usual number of hops
        )
        self.reuse = False  # SO_REUSEADDR (binding.py)
        self.corked = False
        self.oob_inline = False  # urgent text is read with the rest
        self.quick = False  # every segment is acknowledged at once
        self.congestion = None  # a name of congestion.ALGORITHMS; None: the stack's
        self.keep_alive = False
        self.keep_idle = 7200 * SECOND  # RFC 1122 4.2.3.6: two hours at least unless the user wants it sooner
        self.keep_interval = 75 * SECOND
        self.keep_count = 9
        self.fin_wait_2 = 60 * SECOND  # how long the peer of a closed socket may take to close its side
        self.user_timeout = 0  # RFC 5482; 0: as many tries as RFC 9293 3.8.3 wants

    def but(self, name, value):
        """The same with one thing changed."""
        other = Settings()
        for each, old in self.__dict__.items():
            setattr(other, each, old)
        setattr(other, name, value)
        return other
