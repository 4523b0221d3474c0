"""Rings, the assembler and the heap of deadlines agree with simple models for random calls."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from mnet.assembler import Assembler
from mnet.errors import ParseError
from mnet.ip.reassembly import Reassembly
from mnet.rings import Memory, Ring
from mnet.seq import add, between, diff, le, lt, sub
from mnet.stats import Stats
from mnet.timers import NEVER, Deadlines
from unit.mnet.builders import check_heap

u32 = st.integers(0, 0xFFFFFFFF)


class Rings(RuleBasedStateMachine):
    """A ring is a bytearray with a bound."""

    def __init__(self):
        super().__init__()
        self.ring = Ring(10000, Memory(1 << 60))
        self.model = bytearray()
        self.next = 0

    @rule(n=st.integers(0, 12000), off=st.integers(0, 10))
    def write(self, n, off):
        data = bytes((self.next + i) & 0xFF for i in range(off + n))
        taken = self.ring.write(data, off, n)
        assert taken == min(n, 10000 - len(self.model))
        self.model += data[off : off + taken]
        self.next += taken

    @rule(n=st.integers(0, 12000), off=st.integers(0, 10))
    def read(self, n, off):
        buf = bytearray(off + n)
        got = self.ring.read(buf, off, n)
        assert got == min(n, len(self.model))
        assert buf[off : off + got] == self.model[:got] and not any(buf[:off])
        del self.model[:got]

    @rule()
    def release(self):
        self.ring.release()
        self.model.clear()

    @invariant()
    def consistent(self):
        ring = self.ring
        assert ring.head - ring.tail == len(self.model) <= ring.size
        assert ring.buf is None or len(ring.buf) <= ring.size


class Timer:
    def __init__(self, machine):
        self.machine = machine
        self.due = NEVER
        self.slot = 0

    def expire(self, now):
        assert self.machine.model.pop(self) <= now


class Timers(RuleBasedStateMachine):
    """The heap is a dict of timers; arming can only move one to an earlier time."""

    def __init__(self):
        super().__init__()
        self.heap = Deadlines()
        self.timers = [Timer(self) for _ in range(12)]
        self.model = {}
        self.now = 0

    @rule(which=st.integers(0, 11), at=st.integers(0, 50))
    def arm(self, which, at):
        timer, at = self.timers[which], self.now + at
        self.heap.arm(timer, at)
        self.model[timer] = min(at, self.model.get(timer, NEVER))

    @rule(which=st.integers(0, 11))
    def disarm(self, which):
        self.heap.disarm(self.timers[which])
        self.model.pop(self.timers[which], None)

    @rule(later=st.integers(0, 30))
    def tick(self, later):
        self.now += later
        self.heap.tick(self.now)
        assert all(at > self.now for at in self.model.values())

    @invariant()
    def consistent(self):
        check_heap(self.heap)
        assert {timer: timer.due for timer in self.heap.heap} == self.model
        assert self.heap.next() == min(self.model.values(), default=NEVER)
        assert all(timer.due == NEVER for timer in self.timers if timer not in self.model)


TestRings = Rings.TestCase
TestTimers = Timers.TestCase

pieces = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 15)), max_size=40)


@given(pieces, st.integers(1, 6), st.integers(0, 80))
def test_the_assembler_is_a_set_of_positions(added, limit, edge):
    assembler, model = Assembler(limit), set()
    for start, n in added:
        if assembler.add(start, start + n):
            model |= set(range(start, start + n))
        else:
            touching = model & set(range(start - 1, start + n + 1))
            assert not touching and len(assembler.ranges) == limit
        assert len(assembler.ranges) <= limit
        assert {at for low, high in assembler.ranges for at in range(low, high)} == model
        ends = [end for pair in assembler.ranges for end in pair]
        assert ends == sorted(set(ends)), "in order, and with a gap between two"
    reached = edge
    while reached in model:
        reached += 1
    assert assembler.advance(edge) == reached
    assert {at for low, high in assembler.ranges for at in range(low, high)} >= {
        at for at in model if at > reached
    }
    assert all(low > reached for low, _ in assembler.ranges)


@given(u32, st.integers(-(1 << 31), (1 << 31) - 1))
def test_serial_numbers(a, n):
    b = add(a, n)
    assert diff(b, a) == n and sub(b, a) == n & 0xFFFFFFFF
    if n != -(1 << 31):
        assert lt(a, b) == (n > 0) and le(a, b) == (n >= 0)


@given(u32, u32, u32)
def test_between(a, low, high):
    assert between(a, low, high) == (sub(a, low) <= sub(high, low))


class Fragments(RuleBasedStateMachine):
    """Reassembly is a bytearray and a map of the bytes received; an overlap ends it."""

    def __init__(self):
        super().__init__()
        self.deadlines = Deadlines()
        self.table = Reassembly(self.deadlines, Stats(), lambda *what: None, lambda name: None)
        self.fresh()

    def fresh(self):
        self.have, self.data, self.ranges, self.total, self.dead = set(), bytearray(400), set(), None, False

    @rule(at=st.integers(0, 12), n=st.integers(1, 40), more=st.booleans(), seed=st.integers(0, 1))
    def arrives(self, at, n, more, seed):
        at *= 8
        n = n * 8 if more and n <= 5 else n
        data = bytes((at + i + seed) & 0xFF for i in range(n))
        expected = self.expect(at, data, more)
        try:
            whole = self.table.add("key", bytearray(b"head" + data), 4, 4 + n, at, more, 0)
        except ParseError as error:
            assert error.args[0] == expected
            return
        assert whole == expected
        if whole:
            self.fresh()

    def expect(self, at, data, more):
        """Return the result of the model."""
        end = at + len(data)
        if more and len(data) % 8:
            return "fragment_length"
        if self.dead:
            return "fragment_of_dropped"
        contradicts = (
            max(self.have, default=-1) >= end if self.total is None else end > self.total - more
        ) and not (more and self.total is None)
        contradicts = contradicts or (not more and self.total not in (None, end))
        if not contradicts and (at, end) in self.ranges and self.data[at:end] == data:
            return "fragment_duplicate"
        if contradicts or self.have & set(range(at, end)):
            self.dead = True
            return "fragment_overlap"
        self.have |= set(range(at, end))
        self.ranges.add((at, end))
        self.data[at:end] = data
        if not more:
            self.total = end
        return (b"head" + self.data[: self.total], 4) if self._whole() else None

    def _whole(self):
        return self.total is not None and self.have == set(range(self.total))

    @invariant()
    def consistent(self):
        assert len(self.table.table) <= 1 and self.table.bytes >= 0
        assert len(self.deadlines.heap) == len(self.table.table)


TestFragments = Fragments.TestCase
