"""A connection resumes after an outage within the times that RFC 6298 and RFC 9293 give."""

import pytest
from mnet.limits import SECOND
from mnet.tcp.states import ESTABLISHED, FIN_WAIT_2
from unit.mnet.frames import FIN

from sim import offload
from sim.hosts import pair
from sim.users import User
from sim.wire import Faults

SEEDS = 2
DELAY = 20000
RTT = 2 * DELAY
RTO = 300000  # the most at first


def talking(seed, size=500000, hold=False):
    """Send from left to right. Returns (world, left, right, left's User, right's)."""
    world, left, right = pair(seed, Faults(delay=DELAY, jitter=1000, rate=200000))
    left.meet(right)
    users = []
    right.listen(9000, lambda tcb: users.append(User(right, tcb, hold=hold)))
    mine = User(left, left.connect(right, 9000), bytes(size), hold=hold)
    world.run(lambda: users and mine.tcb.state == ESTABLISHED)
    return world, left, right, mine, users[0]


def lost(*hosts, yes=True):
    """Lose the frames of these hosts, or no longer."""
    for host in hosts:
        host.device.lane.down = yes


@pytest.mark.parametrize("seconds", [0.1, 0.5, 3, 20, 100])
@pytest.mark.parametrize("way", ["text", "acknowledgements", "both"])
def test_an_outage(way, seconds, seed):
    """RFC 6298 5.5: with exponential back-off the peer is reached within the length of the outage, or a
    minute (2.5)."""
    world, left, right, mine, other = talking(seed)
    world.pause(0.5)
    hosts = [left] * (way != "acknowledgements") + [right] * (way != "text")
    lost(*hosts)
    world.pause(seconds)
    lost(*hosts, yes=False)
    una, start = mine.tcb.snd_una, world.now
    world.run(lambda: mine.tcb.snd_una != una)
    assert world.now - start <= min(seconds, 60) * SECOND + RTO + RTT
    world.settle()
    assert len(other.got) == len(mine.data) and other.error == mine.error == 0


@pytest.mark.parametrize("seconds", [0.5, 5, 300])
def test_lost_window_update_is_found_by_a_probe(seconds, seed):
    """RFC 9293 3.8.6.1: the zero window is probed with exponential back-off."""
    world, left, right, mine, other = talking(seed)
    other.asleep = True
    world.run(lambda: mine.tcb.snd_wnd == 0)
    world.pause(seconds)
    lost(right)
    other.asleep = False
    other.wake()
    world.pause(2 * RTT / SECOND)
    lost(right, yes=False)
    una, start = mine.tcb.snd_una, world.now
    world.run(lambda: mine.tcb.snd_una != una and mine.tcb.snd_wnd)
    assert world.now - start <= min(seconds, 60) * SECOND + 2 * RTO + RTT
    world.settle()
    assert len(other.got) == len(mine.data)


class Fins:
    """Loses the first few FINs."""

    def __init__(self, count):
        self.count = count

    def __call__(self, frame):
        if frame[12:14] != b"\x08\0" or frame[23] != 6 or not frame[47] & FIN or not self.count:
            return False
        self.count -= 1
        return True


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("second", [False, True])
def test_lost_fins_are_retransmitted(second, count, seed):
    """FINs are retransmitted as data is: 200 ms, 400 ms ... after the first."""
    world, left, right, mine, other = talking(seed, 1000, hold=True)
    world.pause(1)
    if second:
        right.device.lane.drop = Fins(count)
        mine.release()
        world.run(lambda: other.ended)
    else:
        left.device.lane.drop = Fins(count)
    start = world.now
    (other if second else mine).release()
    world.run(lambda: (mine if second else other).ended)
    assert 200000 * (2**count - 1) <= world.now - start <= RTO * (2**count - 1) + RTT
    other.release()
    world.settle()


@pytest.mark.parametrize("missing", [(), (4,), (8,), (4, 8)], ids=str)
@pytest.mark.parametrize("rtt", [300000, 1500000])
def test_a_path_that_becomes_slower(rtt, missing, seed):
    """RFC 6298 section 3, RFC 4015 3.2: nothing is lost; a few timeouts are spurious, and no more. An undone
    timeout does not shorten the following ones, whose RTT could then never be sampled."""
    world, left, right = pair(seed, Faults(delay=DELAY))
    if missing:
        left.device.lane.rewrite = offload.without_options(*missing)
    users = []
    right.listen(9000, lambda tcb: users.append(User(right, tcb)))
    User(left, left.connect(right, 9000), bytes(4000), write=100, pace=4 * SECOND)
    world.pause(10)
    left.device.lane.faults = Faults(delay=rtt - DELAY)
    world.settle()
    assert len(users[0].got) == 4000
    assert 0 < left.stack.stats.tcp_retransmitted <= 3


def test_half_closed_connection_has_no_timeout(seed):
    world, left, right, mine, other = talking(seed, 1000, hold=True)
    mine.release()
    world.run(lambda: mine.tcb.state == FIN_WAIT_2)
    world.pause(3600)
    assert mine.tcb.state == FIN_WAIT_2
    other.release(b"at last")
    world.settle()
    assert bytes(mine.got) == b"at last"
