# reclaim.py - which connections are given up for new ones when TCP's memory or its table is full.
#
# A connection is worth what it carries for the memory that it holds. What counts is data delivered in order
# and data acknowledged; what was counted before is halved again and again. The connection with
# the most memory for each byte goes first, weighted by the memory that is gained; among equals the one heard
# from longest ago. So first go those that are silent behind a gap or do not read, then those that never
# carried anything, then idle ones.
from micropython import const

from ..errors import ECONNABORTED
from ..limits import SECOND, SYN_COOKIES_LIFE
from . import close, text
from .states import CLOSED, FIN_WAIT_2, SYN_RCVD, SYN_SENT

_BATCH = const(64)  # candidates of one sweep
_INTERVAL = const(20000)  # between sweeps at least, and ...
_PER_CONNECTION = const(128)  # ... this for each connection: sweeps take a small part of the time only
_HALF_LIFE = const(200000)  # of what was carried
_CREDIT = const(64)  # bytes that count for as long as the connection lasts
_RECORD = const(2304)  # what the record counts: less than it takes, because a peer can only drive up buffers
_FIRST = const(3)  # at its first sweep a connection's whole past is discounted
_IDLE_BITS = const(22)


class Reclaimer:
    """Makes room among the connections of `tcp`."""

    def __init__(self, tcp):
        self.tcp = tcp
        self.candidates = []  # (cost, Tcb) of the last sweep, the worst last
        self.sweep_at = 0  # no sweep before
        self.halve_at = 0

    def make_room(self, now):
        """Give up connections until there is room for another one. Returns whether there is. Only for peers
        that have proved their addresses, or spoofed SYNs would end connections."""
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
        """Memory is scarce for out-of-order data: discard that of connections which make no progress."""
        if now < self.sweep_at:
            return
        self._sweep(now)
        for _, tcb in self.candidates:
            if tcb.ahead.ranges and tcb.rx.head == tcb.rx.tail:
                text.renege(tcb)

    def _worst(self, now):
        """The connection to give up next, or None."""
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
        """Find those that cost most, and at least half as much as the worst: less costly ones are worth more
        than a newcomer of which nothing is known."""
        self.candidates = worst = []
        self.sweep_at = now + max(_INTERVAL, self.tcp.count * _PER_CONNECTION)
        old = now >= self.halve_at
        if old:
            self.halve_at = now + _HALF_LIFE
        try:
            self._look_at_all(worst, old, now)
        except MemoryError:  # those that were found can go all the same
            self.tcp.stats.no_memory += 1
            self.sweep_at = now + SECOND
        while worst and worst[0][0] << 1 < worst[-1][0]:
            worst.pop(0)

    def _look_at_all(self, worst, old, now):
        for connections in self.tcp.ports.values():
            for tcb in connections.values():
                if old:
                    tcb.lately >>= 1
                cost = _cost(tcb, now)
                if cost and (len(worst) < _BATCH or cost > worst[0][0]):
                    _insert(worst, cost, tcb)

    def _give_up(self, tcb, now):
        self.tcp.stats.drop("tcp_given_up")
        if tcb.state == SYN_RCVD:
            if tcb.listener is not None:  # its ACK is not answered with a RST
                tcb.listener.cookies_until = now + SYN_COOKIES_LIFE
            close.finished(tcb, ECONNABORTED)
        elif tcb.ahead.ranges and tcb.rx.head == tcb.rx.tail:
            text.renege(tcb)
        else:
            close.abort(tcb, ECONNABORTED, now)


def _carried(tcb):
    """Bytes received in order and bytes acknowledged."""
    return tcb.rx.head + tcb.tx.tail


def _cost(tcb, now):
    """What the connection costs, and below that the time since its peer was heard, in one number. 0 if it
    stays: its peer still has time to answer, or it lately carried more than a quarter of its memory."""
    total = _carried(tcb)
    more = total - tcb.carried
    if not tcb.carried:
        more >>= _FIRST
    lately = tcb.lately = tcb.lately + more
    tcb.carried = total
    state = tcb.state
    if state == SYN_SENT or (state == SYN_RCVD and not tcb.retries):
        return 0
    tcb.tx.relax()  # an idle connection with nothing in its buffers costs little
    if not tcb.ahead.ranges:
        tcb.rx.relax()
    memory = _RECORD + tcb.rx.memory_held() + tcb.tx.memory_held()
    if state == FIN_WAIT_2 and tcb.orphan:
        useful = 1
    else:
        useful = lately + min(total, _CREDIT) + 1
    if useful > memory >> 2:
        return 0
    units = memory >> 8
    idle = (now - max(tcb.heard_at, tcb.ts_recent_at)) >> 16
    return (units * units << 6) // useful << _IDLE_BITS | min(max(idle, 0), (1 << _IDLE_BITS) - 1)


def _insert(worst, cost, tcb):
    """Into a list of at most _BATCH, by cost; the lowest falls out."""
    at = len(worst)
    while at and worst[at - 1][0] > cost:
        at -= 1
    worst.insert(at, (cost, tcb))
    if len(worst) > _BATCH:
        worst.pop(0)
