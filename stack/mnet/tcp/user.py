# user.py - what the user of a connection may do: SEND, RECEIVE, CLOSE, ABORT of RFC 9293 3.9.1, never
# blocking.
from ..seq import M32
from . import close, congestion, keepalive, tuning, urgent
from .output import acknowledge, output
from .shortage import go_on_later
from .states import CLOSE_WAIT, CLOSED, ESTABLISHED, FIN_WAIT_2, TIME_WAIT


def send(tcb, data, off, n, now, urgently=False):
    """Queue up to n bytes of data[off:] and send what may be sent. Returns how many were taken."""
    taken = tcb.tx.write(data, off, n)
    try:
        if taken < n and not tcb.settings.snd_buf and tuning.grow_send(tcb):
            taken += tcb.tx.write(data, off + taken, n - taken)
        if taken:
            if urgently:
                urgent.begin(tcb)
            output(tcb, now)
            if urgently and tcb.snd_up != tcb.snd_nxt and tcb.state >= ESTABLISHED:
                acknowledge(tcb, now)  # no window keeps the peer from hearing of it (RFC 9293 3.8.5)
    except MemoryError:
        if not taken:
            raise
        go_on_later(tcb, now)  # what is queued is queued, and the user must know how much that is
    return taken


def choose(tcb, settings, now):
    """The user's choice from now on; what was held back may go."""
    before = tcb.settings
    tcb.settings = settings
    if settings.ttl != before.ttl or settings.tos != before.tos:
        tcb.mac = b""  # the template is made anew
    tcb.nodelay = settings.nodelay
    tcb.corked = settings.corked
    tcb.ack_above = 0 if settings.quick else tcb.rcv_mss
    tcb.cc = congestion.ALGORITHMS.get(settings.congestion, tcb.tcp.congestion)
    if tcb.state >= ESTABLISHED:
        if settings.keep_alive or before.keep_alive:
            keepalive.start(tcb, now)
        _output(tcb, now)


def receive(tcb, buf, off, n, now):
    """Take up to n bytes of received text into buf[off:]. Returns how many."""
    n = peek(tcb, buf, off, n)
    received(tcb, n, now)
    return n


def peek(tcb, buf, off, n):
    """As receive(), but the text is taken by received()."""
    if tcb.urgent is not None:
        n = urgent.until_mark(tcb, n)
    return tcb.rx.peek(buf, off, n)


def received(tcb, n, now):
    """The user has n bytes of text; tell the peer if that opens the window much."""
    tcb.rx.tail += n
    if tcb.urgent is not None:
        urgent.was_read(tcb)
    if not tcb.ahead.ranges:
        tcb.rx.relax()
    if n and tcb.state < CLOSE_WAIT:
        tcb.rcv_free += n
        if now >= tcb.tune_at:
            tuning.grow_receive(tcb, now)
        advertised = (tcb.rcv_adv - tcb.rcv_nxt) & M32
        if (
            advertised > 0x7FFFFFFF
        ):  # what was offered is used up, and the rest that its scale cut off as well
            advertised = 0
        rx = tcb.rx
        half = rx.size >> 1
        if advertised < half and rx.room() - advertised >= min(2 * tcb.rcv_mss, half):
            if ESTABLISHED <= tcb.state:
                try:
                    acknowledge(tcb, now)
                except MemoryError:  # the text is the user's all the same
                    go_on_later(tcb, now)


def readable(tcb):
    """Whether receive() has something to say: text, or that there will be none."""
    return tcb.rx.head != tcb.rx.tail or tcb.state == CLOSED or tcb.state >= CLOSE_WAIT


def writable(tcb):
    """Whether send() would take something."""
    return tcb.state in (ESTABLISHED, CLOSE_WAIT) and tcb.tx.room() > 0


def shutdown(tcb, now):
    """No more will be sent: a FIN follows what is queued."""
    close.shut(tcb, now)
    _output(tcb, now)


def _output(tcb, now):
    """Send what may be sent; what needs memory that is not there is sent later."""
    try:
        output(tcb, now)
    except MemoryError:
        go_on_later(tcb, now)


def shut_and_forget(tcb, now):
    """The user closes for good, which needs no memory. Text it has not read is lost, so the peer is told with
    a reset (RFC 1122 4.2.2.13)."""
    tcb.orphan = True
    tcb.on_readable = tcb.on_writable = None
    state = tcb.state  # no `in (...)` here: a tuple of names takes memory
    if state == CLOSED or state == TIME_WAIT:  # the peer knows already that all has come
        return tcb.rx.release()
    if state < ESTABLISHED or tcb.rx.head != tcb.rx.tail:
        return close.abort(tcb, 0, now)
    tcb.rx.release()
    tcb.predict()
    shutdown(tcb, now)
    if tcb.state == FIN_WAIT_2:
        close.orphaned(tcb, now)


def abort(tcb, now):
    """Away at once, with a reset."""
    tcb.orphan = True
    tcb.rx.release()
    if tcb.state != CLOSED:
        close.abort(tcb, 0, now)
