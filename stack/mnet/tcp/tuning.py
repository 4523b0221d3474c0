# tuning.py - buffers that grow with the path, up to a share of the stack's memory.
#
# A ring's size is what may be in it; the memory comes when it is (rings.py). So a large window of a user who
# reads at once costs nothing.
from micropython import const

from ..limits import TCP_TUNED_MAX

_SHORTEST = const(1000)  # round trips are not told apart below this


def largest(tcp):
    """How large a window may become: its scale is agreed on in the handshake."""
    return min(TCP_TUNED_MAX, tcp.memory.limit >> 1)


def grow_receive(tcb, now):
    """The user has read. More than half a window in a round trip: the window is what limits the peer."""
    rx = tcb.rx
    read = rx.tail - tcb.tune_from
    tcb.tune_from = rx.tail
    tcb.tune_at = now + max(tcb.srtt >> 3, _SHORTEST)
    size = rx.size
    top = 0xFFFF << tcb.rcv_wscale
    if read << 1 > size and size < top:
        more = min(size, top - size)
        if tcb.tcp.memory.spares(size + more):
            rx.size += more
            tcb.rcv_free += more


def grow_send(tcb):
    """The user has more than fits: hold two windows, one on its way and one that follows it. Returns whether
    there is more room now."""
    tx = tcb.tx
    size = tx.size
    more = min(size, TCP_TUNED_MAX - size)
    if min(tcb.cwnd, tcb.max_snd_wnd) << 1 <= size or not more or not tcb.tcp.memory.spares(more):
        return False
    tx.size += more
    return True
