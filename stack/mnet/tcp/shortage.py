# shortage.py - out of memory while a segment is processed: the connection resumes a little later.
#
# The segment is lost, as if by the network, and the peer retransmits it. Pending output (an ACK, a segment)
# is left to the timers, whose arming needs no memory (mnet/timers.py).
from micropython import const

from .states import CLOSED, ESTABLISHED, FIN_WAIT_2, TIME_WAIT

_LATER = const(100000)  # microseconds


def resume_later(tcb, now):
    """Arm the timers for all output that may be pending. Needs no memory itself."""
    tcp = tcb.tcp
    tcp.stats.no_memory += 1
    tcb.predicted = -1
    state = tcb.state
    if state != CLOSED:
        at = now + _LATER
        if state >= ESTABLISHED:
            tcb.delack_at = at
        if not tcb.rto_at and _has_unacked(tcb):
            tcb.rto_at = now + max(tcb.rto, _LATER)
        if state == FIN_WAIT_2 and tcb.orphan and not tcb.close_at:
            tcb.close_at = now + tcb.settings.fin_wait_2
        tcp.deadlines.arm(tcb, at)
    if tcb.on_readable is not None:
        tcb.on_readable()
    if tcb.on_writable is not None:
        tcb.on_writable()


def _has_unacked(tcb):
    """Whether data or a FIN of ours is unacknowledged or unsent."""
    if tcb.state < ESTABLISHED or tcb.tx.head != tcb.tx.tail:
        return True
    return tcb.state < TIME_WAIT and not tcb.fin_acked and (tcb.fin_seq >= 0 or tcb.snd_una != tcb.snd_max)
