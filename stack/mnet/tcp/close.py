# close.py - closing a connection: RFC 9293 3.6, 3.10.7.4 (fifth and eighth), TIME-WAIT.
from micropython import const

from ..errors import ECONNREFUSED, ECONNRESET
from ..limits import TCP_TIME_WAIT
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
    SYN_SENT,
    TIME_WAIT,
)

# 2 MSL; RFC 9293 3.4.2 has MSL at 2 minutes, this is 30 s as in Linux and BSD (docs/deviations.md)
_TWO_MSL = const(60000000)


def queue_fin(tcb, now):
    """Queue a FIN behind the data in the send buffer (3.10.4). output() sends it."""
    if tcb.fin_seq >= 0:
        return
    tcb.fin_seq = (tcb.snd_una + tcb.tx.head - tcb.tx.tail) & M32
    tcb.predicted = -1
    if tcb.state == ESTABLISHED:
        tcb.state = FIN_WAIT_1
    elif tcb.state == CLOSE_WAIT:
        tcb.state = LAST_ACK


def peer_closed(tcb, now):
    """Process the peer's FIN at RCV.NXT (eighth): no more data follows. The caller acknowledges it."""
    if tcb.state == FIN_WAIT_2:
        time_wait(tcb, now)  # first: it needs memory
    elif tcb.state == ESTABLISHED:
        tcb.state = CLOSE_WAIT
        tcb.tcp.ended_at = tcb.tcp.ended_at or now
    elif tcb.state == FIN_WAIT_1:
        tcb.state = CLOSING
    tcb.rcv_nxt = (tcb.rcv_nxt + 1) & M32
    tcb.rcv_wnd = 0
    if tcb.urgent is not None and tcb.urgent.at >= tcb.rx.head:  # the urgent data will never arrive
        tcb.urgent = None
    if tcb.on_readable is not None:
        tcb.on_readable()


def fin_acked(tcb, now):
    """Process the ACK of our FIN and all data before it (fifth)."""
    if tcb.state == CLOSING:
        time_wait(tcb, now)  # first: it needs memory
    tcb.snd_una = (tcb.fin_seq + 1) & M32
    tcb.fin_acked = True
    tcb.probing = False
    tcb.recovery = congestion.OPEN
    tcb.rto_at = tcb.reorder_at = tcb.outside_pipe = 0
    tcb.sender = None
    tcb.snd_nxt = tcb.snd_max
    tcb.tx.release()
    if tcb.state == FIN_WAIT_1:
        tcb.state = FIN_WAIT_2
        if tcb.orphan:
            start_fin_wait_2_timer(tcb, now)
    elif tcb.state == LAST_ACK:
        return finished(tcb, 0)
    if tcb.on_writable is not None:
        tcb.on_writable()


def start_fin_wait_2_timer(tcb, now):
    """Start the FIN-WAIT-2 timer: limit the time in which the peer of an orphan may close its side."""
    tcb.close_at = now + tcb.settings.fin_wait_2
    tcb.tcp.deadlines.arm(tcb, tcb.close_at)


def time_wait(tcb, now):
    """Enter TIME-WAIT to absorb old segments (3.6.1). MemoryError: nothing has changed."""
    _add_time_wait(tcb.tcp, tcb)
    tcb.state = TIME_WAIT
    tcb.rto_at = tcb.delack_at = tcb.mss_at = tcb.keep_at = tcb.reorder_at = 0
    tcb.predicted = -1
    tcb.tx.release()
    tcb.close_at = now + _TWO_MSL
    tcb.tcp.deadlines.arm(tcb, tcb.close_at)


def _add_time_wait(tcp, tcb):
    """Add a connection to those in TIME-WAIT. The oldest is dropped at the bound, or where the list finds no
    memory to grow."""
    waits = tcp.time_waits
    if len(waits) >= TCP_TIME_WAIT:
        finished(waits[0], 0)
    try:
        waits.append(tcb)
    except MemoryError:
        if not waits:
            raise
        finished(waits[0], 0)
        waits.append(tcb)


def shed_time_waits(tcp):
    """Drop the oldest quarter of the connections in TIME-WAIT, because memory is short. Allocates nothing."""
    waits = tcp.time_waits
    count = (len(waits) + 3) >> 2
    while count:
        count -= 1
        tcp.stats.drop("tcp_time_wait_given_up")
        finished(waits[0], 0)


def restart_time_wait(tcb, now):
    """Restart the 2 MSL timeout when the peer retransmits its FIN because our last ACK was lost (3.10.7.4,
    fifth and eighth)."""
    if tcb.state == TIME_WAIT:
        tcb.close_at = now + _TWO_MSL


def reset_by_peer(tcb):
    """Process an acceptable RST (second)."""
    if tcb.state == SYN_RCVD:
        error = ECONNREFUSED
    elif tcb.state in (CLOSING, LAST_ACK, TIME_WAIT):
        error = 0
    else:
        error = ECONNRESET
    finished(tcb, error)


def data_after_close(tcb, seg, now):
    """Reset the connection when new data arrives after the application has closed: it is lost, and the
    peer must know (RFC 1122 4.2.2.13)."""
    if (seg.seq + seg.len - 1 - tcb.rcv_nxt) & M32 < 0x80000000:
        tcb.tcp.stats.drop("tcp_data_after_close")
        abort(tcb, ECONNRESET, now)


def abort(tcb, error, now):
    """Abort the connection: send a RST (3.10.5) if there is memory for it."""
    if SYN_RCVD <= tcb.state < TIME_WAIT:
        try:
            control.abort(tcb, now)
        except MemoryError:
            tcb.tcp.stats.no_memory += 1
    finished(tcb, error)


def finished(tcb, error):
    """Delete the TCB. The next call of the user raises `error` (an errno, 0: none). Unread data stays
    readable unless there is an error. Needs no memory."""
    tcp = tcb.tcp
    state = tcb.state  # compared one by one: a tuple of names needs memory
    if state == TIME_WAIT:
        tcp.time_waits.remove(tcb)
    elif state == SYN_SENT or state == SYN_RCVD:
        tcp.stats.count("TcpAttemptFails")
    elif state == ESTABLISHED or state == CLOSE_WAIT:
        tcp.stats.count("TcpEstabResets")
    tcb.state = CLOSED
    tcb.error = error
    tcb.predicted = -1
    tcb.rto_at = tcb.delack_at = tcb.close_at = tcb.reorder_at = tcb.mss_at = tcb.keep_at = 0
    tcb.sender = None
    tcb.tx.release()
    tcb.rcv_wnd = 0
    if error or tcb.orphan:
        tcb.rx.release()
    tcp.remove(tcb)
    if tcb.on_readable is not None:
        tcb.on_readable()
    if tcb.on_writable is not None:
        tcb.on_writable()
