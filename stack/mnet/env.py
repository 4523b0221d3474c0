# env.py - all that the stack is given from outside besides its device: randomness and a log. Time comes with
# each call.
from .limits import LOG_INTERVAL, LOG_LINES
from .timers import NEVER


class Env:
    """`random(n)` gives n unpredictable bytes; `write(text)` takes one line for the operator; `heap` is how
    many bytes of memory there are, 0 if that is unknown."""

    def __init__(self, random, write, heap=0):
        self.random = random
        self.write = write
        self.heap = heap
        self.secret = random(16)

    def random_below(self, n):
        """An unpredictable number in 0 .. n - 1; n at most 2**32."""
        return int.from_bytes(self.random(7), "big") % n


class Log:
    """The lines that a peer can cause, limited in rate: LOG_LINES in LOG_INTERVAL, then the number of those
    that were left out."""

    def __init__(self, write, deadlines):
        self.write = write
        self.deadlines = deadlines
        self.since = -LOG_INTERVAL  # when the present interval began
        self.lines = 0  # written in it
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
            except MemoryError:  # what the line is about goes on without it
                pass
        self.left_out += 1
        self.deadlines.arm(self, self.since + LOG_INTERVAL)

    def expire(self, now):
        """The interval is over. MemoryError: the number of lines left out is still to be written."""
        if self.left_out:
            self.write("%d lines more were left out" % self.left_out)
            self.left_out = 0
        self.deadlines.disarm(self)
