"""Existing connections continue with the memory that they have when there is no more."""

import pytest

from sim.hosts import pair
from sim.users import User
from sim.wire import Faults

SEEDS = 4
BAD = Faults(loss=0.02, duplicate=0.02, jitter=3000)


@pytest.mark.parametrize("who", ["the receiver", "both"])
@pytest.mark.parametrize("faults", [Faults(delay=5000), BAD], ids=["clean", "bad"])
def test_text_both_ways_while_memory_is_full(faults, who, seed):
    world, left, right = pair(seed, faults)
    left.meet(right)
    right.tcp.memory.limit = 0  # which the first connection fills
    if who == "both":
        left.tcp.memory.limit = 0
    users = []
    data = world.dice("data").randbytes(100000)
    right.listen(9000, lambda tcb: users.append(User(right, tcb, data, 1000, 2000)), snd_buf=0, rcv_buf=0)
    users.append(User(left, left.connect(right, 9000, 0, 0), data))
    most = 0
    while not world.quiet():
        world.step()
        most = max(most, right.tcp.memory.used)
    early = right.stack.stats.drops.get("tcp_early_text")
    assert [each.error for each in users] == [0, 0] and [each.got == data for each in users] == [True, True]
    assert most < 16384 and (early or right.stack.stats.no_memory or who == "both")
    world.settle()
