"""The users of two connected stacks act in random order, over an impaired wire: data read is the data sent,
as far as it arrived, and no state of the connection is left."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mnet.tcp import user
from mnet.tcp.states import CLOSE_WAIT, CLOSED, ESTABLISHED
from mnet.tcp.tcb import Tcb

from sim.hosts import World, pair
from sim.wire import Faults

TEXT = bytes(i * 7 + (i >> 8) & 0xFF for i in range(1 << 19))
SENDING = (ESTABLISHED, CLOSE_WAIT)

sides = st.integers(0, 1)
calls = st.one_of(
    st.tuples(st.just("send"), sides, st.integers(1, 30000)),
    st.tuples(st.just("read"), sides, st.integers(1, 70000)),
    st.tuples(st.just("pause"), st.just(0), st.integers(0, 3000)),
    st.tuples(st.sampled_from(("shutdown", "shutdown", "close", "abort")), sides, st.just(0)),
)
share = st.sampled_from((0.0, 0.0, 0.05, 0.2))
wires = st.builds(
    Faults, loss=share, duplicate=share, reorder=share, corrupt=share, delay=st.integers(10, 50000)
)


class End:
    """A connection, the data sent and the data received."""

    def __init__(self, host, tcb: Tcb) -> None:
        self.host, self.tcb = host, tcb
        self.sent = 0
        self.got = b""
        self.over = self.shut = False  # closed or aborted: no more data will be sent

    def call(self, name, n, now):
        """Call user.py as a program could."""
        tcb = self.tcb
        if self.over:
            return
        if name == "send" and not self.shut and tcb.state in SENDING:
            self.sent += user.send(tcb, TEXT, self.sent, n, now)
        elif name == "read":
            buf = bytearray(n)
            self.got += buf[: user.receive(tcb, buf, 0, n, now)]
        elif name == "shutdown" and tcb.state != CLOSED:
            self.shut = True
            user.shutdown(tcb, now)
        elif name == "close":
            self.over = True
            user.close_and_release(tcb, now)
        elif name == "abort":
            self.over = True
            user.abort(tcb, now)


def connected(seed, there, back, size):
    """Return the world and both ends, or None if the handshake failed."""
    world, left, right = pair(seed, there, back)
    left.meet(right)
    ready = []
    right.listen(9000, ready.append, rcv_buf=size)
    tcb = left.connect(right, 9000, rcv_buf=size)
    world.run(lambda: ready or tcb.state == CLOSED)
    return world, [End(left, tcb), *[End(right, each) for each in ready]]


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.function_scoped_fixture),
)
@given(st.lists(calls, max_size=40), wires, wires, st.sampled_from((2048, 65536)), st.integers(0, 99))
def test_calls_in_any_order(order, there, back, size, seed):
    World.made.clear()
    world, ends = connected(seed, there, back, size)
    for name, side, n in order:
        if name == "pause":
            world.pause(n / 1000)
        elif side < len(ends):
            ends[side].call(name, n, world.now)
    orderly = len(ends) == 2 and not any(end.over for end in ends)
    for _ in range(3000 if orderly else 0):  # close both ends, and read to the end
        for end in ends:
            end.call("shutdown", 0, world.now)
            end.call("read", 70000, world.now)
        if world.quiet():
            break
        world.pause(0.5)
    if len(ends) == 2:
        for end, other in (ends, reversed(ends)):
            assert end.got == TEXT[: other.sent] if orderly else TEXT[: other.sent].startswith(end.got)
    for end in ends:
        end.call("abort", 0, world.now)
    world.settle(3000)
    assert all(host.tcp.memory.used == 0 and host.stack.stats.bugs == 0 for host in world.hosts)
