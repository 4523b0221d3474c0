# timers.py - the timers of a connection: retransmission, persist, delayed ACK, keep-alive, TIME-WAIT.
from micropython import const

from ..errors import ETIMEDOUT
from ..timers import NEVER
from . import close, flight, handshake, keepalive, loss, path, recovery, rtt, tlp
from .output import acknowledge, output
from .states import CLOSED, SYN_RCVD, SYN_SENT, TIME_WAIT

# What rto_at is the deadline of (kind)
RETRANSMISSION = const(0)  # RFC 6298
LOSS_PROBE = const(1)  # RFC 8985 7
WINDOW_PROBE = const(2)  # persist, RFC 9293 3.8.6.1
SYN = const(3)  # a SYN or SYN-ACK
CORK = const(4)  # TCP_CORK
NAMES = ("retransmission", "loss probe", "window probe", "SYN", "cork")

_SYN_TRIES = const(7)  # RFC 9293 3.8.3 (R2): the connection fails after 3 minutes at least for a SYN ...
_CORKED = const(200000)
_TRIES = const(15)  # ... and after 100 s at least for data


def expire(tcb, now):
    """Run the timers that have expired, and arm the next deadline."""
    if tcb.delack_at and now >= tcb.delack_at:
        tcb.delack_at = 0
        acknowledge(tcb, now)
    if tcb.rto_at and now >= tcb.rto_at:
        tcb.rto_at = 0
        _expired(tcb, now)
    if tcb.mss_at and now >= tcb.mss_at:
        path.try_larger(tcb)
    if tcb.reorder_at and now >= tcb.reorder_at:
        loss.reordering_timeout(tcb, now)
    if tcb.keep_at and now >= tcb.keep_at:
        keepalive.expire(tcb, now)
    pacer = tcb.pacer
    if pacer is not None and pacer.due and now >= pacer.due:
        pacer.due = 0
        loss.send_pending(tcb, now)
    if tcb.close_at and now >= tcb.close_at:
        close.finished(tcb, 0)
    at = next_deadline(tcb)
    if at != NEVER:
        tcb.tcp.deadlines.arm(tcb, at)
    _release_unused(tcb)


def _release_unused(tcb):
    """Release empty buffers and the state of data in flight; the next data allocates them again. The deadline
    of the last segment is when a connection may be idle, and is off the fast path."""
    if tcb.tx.head == tcb.tx.tail:
        tcb.tx.release()
        flight.forget(tcb)
    if tcb.rx.head == tcb.rx.tail and not tcb.out_of_order.ranges:
        tcb.rx.release()


def next_deadline(tcb):
    """Return the earliest deadline, or NEVER."""
    at = NEVER
    for deadline in (tcb.rto_at, tcb.delack_at, tcb.close_at, tcb.mss_at, tcb.reorder_at, tcb.keep_at):
        if deadline and deadline < at:
            at = deadline
    if tcb.pacer is not None and 0 < tcb.pacer.due < at:
        at = tcb.pacer.due
    return at


def kind(tcb):
    """Return which timer rto_at belongs to. A connection has one of them at a time, and its state decides
    which."""
    if tcb.state in (SYN_SENT, SYN_RCVD):
        return SYN
    if tlp.may_send(tcb):
        return LOSS_PROBE
    if tcb.corked and tcb.snd_una == tcb.snd_max and tcb.tx.head - tcb.tx.tail <= tcb.snd_wnd:
        return CORK
    return WINDOW_PROBE if recovery.must_probe(tcb) else RETRANSMISSION


def _expired(tcb, now):
    expired = kind(tcb)
    if expired == LOSS_PROBE:
        return tlp.send_probe(tcb, now)
    if expired == CORK:
        return _uncork(tcb, now)
    tcb.tcp.stats.count("TcpExtTCPTimeouts")
    tcb.retries += 1
    if not tcb.stuck_at:
        tcb.stuck_at = now - tcb.rto
    limit = tcb.settings.user_timeout
    over = limit and now - tcb.stuck_at >= limit
    if expired == SYN:
        if over or tcb.retries > _SYN_TRIES:
            return close.finished(tcb, tcb.error or ETIMEDOUT)
        rtt.back_off(tcb)
        tcb.tcp.stats.count("TcpRetransSegs")
        handshake.retransmit_syn(tcb, now)
    elif tcb.state not in (CLOSED, TIME_WAIT):
        if over or (tcb.retries > _TRIES and not limit):
            return close.abort(tcb, tcb.error or ETIMEDOUT, now)
        if tcb.retries == 1:
            tcb.error = 0  # an ICMP error from before the timeout is no reason for it
        path.suspect(tcb, now)
        recovery.timed_out(tcb, now)
    if limit and tcb.rto_at > tcb.stuck_at + limit:  # RFC 5482
        tcb.rto_at = tcb.stuck_at + limit


def _uncork(tcb, now):
    """Send corked data after 200 ms, as Linux does."""
    at = tcb.sent_at + _CORKED
    if now < at:
        tcb.rto_at = at
        return
    tcb.corked = False
    output(tcb, now)
    tcb.corked = True
