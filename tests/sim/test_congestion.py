"""Lost segments are repaired without timeouts and without spurious retransmissions, with SACK (RFC 8985,
9937) and without (RFC 6582)."""

import pytest
from mnet.tcp import congestion
from mnet.tcp.cc import ALGORITHMS
from mnet.tcp.states import ESTABLISHED

from sim import offload
from sim.hosts import pair
from sim.users import User
from sim.wire import Faults

SEEDS = 1
MSS = 1448
DELAY = 20000
RTT = 2 * DELAY


class Drop:
    """Drops the first transmission of the segments with these numbers; counts data segments."""

    def __init__(self, *numbers):
        self.numbers = set(numbers)
        self.count = -1
        self.top = 0

    def __call__(self, frame):
        if frame[12:14] != b"\x08\0" or frame[23] != 6 or len(frame) < 200:
            return False
        self.count += 1
        return self.count in self.numbers


def transfer(size, drop=None, faults=None, watch=None, sack=True, cc="reno", window=1 << 20):
    """Send `size` bytes from left to right. Returns (retransmissions, the time in round trips, whether no
    timer expired, the sender's Tcb)."""
    world, left, right = pair(0, faults or Faults(delay=DELAY))
    left.tcp.congestion = ALGORITHMS[cc]
    if not sack:
        left.device.lane.rewrite = offload.without_options(4)
    users = []
    right.listen(9000, lambda tcb: users.append(User(right, tcb, hold=True)), rcv_buf=window)
    tcb = left.connect(right, 9000, window, 65536)
    mine = User(left, tcb, bytes(size), hold=True)
    left.device.lane.drop = drop
    world.run(lambda: tcb.state == ESTABLISHED)
    start = world.now
    slow_start = []

    def look():
        if tcb.recovery == congestion.LOSS:
            slow_start.append(world.now)
        if watch is not None:
            watch(world.now - start, tcb)
        return users and len(users[0].got) == size

    world.run(look, 100)
    assert bytes(users[0].got) == mine.data
    return left.stack.stats.tcp_retransmitted, (world.now - start) / RTT, not slow_start, tcb


def test_slow_start_doubles_in_each_round_trip():  # RFC5681-5
    windows = {}
    transfer(1000000, watch=lambda at, tcb: windows.__setitem__(at // RTT, tcb.cwnd // MSS))
    assert windows[0] == 10
    assert all(1.8 <= windows[i + 1] / windows[i] <= 2 for i in range(4)), windows


@pytest.mark.parametrize("number", [0, 5, 9, 30, 100, 150])
@pytest.mark.parametrize("sack", [False, True])
def test_one_loss_is_repaired_by_one_segment_without_a_timeout(number, sack):
    again, rounds, no_timeout, tcb = transfer(400000, Drop(number), sack=sack)
    assert (again, no_timeout) == (1, True)
    assert rounds < 24


@pytest.mark.parametrize("numbers", [(20, 22), (40, 41, 42), (60, 70, 80, 90), (100, 140, 141)])
@pytest.mark.parametrize("sack", [False, True])
def test_several_losses_in_a_window_are_repaired_without_a_timeout(numbers, sack):
    again, rounds, no_timeout, tcb = transfer(500000, Drop(*numbers), sack=sack)
    assert (again, no_timeout) == (len(numbers), True)  # none needlessly
    assert rounds < 20 + (0 if sack else len(numbers))  # NewReno: one in each round trip


@pytest.mark.parametrize("cc", ["reno", "cubic"])
def test_half_a_window_lost_is_repaired_in_two_round_trips(cc):
    numbers = range(80, 140)
    at = []

    def watch(now, tcb):
        if tcb.recovery == congestion.FAST:
            at.append(now)

    again, rounds, no_timeout, tcb = transfer(500000, Drop(*numbers), watch=watch, cc=cc)
    assert (again, no_timeout) == (len(numbers), True)
    assert (at[-1] - at[0]) / RTT < 2.6


@pytest.mark.parametrize("jitter", [5000, 15000])
def test_reordering_is_no_loss(jitter):  # RFC 8985 6.2 step 4
    faults = Faults(delay=DELAY, jitter=jitter)
    again, rounds, no_timeout, tcb = transfer(2000000, faults=faults)
    assert again < 0.02 * 2000000 / MSS and no_timeout and tcb.sender.board.reordering_seen


def test_the_window_is_halved_by_a_loss():
    windows = []
    transfer(3000000, Drop(300), watch=lambda at, tcb: windows.append((tcb.cwnd, tcb.recovery)))
    entered = next(i for i, (_, recovery) in enumerate(windows) if recovery == congestion.FAST)
    left = next(i for i, (_, recovery) in enumerate(windows) if i > entered and recovery == congestion.OPEN)
    before, after = windows[entered - 1][0], windows[left][0]
    assert 0.3 * before < after < 0.7 * before
    growth = windows[-1][0] - after
    assert 0 < growth < 100 * MSS  # a segment in a round trip, no longer doubling


@pytest.mark.parametrize("sack", [False, True])
def test_lost_retransmission_costs_one_timeout(sack):
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
    again, rounds, no_timeout, tcb = transfer(400000, drop, sack=sack)
    assert len(lost) == 2 and no_timeout == sack  # RACK detects that a segment sent later has arrived
    assert rounds < 30


@pytest.mark.parametrize("sack", [False, True])
def test_tail_loss_is_repaired_by_a_probe(sack):
    again, rounds, no_timeout, tcb = transfer(20 * MSS, Drop(18, 19), sack=sack)
    assert no_timeout == sack and again == 2  # a tail loss probe, RFC 8985 7
    again, rounds, no_timeout, tcb = transfer(20 * MSS, Drop(19), sack=sack)
    assert again == 1


def test_lost_acks_are_covered_by_later_ones():
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


def test_losses_in_a_window_of_more_pieces_than_runs():
    """Lose two segments while hundreds of acknowledgements arrive between."""
    again, rounds, no_timeout, tcb = transfer(7000000, Drop(2165, 2672), window=4 << 20)
    assert (again, no_timeout) == (2, True)
