# stats.py - what the stack counts. Every dropped packet is counted under the name of its reason (h11's law:
# peers cause no exceptions).


class Stats:
    """Counters since the start; `drops` maps a reason to a number. The reasons are literals of the code, so
    the table is bounded."""

    def __init__(self):
        self.bugs = 0
        self.tcp_opened = 0
        self.tcp_retransmitted = 0
        self.tcp_black_holes = 0  # connections that went down to smaller segments (tcp/path.py)
        self.tcp_spurious = 0  # times that what seemed lost was not
        self.tcp_marked = 0  # reactions to what routers have marked (tcp/ecn.py)
        self.tcp_no_timestamp = 0  # segments without the timestamp that was agreed on (tcp/check.py)
        self.no_memory = 0  # packets and timers that found none; so many reasons could not be counted, too
        self.drops = {}

    def drop(self, reason):
        """Count one packet that goes no further. Never fails: a reason that is new needs memory."""
        try:
            self.drops[reason] = self.drops.get(reason, 0) + 1
        except MemoryError:
            self.no_memory += 1
