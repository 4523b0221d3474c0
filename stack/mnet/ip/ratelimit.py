# ratelimit.py - a token bucket for the errors we send, for both families: RFC 1812 4.3.2.8, RFC 4443 2.4 (f).
from ..limits import SECOND


class TokenBucket:
    """`rate` a second in the long run, `burst` at once.

    One error costs one or two tokens, by the dice: who counts the errors that other hosts' packets leave over
    for him must not learn from it how many those were (the side channel of CVE-2020-25705).
    """

    def __init__(self, rate, burst, random):
        self.rate = rate
        self.full = burst * SECOND
        self.tokens = self.full  # in millionths
        self.filled = 0
        self.random = random

    def take(self, now):
        """Whether one more may be sent now."""
        self.tokens = min(self.full, self.tokens + (now - self.filled) * self.rate)
        self.filled = now
        if self.tokens < SECOND:
            return False
        self.tokens -= SECOND << (self.random(1)[0] & 1)
        return True
