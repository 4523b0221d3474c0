"""One connection fills a path with a large bandwidth-delay product, because its buffers grow."""

import pytest
from mnet.tcp import user
from mnet.tcp.settings import Settings

from sim.hosts import LRO, RX_CSUM, TSO, TX_CSUM, pair
from sim.wire import Faults

SECOND = 1000000
RATE = 125000000  # bytes a second
FEATURES = TX_CSUM | RX_CSUM | TSO | LRO
PIECE = bytes(262144)


class Source:
    """Sends zeros without end."""

    def __init__(self, host, tcb):
        self.host, self.tcb = host, tcb
        tcb.on_writable = self.wake

    def wake(self):
        if self not in self.host.ready:
            self.host.ready.append(self)

    def step(self):
        while user.send(self.tcb, PIECE, 0, len(PIECE), self.host.world.now) == len(PIECE):
            pass


class Sink(Source):
    """Reads and discards."""

    buf = bytearray(1 << 20)

    def __init__(self, host, tcb):
        self.host, self.tcb, self.count = host, tcb, 0
        tcb.on_readable = self.wake
        self.wake()

    def step(self):
        while n := user.receive(self.tcb, self.buf, 0, len(self.buf), self.host.world.now):
            self.count += n


@pytest.mark.parametrize("rtt,seconds", [(50000, 20), (200000, 20)])
def test_a_gigabit_is_filled(rtt, seconds, monkeypatch):
    wire = Faults(delay=rtt // 2, rate=RATE)
    world, left, right = pair(0, wire, Faults(delay=rtt // 2), features=FEATURES)
    monkeypatch.setattr(left, "check", lambda *_: None)  # checking each of 40 000 frames would take minutes
    monkeypatch.setattr(right, "check", lambda *_: None)
    for host in (left, right):
        host.tcp.memory.limit = 160 << 20
    sinks = []
    listener = right.tcp.listen(0, 9000, 5, Settings())
    listener.on_readable = lambda: sinks.append(Sink(right, listener.accept()))
    tcb = left.connect(right, 9000, 0, 0)
    Source(left, tcb)
    world.pause(20 * rtt / SECOND)  # slow start is over
    start, before = world.now, sinks[0].count
    world.pause(seconds)
    rate = (sinks[0].count - before) * SECOND / (world.now - start)
    assert rate > 0.9 * RATE
    memory = left.tcp.memory
    assert right.tcp.memory.used < 4 << 20  # a receiver that reads at once needs little memory
    assert 2 * RATE * rtt // SECOND < memory.used + (4 << 20) and memory.used <= memory.limit >> 1
