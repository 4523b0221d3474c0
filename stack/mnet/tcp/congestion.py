# congestion.py - how much may be on its way: what every algorithm of congestion control shares, RFC 5681.
#
# An algorithm is a module with acked(tcb, n, flight, now), which lets cwnd grow, threshold(tcb, flight), the
# ssthresh after a loss, and timed_out(tcb): reno.py, cubic.py. tcb.cc is the connection's.
from micropython import const

from ..seq import sub
from . import cubic, reno

OPEN = const(0)  # tcb.recovery: nothing is known to be lost
FAST = const(1)  # fast recovery: RFC 6582, or RFC 9937 where the peer sends SACK
LOSS = const(2)  # after a time-out: slow start until all that was outstanding has arrived

ALGORITHMS = {"cubic": cubic, "reno": reno}


def start(tcb):
    """The connection is established: one segment if SYNs were lost."""
    tcb.cwnd = tcb.snd_mss if tcb.retries > 1 else initial_window(tcb.snd_mss)
    tcb.ssthresh = 1 << 30


def lost(tcb, flight):
    """Something was lost of what was on its way: from now on send less (RFC 5681 3.1, equation 4)."""
    # What is not acknowledged may be more: much of it has arrived by then, or RFC 3042 has let it through.
    limit = tcb.ssthresh if tcb.recovery == FAST else tcb.cwnd
    flight = min(flight, limit)
    tcb.pipe_prev = max(flight, tcb.ssthresh)  # RFC 4015 3.2
    tcb.ssthresh = max(tcb.cc.threshold(tcb, flight), 2 * tcb.snd_mss)


def timed_out(tcb):
    """RFC 5681 3.1: the loss window; ssthresh changes only at the first of several in a row."""
    if tcb.retries == 1:
        lost(tcb, sub(tcb.snd_max, tcb.snd_una))
        tcb.cc.timed_out(tcb)
    tcb.cwnd = tcb.snd_mss
    tcb.recovery = LOSS
    tcb.recover = tcb.snd_max


def idle(tcb):
    """Nothing was sent for a time-out: what is known of the path is old (RFC 5681 4.1)."""
    tcb.cwnd = min(tcb.cwnd, initial_window(tcb.snd_mss))


def initial_window(mss):
    """RFC 6928, section 2."""
    return min(10 * mss, max(2 * mss, 14600))
