# user.py - the user calls of a connection: SEND, RECEIVE, CLOSE, ABORT of RFC 9293 3.9.1, non-blocking.
from ..limits import SECOND
from ..seq import M32
from ..timers import NEVER
from . import close, keepalive, tuning, urgent
from .cc import ALGORITHMS
from .output import acknowledge, output
from .shortage import resume_later
from .states import CLOSE_WAIT, CLOSED, ESTABLISHED, FIN_WAIT_2, TIME_WAIT


def send(tcb, data, off, n, now, urgently=False):
    """Queue up to n bytes of data[off:] and send what may be sent. Returns how many were queued."""
    taken = tcb.tx.write(data, off, n)
    try:
        if taken < n and not tcb.settings.snd_buf and tuning.grow_send(tcb):
            taken += tcb.tx.write(data, off + taken, n - taken)
        if taken:
            if urgently:
                urgent.begin(tcb)
            output(tcb, now)
            if urgently and tcb.snd_up != tcb.snd_nxt and tcb.state >= ESTABLISHED:
                acknowledge(tcb, now)  # the urgent pointer is sent whatever the window (RFC 9293 3.8.5)
    except MemoryError:
        if not taken:
            raise
        resume_later(tcb, now)  # the queued bytes stay queued, so report them
    return taken


def apply_settings(tcb, settings, now):
    """Apply new settings; corked data may be sent."""
    before = tcb.settings
    tcb.settings = settings
    if settings.ttl != before.ttl or settings.tos != before.tos:
        tcb.invalidate_header()
    tcb.nodelay = settings.nodelay
    tcb.corked = settings.corked
    tcb.ack_above = 0 if settings.quick else tcb.rcv_mss
    tcb.cc = ALGORITHMS.get(settings.congestion, tcb.tcp.congestion)
    if tcb.state >= ESTABLISHED:
        if settings.keep_alive or before.keep_alive:
            keepalive.start(tcb, now)
        _output(tcb, now)


def receive(tcb, buf, off, n, now):
    """Copy up to n bytes of received data into buf[off:] and consume them. Returns how many."""
    n = peek(tcb, buf, off, n)
    received(tcb, n, now)
    return n


def peek(tcb, buf, off, n):
    """Copy up to n bytes as receive() does, without consuming them."""
    if tcb.urgent is not None:
        n = urgent.until_mark(tcb, n)
    return tcb.rx.peek(buf, off, n)


def received(tcb, n, now):
    """Consume n bytes; send a window update if the window has opened by enough (RFC 9293 3.8.6.2.2)."""
    rx = tcb.rx
    rx.tail += n
    if tcb.urgent is not None:
        urgent.was_read(tcb)
    if rx.tail == rx.head and not tcb.out_of_order.ranges:
        rx.relax()
        if tcb.due == NEVER and ESTABLISHED <= tcb.state < CLOSE_WAIT:  # timers.py releases an idle buffer
            tcb.tcp.deadlines.arm(tcb, now + SECOND)
    if n and tcb.state < CLOSE_WAIT:
        tcb.rcv_wnd += n
        if now >= tcb.tune_at:
            tuning.grow_receive(tcb, now)
        advertised = (tcb.rcv_adv - tcb.rcv_nxt) & M32
        if advertised > 0x7FFFFFFF:  # the window is used up, with the part that its scale rounded off
            advertised = 0
        half = rx.size >> 1
        if advertised < half and rx.room() - advertised >= min(2 * tcb.rcv_mss, half):
            if ESTABLISHED <= tcb.state:
                try:
                    acknowledge(tcb, now)
                except MemoryError:  # the user has the data all the same
                    resume_later(tcb, now)


def readable(tcb):
    """Whether receive() returns at once: data, end of stream or an error."""
    return tcb.rx.head != tcb.rx.tail or tcb.state == CLOSED or tcb.state >= CLOSE_WAIT


def writable(tcb):
    """Whether send() would queue data."""
    return tcb.state in (ESTABLISHED, CLOSE_WAIT) and tcb.tx.room() > 0


def shutdown(tcb, now):
    """Close the send side: a FIN follows the queued data."""
    close.queue_fin(tcb, now)
    _output(tcb, now)


def _output(tcb, now):
    """Send what may be sent; without memory, later."""
    try:
        output(tcb, now)
    except MemoryError:
        resume_later(tcb, now)


def close_and_release(tcb, now):
    """Close the connection without waiting (CLOSE); needs no memory. If received data is unread, reset the
    connection (RFC 1122 4.2.2.13)."""
    tcb.orphan = True
    tcb.on_readable = tcb.on_writable = None
    state = tcb.state  # no `in (...)` here: a tuple of names takes memory
    if state == CLOSED or state == TIME_WAIT:  # the peer has closed, and its data was acknowledged
        return tcb.rx.release()
    if state < ESTABLISHED or tcb.rx.head != tcb.rx.tail:
        return close.abort(tcb, 0, now)
    tcb.rx.release()
    tcb.predict()
    shutdown(tcb, now)
    if tcb.state == FIN_WAIT_2:
        close.start_fin_wait_2_timer(tcb, now)


def abort(tcb, now):
    """Abort the connection with a reset (ABORT)."""
    tcb.orphan = True
    tcb.rx.release()
    if tcb.state != CLOSED:
        close.abort(tcb, 0, now)
