"""Paths with a smaller MTU, with ICMP errors and without (black holes), and fragmented datagrams over an
impaired wire."""

import pytest
from mnet.limits import REASSEMBLY_TIME, SECOND
from mnet.udp.endpoint import Endpoint
from unit.mnet.sending import send_datagram

from sim.hosts import pair
from sim.routers import Bottleneck
from sim.users import User
from sim.wire import Faults

SEEDS = 3
LSO = {"features": 1 | 2 | 4 | 16}


def transfer(world, left, right, n=300_000):
    data = world.dice("data").randbytes(n)
    users = []
    right.listen(9000, lambda tcb: users.append(User(right, tcb)))
    mine = User(left, left.connect(right, 9000), data)
    world.settle()
    assert bytes(users[0].got) == data and mine.error == 0
    return mine


@pytest.mark.parametrize("how", [{}, LSO], ids=["segments", "offload"])
@pytest.mark.parametrize("mtu", [1400, 1000, 576])
def test_small_path_mtu_is_discovered(mtu, how, seed):
    world, left, right = pair(seed, Faults(loss=0.01), left=how)
    left.meet(right)
    bottleneck = Bottleneck(world, left, mtu, deaf=0.3)
    began = world.now
    transfer(world, left, right)
    assert bottleneck.refused and bottleneck.largest == mtu
    assert left.interface.ipv4.paths.get(right.address, 1500, world.now) == mtu
    refused = bottleneck.refused
    transfer_again(world, left, right)
    assert bottleneck.refused == refused and world.now - began < 200 * SECOND


def transfer_again(world, left, right):
    """The next connection uses the path MTU."""
    users = []
    right.listen(9001, lambda tcb: users.append(User(right, tcb)))
    User(left, left.connect(right, 9001), bytes(50_000))
    world.settle()
    assert len(users[0].got) == 50_000


@pytest.mark.parametrize("mtu", [1300, 1000])
def test_black_hole_is_detected(mtu, seed):  # RFC 2923 2.1
    world, left, right = pair(seed)
    left.meet(right)
    bottleneck = Bottleneck(world, left, mtu, speaks=False)
    transfer(world, left, right)
    assert left.stack.stats.tcp_black_holes == (1 if mtu > 1200 else 2)
    assert 500 < bottleneck.largest <= mtu and bottleneck.refused < 100


def test_path_mtu_that_shrinks_is_discovered(seed):
    world, left, right = pair(seed)
    left.meet(right)
    world.at(world.now + SECOND // 20, Bottleneck, world, left, 900)
    transfer(world, left, right, 1_000_000)
    assert left.interface.ipv4.paths.get(right.address, 1500, world.now) == 900


@pytest.mark.parametrize("trouble", [0, 0.02])
def test_large_datagrams_arrive_whole_or_not_at_all(trouble, seed):  # V4-6
    faults = Faults(
        loss=trouble, duplicate=trouble, reorder=trouble, corrupt=trouble, jitter=3000 if trouble else 0
    )
    world, left, right = pair(seed, faults)
    left.meet(right)
    endpoint = Endpoint()
    assert right.udp.bind(endpoint, 7) == 7
    sizes = world.dice("sizes")
    sent = [world.dice(i).randbytes(sizes.choice((1473, 3000, 10000, 65507))) for i in range(60)]
    got = []
    for data in sent:
        assert send_datagram(left.stack, 5000, right.address, 7, data, world.now)
        world.pause(0.05)
        while endpoint.queue:
            got.append(endpoint.take()[0])
    assert set(got) <= set(sent) and len(got) == len(set(got))
    assert len(got) == 60 if not trouble else 5 < len(got) < 60
    world.pause(REASSEMBLY_TIME // SECOND + 1)
    reassembly = right.interface.ipv4.reassembly
    assert not reassembly.table and not reassembly.bytes
    left.check(True)


def test_refused_datagram_raises_an_error(seed):  # UDP-7
    world, left, right = pair(seed)
    endpoint = Endpoint()
    endpoint.peer = (right.address, 7)
    port = left.udp.bind(endpoint, 0)
    send_datagram(left.stack, port, right.address, 7, b"anybody?", world.now)
    world.pause(1)
    assert endpoint.error == 111 and right.stack.stats.drops == {"udp_no_port": 1}
