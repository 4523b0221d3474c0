# timers.py - what a connection does when a deadline has passed.
from micropython import const

from ..errors import ETIMEDOUT
from ..timers import NEVER
from . import close, handshake, loss, path, recovery, rtt
from .output import acknowledge
from .states import CLOSED, SYN_RCVD, SYN_SENT, TIME_WAIT

_SYN_TRIES = const(7)  # RFC 9293 3.8.3: the user hears after 3 minutes at least for a SYN ... (R2)
_TRIES = const(15)  # ... and after 100 s at least for text


def expire(tcb, now):
    """The heap has come to this connection: do what is due, and have it looked at again at its next
    deadline."""
    if tcb.delack_at and now >= tcb.delack_at:
        tcb.delack_at = 0
        acknowledge(tcb, now)
    if tcb.rto_at and now >= tcb.rto_at:
        tcb.rto_at = 0
        _retransmission_timeout(tcb, now)
    if tcb.mss_at and now >= tcb.mss_at:
        path.try_larger(tcb)
    if tcb.reorder_at and now >= tcb.reorder_at:
        loss.reordering_timeout(tcb, now)
    if tcb.close_at and now >= tcb.close_at:
        close.finished(tcb, 0)
    at = next_deadline(tcb)
    if at != NEVER:
        tcb.tcp.deadlines.arm(tcb, at)


def next_deadline(tcb):
    """When something will be due, or NEVER."""
    at = NEVER
    for deadline in (tcb.rto_at, tcb.delack_at, tcb.close_at, tcb.mss_at, tcb.reorder_at):
        if deadline and deadline < at:
            at = deadline
    return at


def _retransmission_timeout(tcb, now):
    if loss.may_probe(tcb):
        return loss.probe(tcb, now)
    tcb.retries += 1
    state = tcb.state
    if state in (SYN_SENT, SYN_RCVD):
        if tcb.retries > _SYN_TRIES:
            return close.finished(tcb, tcb.error or ETIMEDOUT)
        rtt.back_off(tcb)
        handshake.send_syn_again(tcb, now)
    elif state not in (CLOSED, TIME_WAIT):
        if tcb.retries > _TRIES:
            return close.abort(tcb, tcb.error or ETIMEDOUT, now)
        if tcb.retries == 1:
            tcb.error = 0  # what was said before the peer fell silent is no reason for it
        path.suspect(tcb, now)
        recovery.timed_out(tcb, now)
