# receive.py - segment text, FIN and delayed ACKs: the seventh and eighth steps of RFC 9293 3.10.7.4.
from micropython import const

from ..assembler import NONE, Assembler
from ..limits import TCP_RANGES
from ..wire.primitives import ring_put
from . import close, report
from .acceptability import dropped
from .output import acknowledge
from .states import CLOSE_WAIT, ESTABLISHED

M32 = const(0xFFFFFFFF)
_HALF = const(0x80000000)
_FIN = const(1)
_DELAYED_ACK = const(40000)  # delayed ACK timeout; RFC 9293 3.8.6.3: less than 0.5 s

# Values of tcb.ack_now: the acknowledgement that the segment being processed needs.
AT_ONCE = const(1)  # an immediate ACK, which may carry data
EMPTY = const(2)  # an ACK without data: only that counts as a duplicate ACK (RFC 5681 section 2)


def step7_text(tcb, frame, seg, now):
    """Copy new data into the receive buffer. Acknowledge out-of-order data at once (RFC 5681 4.2)."""
    tcb.ack_now = 0
    n = seg.len
    if not n:
        return
    if tcb.orphan and tcb.state < CLOSE_WAIT:
        return close.data_after_close(tcb, seg, now)
    if tcb.state >= CLOSE_WAIT:
        return dropped(tcb, "tcp_text_after_fin")
    off = seg.off
    ahead = (seg.seq - tcb.rcv_nxt) & M32
    if ahead >= _HALF:
        report.old_data(tcb, seg)
        off += M32 + 1 - ahead
        n -= M32 + 1 - ahead
        ahead = 0
    else:
        report.queued_data(tcb, tcb.rx.head + ahead, n)
    room = tcb.rcv_wnd
    if tcb.rcv_fin >= 0:  # no data follows a FIN
        room = min(room, (tcb.rcv_fin - tcb.rcv_nxt) & M32)
    if n > room - ahead:
        n = room - ahead
    tcb.ack_now = EMPTY
    if n <= 0:
        return dropped(tcb, "tcp_no_room")
    rx = tcb.rx
    if ahead and not rx.may_hold(rx.head + ahead + n):  # no memory: the peer retransmits it
        tcb.tcp.reclaimer.discard_early(now)
        return dropped(tcb, "tcp_early_text")
    if ahead and tcb.out_of_order is NONE:
        tcb.out_of_order = Assembler(TCP_RANGES)
    ring_put(rx.reserve(rx.head + ahead + n), rx.head + ahead, frame, off, n)
    if ahead:
        tcb.predicted = -1
        if not tcb.out_of_order.add(rx.head + ahead, rx.head + ahead + n):
            dropped(tcb, "tcp_too_many_ranges")
    else:
        _deliver(tcb, n, now)


def _deliver(tcb, n, now):
    """Advance RCV.NXT over n bytes and any contiguous out-of-order data."""
    rx = tcb.rx
    gaps = len(tcb.out_of_order.ranges)
    head = tcb.out_of_order.advance(rx.head + n)
    n = head - rx.head
    rx.head = head
    tcb.rcv_wnd -= n
    tcb.rcv_nxt = (tcb.rcv_nxt + n) & M32
    if gaps or tcb.dsack is not None or tcb.ack_pending or n > tcb.ack_above:
        tcb.ack_now = AT_ONCE
    else:
        tcb.ack_now = 0
        acknowledge_later(tcb, now)
    if tcb.on_readable is not None:
        tcb.on_readable()


def renege(tcb):
    """Discard all out-of-order data, and free the receive buffer if it holds nothing else. The peer keeps
    data that is only SACKed (RFC 2018 section 8)."""
    tcb.tcp.stats.drop("tcp_reneged")
    tcb.out_of_order.clear()
    if tcb.dsack is not None:
        tcb.dsack = None
    tcb.rcv_fin = -1
    if tcb.rx.head == tcb.rx.tail:
        tcb.rx.release()
    tcb.predict()


def data_received(tcb, n, now):
    """Notify the reader, and acknowledge every second segment at once; the first gets a delayed ACK (RFC
    9293 3.8.6.3)."""
    if tcb.on_readable is not None:
        tcb.on_readable()
    if tcb.rcv_acked == tcb.rcv_nxt:
        return
    if tcb.ack_pending or n > tcb.ack_above:
        acknowledge(tcb, now)
    else:
        acknowledge_later(tcb, now)


def acknowledge_later(tcb, now):
    tcb.ack_pending = True
    at = tcb.delack_at = now + _DELAYED_ACK
    if at < tcb.due:
        tcb.tcp.deadlines.arm(tcb, at)


def step8_fin(tcb, seg, now):
    """Process the peer's FIN, of this segment or of an out-of-order one that was queued."""
    if seg.flags & _FIN and tcb.rcv_fin < 0 and tcb.state < CLOSE_WAIT:
        _queue_fin(tcb, (seg.seq + seg.len) & M32)
    if tcb.rcv_fin == tcb.rcv_nxt and ESTABLISHED <= tcb.state < CLOSE_WAIT:
        tcb.ack_now = tcb.ack_now or AT_ONCE
        close.peer_closed(tcb, now)
    elif seg.flags & _FIN:
        tcb.ack_now = EMPTY
        close.restart_time_wait(tcb, now)


def _queue_fin(tcb, fin):
    """Record the sequence number of the peer's FIN. Ignore a FIN below data that is already queued out of
    order: it would hide the genuine FIN."""
    ahead = (fin - tcb.rcv_nxt) & M32
    ranges = tcb.out_of_order.ranges
    if ahead < _HALF and (not ranges or ranges[-1][1] <= tcb.rx.head + ahead):
        tcb.rcv_fin = fin
