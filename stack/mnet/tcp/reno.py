# reno.py - congestion control: RFC 5681 with the NewReno recovery of RFC 6582, byte counting as in RFC 3465.
from micropython import const

from ..seq import M32, sub

OPEN = const(0)  # tcb.recovery: nothing is known to be lost
FAST = const(1)  # fast recovery, RFC 6582
LOSS = const(2)  # after a time-out: all from snd_una is sent again, in slow start


def start(tcb):
    """The connection is established: the initial window of RFC 6928, section 2; one segment if SYNs were
    lost."""
    mss = tcb.snd_mss
    tcb.cwnd = mss if tcb.retries > 1 else min(10 * mss, max(2 * mss, 14600))
    tcb.ssthresh = 1 << 30


def acked(tcb, n, flight):
    """n new bytes were acknowledged, outside recovery, out of `flight`. RFC 5681 3.1."""
    cwnd = tcb.cwnd
    if flight << 1 < cwnd:  # the window does not limit us: it has not been tested (RFC 7661 1.1)
        return
    if cwnd < tcb.ssthresh:
        tcb.cwnd = cwnd + n
    else:
        tcb.cwnd = cwnd + (tcb.snd_mss * n // cwnd or 1)


def enter_recovery(tcb):
    """The third duplicate ACK, RFC 6582 3.2 step 2."""
    _reduce(tcb)
    tcb.recovery = FAST
    tcb.recover = tcb.snd_max
    tcb.cwnd = tcb.ssthresh + 3 * tcb.snd_mss


def duplicate_ack(tcb):
    """One more has left the network, step 3."""
    tcb.cwnd += tcb.snd_mss


def partial_ack(tcb, n):
    """Some but not all is repaired, step 5: deflate by what was acknowledged, and put one segment back."""
    tcb.cwnd = max(tcb.cwnd - n, tcb.snd_mss)
    if n >= tcb.snd_mss:
        tcb.cwnd += tcb.snd_mss


def leave_recovery(tcb):
    """All is repaired. RFC 6582 3.2, step 3 option 1, takes back what duplicate ACKs have added: no burst."""
    mss = tcb.snd_mss
    if tcb.recovery == FAST:
        tcb.cwnd = min(tcb.ssthresh, max(sub(tcb.snd_max, tcb.snd_una), mss) + mss)
    tcb.recovery = OPEN


def timed_out(tcb):
    """RFC 5681 3.1, equations 4 and the loss window; ssthresh only on the first of several in a row."""
    if tcb.retries == 1:
        _reduce(tcb)
    tcb.cwnd = tcb.snd_mss
    tcb.recovery = LOSS
    tcb.recover = tcb.snd_max
    tcb.dupacks = 0


def idle(tcb):
    """Nothing was sent for a time-out: what is known of the path is old (RFC 5681 4.1)."""
    tcb.cwnd = min(tcb.cwnd, 10 * tcb.snd_mss)


def _reduce(tcb):
    flight = (tcb.snd_max - tcb.snd_una) & M32
    tcb.ssthresh = max(flight >> 1, 2 * tcb.snd_mss)
