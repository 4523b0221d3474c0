# pacing.py - sending new data at a rate instead of in bursts, for a congestion control algorithm that sets
# tcb.pacer. Retransmissions are not paced: cwnd limits them.
from ..limits import SECOND


class Pacer:
    """The pace of a connection: `rate` in bytes a second."""

    def __init__(self, rate):
        self.rate = rate
        self.free_at = 0  # when the next data may be sent, in microseconds
        self.due = 0  # the deadline of data that waits; 0: none does

    def wait(self, tcb, now):
        """Whether data has to wait; the connection then has a deadline."""
        if now >= self.free_at:
            return False
        self.due = self.free_at
        tcb.tcp.deadlines.arm(tcb, self.due)
        return True

    def sent(self, n, now):
        """Account for n bytes that were sent."""
        self.free_at = max(self.free_at, now) + n * SECOND // self.rate
