# recovery.py - retransmission: the timeout (RFC 6298 section 5), zero window probes, and without SACK fast
# retransmit and fast recovery (RFC 5681 3.2, NewReno RFC 6582). With SACK: loss.py.
from micropython import const

from ..seq import M32, le, lt, sub
from . import congestion, ecn, loss, rtt
from .congestion import FAST, LOSS, OPEN
from .output import output, start_retransmission_timer, transmit

_ACK = const(16)
_FIN = const(1)
_DUPACKS = const(3)


def duplicate_ack(tcb, now):
    """Count a duplicate ACK; fast retransmit at the third."""
    mss = tcb.snd_mss
    if tcb.recovery == FAST:  # RFC 6582 3.2 step 3: one more segment has left the network
        tcb.cwnd += mss
        return output(tcb, now)
    tcb.dupacks += 1
    if tcb.dupacks < _DUPACKS:
        if not tcb.recovery:  # limited transmit, RFC 3042: a new segment for each of the first two
            tcb.outside_pipe += mss
    # RFC 6582 3.2 step 1: not for duplicate ACKs caused by retransmissions of an earlier recovery; outside of
    # recovery SND.UNA is never behind `recover`
    elif tcb.dupacks == _DUPACKS and not tcb.recovery and tcb.snd_una != tcb.recover:
        congestion.lost(tcb, sub(tcb.snd_max, tcb.snd_una))
        tcb.recovery = FAST
        tcb.recover = tcb.snd_max
        tcb.cwnd = tcb.ssthresh + 3 * mss
        tcb.outside_pipe = 0
        retransmit(tcb, now)
        tcb.predicted = -1


def acked(tcb, n, now):
    """Process an ACK of n new bytes during loss recovery."""
    tcb.snd_una = (tcb.snd_una + n) & M32
    tcb.tx.tail += n
    tcb.retries = 0
    if lt(tcb.snd_nxt, tcb.snd_una):
        tcb.snd_nxt = tcb.snd_una
    if tcb.timed_seq >= 0 and le(tcb.timed_seq, tcb.snd_una):
        tcb.timed_seq = -1  # its ACK waited for a lost segment: no RTT sample
    tcb.rto_at = 0
    if le(tcb.recover, tcb.snd_una):
        _leave(tcb)
    elif tcb.recovery == FAST:
        _partial_ack(tcb, n)
        retransmit(tcb, now)
    else:  # limit growth, RFC 3465 2.3: much of it may have been delivered long ago
        tcb.cc.acknowledged(tcb, min(n, tcb.snd_mss), tcb.cwnd, 0, now)
    if tcb.snd_una != tcb.snd_max and not tcb.rto_at:
        start_retransmission_timer(tcb, now)
    if tcb.on_writable is not None:
        tcb.on_writable()


def _partial_ack(tcb, n):
    """Partial ACK, RFC 6582 3.2 step 5: deflate cwnd by the acknowledged data, and add back one segment."""
    tcb.cwnd = max(tcb.cwnd - n, tcb.snd_mss)
    if n >= tcb.snd_mss:
        tcb.cwnd += tcb.snd_mss


def _leave(tcb):
    """Leave recovery. Deflate cwnd as RFC 6582 3.2, step 3 option 1 says, to avoid a burst."""
    mss = tcb.snd_mss
    if tcb.recovery == FAST:
        tcb.cwnd = min(tcb.ssthresh, max(sub(tcb.snd_max, tcb.snd_una), mss) + mss)
    tcb.recovery = OPEN


def retransmit(tcb, now):
    """Retransmit the first unacknowledged segment."""
    left = tcb.tx.head - tcb.tx.tail
    n = min(left, tcb.snd_mss, sub(tcb.snd_max, tcb.snd_una))
    ecn.next_without_ect(tcb)
    fin = tcb.fin_seq >= 0 and n == left and sub(tcb.snd_max, tcb.snd_una) > left
    transmit(tcb, tcb.snd_una, n, _ACK | _FIN if fin else _ACK, now)


def timed_out(tcb, now):
    """Handle a retransmission timeout (RFC 6298 5.4 to 5.6): mark all data lost and retransmit it in slow
    start."""
    if tcb.tx.head == tcb.tx.tail and (tcb.fin_seq < 0 or tcb.fin_acked):
        return
    rtt.back_off(tcb)
    start_retransmission_timer(tcb, now)
    tcb.predicted = -1
    if must_probe(tcb):
        return zero_window_probe(tcb, now)
    loss.mark_all_lost(tcb, now)
    congestion.timed_out(tcb)
    loss.send_pending(tcb, now)


def must_probe(tcb):
    """Whether a timeout probes the peer's window instead of retransmitting into it."""
    return tcb.snd_wnd < tcb.snd_mss or tcb.snd_max == tcb.snd_una or tcb.probing


def zero_window_probe(tcb, now):
    """Send a zero window probe (persist, RFC 9293 3.8.6.1): at least one byte of data. A window too small
    for a segment is probed as well."""
    tcb.probing = True
    left = tcb.tx.head - tcb.tx.tail
    n = min(left, tcb.snd_mss, tcb.snd_wnd or 1)
    outstanding = sub(tcb.snd_max, tcb.snd_una)
    if outstanding:  # no new data until the outstanding probe is acknowledged
        n = min(n, outstanding)
    ecn.next_without_ect(tcb)
    transmit(tcb, tcb.snd_una, n, _ACK | _FIN if n == left and tcb.fin_seq >= 0 else _ACK, now)


def window_opened(tcb, now):
    """End probing: resume from the data that was not accepted. The timeouts of the probes are no
    sign of congestion: restore the RTO."""
    tcb.probing = False
    tcb.rto_at = tcb.stuck_at = 0
    rtt.reset(tcb)
    loss.mark_all_lost(tcb, now)
    if tcb.sender is not None and tcb.snd_una != tcb.snd_max:
        tcb.recovery = LOSS
        tcb.recover = tcb.snd_max
        start_retransmission_timer(tcb, now)  # because the window may close again
