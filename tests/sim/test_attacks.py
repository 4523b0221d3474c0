"""Floods beside an honest client, and a server that sends one byte."""

import pytest
from mnet.limits import SECOND
from mnet.tcp import user
from mnet.tcp.states import CLOSED, ESTABLISHED
from unit.mnet import frames

from sim.hosts import pair
from sim.users import User
from sim.wire import Faults

SEEDS = 2
SYNS = 10000
RTO = SECOND  # of a SYN: RFC 6298 2.1


def flood(world, victim, dice):
    """Send SYNs from many addresses, each once."""
    macs = {}
    for i in range(3, 203):
        macs[i] = bytes((2, 0, 0, 0, 1, i))
        victim.interface.arp.neighbors.learn(0x0A000000 + i, macs[i], world.now, True)
    for i in range(SYNS):
        number = 3 + i % 200
        data = frames.tcp(
            "S",
            dice.getrandbits(32),
            0,
            65535,
            b"",
            b"\2\4\5\xb4",
            1024 + i,
            9000,
            0x0A000000 + number,
            victim.address,
        )
        frame = victim.device.mac + macs[number] + data[12:]
        world.at(world.now + i * 200, victim.input, frame)


@pytest.mark.parametrize("loss", [0, 0.05])
def test_a_flood_of_syns(loss, seed):
    """BAD-24, RFC4987-1: 10 000 half-open connections in two seconds; new clients are served within two
    timeouts (three where SYN-ACKs are lost), no other connection suffers, and no table grows."""
    world, left, right = pair(seed, Faults(loss=loss))
    left.meet(right)
    users = []
    listener = right.listen(9000, lambda tcb: users.append(User(right, tcb, hold=True)), backlog=128)
    before = User(left, left.connect(right, 9000), hold=True)
    world.run(lambda: users)
    flood(world, right, world.dice("flood"))
    took = []
    for _ in range(10):
        world.pause(0.15)
        start = world.now
        count = len(users)
        User(left, left.connect(right, 9000), b"x" * 100, hold=True)
        world.run(lambda: len(users) > count, 10)  # noqa: B023
        took.append(world.now - start)
        assert right.tcp.count <= 128 + len(users) and len(listener.syn_queue) <= 128
    assert max(took) <= (3.1 if loss else 2) * RTO and sorted(took)[5] < 30000, took
    assert right.stack.stats.drops["tcp_syn_cookie"] > SYNS // 2
    before.release(b"still here")
    world.run(lambda: bytes(users[0].got) == b"still here", 20)


@pytest.mark.parametrize("loss", [0, 0.2])
def test_one_byte_in_all(loss, seed):
    """BAD-25: utcp's FIN storm. A server that sends exactly one byte and closes second."""
    world, left, right = pair(seed, Faults(loss=loss), Faults(loss=loss))
    left.meet(right)
    fins = {left: set(), right: set()}
    count = {left: 0, right: 0}
    for host in (left, right):

        def look(frame, host=host):
            if frame[12:14] == b"\x08\0" and frame[23] == 6 and frame[47] & 1:
                fins[host].add(frame[38:42])
                count[host] += 1

        host.device.lane.seen = look
    accepted = []
    right.listen(9000, accepted.append)
    tcb = left.connect(right, 9000)
    world.run(lambda: accepted and tcb.state == ESTABLISHED, 100)
    user.shutdown(tcb, world.now)
    world.run(lambda: user.readable(accepted[0]), 100)
    assert user.send(accepted[0], b"x", 0, 1, world.now) == 1
    user.close_and_release(accepted[0], world.now)
    world.run(lambda: accepted[0].state == CLOSED and tcb.fin_acked, 300)
    buf = bytearray(9)
    assert user.receive(tcb, buf, 0, 9, world.now) == 1
    user.close_and_release(tcb, world.now)
    world.settle(300)
    if not loss:
        assert count == {left: 1, right: 1}
    assert all(count[host] < 12 for host in count)
