# close.py - closing: RFC 9293 3.6, 3.10.7.4 (fifth and eighth), TIME-WAIT.
from micropython import const

from ..errors import ECONNREFUSED, ECONNRESET
from ..seq import M32
from . import congestion, control
from .states import (
    CLOSE_WAIT,
    CLOSED,
    CLOSING,
    ESTABLISHED,
    FIN_WAIT_1,
    FIN_WAIT_2,
    LAST_ACK,
    SYN_RCVD,
    TIME_WAIT,
)

_TWO_MSL = const(60000000)  # RFC 9293 3.4.2 has MSL at 2 minutes; 30 s as Linux and BSD (docs/deviations.md)


def shut(tcb, now):
    """The user has no more to send (3.10.4). Our FIN goes behind what is queued; output() sends it."""
    if tcb.fin_seq >= 0:
        return
    tcb.fin_seq = (tcb.snd_una + tcb.tx.head - tcb.tx.tail) & M32
    tcb.predicted = -1
    if tcb.state == ESTABLISHED:
        tcb.state = FIN_WAIT_1
    elif tcb.state == CLOSE_WAIT:
        tcb.state = LAST_ACK


def peer_closed(tcb, now):
    """The peer's FIN is next (eighth): no more text will come. The ACK goes out with the segment in hand."""
    if tcb.state == FIN_WAIT_2:
        time_wait(tcb, now)  # first: it needs memory
    elif tcb.state == ESTABLISHED:
        tcb.state = CLOSE_WAIT
        tcb.tcp.ended_at = tcb.tcp.ended_at or now
    elif tcb.state == FIN_WAIT_1:
        tcb.state = CLOSING
    tcb.rcv_nxt = (tcb.rcv_nxt + 1) & M32
    tcb.rcv_free = 0
    if tcb.urgent is not None and tcb.urgent.at >= tcb.rx.head:  # that will never come
        tcb.urgent = None
    if tcb.on_readable is not None:
        tcb.on_readable()


def fin_acked(tcb, now):
    """The peer has our FIN and all before it (fifth)."""
    if tcb.state == CLOSING:
        time_wait(tcb, now)  # first: it needs memory
    tcb.snd_una = (tcb.fin_seq + 1) & M32
    tcb.fin_acked = True
    tcb.probing = False
    tcb.recovery = congestion.OPEN
    tcb.rto_at = tcb.reorder_at = tcb.away = 0
    tcb.sender = None
    tcb.snd_nxt = tcb.snd_max
    tcb.tx.release()
    if tcb.state == FIN_WAIT_1:
        tcb.state = FIN_WAIT_2
        if tcb.orphan:
            orphaned(tcb, now)
    elif tcb.state == LAST_ACK:
        return finished(tcb, 0)
    if tcb.on_writable is not None:
        tcb.on_writable()


def orphaned(tcb, now):
    """Nobody reads and we have said all: the peer gets some time to close its side."""
    tcb.close_at = now + tcb.settings.fin_wait_2
    tcb.tcp.deadlines.arm(tcb, tcb.close_at)


def time_wait(tcb, now):
    """Both sides have closed, we first: stay for old segments (3.6.1). MemoryError: nothing has changed."""
    tcb.tcp.entered_time_wait(tcb)
    tcb.state = TIME_WAIT
    tcb.rto_at = tcb.delack_at = tcb.mss_at = tcb.keep_at = tcb.reorder_at = 0
    tcb.predicted = -1
    tcb.tx.release()
    tcb.close_at = now + _TWO_MSL
    tcb.tcp.deadlines.arm(tcb, tcb.close_at)


def time_wait_again(tcb, now):
    """The peer has not seen our last ACK and repeats its FIN: the wait starts anew (3.10.7.4, fifth and
    eighth)."""
    if tcb.state == TIME_WAIT:
        tcb.close_at = now + _TWO_MSL


def reset_by_peer(tcb):
    """An acceptable RST (second)."""
    if tcb.state == SYN_RCVD:
        error = ECONNREFUSED
    elif tcb.state in (CLOSING, LAST_ACK, TIME_WAIT):
        error = 0
    else:
        error = ECONNRESET
    finished(tcb, error)


def nobody_reads(tcb, seg, now):
    """Text has come after the user has closed: it is lost, and the peer must know (RFC 1122 4.2.2.13)."""
    if (seg.seq + seg.len - 1 - tcb.rcv_nxt) & M32 < 0x80000000:
        tcb.tcp.stats.drop("tcp_nobody_reads")
        abort(tcb, ECONNRESET, now)


def abort(tcb, error, now):
    """Give up at once, telling the peer (3.10.5) if there is memory for that."""
    if SYN_RCVD <= tcb.state < TIME_WAIT:
        try:
            control.abort(tcb, now)
        except MemoryError:
            tcb.tcp.stats.no_memory += 1
    finished(tcb, error)


def finished(tcb, error):
    """Delete the TCB; the user learns `error` (an errno, 0: none) from the next call. Text not yet read stays
    unless an error came. Needs no memory."""
    tcp = tcb.tcp
    if tcb.state == TIME_WAIT:
        tcp.left_time_wait(tcb)
    tcb.state = CLOSED
    tcb.error = error
    tcb.predicted = -1
    tcb.rto_at = tcb.delack_at = tcb.close_at = tcb.reorder_at = tcb.mss_at = tcb.keep_at = 0
    tcb.sender = None
    tcb.tx.release()
    tcb.rcv_free = 0
    if error or tcb.orphan:
        tcb.rx.release()
    tcp.remove(tcb)
    if tcb.on_readable is not None:
        tcb.on_readable()
    if tcb.on_writable is not None:
        tcb.on_writable()
