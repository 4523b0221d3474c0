"""Hosts on the simulated wire, and virtual time."""

import heapq
import os
import random
from collections import deque

from mnet.env import Env
from mnet.host import Host as InternetHost
from mnet.limits import SECOND
from mnet.tcp.settings import Settings
from mnet.timers import NEVER
from unit.mnet.builders import check_heap, sane
from unit.mnet.sending import open_connection

from sim import offload, trace
from sim.referee import Referee, is_tcp, whole
from sim.wire import Faults, Lane

TX_CSUM, RX_CSUM, TSO, TSO6, LRO = 1, 2, 4, 8, 16
CLEAN = Faults()
TRACING = bool(os.environ.get("SIM_TRACE"))
ALL_SANE = 8  # with more connections than this they are looked at only now and then
SAMPLE = 64


class World:
    """The virtual clock and its queue of events."""

    made = []  # for the report of a failure

    def __init__(self, seed=0, start=1000 * SECOND):
        self.seed = seed
        self.now = self.start = start
        self.events = []
        self.count = 0
        self.hosts = []
        self.frames = deque(maxlen=60)
        World.made.append(self)

    def dice(self, name):
        """Return a random generator for one part, so that another draw in one part changes nothing in the
        others."""
        return random.Random(f"{self.seed} {name}")

    def at(self, when, action, *arguments):
        """Call `fun` at a time."""
        self.count += 1
        heapq.heappush(self.events, (when, self.count, action, arguments))

    def note(self, name, frame, fate=""):
        """Record a line for the trace."""
        self.frames.append((self.now, name, frame, fate))
        if TRACING:
            print(self._line(*self.frames[-1]))

    def tail(self):
        """Return the last frames as text."""
        return [self._line(*entry) for entry in self.frames]

    def _line(self, when, name, frame, fate):
        text = f"{(when - self.start) / SECOND:11.6f} {name} {trace.describe(frame)}"
        return f"{text}  [{fate}]" if fate else text

    def due(self):
        """Return the time of the next event, or NEVER."""
        at = self.events[0][0] if self.events else NEVER
        for host in self.hosts:
            at = min(at, host.stack.deadline())
        return at

    def step(self):
        """Process the next event."""
        at = self.due()
        assert at != NEVER, "nothing will ever happen again"
        self.now = max(self.now, at)
        if self.events and self.events[0][0] <= self.now:
            _, _, action, arguments = heapq.heappop(self.events)
            action(*arguments)
        for host in self.hosts:
            host.turn()

    def run(self, until, seconds=600):
        """Process events until the condition holds; fail if it does not within so many virtual seconds."""
        limit = self.now + seconds * SECOND
        while not until():
            assert self.now < limit, f"not within {seconds} s"
            self.step()

    def pause(self, seconds):
        """Process the events of so many microseconds."""
        end = self.now + int(seconds * SECOND)
        while self.due() <= end:
            self.step()
        self.now = end

    def quiet(self):
        """Whether no connection is left."""
        return not any(host.tcp.count for host in self.hosts)

    def settle(self, seconds=600):
        """Wait until no connection is left, and check that no state remains."""
        self.run(self.quiet, seconds)
        for host in self.hosts:
            host.empty()


class Device:
    """A network card; `full` is the probability that it has no room."""

    def __init__(self, host, number, mtu, features, full=0.0):
        self.host = host
        self.mac = bytes((2, 0, 0, 0, 0, number))
        self.mtu = mtu
        self.features = features
        self.full = full
        self.lane = None
        self.whole = False  # the other end takes super-segments

    def write(self, frame, n, csum_start=0, csum_offset=0, gso_size=0):
        """As mkernel.Net.write."""
        host = self.host
        if self.full and host.dice.random() < self.full:
            host.world.at(host.world.now + 100, host.turn)  # there is room again: run a turn of the loop
            return False
        data = bytes(memoryview(frame)[:n])
        assert gso_size or n <= 14 + self.mtu
        host.referee.sent(data)
        if csum_start and not self.whole:
            parts = offload.cut(data, gso_size) if gso_size else [offload.sum_again(data)]
        else:
            parts = [data]
        for part in parts:
            self.lane.send(part, not (csum_start and self.whole))
        return True


class Host:
    """A stack at 10.0.0.`number`/24, or with `six` at fd00::`number`/64 as well, which its TCP then uses."""

    def __init__(self, world, number, mtu=1500, features=0, iss=None, full=0.0, six=False):
        if six and features & TSO:
            features |= TSO6
        self.world = world
        self.number = number
        self.dice = world.dice(f"host {number}")
        self.referee = Referee()
        self.log = []
        self.device = Device(self, number, mtu, features, full)
        self.stack = InternetHost(Env(self.dice.randbytes, self.log.append))
        self.interface = self.stack.add_interface(self.device, "net")
        self.tcp, self.udp = self.stack.tcp, self.stack.udp
        self.six = six
        self.address = self.address4 = 0x0A000000 + number
        if six:
            self.address = b"\xfd" + bytes(14) + bytes((number,))
        if iss is not None:
            self.tcp.initial_sequence = lambda tcb, now: iss
        self.ready = []
        self.turns = 0
        world.hosts.append(self)

    def start(self):
        """Configure the address, when there is a wire."""
        self.interface.ipv4.configure(self.address4, 24, 0)
        if self.six:
            self.interface.start6("static", self.address, 64, None, self.world.now)

    def meet(self, other):
        """Make both resolve each other's MAC without loss of ARP, which is not under test."""
        now = self.world.now
        self.device.lane.spares_arp = other.device.lane.spares_arp = True
        for host, peer in ((self, other), (other, self)):
            host.interface.arp.neighbors.learn(peer.address4, peer.device.mac, now, True)
            if host.six:
                host.interface.ipv6.neighbors.learn(peer.address, peer.device.mac, now, True)

    def input(self, frame, verify=True):
        """Receive a frame from the wire. A device with checksum offload verifies it."""
        self.referee.received(frame, verify)
        if self.device.features & RX_CSUM and is_tcp(frame) and whole(frame):
            verify = False
        buf = bytearray(frame)
        self.interface.receive(buf, len(buf), verify, self.world.now)
        self.turn(True)

    def turn(self, busy=False):
        """Run a turn of the loop: timers, woken users, then the checks."""
        stack = self.stack
        if (
            not busy
            and not self.ready
            and stack.deadline() > self.world.now
            and not self.interface.link.stalled
        ):
            return
        stack.tick(self.world.now)
        while self.ready:
            self.ready.pop().step()
        self.check()

    def check(self, all_of_it=False):
        """Check what must hold between two events."""
        self.turns += 1
        if self.tcp.count > ALL_SANE and self.turns % SAMPLE and not all_of_it:
            return
        check_heap(self.stack.deadlines)
        count = 0
        for connections in self.tcp.ports.values():
            for tcb in connections.values():
                sane(tcb)
                count += 1
        assert count == self.tcp.count

    def empty(self):
        """Check that no state is left but neighbors and listeners."""
        stack = self.stack
        interface = self.interface
        assert (self.tcp.count, self.tcp.ports, self.tcp.time_waits, interface.link.stalled) == (
            0,
            {},
            [],
            [],
        )
        known = list(interface.arp.neighbors.table.values())
        ipv6 = interface.ipv6
        known += [*ipv6.neighbors.table.values(), *ipv6.addresses.list, interface.routers, interface.mld]
        known += ipv6.reassembly.table.values()
        assert all(timer in known for timer in stack.deadlines.heap), "a timer is left behind"
        for (listener,) in self.tcp.listeners.values():
            assert (len(listener.syn_queue), listener.accept_queue) == (0, [])

    def listen(self, port, use, backlog=128, snd_buf=65536, rcv_buf=65536, nodelay=False, settings=None):
        """use(tcb) is called with each connection that comes; it returns its User."""
        local = None if self.six else 0
        settings = settings or Settings(snd_buf, rcv_buf, nodelay)
        listener = self.tcp.listen(local, port, backlog, settings)

        def accept():
            while listener.accept_queue:
                use(listener.accept())

        listener.on_readable = accept
        return listener

    def connect(self, peer, port, snd_buf=65536, rcv_buf=65536, lport=0, six=True, settings=None):
        """Open a connection to `port` of the host `peer`; over IPv6, if both have it and `six` allows it."""
        address = peer.address if six else peer.address4
        if settings is not None:
            snd_buf, rcv_buf = settings.snd_buf, settings.rcv_buf
        tcb = open_connection(
            self.stack, address, port, lport, snd_buf, rcv_buf, self.world.now, settings=settings
        )
        assert not isinstance(tcb, int), tcb
        return tcb


def pair(seed=0, there=CLEAN, back=None, left=None, right=None, start=1000 * SECOND, **both):
    """Return (world, left, right): two hosts and the wire between them. `there` impairs the frames of
    left."""
    world = World(seed, start)
    a = Host(world, 1, **{**both, **(left or {})})
    b = Host(world, 2, **{**both, **(right or {})})
    for host, peer, faults, name in ((a, b, there, "1 > 2"), (b, a, back or there, "2 > 1")):
        lane = host.device.lane = Lane(world, name, faults, world.dice(name))
        lane.deliver = peer.input
        host.device.whole = bool(peer.device.features & LRO)
    for host in (a, b):
        host.start()
    return world, a, b
