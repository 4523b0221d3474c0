# user.py - what the user of a connection may do: SEND, RECEIVE, CLOSE, ABORT of RFC 9293 3.9.1, never
# blocking.
from ..seq import M32
from . import close, congestion, keepalive, tuning, urgent
from .output import acknowledge, output
from .states import CLOSE_WAIT, CLOSED, ESTABLISHED, FIN_WAIT_2, SYN_RCVD, SYN_SENT, TIME_WAIT


def send(tcb, data, off, n, now, urgently=False):
    """Queue up to n bytes of data[off:] and send what may be sent. Returns how many were taken."""
    taken = tcb.tx.write(data, off, n)
    if taken < n and not tcb.settings.snd_buf and tuning.grow_send(tcb):
        taken += tcb.tx.write(data, off + taken, n - taken)
    if taken:
        if urgently:
            urgent.begin(tcb)
        output(tcb, now)
        if urgently and tcb.snd_up != tcb.snd_nxt and tcb.state >= ESTABLISHED:
            acknowledge(tcb, now)  # no window keeps the peer from hearing of it (RFC 9293 3.8.5)
    return taken


def choose(tcb, settings, now):
    """The user's choice from now on; what was held back may go."""
    before = tcb.settings
    tcb.settings = settings
    if (settings.ttl, settings.tos) != (before.ttl, before.tos):
        tcb.mac = b""  # the template is made anew
    tcb.nodelay = settings.nodelay
    tcb.corked = settings.corked
    tcb.ack_above = 0 if settings.quick else tcb.rcv_mss
    tcb.cc = congestion.ALGORITHMS.get(settings.congestion, tcb.tcp.congestion)
    if tcb.state >= ESTABLISHED:
        if settings.keep_alive or before.keep_alive:
            keepalive.start(tcb, now)
        output(tcb, now)


def receive(tcb, buf, off, n, now):
    """Take up to n bytes of received text into buf[off:]; tell the peer if that opens the window much."""
    if tcb.urgent is not None:
        n = urgent.until_mark(tcb, n)
    n = tcb.rx.read(buf, off, n)
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
                acknowledge(tcb, now)
    return n


def readable(tcb):
    """Whether receive() has something to say: text, or that there will be none."""
    return tcb.rx.head != tcb.rx.tail or tcb.state == CLOSED or tcb.state >= CLOSE_WAIT


def writable(tcb):
    """Whether send() would take something."""
    return tcb.state in (ESTABLISHED, CLOSE_WAIT) and tcb.tx.room() > 0


def shutdown(tcb, now):
    """No more will be sent: a FIN follows what is queued."""
    close.shut(tcb, now)
    output(tcb, now)


def shut_and_forget(tcb, now):
    """The user closes for good. Text it has not read is lost, so the peer is told with a reset (RFC 1122
    4.2.2.13)."""
    tcb.orphan = True
    tcb.on_readable = tcb.on_writable = None
    if tcb.state in (CLOSED, TIME_WAIT):  # the peer knows already that all has come
        return tcb.rx.release()
    if tcb.state in (SYN_SENT, SYN_RCVD) or tcb.rx.head != tcb.rx.tail:
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
