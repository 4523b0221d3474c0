# input.py - SEGMENT ARRIVES: RFC 9293 3.10.7.4, step by step.
#
# segment_arrives() handles the common case in line: the next in-order data or the next ACK of an established
# connection in a steady state (header prediction, Jacobson 1990). any_segment() implements the whole RFC.
from micropython import const

from ..wire.primitives import ring_put
from . import ecn, handshake, listen, urgent
from .acceptability import OLD, step1_sequence, step2_reset, step4_syn
from .acks import ack_received, step5_ack
from .loss import send_pending
from .output import acknowledge, output
from .receive import EMPTY, data_received, step7_text, step8_fin
from .states import CLOSE_WAIT, ESTABLISHED, SYN_SENT, TIME_WAIT

M32 = const(0xFFFFFFFF)
_HALF = const(0x80000000)
_PSH = const(8)
_ACK = const(16)
_URG = const(32)


def segment_arrives(tcb, frame, seg, now):
    """Process a segment of this connection: on the fast path if it was predicted, else by any_segment()."""
    seq = seg.seq
    n = seg.len
    acked = (seg.ack - tcb.snd_una) & M32
    if (
        seg.layout != tcb.predicted
        or seq != tcb.rcv_nxt
        or seg.flags & ~_PSH != _ACK
        or acked > (tcb.snd_nxt - tcb.snd_una) & M32
        or n > tcb.rcv_wnd
        or (not acked and not n)
        or (seg.tsval - tcb.ts_recent) & M32 >= _HALF
    ):
        return any_segment(tcb, frame, seg, now)
    if seq == tcb.rcv_acked:  # TS.Recent, RFC 7323 4.3 (2), for a segment in order
        tcb.ts_recent = seg.tsval
        tcb.ts_recent_at = now
    tcb.snd_wnd = seg.wnd << tcb.snd_wscale
    tcb.snd_wl1 = seq
    if n:
        rx = tcb.rx
        head = rx.head
        ring_put(rx.buf if head + n <= rx.end else rx.reserve(head + n), head, frame, seg.off, n)
        rx.head = head + n
        tcb.rcv_wnd -= n
        tcb.rcv_nxt = (seq + n) & M32
    if acked:
        ack_received(tcb, acked, now)
        output(tcb, now)
    if n:
        data_received(tcb, n, now)


def any_segment(tcb, frame, seg, now):
    """Run the steps of 3.10.7.4, or of 3.10.7.3 in SYN-SENT. Step 3 is obsolete."""
    options = tcb.tcp.read_options(frame, seg)
    if tcb.state == SYN_SENT:
        return handshake.in_syn_sent(tcb, seg, options, now)
    if tcb.state == TIME_WAIT and listen.reopened(tcb, seg, options, now):
        return None
    looked = step1_sequence(tcb, seg, options, now)
    if looked == OLD:
        if step5_ack(tcb, seg, options, now):
            send_pending(tcb, now)
            tcb.predict()
    elif (
        looked
        and step2_reset(tcb, seg, now)
        and step4_syn(tcb, seg, now)
        and step5_ack(tcb, seg, options, now)
    ):
        tcb.received_at = now
        if tcb.ecn is not None:
            ecn.arrived(tcb, seg.flags, seg.len, now)
        if seg.flags & _URG and tcb.state < CLOSE_WAIT and not tcb.orphan:
            urgent.step6(tcb, seg)
        step7_text(tcb, frame, seg, now)
        step8_fin(tcb, seg, now)
        if tcb.state >= ESTABLISHED:
            if tcb.urgent is not None:
                urgent.arrived(tcb)
            send_pending(tcb, now)
            if tcb.ack_now == EMPTY or (tcb.ack_now and tcb.rcv_acked != tcb.rcv_nxt):
                acknowledge(tcb, now)
            tcb.predict()
    return None
