"""Attackers that use up all of TCP's memory, beside new clients and an established connection: clients are
served, because the least useful connections are aborted."""

import pytest
from mnet.limits import SECOND, TCP_CONNECTION
from mnet.tcp.states import ESTABLISHED
from unit.mnet import frames

from sim.hosts import pair
from sim.users import Echo, User
from sim.wire import Faults

SEEDS = 1
MEMORY = 114 * TCP_CONNECTION  # for all connections of the server
USERS = 8
ANSWER = b"x" * 5000
TIMEOUT = 3 * SECOND
SYN, RST, ACK = 2, 4, 16
AHEAD = 60000


class Attackers:
    """Scripted peers of `victim`, each with its own address and port. `way`: what they do once they are
    connected; a peer that gets a RST connects again."""

    def __init__(self, world, victim, way):
        self.world, self.victim, self.way = world, victim, way
        self.ends = {}  # (address, port) -> [our next sequence number, the server's]
        self.resets = 0
        victim.device.lane.seen = self.seen

    def begin(self, i):
        """Send a SYN from the i-th of them."""
        address, port = 0x0A000000 + 10 + i % 200, 2000 + i
        mac = bytes((2, 0, 0, 0, 1, i % 200))
        self.victim.interface.arp.neighbors.learn(address, mac, self.world.now, True)
        self.ends[address, port] = [1000, 0]
        self.send((address, port), "S", b"", 65535)

    def send(self, end, flags, data, window, ahead=0, delay=100):
        """Send a segment from one of them after a delay in microseconds."""
        seq, ack = self.ends[end]
        address, port = end
        frame = frames.tcp(
            flags, seq + ahead, ack, window, data, b"", port, 9000, address, self.victim.address
        )
        self.world.at(
            self.world.now + delay, self.victim.input, self.victim.device.mac + b"\2\0\0\0\1\0" + frame[12:]
        )

    def seen(self, frame):
        """Process a segment from the victim."""
        end = int.from_bytes(frame[30:34], "big"), int.from_bytes(frame[36:38], "big")
        if frame[12:14] != b"\x08\0" or frame[23] != 6 or end not in self.ends:
            return
        flags = frame[47]
        seq = int.from_bytes(frame[38:42], "big")
        length = int.from_bytes(frame[16:18], "big") - 20 - (frame[46] >> 4) * 4
        if flags & RST:
            self.resets += 1
            i = end[1] - 2000
            self.world.at(self.world.now + SECOND // 2, self.begin, i)
        elif flags & SYN and flags & ACK:
            if self.ends[end] == [1000, 0]:
                self.ends[end] = [1001, seq + 1 & 0xFFFFFFFF]
                self.way(self, end)
        elif length and self.way in (sockstress, slow_reader):
            if self.way is slow_reader and seq == self.ends[end][1]:
                self.ends[end][1] = seq + 1 & 0xFFFFFFFF
            self.send(end, ".", b"", int(self.way is slow_reader), delay=SECOND // 2)


def silence(attackers, end):
    """Complete the handshake and send nothing."""
    attackers.send(end, ".", b"", 65535)


def gap(attackers, end):
    """Send one byte far ahead of RCV.NXT."""
    attackers.send(end, ".", b"", 65535)
    attackers.send(end, ".", b"z", 65535, AHEAD)


def sockstress(attackers, end):
    """Send a request and never read the response: the window stays zero, and probes are acknowledged."""
    attackers.send(end, ".", b"", 0)
    for i in range(6):
        attackers.send(end, ".", b"r" * 1400, 0, 1400 * i)
    attackers.ends[end][0] += 8400


def slow_reader(attackers, end):
    """The same, but read one byte each time."""
    attackers.send(end, ".", b"", 1)
    for i in range(6):
        attackers.send(end, ".", b"r" * 1400, 1, 1400 * i)
    attackers.ends[end][0] += 8400


@pytest.mark.parametrize("way", [silence, gap, sockstress, slow_reader])
def test_new_users_are_served(way, seed):
    world, left, right = pair(seed, Faults(delay=20000))
    left.meet(right)
    right.referee.watching = left.referee.watching = False  # windows shrink
    right.tcp.memory.limit = MEMORY
    right.listen(9000, lambda tcb: Echo(right, tcb), snd_buf=0, rcv_buf=0)
    old = User(left, left.connect(right, 9000), ANSWER, hold=True)
    world.run(lambda: bytes(old.got) == ANSWER, 5)
    attackers = Attackers(world, right, way)
    count = 150 if way in (sockstress, slow_reader) else MEMORY // TCP_CONNECTION + 100
    for i in range(count):
        world.at(world.now + i * 2000, attackers.begin, i)
    world.pause(count * 0.002 + 2)
    drops = right.stack.stats.drops
    assert drops["tcp_syn_cookie" if way is not gap else "tcp_early_text"] > 0
    took = []
    for i in range(USERS):
        start = world.now
        user = User(left, left.connect(right, 9000), ANSWER, hold=True)
        world.run(lambda: bytes(user.got) == ANSWER, 30)  # noqa: B023
        took.append(world.now - start)
        if i % 2:
            user.release()
        world.pause(0.1)
    assert max(took) < TIMEOUT, took
    assert right.tcp.memory.used < MEMORY + (1 << 17)
    old.got.clear()
    old.data = ANSWER * 2
    old.wake()
    world.run(lambda: bytes(old.got) == ANSWER, 10)
    assert old.tcb.state == ESTABLISHED
    if way is not gap:
        assert attackers.resets > 0
