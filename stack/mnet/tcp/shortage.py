# shortage.py - memory has run out in the middle of something: the connection goes on a little later.
#
# The segment in hand is lost, as if the network had lost it, and the peer retransmits it. What was to follow
# (an ACK, a segment) is left to the timers, whose arming needs no memory (mnet/timers.py).
from micropython import const

from .states import CLOSED, ESTABLISHED, FIN_WAIT_2, TIME_WAIT

_LATER = const(100000)  # microseconds


def go_on_later(tcb, now):
    """Have everything that may be due looked at again. Needs no memory itself."""
    tcp = tcb.tcp
    tcp.stats.no_memory += 1
    tcb.predicted = -1
    state = tcb.state
    if state != CLOSED:
        at = now + _LATER
        if state >= ESTABLISHED:
            tcb.delack_at = at
        if not tcb.rto_at and _has_more_to_say(tcb):
            tcb.rto_at = now + max(tcb.rto, _LATER)
        if state == FIN_WAIT_2 and tcb.orphan and not tcb.close_at:
            tcb.close_at = now + tcb.settings.fin_wait_2
        tcp.deadlines.arm(tcb, at)
    if tcb.on_readable is not None:
        tcb.on_readable()
    if tcb.on_writable is not None:
        tcb.on_writable()


def _has_more_to_say(tcb):
    """Whether something of ours is not acknowledged, or not even sent."""
    if tcb.state < ESTABLISHED or tcb.tx.head != tcb.tx.tail:
        return True
    return tcb.state < TIME_WAIT and not tcb.fin_acked and (tcb.fin_seq >= 0 or tcb.snd_una != tcb.snd_max)
