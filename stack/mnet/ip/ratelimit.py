# ratelimit.py - a token bucket for ICMP errors, for both families: RFC 1812 4.3.2.8, RFC 4443 2.4 (f).
from ..limits import SECOND


class TokenBucket:
    """A token bucket: `rate` a second on average, `burst` at once. The cost of an error is one or two
    tokens at random, against off-path counting of the errors sent to other hosts (CVE-2020-25705)."""

    def __init__(self, rate, burst, random):
        self.rate = rate
        self.full = burst * SECOND
        self.tokens = self.full  # in millionths
        self.filled = 0
        self.random = random

    def take(self, now):
        """Whether an error may be sent now; takes a token."""
        self.tokens = min(self.full, self.tokens + (now - self.filled) * self.rate)
        self.filled = now
        if self.tokens < SECOND:
            return False
        self.tokens -= SECOND << (self.random(1)[0] & 1)
        return True
