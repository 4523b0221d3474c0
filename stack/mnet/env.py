# env.py - injected randomness and log. The time is an argument of each call.
from .limits import LOG_INTERVAL, LOG_LINES
from .timers import NEVER


class Env:
    """`random(n)` returns n unpredictable bytes; `write(text)` logs one line; `heap` is the size of the
    heap in bytes, 0 if unknown."""

    def __init__(self, random, write, heap=0):
        self.random = random
        self.write = write
        self.heap = heap
        self.secret = random(16)

    def random_below(self, n):
        """Return an unpredictable number in 0 .. n - 1; n is at most 2**32."""
        return int.from_bytes(self.random(7), "big") % n


class Log:
    """A log that is rate-limited, because peers can cause its lines: LOG_LINES per LOG_INTERVAL, then the
    number of lines suppressed."""

    def __init__(self, write, deadlines):
        self.write = write
        self.deadlines = deadlines
        self.since = -LOG_INTERVAL  # start of the current interval
        self.lines = 0  # lines in it
        self.left_out = 0
        self.due = NEVER
        self.slot = 0

    def __call__(self, text, now):
        """Write a line, or count it."""
        if now - self.since >= LOG_INTERVAL:
            self.expire(now)
            self.since = now
            self.lines = 0
        if self.lines < LOG_LINES:
            self.lines += 1
            try:
                return self.write(text)
            except MemoryError:  # logging is not worth a failure
                pass
        self.left_out += 1
        self.deadlines.arm(self, self.since + LOG_INTERVAL)

    def expire(self, now):
        """End the interval. MemoryError: the number of suppressed lines is still to be written."""
        if self.left_out:
            self.write("%d lines more were left out" % self.left_out)
            self.left_out = 0
        self.deadlines.disarm(self)
