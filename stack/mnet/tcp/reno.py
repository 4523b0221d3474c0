# reno.py - congestion control: RFC 5681 3.1, byte counting as in RFC 3465.


def acked(tcb, n, flight, now):
    """n new bytes were acknowledged, outside recovery, out of `flight`."""
    cwnd = tcb.cwnd
    if flight << 1 < cwnd:  # the window does not limit us: it has not been tested (RFC 7661 1.1)
        return
    if cwnd < tcb.ssthresh:
        tcb.cwnd = cwnd + n
    else:
        tcb.cwnd = cwnd + (tcb.snd_mss * n // cwnd or 1)


def threshold(tcb, flight):
    """Half of what was on its way."""
    return flight >> 1


def timed_out(tcb):
    """Nothing to forget."""
