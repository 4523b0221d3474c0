# input.py - a segment arrives: RFC 9293 3.10.7.4, in its steps.
#
# segment_arrives() handles in line what nearly every segment is: the next text, or the next acknowledgement,
# of a connection that has nothing else in mind (header prediction, Jacobson 1990). any_segment() is the whole
# of the RFC.
from micropython import const

from ..wire.primitives import ring_put
from . import close, handshake, recovery, reno, rtt
from .output import acknowledge, output
from .states import CLOSE_WAIT, CLOSED, ESTABLISHED, SYN_RCVD, SYN_SENT, TIME_WAIT

M32 = const(0xFFFFFFFF)
_HALF = const(0x80000000)
_FIN = const(1)
_SYN = const(2)
_RST = const(4)
_PSH = const(8)
_ACK = const(16)
_DELAYED_ACK = const(40000)  # RFC 9293 3.8.6.3: less than 0.5 s
_CHALLENGE_INTERVAL = const(500000)
_PAWS_IDLE = const(2073600000000)  # RFC 7323 5.5: after 24 days the timestamp clock says nothing

# tcb.ack_now: what the segment in hand asks for
_AT_ONCE = const(1)  # an acknowledgement that may go with text
_EMPTY = const(2)  # one without text, which alone counts as a duplicate (RFC 5681 section 2)


def segment_arrives(tcb, frame, seg, now):
    """The segment belongs to this connection. What was not predicted goes the long way."""
    seq = seg.seq
    n = seg.len
    acked = (seg.ack - tcb.snd_una) & M32
    if (
        seg.layout != tcb.predicted
        or seq != tcb.rcv_nxt
        or seg.flags & ~_PSH != _ACK
        or acked > (tcb.snd_nxt - tcb.snd_una) & M32
        or n > tcb.rcv_free
        or (not acked and not n)
        or (seg.tsval - tcb.ts_recent) & M32 >= _HALF
    ):
        return any_segment(tcb, frame, seg, now)
    if seq == tcb.rcv_acked:  # RFC 7323 4.3 (2), for a segment in order
        tcb.ts_recent = seg.tsval
        tcb.ts_recent_at = now
    tcb.snd_wnd = seg.wnd << tcb.snd_wscale
    tcb.snd_wl1 = seq
    if n:
        rx = tcb.rx
        head = rx.head
        ring_put(rx.buf if head + n <= rx.end else rx.reserve(head + n), head, frame, seg.off, n)
        rx.head = head + n
        tcb.rcv_free -= n
        tcb.rcv_nxt = (seq + n) & M32
    if acked:
        ack_received(tcb, acked, now)
        output(tcb, now)
    if n:
        text_received(tcb, n, now)


def any_segment(tcb, frame, seg, now):
    """The steps of 3.10.7.4 (3.10.7.3 in SYN-SENT). Step 3 is obsolete; urgent data (step 6) is read as
    ordinary text."""
    options = tcb.tcp.read_options(frame, seg)
    if tcb.state == SYN_SENT:
        return handshake.in_syn_sent(tcb, seg, options, now)
    if tcb.state == TIME_WAIT and tcb.tcp.reopened(tcb, seg, options, now):
        return None
    if (
        step1_sequence(tcb, seg, options, now)
        and step2_reset(tcb, seg, now)
        and step4_syn(tcb, seg, now)
        and step5_ack(tcb, seg, now)
    ):
        step7_text(tcb, frame, seg, now)
        step8_fin(tcb, seg, now)
        if tcb.state >= ESTABLISHED:
            output(tcb, now)
            if tcb.ack_now == _EMPTY or (tcb.ack_now and tcb.rcv_acked != tcb.rcv_nxt):
                acknowledge(tcb, now)
            tcb.predict()
    return None


# First, check sequence number


def step1_sequence(tcb, seg, options, now):
    """Whether any of it lies in the window, and is not from an earlier turn of the sequence numbers (RFC 7323
    5.3)."""
    if tcb.ts_on:
        if options.tsval is None:
            if not seg.flags & _RST:  # RFC 7323 3.2
                return _dropped(tcb, "tcp_no_timestamp")
        elif (options.tsval - tcb.ts_recent) & M32 >= _HALF and now - tcb.ts_recent_at < _PAWS_IDLE:
            if not seg.flags & _RST:
                _say_where_we_are(tcb, seg, now)
                return _dropped(tcb, "tcp_paws")
    if _acceptable(tcb, seg):
        if tcb.ts_on and options.tsval is not None and (tcb.rcv_acked - seg.seq) & M32 < _HALF:
            tcb.ts_recent = options.tsval  # RFC 7323 4.3 (2)
            tcb.ts_recent_at = now
        return True
    if tcb.state == SYN_RCVD and seg.flags & (_SYN | _ACK) == _SYN and seg.seq == tcb.irs:
        handshake.send_syn_again(tcb, now)  # our SYN-ACK was lost
    elif not seg.flags & _RST:
        close.time_wait_again(tcb, seg, now)
        _say_where_we_are(tcb, seg, now)
    return _dropped(tcb, "tcp_outside_window")


def _say_where_we_are(tcb, seg, now):
    """The ACK for what cannot be taken; for empty segments few, or two ends that have lost each other would
    answer each other's answers for ever."""
    if seg.len or seg.flags & (_SYN | _FIN):
        acknowledge(tcb, now)
    else:
        _challenge(tcb, now)


def _acceptable(tcb, seg):
    """Table 6 of RFC 9293 3.10.7.4, with the allowance it makes for a shut window: what starts at RCV.NXT is
    looked at."""
    start = (seg.seq - tcb.rcv_nxt) & M32
    if start == 0:
        return True
    length = seg.len + (1 if seg.flags & _SYN else 0) + (1 if seg.flags & _FIN else 0)
    window = tcb.rcv_free
    return start < window or (length > 0 and (start + length - 1) & M32 < window)


# Second, check the RST bit


def step2_reset(tcb, seg, now):
    """RFC 5961 3.2: only the exact number resets; any other in the window is asked back."""
    if not seg.flags & _RST:
        return True
    if seg.seq == tcb.rcv_nxt:
        close.reset_by_peer(tcb)
    else:
        _challenge(tcb, now)
    return _dropped(tcb, "tcp_rst")


# Fourth, check the SYN bit


def step4_syn(tcb, seg, now):
    """RFC 5961 4.2: a SYN in a synchronized state is asked back; a peer that really has restarted answers
    with a reset."""
    if not seg.flags & _SYN:
        return True
    _challenge(tcb, now)
    return _dropped(tcb, "tcp_syn_in_window")


# Fifth, check the ACK field


def step5_ack(tcb, seg, now):
    """What it acknowledges, and the window it offers. False: the segment goes no further."""
    if not seg.flags & _ACK:
        return _dropped(tcb, "tcp_no_ack")
    if tcb.state == SYN_RCVD and not handshake.completed(tcb, seg, now):
        return False
    acked = (seg.ack - tcb.snd_una) & M32
    if acked > (tcb.snd_max - tcb.snd_una) & M32:
        if (tcb.snd_una - seg.ack) & M32 > tcb.max_snd_wnd:  # RFC 5961 5.2
            _challenge(tcb, now)
            return _dropped(tcb, "tcp_ack_outside")
        return True  # an old acknowledgement: its text may be new
    same_window = _update_window(tcb, seg, acked)
    if acked:
        all_acked(tcb, acked, now)
    elif tcb.probing:  # the answer looks like a duplicate
        if not tcb.orphan:  # MUST-37; whom nobody waits for need not be kept for ever, RFC 6429 section 4
            tcb.retries = 0
    elif same_window and not seg.len and not seg.flags & _FIN and tcb.snd_max != tcb.snd_una:
        recovery.duplicate_ack(tcb, now)
    if tcb.probing and (acked or tcb.snd_wnd):
        recovery.window_opened(tcb)
    return tcb.state != CLOSED


def all_acked(tcb, acked, now):
    """New text was acknowledged, or everything with our FIN."""
    una = (tcb.snd_una + acked) & M32
    if tcb.fin_seq >= 0 and una == (tcb.fin_seq + 1) & M32:
        tcb.snd_una = una
        close.fin_acked(tcb, now)
    elif tcb.recovery:
        recovery.acked(tcb, acked, now)
    else:
        if acked > (tcb.snd_nxt - tcb.snd_una) & M32:  # the peer had more than a shrunken window let us see
            tcb.snd_nxt = una
        ack_received(tcb, acked, now)


def ack_received(tcb, acked, now):
    """`acked` bytes of text have arrived: take them out, learn the round trip, let the congestion window
    grow."""
    nxt = tcb.snd_nxt
    flight = (nxt - tcb.snd_una) & M32
    una = tcb.snd_una = (tcb.snd_una + acked) & M32
    tcb.tx.tail += acked
    tcb.dupacks = tcb.retries = 0
    timed = tcb.timed_seq
    if timed >= 0 and (una - timed) & M32 < _HALF:
        tcb.timed_seq = -1
        rtt.sample(tcb, now - tcb.timed_at)
    reno.acked(tcb, acked, flight)
    restart_rto(tcb, una != nxt, now)
    if tcb.on_writable is not None:
        tcb.on_writable()


def restart_rto(tcb, outstanding, now):
    """RFC 6298 5.2, 5.3."""
    if outstanding:
        at = tcb.rto_at = now + tcb.rto
        if at < tcb.due:
            tcb.tcp.deadlines.arm(tcb, at)
    else:
        tcb.rto_at = 0


def _update_window(tcb, seg, acked):
    """SND.WND from the newest segment (3.10.7.4 fifth). Returns whether it was the same as before. SND.WL2 is
    not needed: what acknowledges less than SND.UNA has been sorted out, and what acknowledges more is newer
    whatever its SEG.SEQ (without its window SND.UNA + SND.WND would lie beyond what was offered)."""
    if not acked and (seg.seq - tcb.snd_wl1) & M32 >= _HALF:
        return False
    window = seg.wnd << tcb.snd_wscale
    same = window == tcb.snd_wnd
    tcb.snd_wnd = window
    tcb.snd_wl1 = seg.seq
    if window > tcb.max_snd_wnd:
        tcb.max_snd_wnd = window
    return same


# Seventh, process the segment text


def step7_text(tcb, frame, seg, now):
    """Put what is new into the receive buffer, at its place; acknowledge at once what comes out of order (RFC
    5681 4.2)."""
    tcb.ack_now = 0
    n = seg.len
    if not n:
        return
    if tcb.orphan and tcb.state < CLOSE_WAIT:
        return close.nobody_reads(tcb, seg, now)
    if tcb.state >= CLOSE_WAIT:
        return _dropped(tcb, "tcp_text_after_fin")
    off = seg.off
    ahead = (seg.seq - tcb.rcv_nxt) & M32
    if ahead >= _HALF:  # begins with text that we have
        off += M32 + 1 - ahead
        n -= M32 + 1 - ahead
        ahead = 0
    room = tcb.rcv_free
    if tcb.rcv_fin >= 0:  # nothing comes after that
        room = min(room, (tcb.rcv_fin - tcb.rcv_nxt) & M32)
    if n > room - ahead:
        n = room - ahead
    tcb.ack_now = _EMPTY
    if n <= 0:
        return _dropped(tcb, "tcp_no_room")
    rx = tcb.rx
    ring_put(rx.reserve(rx.head + ahead + n), rx.head + ahead, frame, off, n)
    if ahead:
        if not tcb.ahead.add(rx.head + ahead, rx.head + ahead + n):
            _dropped(tcb, "tcp_too_many_ranges")
    else:
        _deliver(tcb, n, now)


def _deliver(tcb, n, now):
    """n bytes have come in order; with them perhaps what waited behind."""
    rx = tcb.rx
    gaps = len(tcb.ahead.ranges)
    head = tcb.ahead.advance(rx.head + n)
    n = head - rx.head
    rx.head = head
    tcb.rcv_free -= n
    tcb.rcv_nxt = (tcb.rcv_nxt + n) & M32
    if gaps or tcb.ack_pending or n > tcb.rcv_mss:
        tcb.ack_now = _AT_ONCE
    else:
        tcb.ack_now = 0
        _acknowledge_later(tcb, now)
    if tcb.on_readable is not None:
        tcb.on_readable()


def text_received(tcb, n, now):
    """New text waits for the user. Every second segment is acknowledged at once, the first a little later
    (RFC 9293 3.8.6.3)."""
    if tcb.on_readable is not None:
        tcb.on_readable()
    if tcb.rcv_acked == tcb.rcv_nxt:
        return
    if tcb.ack_pending or n > tcb.rcv_mss:
        acknowledge(tcb, now)
    else:
        _acknowledge_later(tcb, now)


def _acknowledge_later(tcb, now):
    tcb.ack_pending = True
    at = tcb.delack_at = now + _DELAYED_ACK
    if at < tcb.due:
        tcb.tcp.deadlines.arm(tcb, at)


# Eighth, check the FIN bit


def step8_fin(tcb, seg, now):
    """The peer has closed, now or in a segment that came before its turn."""
    if seg.flags & _FIN and tcb.rcv_fin < 0 and tcb.state < CLOSE_WAIT:
        _remember_fin(tcb, (seg.seq + seg.len) & M32)
    if tcb.rcv_fin == tcb.rcv_nxt and ESTABLISHED <= tcb.state < CLOSE_WAIT:
        tcb.ack_now = tcb.ack_now or _AT_ONCE
        close.peer_closed(tcb, now)
    elif seg.flags & _FIN:
        tcb.ack_now = _EMPTY


def _remember_fin(tcb, fin):
    """A FIN before text that has come already is a lie, and would keep the true one from being seen."""
    ahead = (fin - tcb.rcv_nxt) & M32
    ranges = tcb.ahead.ranges
    if ahead < _HALF and (not ranges or ranges[-1][1] <= tcb.rx.head + ahead):
        tcb.rcv_fin = fin


def _challenge(tcb, now):
    """An ACK that asks whether that was really the peer; few, so that it tells a stranger nothing (RFC 5961
    7)."""
    if now - tcb.challenged_at >= _CHALLENGE_INTERVAL:
        tcb.challenged_at = now
        acknowledge(tcb, now)


def _dropped(tcb, reason):
    tcb.tcp.stats.drop(reason)
    return False
