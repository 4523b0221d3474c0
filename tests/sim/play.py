"""Play a scenario, and check what must hold of every one."""

from dataclasses import dataclass

from mnet.errors import ECONNRESET, EHOSTUNREACH, ETIMEDOUT
from mnet.limits import SECOND
from mnet.tcp import user

from sim import offload
from sim.hosts import pair
from sim.routers import Bottleneck, marked, outage
from sim.scenario import Scenario
from sim.users import User

LONGEST = 100000  # seconds that a connection may last
GIVEN_UP = (ETIMEDOUT, ECONNRESET, EHOSTUNREACH)
# Reasons for which intact segments may be dropped: old, early or late, or after the end
ORDINARY = {
    "tcp_outside_window", "tcp_paws", "tcp_ack_outside", "tcp_no_room", "tcp_too_many_ranges", "tcp_rst",
    "tcp_no_connection", "tcp_no_port", "icmp_error_for_nobody", "icmp6_error_for_nobody", "ipv6_not_ours",
    "neighbor_unreachable", "device_full",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """The result of one scenario, or the sum of several."""

    frames: int = 0  # on the wire
    time: int = 0  # virtual, in microseconds
    given_up: int = 0  # ended by an error that the scenario allows

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.frames + other.frames, self.time + other.time, self.given_up + other.given_up)


class Play:
    """The two hosts of a scenario, and their users."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        ends = (scenario.left, scenario.right)
        hosts = [{"mtu": e.mtu, "features": e.features, "full": e.full, "iss": e.iss} for e in ends]
        faults = scenario.there.faults, scenario.back.faults
        self.world, *self.hosts = pair(scenario.seed, *faults, *hosts, start=scenario.start, six=scenario.six)
        self.hosts[0].meet(self.hosts[1])
        self.users = [None, None]
        self.texts = [self.world.dice(f"text {i}").randbytes(end.size) for i, end in enumerate(ends)]
        ways = scenario.there, scenario.back
        for host, end, way, text in zip(self.hosts, ends, ways, self.texts, strict=True):
            host.referee.says = text
            host.tcp.ecn = end.ecn
            host.device.whole &= not (scenario.there.routed or scenario.back.routed)
            self._build(host, way)

    def _build(self, host, way) -> None:
        """Install the routers and middleboxes of the path."""
        lane, dice = host.device.lane, self.world.dice("marks")
        if way.down_for:
            outage(self.world, lane, way.down_at, way.down_for)
        if way.mtu:
            at = self.world.now + int(way.mtu_at * SECOND)
            self.world.at(at, Bottleneck, self.world, host, way.mtu, way.speaks, way.deaf)
        strip = offload.without_options(*self.scenario.stripped)

        def rewrite(frame):
            if way.marks and dice.random() < way.marks:
                frame = marked(frame) or frame
            return strip(frame) if self.scenario.stripped else frame

        lane.rewrite = rewrite

    def begin(self) -> None:
        """Open the connection."""
        left, right = self.hosts
        if self.scenario.both_open:
            for host, other, ports in ((left, right, (5001, 5002)), (right, left, (5002, 5001))):
                settings = self._end(host).settings()
                self._use(host, host.connect(other, ports[1], lport=ports[0], settings=settings))
            return
        right.listen(9000, lambda tcb: self._use(right, tcb), settings=self.scenario.right.settings())
        self._use(left, left.connect(right, 9000, settings=self.scenario.left.settings()))

    def _end(self, host):
        return self.scenario.right if host is self.hosts[1] else self.scenario.left

    def _use(self, host, tcb) -> None:
        end, number = self._end(host), self.hosts.index(host)
        text, late = self.texts[number], {"second": end.second}
        self.users[number] = User(host, tcb, text, end.read, end.every, end.write, end.pace, **late)

    def until_the_end(self) -> None:
        """Run until both ends are closed; if one gave up, the other may need a reset."""
        world = self.world
        world.run(lambda: self._done() or any(each and each.error for each in self.users), LONGEST)
        if not self._done():
            world.pause(200)
        for each in self.users:
            if each and each.tcb.state:
                user.abort(each.tcb, world.now)
        world.settle()

    def _done(self) -> bool:
        return self.world.quiet() and all(each is None or each.closed for each in self.users)

    def judge(self) -> Outcome:
        """Check what must hold at the end."""
        there, back = self.scenario.there, self.scenario.back
        errors = [each.error if each else ETIMEDOUT for each in self.users]
        allowed = GIVEN_UP if there.harsh or back.harsh else ()
        assert all(error == 0 or error in allowed for error in errors), f"ended with {errors}"
        for each, text in zip(self.users, reversed(self.texts), strict=True):
            got = bytes(each.got) if each else b""
            assert got == text if not any(errors) else text.startswith(got), "the text is not what was sent"
        damaged = there.faults.corrupt or back.faults.corrupt
        for host in self.hosts:
            assert host.tcp.memory.used == 0, "memory is not given back"
            strange = host.stack.stats.drops.keys() - ORDINARY
            assert not strange or damaged, f"dropped without cause: {strange}"
        frames = sum(host.device.lane.sent for host in self.hosts)
        return Outcome(frames, self.world.now - self.world.start, int(any(errors)))


def play(scenario: Scenario) -> Outcome:
    """Play a scenario from start to end."""
    stage = Play(scenario)
    stage.begin()
    stage.until_the_end()
    return stage.judge()
