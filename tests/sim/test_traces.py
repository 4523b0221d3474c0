"""Traces of the congestion window under the virtual clock, against the formulas of the RFCs."""

import pytest
from mnet.tcp import congestion
from mnet.tcp.cc import ALGORITHMS
from mnet.tcp.states import ESTABLISHED

from sim.hosts import pair
from sim.routers import marked
from sim.users import User
from sim.wire import Faults

SEEDS = 1
SECOND = 1000000
MSS = 1448
C, BETA = 0.4, 0.7  # RFC 9438 4.1.2, 4.6


class Trace:
    """A transfer from left to right; watch(self) is called after each event."""

    def __init__(self, size, faults, cc="cubic", drop=None):
        self.world, self.left, self.right = pair(0, faults)
        self.left.meet(self.right)
        self.left.tcp.congestion = ALGORITHMS[cc]
        self.users = []
        self.right.listen(9000, self._accept, rcv_buf=1 << 20)
        self.tcb = self.left.connect(self.right, 9000, 1 << 20, 65536)
        self.data = bytes(size)
        User(self.left, self.tcb, self.data, hold=True)
        self.lane, self.sent = self.left.device.lane, []
        self.lane.drop, self.lane.seen = drop, self._seen
        self.world.run(lambda: self.tcb.state == ESTABLISHED)
        self.start = self.world.now

    def _accept(self, tcb):
        self.users.append(User(self.right, tcb, hold=True))

    def _seen(self, frame):
        if has_text(frame):
            self.sent.append(self.world.now)

    @property
    def now(self):
        """Return the time since the connection was opened."""
        return self.world.now - self.start

    @property
    def done(self):
        return bool(self.users) and len(self.users[0].got) == len(self.data)

    def run(self, watch, seconds=300):
        def look():
            watch(self)
            return self.done

        self.world.run(look, seconds)
        assert bytes(self.users[0].got) == self.data


def has_text(frame):
    return frame[12:14] == b"\x08\0" and frame[23] == 6 and len(frame) > 200


class Lose:
    """Loses the segments with these numbers once."""

    def __init__(self, *numbers):
        self.numbers, self.count = set(numbers), -1

    def __call__(self, frame):
        self.count += has_text(frame)
        return has_text(frame) and self.count in self.numbers


def test_slow_start():
    """RFC5681-5: cwnd grows by the acknowledged data: in round n it is ten segments times 2**n."""
    trace = Trace(1200000, Faults(delay=50000))
    windows = {}
    trace.run(lambda t: windows.__setitem__(t.now // 100000, t.tcb.cwnd))
    for n in range(5):
        assert abs(windows[n] - (10 << n) * MSS) <= 2 * MSS << n, (n, windows[n] / MSS)
    assert trace.tcb.ssthresh == 1 << 30


def test_cubic():
    """RFC9438-1, RFC9438-2: after one loss W(t) = C (t - K)**3 + W_max for twice K, K being the cube root of
    (W_max - cwnd) / C."""
    rtt = 0.4
    trace = Trace(16000000, Faults(delay=200000), drop=Lose(350))
    seen, before = [], [0]

    def watch(t):
        if t.tcb.tx.head - t.tcb.tx.tail < t.tcb.cwnd:
            return  # the rest does not fill the window
        if t.tcb.recovery == congestion.OPEN and t.tcb.cc_state is not None and t.tcb.cc_state.start >= 0:
            seen.append((t.world.now / SECOND - t.tcb.cc_state.start / 1000, t.tcb.cwnd / MSS))
        elif t.tcb.cc_state is None:
            before[0] = t.tcb.cwnd / MSS

    trace.run(watch)
    w_max = before[0]
    first = seen[0][1]
    assert abs(trace.tcb.ssthresh / MSS - BETA * w_max) < 0.15 * w_max  # of the data in flight
    k = ((trace.tcb.cc_state.w_max / MSS - first) / C) ** (1 / 3)
    checked = 0
    for t, cwnd in seen:
        if rtt < t < 2 * k and cwnd < 700:  # then the receiver's window is the limit
            expected = C * (t - k) ** 3 + w_max
            assert abs(cwnd - expected) < 0.06 * expected, (t, cwnd, expected)
            checked += 1
    assert checked > 500 and seen[-1][0] > k


def test_proportional_rate_reduction():
    """RFC9937-1: while more than ssthresh is in flight, the data sent is ssthresh / RecoverFS of the data
    delivered, rounded up; recovery ends at ssthresh, without a burst."""
    trace = Trace(900000, Faults(delay=20000), "reno", Lose(*range(150, 160)))
    checked, largest = [], [0]

    def watch(t):
        tcb = t.tcb
        if tcb.recovery != congestion.FAST:
            return
        sender, board = tcb.sender, tcb.sender.board
        sent = board.resent + (tcb.snd_max - tcb.recover & 0xFFFFFFFF)
        pipe = (tcb.snd_max - tcb.snd_una & 0xFFFFFFFF) - board.sacked - board.lost
        if pipe > tcb.ssthresh:
            share = sender.prr_delivered * tcb.ssthresh / sender.recover_fs
            checked.append(sent - share)
            assert -2 * MSS <= sent - share <= MSS, (sent / MSS, share / MSS)
        largest[0] = max(largest[0], pipe)

    trace.run(watch)
    assert len(checked) > 20 and trace.left.stack.stats.tcp_retransmitted == 10


def test_reordering():
    """RFC8985-3: once reordering was detected, a segment that is late by less than a quarter of the round
    trip is not retransmitted."""
    trace = Trace(20000000, Faults(delay=40000, jitter=15000), "reno")
    counts = []
    trace.run(lambda t: counts.append((t.now, t.left.stack.stats.tcp_retransmitted)))
    while counts[-1][0] > trace.now - 200000:  # the tail may be probed
        counts.pop()
    early = max(count for at, count in counts if at < SECOND)
    assert counts[-1][1] == early < 40 and counts[-1][0] > 2 * SECOND
    assert trace.tcb.sender.board.reordering_seen and trace.tcb.recovery == congestion.OPEN


def test_tail_loss_probe():
    """RFC8985-1: the last segments are lost: one probe two round trips after the last was sent, and no
    timeout."""
    trace = Trace(20 * MSS, Faults(delay=20000), drop=Lose(18, 19))
    heard = []

    def watch(t):
        if not heard or t.tcb.snd_una != heard[-1][0]:
            heard.append((t.tcb.snd_una, t.world.now, t.tcb.pto, t.tcb.srtt >> 3))

    trace.run(watch)
    sent = trace.sent
    _, at, pto, srtt = [each for each in heard if each[1] < sent[20]][-1]
    assert len(sent) == 22 and pto == 2 * srtt and sent[20] - at == pto
    assert sent[21] - sent[20] < 1.3 * srtt and trace.tcb.retries == 0


@pytest.mark.parametrize("cc", ["reno", "cubic"])
def test_a_pause_of_the_path(cc):
    """RFC3522-1: nothing is lost, but everything is delayed by half a second: the timeout is detected as
    spurious, and the window is restored (RFC 4015)."""
    trace = Trace(6000000, Faults(delay=20000), cc)
    trace.tcb.ssthresh = 200 * MSS  # bounds slow start
    before = []

    def pause(held):
        trace.lane.faults = Faults(delay=20000 + held)

    for i in range(50):  # the delayed frames arrive at once: order is kept
        trace.world.at(trace.start + 600000 + i * 10000, pause, 500000 - i * 10000)
    trace.world.at(trace.start + 600000 + 500000, pause, 0)
    trace.world.at(trace.start + 599999, lambda: before.append(trace.tcb.cwnd))
    states = []
    trace.run(lambda t: states.append(t.tcb.recovery))
    stats = trace.left.stack.stats
    assert congestion.LOSS in states and stats.tcp_spurious == 1
    assert stats.tcp_retransmitted < 12
    assert trace.tcb.cwnd >= before[0] > 150 * MSS and trace.tcb.ssthresh >= before[0] - 5 * MSS


@pytest.mark.parametrize("cc", ["reno", "cubic"])
def test_ecn_marks(cc):
    """RFC3168-3, RFC3168-4: a queue that marks before it would drop: the wire is filled, and nothing is lost
    or retransmitted."""
    rate = 1000000
    world, left, right = pair(0, Faults(delay=20000, rate=rate, queue=300000), Faults(delay=20000))
    left.meet(right)
    left.tcp.congestion = ALGORITHMS[cc]
    left.tcp.ecn = 2
    users = []
    right.listen(9000, lambda tcb: users.append(User(right, tcb, hold=True)), rcv_buf=1 << 20)
    tcb = left.connect(right, 9000, 1 << 20, 65536)
    data = bytes(4000000)
    User(left, tcb, data, hold=True)
    lane, queue, marks = left.device.lane, [], []

    def mark(frame):
        queue.append(lane.queued)
        if lane.queued < 30000 or not has_text(frame) or (changed := marked(frame)) is None:
            return frame
        marks.append(world.now)
        return changed

    lane.rewrite = mark
    world.run(lambda: tcb.state == ESTABLISHED)
    start = world.now
    world.run(lambda: users and len(users[0].got) == len(data), 100)
    stats = left.stack.stats
    assert marks and stats.tcp_marked > 2 and stats.tcp_retransmitted == 0
    assert stats.tcp_marked <= (world.now - start) / 40000  # once in a round trip at most
    assert len(data) * SECOND / (world.now - start) > 0.8 * rate
    assert max(queue) < 300000 and bytes(users[0].got) == data
