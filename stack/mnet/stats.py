# stats.py - counters. Each dropped packet is counted under the name of its reason: peers cause no exceptions.
# mib.py has them all for a program.


class Stats:
    """Counters since the start; `drops` maps a reason to a number, `counters` (with IPv6 `counters6`) one
    of the names that nstat has, `icmp` and `icmp6` a message's (whether it was sent, type). The reasons and
    names are literals of the code, so the tables are bounded."""

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
        self.counters = {}
        self.counters6 = {}
        self.icmp = {}
        self.icmp6 = {}

    def drop(self, reason):
        """Count a dropped packet. Never fails: without memory for a new reason it is counted in no_memory."""
        self.add(self.drops, reason)

    def count(self, name):
        """Count an event, by its name in nstat."""
        self.add(self.counters, name)

    def add(self, table, key, n=1):
        """Add to a counter. Never fails, as drop()."""
        try:
            table[key] = table.get(key, 0) + n
        except MemoryError:
            self.no_memory += 1
