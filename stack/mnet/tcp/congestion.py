# congestion.py - congestion control: RFC 5681, the part that all algorithms share.
# Those are in cc/; tcb.cc is the connection's.
from micropython import const

from ..seq import sub

OPEN = const(0)  # tcb.recovery: no loss recovery
FAST = const(1)  # fast recovery: RFC 6582, or RFC 9937 where the peer sends SACK
LOSS = const(2)  # after a timeout: slow start until all data outstanding then is acknowledged


def start(tcb):
    """Set the initial window of an established connection: one segment if SYNs were lost."""
    tcb.cwnd = tcb.snd_mss if tcb.retries > 1 else initial_window(tcb.snd_mss)
    tcb.ssthresh = 1 << 30
    tcb.cc.start(tcb)


def lost(tcb, flight):
    """Reduce ssthresh after a loss (RFC 5681 3.1, equation 4)."""
    # FlightSize may exceed cwnd: SACKed data counts in it, and so does limited transmit (RFC 3042).
    limit = tcb.ssthresh if tcb.recovery == FAST else tcb.cwnd
    flight = min(flight, limit)
    tcb.pipe_prev = max(flight, tcb.ssthresh)  # RFC 4015 3.2
    tcb.ssthresh = max(tcb.cc.lost(tcb, flight), 2 * tcb.snd_mss)


def marked(tcb):
    """Reduce cwnd after a CE mark, as after a loss (RFC 3168 6.1.2), but not during loss recovery."""
    if tcb.recovery == OPEN:
        tcb.ssthresh = max(tcb.cc.marked(tcb, tcb.cwnd), 2 * tcb.snd_mss)
        tcb.cwnd = min(tcb.cwnd, tcb.ssthresh)


def timed_out(tcb):
    """Set the loss window after a timeout (RFC 5681 3.1). Of several timeouts in a row only the first
    changes ssthresh."""
    if tcb.retries == 1:
        lost(tcb, sub(tcb.snd_max, tcb.snd_una))
        tcb.cc.timed_out(tcb)
    tcb.cwnd = tcb.snd_mss
    tcb.recovery = LOSS
    tcb.recover = tcb.snd_max


def idle(tcb):
    """Restart from the initial window after an idle RTO (RFC 5681 4.1)."""
    tcb.cwnd = min(tcb.cwnd, initial_window(tcb.snd_mss))


def initial_window(mss):
    """Return the initial window in bytes (RFC 6928 section 2)."""
    return min(10 * mss, max(2 * mss, 14600))
