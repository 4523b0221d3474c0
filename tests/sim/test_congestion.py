"""Congestion control does what RFC 5681 and 6582 promise: losses are repaired without time-outs."""

import pytest
from mnet.tcp import reno
from mnet.tcp.states import ESTABLISHED

from sim.hosts import pair
from sim.users import User
from sim.wire import Faults

SEEDS = 1
MSS = 1448
DELAY = 20000
RTT = 2 * DELAY


class Drop:
    """Loses the segments with these numbers, the first time each is sent; counts text segments."""

    def __init__(self, *numbers):
        self.numbers = set(numbers)
        self.count = -1
        self.top = 0

    def __call__(self, frame):
        if frame[12:14] != b"\x08\0" or frame[23] != 6 or len(frame) < 200:
            return False
        self.count += 1
        return self.count in self.numbers


def transfer(size, drop=None, faults=None, watch=None):
    """Left sends `size` bytes to right: (world, left, the time it took in RTTs)."""
    world, left, right = pair(0, faults or Faults(delay=DELAY))
    users = []
    right.listen(9000, lambda tcb: users.append(User(right, tcb, hold=True)), rcv_buf=1 << 20)
    tcb = left.connect(right, 9000, 1 << 20, 65536)
    mine = User(left, tcb, bytes(size), hold=True)
    left.device.lane.drop = drop
    world.run(lambda: tcb.state == ESTABLISHED)
    start = world.now
    slow_start = []

    def look():
        if tcb.recovery == reno.LOSS:
            slow_start.append(world.now)
        if watch is not None:
            watch(world.now - start, tcb)
        return users and len(users[0].got) == size

    world.run(look, 100)
    assert bytes(users[0].got) == mine.data
    return left.stack.stats.tcp_retransmitted, (world.now - start) / RTT, not slow_start, tcb


def test_slow_start_doubles_in_each_round_trip():
    windows = {}
    transfer(1000000, watch=lambda at, tcb: windows.__setitem__(at // RTT, tcb.cwnd // MSS))
    assert windows[0] == 10
    assert all(1.8 <= windows[i + 1] / windows[i] <= 2 for i in range(4)), windows


@pytest.mark.parametrize("number", [0, 5, 9, 30, 100, 150])
def test_one_loss_is_repaired_by_one_segment_without_a_time_out(number):
    again, rounds, no_timeout, tcb = transfer(400000, Drop(number))
    assert (again, no_timeout) == (1, True)
    assert rounds < 24


@pytest.mark.parametrize("numbers", [(20, 22), (40, 41, 42), (60, 70, 80, 90), (100, 140, 141)])
def test_several_losses_in_a_window_without_a_time_out(numbers):
    again, rounds, no_timeout, tcb = transfer(500000, Drop(*numbers))
    assert (again, no_timeout) == (len(numbers), True)  # NewReno: one in each round trip, none needlessly
    assert rounds < 20 + len(numbers)


def test_the_window_is_halved_by_a_loss():
    windows = []
    transfer(3000000, Drop(300), watch=lambda at, tcb: windows.append((tcb.cwnd, tcb.recovery)))
    entered = next(i for i, (_, recovery) in enumerate(windows) if recovery == reno.FAST)
    left = next(i for i, (_, recovery) in enumerate(windows) if i > entered and recovery == reno.OPEN)
    before, after = windows[entered - 1][0], windows[left][0]
    assert 0.3 * before < after < 0.7 * before
    growth = windows[-1][0] - after
    assert 0 < growth < 100 * MSS  # a segment in a round trip, no longer doubling


def test_a_lost_retransmission_costs_a_time_out_and_no_more():
    lost = []

    def drop(frame):
        if len(frame) < 200:
            return False
        seq = frame[38:42]
        if len(lost) == 0 and drop.count == 50:
            lost.append(seq)
            return True
        drop.count += 1
        if lost and seq == lost[0] and len(lost) < 2:
            lost.append(seq)
            return True
        return False

    drop.count = 0
    again, rounds, no_timeout, tcb = transfer(400000, drop)
    assert len(lost) == 2 and not no_timeout
    assert rounds < 30


def test_the_last_segment_lost():
    again, rounds, no_timeout, tcb = transfer(20 * MSS, Drop(19))
    assert (again, no_timeout) == (1, False)


def test_lost_acknowledgements_make_up_for_each_other():
    world, left, right = pair(0, Faults(delay=DELAY), Faults(delay=DELAY, loss=0.3))
    left.meet(right)
    users = []
    right.listen(9000, lambda tcb: users.append(User(right, tcb, hold=True)), rcv_buf=1 << 20)
    User(left, left.connect(right, 9000, 1 << 20, 65536), bytes(400000))
    world.run(lambda: users and len(users[0].got) == 400000, 100)
    assert left.stack.stats.tcp_retransmitted < 10


def test_a_narrow_wire_is_filled():
    rate = 500000  # bytes a second
    size = 3000000
    faults = Faults(delay=DELAY, rate=rate, queue=30000)
    again, rounds, no_timeout, tcb = transfer(size, faults=faults)
    seconds = rounds * RTT / 1000000
    assert size / seconds > 0.8 * rate * MSS / 1514
    assert again < 0.05 * size / MSS
