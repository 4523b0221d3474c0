# recovery.py - what to send again, and when: RFC 5681 3.2, RFC 6582 (NewReno), RFC 6298 section 5.
from micropython import const

from ..seq import M32, le, lt, sub
from . import reno, rtt
from .output import output, retry_later, transmit

_ACK = const(16)
_FIN = const(1)
_DUPACKS = const(3)


def duplicate_ack(tcb, now):
    """The peer acknowledges the same again: something behind it has arrived."""
    if tcb.recovery == reno.FAST:
        reno.duplicate_ack(tcb)
        return output(tcb, now)
    tcb.dupacks += 1
    # RFC 6582 3.2 step 1: not for what the end of an earlier recovery has sent again; without one, SND.UNA is
    # never behind `recover`
    if tcb.dupacks == _DUPACKS and not tcb.recovery and tcb.snd_una != tcb.recover:
        reno.enter_recovery(tcb)
        retransmit(tcb, now)
        tcb.predicted = -1


def acked(tcb, n, now):
    """n new bytes were acknowledged while some are known to be lost."""
    tcb.snd_una = (tcb.snd_una + n) & M32
    tcb.tx.tail += n
    tcb.dupacks = tcb.retries = 0
    if lt(tcb.snd_nxt, tcb.snd_una):
        tcb.snd_nxt = tcb.snd_una
    if tcb.timed_seq >= 0 and le(tcb.timed_seq, tcb.snd_una):
        tcb.timed_seq = -1  # it waited for what was lost: that is no round trip
    tcb.rto_at = 0
    if le(tcb.recover, tcb.snd_una):
        reno.leave_recovery(tcb)
    elif tcb.recovery == reno.FAST:
        reno.partial_ack(tcb, n)
        retransmit(tcb, now)
    else:
        reno.acked(tcb, min(n, tcb.snd_mss), tcb.cwnd)  # RFC 3465 2.3: much may have arrived long ago
    if tcb.snd_una != tcb.snd_max and not tcb.rto_at:
        retry_later(tcb, now)
    if tcb.on_writable is not None:
        tcb.on_writable()


def retransmit(tcb, now):
    """Send the first segment that is not acknowledged again."""
    left = tcb.tx.head - tcb.tx.tail
    n = min(left, tcb.snd_mss, sub(tcb.snd_max, tcb.snd_una))
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
    reno.timed_out(tcb)
    tcb.timed_seq = -1
    tcb.snd_nxt = tcb.snd_una
    output(tcb, now)


def probe(tcb, now):
    """The window is shut, or too small to be worth it: one byte of text at least asks whether it still is
    (RFC 9293 3.8.6.1)."""
    tcb.probing = True
    left = tcb.tx.head - tcb.tx.tail
    n = min(left, tcb.snd_mss, tcb.snd_wnd or 1)
    transmit(tcb, tcb.snd_una, n, _ACK | _FIN if n == left and tcb.fin_seq >= 0 else _ACK, now)


def window_opened(tcb):
    """After probing: go on from what was not taken. The time-outs said nothing about the path."""
    tcb.probing = False
    tcb.snd_nxt = tcb.snd_una
    tcb.rto_at = 0
    rtt.reset(tcb)
