# reclaim.py - which connections are aborted for new ones when TCP's memory or table is full.
#
# The value of a connection is the data that it carries for the memory that it holds. Data delivered in order
# and data acknowledged count; older counts are halved repeatedly. The connection with the most memory per
# byte is aborted first, weighted by the memory that is gained; among equals the one idle for longest. So the
# order is: connections that are silent behind a gap or whose users do not read, those that never carried
# data, idle ones.
from micropython import const

from ..errors import ECONNABORTED
from ..limits import SECOND, SYN_COOKIES_LIFE
from . import close, receive
from .states import CLOSED, FIN_WAIT_2, SYN_RCVD, SYN_SENT

_BATCH = const(64)  # candidates of one sweep
_INTERVAL = const(20000)  # between sweeps at least, and ...
_PER_CONNECTION = const(128)  # ... this for each connection: sweeps take a small part of the time only
_HALF_LIFE = const(200000)  # of the bytes carried
_CREDIT = const(64)  # bytes that are never discounted
_RECORD = const(2304)  # bytes for the TCB: less than it takes, because a peer can only drive up buffers
_FIRST = const(3)  # the past of a connection is discounted at its first sweep
_IDLE_BITS = const(22)


class Reclaimer:
    """Frees room among the connections of `tcp`."""

    def __init__(self, tcp):
        self.tcp = tcp
        self.candidates = []  # (cost, Tcb) of the last sweep, the costliest last
        self.sweep_at = 0  # no sweep before
        self.halve_at = 0

    def make_room(self, now):
        """Abort connections until there is room for another one. Returns whether there is. Only for peers
        that have proved their addresses: otherwise spoofed SYNs could end connections."""
        tcp = self.tcp
        while tcp.full():
            if tcp.time_waits:
                close.finished(tcp.time_waits[0], 0)
                continue
            tcb = self._worst(now)
            if tcb is None:
                break
            self._give_up(tcb, now)
        return not tcp.full()

    def discard_early(self, now):
        """Discard the out-of-order data of connections without progress, when memory for it is scarce."""
        if now < self.sweep_at:
            return
        self._sweep(now)
        for _, tcb in self.candidates:
            if tcb.out_of_order.ranges and tcb.rx.head == tcb.rx.tail:
                receive.renege(tcb)

    def _worst(self, now):
        """Return the connection to abort next, or None."""
        while True:
            if not self.candidates:
                if now >= self.sweep_at:
                    self._sweep(now)
                if not self.candidates:
                    return None
            tcb = self.candidates.pop()[1]
            if tcb.state != CLOSED and tcb.carried == _carried(tcb):  # no progress since the sweep
                return tcb

    def _sweep(self, now):
        """Find the costliest connections, and those at least half as costly: cheaper ones are worth more
        than a new connection, whose value is unknown."""
        self.candidates = worst = []
        self.sweep_at = now + max(_INTERVAL, self.tcp.count * _PER_CONNECTION)
        old = now >= self.halve_at
        if old:
            self.halve_at = now + _HALF_LIFE
        try:
            self._look_at_all(worst, old, now)
        except MemoryError:  # the candidates found so far can be used
            self.tcp.stats.no_memory += 1
            self.sweep_at = now + SECOND
        while worst and worst[0][0] << 1 < worst[-1][0]:
            worst.pop(0)

    def _look_at_all(self, worst, old, now):
        for connections in self.tcp.ports.values():
            for tcb in connections.values():
                if old:
                    tcb.recent >>= 1
                cost = _cost(tcb, now)
                if cost and (len(worst) < _BATCH or cost > worst[0][0]):
                    _insert(worst, cost, tcb)

    def _give_up(self, tcb, now):
        self.tcp.stats.drop("tcp_given_up")
        if tcb.state == SYN_RCVD:
            if tcb.listener is not None:  # its ACK is not answered with a RST
                tcb.listener.cookies_until = now + SYN_COOKIES_LIFE
            close.finished(tcb, ECONNABORTED)
        elif tcb.out_of_order.ranges and tcb.rx.head == tcb.rx.tail:
            receive.renege(tcb)
        else:
            close.abort(tcb, ECONNABORTED, now)


def _carried(tcb):
    """Bytes received in order and bytes acknowledged."""
    return tcb.rx.head + tcb.tx.tail


def _cost(tcb, now):
    """Return the cost of a connection in the high bits and its idle time in the low bits. 0 if it must
    stay: the handshake is not overdue, or it recently carried more than a quarter of its memory."""
    total = _carried(tcb)
    more = total - tcb.carried
    if not tcb.carried:
        more >>= _FIRST
    recent = tcb.recent = tcb.recent + more
    tcb.carried = total
    state = tcb.state
    if state == SYN_SENT or (state == SYN_RCVD and not tcb.retries):
        return 0
    tcb.tx.relax()  # an idle connection with empty buffers costs little
    if not tcb.out_of_order.ranges:
        tcb.rx.relax()
    memory = _RECORD + tcb.rx.memory_held() + tcb.tx.memory_held()
    if state == FIN_WAIT_2 and tcb.orphan:
        useful = 1
    else:
        useful = recent + min(total, _CREDIT) + 1
    if useful > memory >> 2:
        return 0
    units = memory >> 8
    idle = (now - max(tcb.received_at, tcb.ts_recent_at)) >> 16
    return (units * units << 6) // useful << _IDLE_BITS | min(max(idle, 0), (1 << _IDLE_BITS) - 1)


def _insert(worst, cost, tcb):
    """Insert into a list of at most _BATCH, sorted by cost; the cheapest drops out."""
    at = len(worst)
    while at and worst[at - 1][0] > cost:
        at -= 1
    worst.insert(at, (cost, tcb))
    if len(worst) > _BATCH:
        worst.pop(0)
