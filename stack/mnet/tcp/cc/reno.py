# reno.py - congestion control: RFC 5681 3.1, byte counting as in RFC 3465.


def start(tcb):
    """Do nothing: Reno begins in slow start."""


def sent(tcb, now):
    """Do nothing: Reno sends what cwnd allows."""


def acknowledged(tcb, n, flight, rtt, now):
    """Grow cwnd for n newly acknowledged bytes outside of recovery, out of `flight`."""
    cwnd = tcb.cwnd
    if flight << 1 < cwnd:  # not limited by cwnd: do not grow it (RFC 7661 1.1)
        return
    if cwnd < tcb.ssthresh:
        tcb.cwnd = cwnd + n
    else:
        tcb.cwnd = cwnd + (tcb.snd_mss * n // cwnd or 1)


def lost(tcb, flight):
    """Return ssthresh after a loss: half the flight size."""
    return flight >> 1


marked = lost  # RFC 3168 6.1.2


def timed_out(tcb):
    """Do nothing: Reno keeps no state."""
