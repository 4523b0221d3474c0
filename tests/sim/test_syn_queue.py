"""Handshakes of many distant clients on a delayed wire, alone and beside spoofed floods: each is served
within two retransmission timeouts of a SYN, and none is reset."""

import pytest
from mnet.limits import SECOND
from unit.mnet import frames

from sim.hosts import pair
from sim.users import User
from sim.wire import Faults

SEEDS = 1
RTO = SECOND  # of a SYN: RFC 6298 2.1
CLIENTS = 25
NEIGHBORS = 200  # source addresses of the spoofed SYNs
TCP, RST = 6, 4


class Flood:
    """Sends spoofed SYNs to `victim`, so many a second, until it is stopped; no address and port is used
    twice."""

    def __init__(self, world, victim, rate):
        self.world, self.victim, self.dice = world, victim, world.dice("flood")
        self.every = SECOND // rate if rate else 0
        self.sent = 0
        for i in range(NEIGHBORS):
            victim.interface.arp.neighbors.learn(self.address(i), self.mac(i), world.now, True)
        if rate:
            world.at(world.now, self.send)

    def address(self, i):
        return 0x0A000000 + 3 + i % NEIGHBORS

    def mac(self, i):
        return bytes((2, 0, 0, 0, 1, i % NEIGHBORS))

    def send(self):
        """Send one SYN, and schedule the next."""
        i, victim = self.sent, self.victim
        self.sent += 1
        ports = 1024 + i % 60000, 9000
        data = frames.tcp(
            "S",
            self.dice.getrandbits(32),
            0,
            65535,
            b"",
            b"\2\4\5\xb4",
            *ports,
            self.address(i),
            victim.address,
        )
        victim.input(victim.device.mac + self.mac(i) + data[12:])
        if self.every:
            self.world.at(self.world.now + self.every, self.send)

    def stop(self):
        self.every = 0


def visit(rtt, backlog, rate, spoofed, seed, accepts_every=0):
    """Connect clients to a server that sends first. Returns (the time in microseconds that each waited for
    data, the number of RSTs, the server's host)."""
    world, left, right = pair(seed, Faults(delay=rtt // 2))
    left.meet(right)
    resets = []
    for host in (left, right):
        host.device.lane.seen = lambda frame: (
            frame[12:14] == b"\x08\0" and frame[23] == TCP and frame[47] & RST and resets.append(frame)
        )
    served = []
    listener = right.listen(
        9000, lambda tcb: served.append(User(right, tcb, b"welcome", hold=True)), backlog=backlog
    )
    if accepts_every:
        listener.on_readable = None

        def accept():
            tcb = listener.accept()
            if tcb is not None:
                served.append(User(right, tcb, b"welcome", hold=True))
            world.at(world.now + accepts_every, accept)

        accept()
    flood = Flood(world, right, spoofed)
    if spoofed:
        world.run(listener.syn_queue_full, 20)
    clients = []

    def connect():
        clients.append((world.now, User(left, left.connect(right, 9000), hold=True)))
        if len(clients) < CLIENTS:
            world.at(world.now + SECOND // rate, connect)

    connect()
    took = {}
    while len(took) < CLIENTS:
        world.step()
        for start, user in clients:
            if user not in took and bytes(user.got) == b"welcome":
                took[user] = world.now - start
        assert world.now - clients[-1][0] <= 10 * SECOND, f"{len(took)} of {CLIENTS} were served"
    flood.stop()
    assert len(listener.syn_queue) <= 2 * backlog
    return list(took.values()), resets, right


@pytest.mark.parametrize("spoofed", [0, 10, 1000])
@pytest.mark.parametrize("rate", [15, 60, 200])
@pytest.mark.parametrize("backlog", [1, 5, 128])
@pytest.mark.parametrize("rtt", [50000, 160000, 400000])
def test_every_client_is_served(rtt, backlog, rate, spoofed, seed):
    took, resets, server = visit(rtt, backlog, rate, spoofed, seed)
    assert resets == [] and max(took) < 2 * rtt + 10000, took  # as without a flood
    assert server.tcp.count <= CLIENTS + 2 * backlog


@pytest.mark.parametrize("spoofed", [0, 1000])
@pytest.mark.parametrize("backlog", [1, 5, 128])
def test_every_client_is_served_by_a_slow_accept(backlog, spoofed, seed):
    """The accept queue is full when the ACK arrives: the SYN-ACK is retransmitted, whether the connection is
    in the SYN queue or its cookie has returned."""
    took, resets, server = visit(160000, backlog, 60, spoofed, seed, accepts_every=SECOND // 80)
    assert resets == [] and max(took) < 2 * RTO + 2 * 160000, took


def test_the_flood_is_answered_and_ends(seed):
    """No state is left after the SYN-ACKs have timed out, and then SYNs enter the SYN queue again."""
    took, resets, right = visit(160000, 5, 60, 10, seed)
    drops = right.stack.stats.drops
    assert drops["tcp_syn_cookie"] >= CLIENTS
    listener = right.tcp.listeners[9000][0]
    assert len(listener.syn_queue) == 5
    right.world.run(lambda: len(listener.syn_queue) == 0, 300)
    assert right.tcp.count == CLIENTS
