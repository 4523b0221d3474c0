# recovery.py - what to send again, and when: RFC 6298 section 5, and where the peer does not send SACK RFC
# 5681 3.2 with RFC 6582 (NewReno). With SACK: loss.py.
from micropython import const

from ..seq import M32, le, lt, sub
from . import congestion, loss, rtt
from .congestion import FAST, LOSS, OPEN
from .output import output, retry_later, transmit

_ACK = const(16)
_FIN = const(1)
_DUPACKS = const(3)


def duplicate_ack(tcb, now):
    """The peer acknowledges the same again: something behind it has arrived."""
    mss = tcb.snd_mss
    if tcb.recovery == FAST:  # RFC 6582 3.2 step 3: one more has left the network
        tcb.cwnd += mss
        return output(tcb, now)
    tcb.dupacks += 1
    if tcb.dupacks < _DUPACKS:
        if not tcb.recovery:  # RFC 3042: a new segment for each of the first two
            tcb.away += mss
    # RFC 6582 3.2 step 1: not for what the end of an earlier recovery has sent again; without one, SND.UNA is
    # never behind `recover`
    elif tcb.dupacks == _DUPACKS and not tcb.recovery and tcb.snd_una != tcb.recover:
        congestion.lost(tcb, sub(tcb.snd_max, tcb.snd_una))
        tcb.recovery = FAST
        tcb.recover = tcb.snd_max
        tcb.cwnd = tcb.ssthresh + 3 * mss
        tcb.away = 0
        retransmit(tcb, now)
        tcb.predicted = -1


def acked(tcb, n, now):
    """n new bytes were acknowledged while some are known to be lost."""
    tcb.snd_una = (tcb.snd_una + n) & M32
    tcb.tx.tail += n
    tcb.retries = 0
    if lt(tcb.snd_nxt, tcb.snd_una):
        tcb.snd_nxt = tcb.snd_una
    if tcb.timed_seq >= 0 and le(tcb.timed_seq, tcb.snd_una):
        tcb.timed_seq = -1  # it waited for what was lost: that is no round trip
    tcb.rto_at = 0
    if le(tcb.recover, tcb.snd_una):
        _leave(tcb)
    elif tcb.recovery == FAST:
        _partial_ack(tcb, n)
        retransmit(tcb, now)
    else:  # RFC 3465 2.3: much may have arrived long ago
        tcb.cc.acked(tcb, min(n, tcb.snd_mss), tcb.cwnd, now)
    if tcb.snd_una != tcb.snd_max and not tcb.rto_at:
        retry_later(tcb, now)
    if tcb.on_writable is not None:
        tcb.on_writable()


def _partial_ack(tcb, n):
    """Some but not all is repaired, RFC 6582 3.2 step 5: deflate by what was acknowledged, and put one
    segment back."""
    tcb.cwnd = max(tcb.cwnd - n, tcb.snd_mss)
    if n >= tcb.snd_mss:
        tcb.cwnd += tcb.snd_mss


def _leave(tcb):
    """All is repaired. RFC 6582 3.2, step 3 option 1, takes back what duplicate ACKs have added: no burst."""
    mss = tcb.snd_mss
    if tcb.recovery == FAST:
        tcb.cwnd = min(tcb.ssthresh, max(sub(tcb.snd_max, tcb.snd_una), mss) + mss)
    tcb.recovery = OPEN


def retransmit(tcb, now):
    """Send the first segment that is not acknowledged again."""
    left = tcb.tx.head - tcb.tx.tail
    n = min(left, tcb.snd_mss, sub(tcb.snd_max, tcb.snd_una))
    loss.again(tcb)
    fin = tcb.fin_seq >= 0 and n == left and sub(tcb.snd_max, tcb.snd_una) > left
    transmit(tcb, tcb.snd_una, n, _ACK | _FIN if fin else _ACK, now)


def timed_out(tcb, now):
    """RFC 6298 5.4 to 5.6: everything outstanding is taken for lost and sent again from the beginning,
    slowly."""
    if tcb.tx.head == tcb.tx.tail and (tcb.fin_seq < 0 or tcb.fin_acked):
        return
    rtt.back_off(tcb)
    retry_later(tcb, now)
    tcb.predicted = -1
    if tcb.snd_wnd < tcb.snd_mss or tcb.snd_max == tcb.snd_una or tcb.probing:
        return probe(tcb, now)
    loss.lose(tcb, now)
    congestion.timed_out(tcb)
    loss.go_on(tcb, now)


def probe(tcb, now):
    """The window is shut, or too small to be worth it: one byte of text at least asks whether it still is
    (RFC 9293 3.8.6.1)."""
    tcb.probing = True
    left = tcb.tx.head - tcb.tx.tail
    n = min(left, tcb.snd_mss, tcb.snd_wnd or 1)
    outstanding = sub(tcb.snd_max, tcb.snd_una)
    if outstanding:  # what is new waits until that is answered
        n = min(n, outstanding)
    loss.again(tcb)
    transmit(tcb, tcb.snd_una, n, _ACK | _FIN if n == left and tcb.fin_seq >= 0 else _ACK, now)


def window_opened(tcb, now):
    """After probing: go on from what was not taken. The time-outs said nothing about the path."""
    tcb.probing = False
    tcb.rto_at = tcb.stuck_at = 0
    rtt.reset(tcb)
    loss.lose(tcb, now)
    if tcb.sender is not None and tcb.snd_una != tcb.snd_max:
        tcb.recovery = LOSS
        tcb.recover = tcb.snd_max
        retry_later(tcb, now)  # for the window may be shut again
