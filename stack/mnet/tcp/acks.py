# acks.py - acknowledgement and send window of a segment: the fifth step of RFC 9293 3.10.7.4.
from micropython import const

from . import close, handshake, loss, recovery, rtt, tlp
from .acceptability import challenge, dropped
from .states import CLOSED, SYN_RCVD

M32 = const(0xFFFFFFFF)
_HALF = const(0x80000000)
_FIN = const(1)
_ACK = const(16)


def step5_ack(tcb, seg, options, now):
    """Process SEG.ACK and SEG.WND. Returns False if the segment is to be dropped."""
    if not seg.flags & _ACK:
        return dropped(tcb, "tcp_no_ack")
    if tcb.state == SYN_RCVD and not handshake.completed(tcb, seg, options, now):
        return False
    acked = (seg.ack - tcb.snd_una) & M32
    if acked > (tcb.snd_max - tcb.snd_una) & M32:
        if (tcb.snd_una - seg.ack) & M32 > tcb.max_snd_wnd:  # RFC 5961 5.2
            challenge(tcb, now)
            return dropped(tcb, "tcp_ack_outside")
        return True  # an old ACK: the segment may carry new data
    same_window = _update_window(tcb, seg, acked)
    if tcb.probing and not acked and not tcb.orphan:
        # A peer that answers zero window probes keeps the connection open (MUST-37), unless the application
        # has closed it (RFC 6429 section 4).
        tcb.retries = 0
    if acked and tcb.fin_seq >= 0 and seg.ack == (tcb.fin_seq + 1) & M32:
        close.fin_acked(tcb, now)
    elif tcb.sender is not None:
        if acked or options.blocks:
            loss.acknowledged(tcb, acked, options, now)
        elif same_window and not seg.len:
            tlp.duplicate_ack_without_sack(tcb)
    elif acked:
        data_acked(tcb, acked, now)
    elif same_window and not (tcb.probing or seg.len or seg.flags & _FIN) and tcb.snd_max != tcb.snd_una:
        recovery.duplicate_ack(tcb, now)
    if tcb.probing and (acked or tcb.snd_wnd):
        recovery.window_opened(tcb, now)
    return tcb.state != CLOSED


def data_acked(tcb, acked, now):
    """Process an ACK for new data from a peer without SACK."""
    tcb.dupacks = tcb.outside_pipe = tcb.stuck_at = 0
    if tcb.recovery:
        return recovery.acked(tcb, acked, now)
    if acked > (tcb.snd_nxt - tcb.snd_una) & M32:  # the peer has data that its shrunken window excluded
        tcb.snd_nxt = (tcb.snd_una + acked) & M32
    ack_received(tcb, acked, now)


def ack_received(tcb, acked, now):
    """Remove `acked` bytes from the send buffer, take an RTT sample and grow the congestion window."""
    nxt = tcb.snd_nxt
    flight = (nxt - tcb.snd_una) & M32
    una = tcb.snd_una = (tcb.snd_una + acked) & M32
    tcb.tx.tail += acked
    tcb.retries = 0
    timed = tcb.timed_seq
    measured = 0
    if timed >= 0 and (una - timed) & M32 < _HALF:
        tcb.timed_seq = -1
        measured = now - tcb.timed_at
        rtt.sample(tcb, measured)
    tcb.cc.acknowledged(tcb, acked, flight, measured, now)
    restart_rto(tcb, una != nxt, now)
    if tcb.on_writable is not None:
        tcb.on_writable()


def restart_rto(tcb, outstanding, now):
    """Restart or stop the retransmission timer (RFC 6298 5.2, 5.3). With data outstanding it may be the
    tail loss probe's (RFC 8985 7.2)."""
    if outstanding:
        at = tcb.rto_at = now + tcb.pto
        if at < tcb.due:
            tcb.tcp.deadlines.arm(tcb, at)
    else:
        tcb.rto_at = 0
        tcb.tx.relax()


def _update_window(tcb, seg, acked):
    """Update SND.WND from the newest segment (3.10.7.4 fifth). Returns whether the window is unchanged.

    SND.WL2 is not needed: an ACK below SND.UNA does not get here, and an ACK above SND.UNA is newer
    whatever its SEG.SEQ. Without its window SND.UNA + SND.WND would lie beyond the offered window."""
    if not acked and (seg.seq - tcb.snd_wl1) & M32 >= _HALF:
        return False
    window = seg.wnd << tcb.snd_wscale
    same = window == tcb.snd_wnd
    tcb.snd_wnd = window
    tcb.snd_wl1 = seg.seq
    if window > tcb.max_snd_wnd:
        tcb.max_snd_wnd = window
    return same
