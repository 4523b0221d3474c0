"""ARP, ping and UDP over a lossy wire: delivered data is correct, and queues are bounded."""

import pytest
from mnet.limits import NEIGHBOR_QUEUE, NEIGHBORS, SECOND, UDP_QUEUE
from mnet.udp.endpoint import Endpoint
from unit.mnet.frames import arp, icmp
from unit.mnet.sending import send_datagram

from sim.hosts import pair
from sim.users import User
from sim.wire import Faults

SEEDS = 3


def bound(host, port):
    endpoint = Endpoint()
    assert host.udp.bind(endpoint, port) == port
    return endpoint


def drain(endpoint):
    taken = []
    while endpoint.queue:
        taken.append(endpoint.take()[:3])
    return taken


@pytest.mark.parametrize("loss", [0, 0.2])
def test_datagrams_arrive_whole_or_not_at_all(loss, seed):
    faults = Faults(loss=loss, duplicate=loss, reorder=loss, corrupt=loss, jitter=3000)
    world, left, right = pair(seed, faults)
    left.meet(right)
    endpoint = bound(right, 7)
    sent = [world.dice(i).randbytes(i * 7 % 1473) for i in range(400)]
    got = []
    for data in sent:
        assert send_datagram(left.stack, 5000, right.address, 7, data, world.now)
        world.pause(0.001)
        got += drain(endpoint)
    world.pause(1)
    got += drain(endpoint)
    assert {tuple(source) for _, *source in got} == {(left.address, 5000)}
    assert {data for data, *_ in got} <= set(sent)
    assert len(got) == 400 if not loss else 150 < len(got) < 400


def test_unread_datagrams_are_bounded(seed):
    world, left, right = pair(seed)
    left.meet(right)
    endpoint = bound(right, 7)
    for _ in range(UDP_QUEUE + 50):
        send_datagram(left.stack, 5000, right.address, 7, b"x", world.now)
    world.pause(1)
    assert len(endpoint.queue) == UDP_QUEUE and right.stack.stats.drops == {"udp_queue_full": 50}


@pytest.mark.parametrize("size", [0, 1, 56, 1400, 1472])
def test_ping_through_losses(size, seed):
    world, left, right = pair(seed, Faults(loss=0.2, corrupt=0.2))
    left.meet(right)
    answers = []
    right.device.lane.seen = lambda frame: answers.append(frame) if frame[23] == 1 else None
    data = world.dice("ping").randbytes(size)
    for i in range(20):
        rest = bytes([0, 7, 0, i]) + data
        request = icmp(8, 0, rest, src=left.address, dst=right.address)
        left.device.lane.send(right.device.mac + left.device.mac + request[12:], True)
    world.pause(1)
    assert 5 < len(answers) <= 20
    assert all(frame[34] == 0 and frame[42:] == data for frame in answers)


def test_lost_arp_is_retransmitted_and_queued_packets_are_sent(seed):
    world, left, right = pair(seed)
    endpoint = bound(right, 7)
    world.pause(1)
    lost = []
    left.device.lane.drop = lambda frame: (
        frame[12:14] == b"\x08\x06" and len(lost) < 2 and not lost.append(frame)
    )
    for i in range(NEIGHBOR_QUEUE + 3):
        send_datagram(left.stack, 5000, right.address, 7, bytes([i]), world.now)
    world.pause(2.5)
    assert [data[0] for data, *_ in drain(endpoint)] == list(range(3, NEIGHBOR_QUEUE + 3))  # the newest
    assert left.stack.stats.drops == {"neighbor_queue_full": 3} and len(lost) == 2


def test_unanswered_arp_drops_the_datagrams(seed):
    world, left, right = pair(seed, Faults(loss=1))
    asked = []
    left.device.lane.seen = lambda frame: asked.append(world.now)
    send_datagram(left.stack, 5000, right.address, 7, b"x", world.now)
    world.pause(10)
    assert [later - sooner for sooner, later in zip(asked, asked[1:], strict=False)] == [SECOND, SECOND]
    assert left.stack.stats.drops == {"neighbor_unreachable": 1}
    assert not left.interface.arp.neighbors.table and not left.stack.deadlines.heap


def test_a_connection_outlives_its_neighbors_new_mac(seed):
    world, left, right = pair(seed)
    users = []
    right.listen(9000, lambda tcb: users.append(User(right, tcb, hold=True)))
    mine = User(left, left.connect(right, 9000), b"x" * 5000, hold=True)
    world.pause(1)
    right.device.mac = right.interface.link.mac = b"\2\0\0\0\0\x77"
    right.interface.segment.__init__(right.device.mac, bytes(72))
    right.interface.arp.announce(right.address)
    world.pause(1)
    mine.release(b"y" * 5000)
    users[0].release()
    world.settle()
    assert bytes(users[0].got) == b"x" * 5000 + b"y" * 5000


def test_many_unsolicited_hosts_fill_no_table(seed):  # BAD-11
    world, left, right = pair(seed)
    left.meet(right)
    for i in range(2 * NEIGHBORS):
        mac = bytes((2, 1, 0, 0, i >> 8, i & 255))
        for operation, target in ((1, left.address), (2, left.address), (1, 0x0A000063)):
            frame = arp(operation, mac, 0x0A000100 + i, left.device.mac, target, dst=left.device.mac)
            left.input(frame)
    assert len(left.interface.arp.neighbors.table) == NEIGHBORS
    assert len(left.stack.deadlines.heap) == NEIGHBORS
    world.pause(200)
    assert len(left.interface.arp.neighbors.table) <= 1
