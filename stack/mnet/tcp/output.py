# output.py - sending data: RFC 9293 3.8.6, and building segments.
#
# On a device with segmentation offload (tcb.gso > snd_mss), one pass through transmit() sends up to 64 KiB.
from micropython import const

from ..errors import EHOSTUNREACH
from ..wire.primitives import ring_get, tcp_header
from . import congestion, control, ecn, flight, report, urgent
from .states import ESTABLISHED
from .template import header_template

M32 = const(0xFFFFFFFF)
_FIN = const(1)
_PSH = const(8)
_ACK = const(16)
_TICK = const(10)  # timestamp clock: one tick is 2**10 us, about a millisecond (RFC 7323 5.4)
_CHECKSUM = const(16)  # offset of the checksum in the header


def output(tcb, now):
    """Send what the windows, Nagle's algorithm and silly window avoidance allow."""
    tx = tcb.tx
    queued = tx.head - tx.tail
    outstanding = (tcb.snd_nxt - tcb.snd_una) & M32
    left = queued - outstanding
    if not left and tcb.fin_seq < 0:
        return
    mss = tcb.snd_mss
    if not outstanding and now - tcb.sent_at > tcb.rto:
        congestion.idle(tcb)
    window = tcb.cwnd + tcb.outside_pipe
    if window > tcb.snd_wnd:
        window = tcb.snd_wnd
    pacer = tcb.pacer
    while True:
        n = window - outstanding
        if n >= left:
            n = left
        if n > tcb.gso:
            n = tcb.gso
        if n < mss:
            if n <= 0 or not may_send_small(tcb, n, left, outstanding):
                break
        elif n < left or tcb.corked and tcb.fin_seq < 0:
            n -= n % mss
        if pacer is not None and pacer.wait(tcb, now):
            return
        flags = _ACK
        if n == left:
            flags = _ACK | _PSH
            if tcb.fin_seq >= 0:
                flags = _ACK | _PSH | _FIN
        if not transmit(tcb, tcb.snd_nxt, n, flags, now):
            return
        if pacer is not None:
            pacer.sent(n, now)
        outstanding = (tcb.snd_nxt - tcb.snd_una) & M32
        left = queued - outstanding
    if tcb.fin_seq >= 0 and not left:
        fin(tcb, now)
    if not outstanding and left > 0 and not tcb.rto_at:
        # zero window: the timer then sends a probe (recovery.zero_window_probe)
        start_retransmission_timer(tcb, now)


def may_send_small(tcb, n, left, outstanding):
    """Whether less than a full segment may be sent: Nagle's algorithm (RFC 9293 3.7.4), and silly window
    avoidance of the sender (3.8.6.2.1)."""
    if n == left:
        if tcb.corked and tcb.fin_seq < 0:
            return False
        return not outstanding or tcb.nodelay or tcb.fin_seq >= 0
    return n >= tcb.max_snd_wnd >> 1


def fin(tcb, now):
    """Send our FIN after the last data, unless that segment carried it. A FIN needs no window."""
    if tcb.snd_nxt == tcb.fin_seq:
        transmit(tcb, tcb.snd_nxt, 0, _ACK | _FIN, now)


def transmit(tcb, seq, n, flags, now):
    """Send one segment with n bytes of data from `seq` on. Returns False if the device has no room."""
    neighbor = tcb.neighbor
    if neighbor.mac is not tcb.mac:
        return transmit_new_header(tcb, seq, n, flags, now)
    neighbor.used = now
    link = tcb.link
    buf = link.buf
    full = link.full_checksum
    size = build(tcb, buf, seq, n, flags, now, full)
    if full:
        taken = link.transmit(buf, size)
    else:
        gso_size = tcb.snd_mss if n > tcb.snd_mss else 0
        taken = link.transmit(buf, size, tcb.payload, _CHECKSUM, gso_size)
    if not taken:
        tcb.tcp.stall(tcb)
        return False
    sent(tcb, seq, n, flags, now)
    return True


def transmit_range(tcb, start, n, now):
    """Transmit n sequence numbers from `start` on; the last may be our FIN."""
    flags = _ACK
    text = min(n, tcb.tx.head - start)
    if text < n:
        flags = _ACK | _FIN
    ecn.next_without_ect(tcb)
    return transmit(tcb, (tcb.snd_una + start - tcb.tx.tail) & M32, text, flags, now)


def build(tcb, buf, seq, n, flags, now, full):
    """Build the frame in the transmit buffer and return its length. `full`: compute the whole checksum."""
    template = tcb.template
    if n:
        tx = tcb.tx
        ring_get(tx.buf, tx.tail + ((seq - tcb.snd_una) & M32), buf, len(template), n)
    wnd = tcb.snd_window_field
    if tcb.rcv_wnd != tcb.snd_window_field_for or tcb.rcv_nxt != tcb.rcv_acked:
        wnd = receive_window(tcb)
    ts = now >> _TICK & M32
    return tcp_header(buf, template, n, seq, tcb.rcv_nxt, flags, wnd, ts, tcb.ts_recent, full)


def sent(tcb, seq, n, flags, now):
    """Update the TCB after a segment was sent: acknowledgement state, RTT timing, retransmission timer."""
    tcb.rcv_acked = tcb.rcv_nxt
    tcb.ack_pending = False
    tcb.delack_at = 0
    end = seq + n
    if flags & _FIN:
        end += 1
    end &= M32
    if end == seq:
        return
    tcb.sent_at = now
    if seq == tcb.snd_max:
        if now >= tcb.mark_at:
            flight.mark_sent(tcb, now)
        tcb.snd_max = tcb.snd_nxt = end
        if tcb.timed_seq < 0:  # Karn's algorithm: only data that was sent once is timed (RFC 6298 section 3)
            tcb.timed_seq = end
            tcb.timed_at = now
    else:
        retransmitted(tcb, seq, end, now)
    if not tcb.rto_at:
        start_retransmission_timer(tcb, now)


def retransmitted(tcb, seq, end, now):
    """Record a retransmission. SND.NXT may be below SND.MAX (go-back-N after a timeout)."""
    tcb.tcp.stats.tcp_retransmitted += 1
    tcb.timed_seq = -1  # Karn: RFC 6298 section 3
    if seq == tcb.snd_nxt:
        tcb.snd_nxt = end
    if (end - tcb.snd_max) & M32 < 0x80000000:
        tcb.snd_max = end
    flight.mark_retransmitted(tcb, seq, end, now)


def start_retransmission_timer(tcb, now):
    """Start the retransmission timer (RFC 6298 5.1). With a zero window it is the persist timer (RFC 9293
    3.8.6.1)."""
    wait = tcb.rto
    if tcb.snd_una != tcb.snd_max and not (tcb.recovery or tcb.outside_pipe):
        wait = tcb.pto
    at = tcb.rto_at = now + wait
    if at < tcb.due:
        tcb.tcp.deadlines.arm(tcb, at)


def receive_window(tcb):
    """Compute the window field, scaled. The right edge never moves left (RFC 9293 3.8.6.2.2) nor right in
    small steps (silly window avoidance)."""
    advertised = (tcb.rcv_adv - tcb.rcv_nxt) & M32
    if advertised > 0x7FFFFFFF:  # the peer has sent beyond the edge, at least a FIN
        advertised = 0
    rx = tcb.rx
    free = tcb.rcv_wnd
    half = rx.size >> 1
    memory = rx.memory
    if memory.used > memory.limit and free > advertised:  # advertise no more than there is memory for
        free = max(advertised, rx.room())
        half = min(half, free >> 1)
    grown = free - advertised
    if grown > 0 and (grown >= tcb.rcv_mss or grown >= half):
        advertised = free
    scale = tcb.rcv_wscale
    window = advertised >> scale
    if window << scale < advertised and (window + 1) << scale <= free:  # RFC 7323 2.4
        window += 1
    if window > 0xFFFF:
        window = 0xFFFF
    tcb.rcv_adv = (tcb.rcv_nxt + (window << scale)) & M32
    tcb.snd_window_field = window
    tcb.snd_window_field_for = tcb.rcv_wnd  # build() computes it again when rcv_wnd or rcv_nxt has changed
    return window


def acknowledge(tcb, now):
    """Send an ACK without data."""
    # SND.NXT falls back to SND.UNA after a timeout, and the peer drops a segment below its window (3.10.7.4),
    # so use SND.MAX; but while probing SND.UNA: the peer may not have taken the probe's data.
    seq = tcb.snd_una if tcb.probing else tcb.snd_max
    if tcb.predicted < 0 and tcb.sack_on and tcb.state >= ESTABLISHED:
        blocks = report.blocks(tcb)
        if blocks:
            ts = now >> _TICK & M32 if tcb.ts_on else None
            control.send_sack(tcb, seq, receive_window(tcb), ts, blocks, now)
            return sent(tcb, seq, 0, _ACK, now)
    transmit(tcb, seq, 0, _ACK, now)


def transmit_new_header(tcb, seq, n, flags, now):
    """Transmit with a new header template, when the next hop's MAC has changed or the template is invalid.
    While the MAC is being resolved the segment is queued at the neighbor."""
    tcp = tcb.tcp
    ip = tcb.ip
    route = tcp.route(tcb, now)
    if route is None:
        tcb.error = EHOSTUNREACH  # the error of the connection if it times out
        start_retransmission_timer(tcb, now)
        return False
    neighbor = route.resolve(now)
    tcb.template = header_template(tcb, neighbor)
    tcb.neighbor = neighbor
    tcb.mac = neighbor.mac
    n = min(n, tcb.snd_mss)
    if tcb.fin_seq != (seq + n) & M32:
        flags &= ~_FIN
    if neighbor.mac is not None:
        return transmit_flagged(tcb, seq, n, flags, now)
    tcb.invalidate_header()
    size = build(tcb, tcp.buf, seq, n, flags, now, True)
    ip.neighbors.send(neighbor, tcp.buf, size)
    sent(tcb, seq, n, flags, now)
    return True


def transmit_flagged(tcb, seq, n, flags, now):
    """Transmit with the urgent pointer (urgent.py) and the ECN flags (ecn.py)."""
    if tcb.snd_up >= 0:
        flags |= urgent.point(tcb, seq)
    again = seq != tcb.snd_max or tcb.probing
    if tcb.ecn is not None:
        flags |= ecn.segment_flags(tcb, n, again)
    taken = transmit(tcb, seq, n, flags, now)
    if taken and tcb.ecn is not None:
        ecn.sent(tcb, flags, again)
    if not taken or tcb.snd_up >= 0:
        tcb.invalidate_header()
    return taken
