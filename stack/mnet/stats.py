# stats.py - counters. Each dropped packet is counted under the name of its reason: peers cause no exceptions.


class Stats:
    """Counters since the start; `drops` maps a reason to a number. The reasons are literals of the code,
    so the table is bounded."""

    def __init__(self):
        self.bugs = 0
        self.tcp_opened = 0
        self.tcp_retransmitted = 0
        self.tcp_black_holes = 0  # times that a black hole was suspected and the MSS reduced (tcp/path.py)
        self.tcp_spurious = 0  # recoveries undone because the loss was spurious (tcp/loss.py)
        self.tcp_marked = 0  # cwnd reductions because of ECN (tcp/ecn.py)
        self.tcp_no_timestamp = 0  # segments without the negotiated timestamp (tcp/check.py)
        # packets and timers that failed for lack of memory; includes reasons that could not be counted
        self.no_memory = 0
        self.drops = {}

    def drop(self, reason):
        """Count a dropped packet. Never fails: without memory for a new reason it is counted in no_memory."""
        try:
            self.drops[reason] = self.drops.get(reason, 0) + 1
        except MemoryError:
            self.no_memory += 1
