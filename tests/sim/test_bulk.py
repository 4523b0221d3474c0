"""Data arrives complete, in order and once over an impaired wire."""

import random

import pytest

from sim import offload
from sim.hosts import LRO, RX_CSUM, TSO, TX_CSUM, pair
from sim.users import User
from sim.wire import Faults

SEEDS = 4

WIRES = {
    "clean": Faults(),
    "loss1": Faults(loss=0.01),
    "loss5": Faults(loss=0.05),
    "loss20": Faults(loss=0.2),
    "duplicates": Faults(duplicate=0.2),
    "reordered": Faults(reorder=0.2, jitter=3000),
    "corrupted": Faults(corrupt=0.05),
    "everything": Faults(loss=0.05, duplicate=0.05, reorder=0.1, corrupt=0.02, jitter=2000),
    "narrow": Faults(rate=250000, queue=20000, delay=20000),
    "short queue": Faults(rate=2000000, queue=8000, delay=2000),
}
SIZE = 250000


def text(seed, size=SIZE):
    return random.Random(f"text {seed}").randbytes(size)


def talk(world, left, right, one, other, seconds=3600, snd_buf=65536, rcv_buf=65536, **reader):
    """Run a connection with data both ways; both ends must receive everything, and no state may be left."""
    users = []

    def use(tcb):
        users.append(User(right, tcb, other, **reader))

    right.listen(9000, use, snd_buf=snd_buf, rcv_buf=rcv_buf)
    tcb = left.connect(right, 9000, snd_buf, rcv_buf)
    users.insert(0, User(left, tcb, one, **reader))
    world.run(world.quiet, seconds)
    assert len(users) == 2 and [each.error for each in users] == [0, 0]
    assert bytes(users[1].got) == one and bytes(users[0].got) == other
    world.settle()
    return users


@pytest.mark.parametrize("way", ["out", "in", "both"])
@pytest.mark.parametrize("wire", WIRES)
def test_text_arrives(wire, way, seed):
    world, left, right = pair(seed, WIRES[wire])
    one = text(seed) if way != "in" else b""
    other = text(seed + 1) if way != "out" else b""
    talk(world, left, right, one, other)


@pytest.mark.parametrize("irs", [0xFFFFFFFF, 0xFFFFF000, 0xFFFF8000, 0x7FFFF000])
def test_sequence_numbers_that_wrap(irs, seed):
    world, left, right = pair(seed, WIRES["everything"], iss=irs)
    talk(world, left, right, text(seed, 60000), text(seed + 1, 60000))


@pytest.mark.parametrize("rcv_buf", [2048, 5000, 300000])
def test_windows(rcv_buf, seed):
    world, left, right = pair(seed, WIRES["everything"])
    talk(world, left, right, text(seed, 50000), text(seed + 1, 50000), snd_buf=rcv_buf, rcv_buf=rcv_buf)


@pytest.mark.parametrize("mtu", [296, 576, 1500, 9000])
@pytest.mark.parametrize("other", [104, 1500])
def test_segment_sizes(mtu, other, seed):
    world, left, right = pair(seed, WIRES["everything"], left={"mtu": mtu}, right={"mtu": other})
    size = 20000 if other == 104 else 60000
    talk(world, left, right, text(seed, size), text(seed + 1, size))


@pytest.mark.parametrize("kinds", [(3,), (8,), (3, 8), (2, 3, 8)], ids=str)
def test_without_options(kinds, seed):
    world, left, right = pair(seed, WIRES["everything"])
    left.device.lane.rewrite = offload.without_options(*kinds)
    talk(world, left, right, text(seed, 50000), text(seed + 1, 50000))


@pytest.mark.parametrize(
    "left_has,right_has",
    [(TX_CSUM, RX_CSUM), (TX_CSUM | TSO, 0), (TX_CSUM | TSO, RX_CSUM | LRO), (TX_CSUM | TSO | LRO,) * 2],
)
@pytest.mark.parametrize("wire", ["clean", "loss5", "everything"])
def test_devices_that_do_more(left_has, right_has, wire, seed):
    world, left, right = pair(seed, WIRES[wire], left={"features": left_has}, right={"features": right_has})
    talk(world, left, right, text(seed), text(seed + 1, 30000))


@pytest.mark.parametrize("features", [0, TX_CSUM | TSO])
def test_devices_without_room(features, seed):
    world, left, right = pair(seed, Faults(loss=0.02), full=0.1, features=features)
    talk(world, left, right, text(seed), text(seed + 1, 30000))


@pytest.mark.parametrize("wire", ["clean", "everything"])
@pytest.mark.parametrize("read,every", [(1000, 20000), (100, 4000), (3000, 1000000)])
def test_slow_readers(read, every, wire, seed):
    world, left, right = pair(seed, WIRES[wire])
    size = min(30000, 150 * read)
    talk(world, left, right, text(seed, size), b"", rcv_buf=4096, read=read, every=every)


@pytest.mark.parametrize("nodelay", [False, True])
@pytest.mark.parametrize("write,pace", [(17, 1500), (1, 300), (2000, 30000)])
def test_small_writes(nodelay, write, pace, seed):
    world, left, right = pair(seed, WIRES["everything"])
    users = []
    right.listen(9000, lambda tcb: users.append(User(right, tcb)))
    tcb = left.connect(right, 9000)
    tcb.nodelay = nodelay
    whole = text(seed, 100 * write)
    User(left, tcb, whole, write=write, pace=pace)
    world.run(world.quiet)
    assert bytes(users[0].got) == whole and users[0].error == 0
    world.settle()
