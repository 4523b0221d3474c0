# tuning.py - automatic buffer sizes: buffers grow with the path's bandwidth-delay product, up to a share of
# the memory.
#
# A ring's size is a limit; its memory is allocated with its contents (rings.py). So a large window costs
# nothing while the user reads at once.
from micropython import const

from ..limits import TCP_TUNED_MAX

_SHORTEST = const(1000)  # minimum round trip in microseconds


def grow_receive(tcb, now):
    """Grow the receive buffer after a read of more than half a window within a round trip: the window
    limits the peer."""
    rx = tcb.rx
    read = rx.tail - tcb.tune_from
    tcb.tune_from = rx.tail
    tcb.tune_at = now + max(tcb.srtt >> 3, _SHORTEST)
    size = rx.size
    top = 0xFFFF << tcb.rcv_wscale
    if read << 1 > size and size < top:
        more = min(size, top - size)
        if tcb.tcp.memory.below_half(size + more):
            rx.size += more
            tcb.rcv_wnd += more


def grow_send(tcb):
    """Grow the send buffer to two windows, one in flight and one that follows. Returns whether it grew."""
    tx = tcb.tx
    size = tx.size
    more = min(size, TCP_TUNED_MAX - size)
    if min(tcb.cwnd, tcb.max_snd_wnd) << 1 <= size or not more or not tcb.tcp.memory.below_half(more):
        return False
    tx.size += more
    return True
