# lab.py - two stacks on a virtual cable, and the state that must be the same before and after memory has run
# out.
#
# Only allocations of an image count: the cable and the virtual machine are C there, so their allocations
# neither count nor fail.
import gc

import _fiber
import _mkernel
import _nomem
from cable import End

SERVER, SERVER6 = "10.0.0.2", "fd00::2"


class Cable(End):
    """A device whose own allocations do not count."""

    def due(self):
        """Read as the interpreter requires; frames to a device without a reader are lost."""
        from mkernel import scheduler

        devices = [each.device for poller in scheduler._pollers for each in poller.running]
        if not any([device is self for device in devices]):
            self.frames = []
        return End.due(self)

    def read_into(self, buf):
        was = _nomem.pause()
        n = End.read_into(self, buf)
        _nomem.resume(was)
        return n

    def write(self, buf, n, csum_start=0, csum_offset=0, gso_size=0):
        was = _nomem.pause()
        taken = End.write(self, buf, n)
        _nomem.resume(was)
        return taken


class Dice:
    """Return random bytes, the same in every run."""

    def __init__(self):
        self.state = 1

    def bytes(self, n):
        found = bytearray(n)
        for i in range(n):
            self.state = self.state * 1103515245 + 12345 & 0x7FFFFFFF
            found[i] = self.state >> 16 & 0xFF
        return bytes(found)


def install():
    """Before mkernel is imported: the machine needs no memory, and is the same in every run."""
    poll, dice = _mkernel.poll, Dice()

    def paused_poll(deadline):
        was = _nomem.pause()
        poll(deadline)
        _nomem.resume(was)

    _mkernel.poll = paused_poll
    _mkernel.random = dice.bytes


class Lab:
    """`left` (10.0.0.1, fd00::1) and `right` (10.0.0.2, fd00::2) run from start() to stop()."""

    def __init__(self):
        self.ends = [Cable(number, _mkernel.clock_monotonic, 50000) for number in (1, 2)]
        self.ends[0].peer, self.ends[1].peer = self.ends[1], self.ends[0]
        self.names = ("left", "right")
        for name, end in zip(self.names, self.ends):
            _mkernel.attach(name, end)
        self.log = []
        self.runners = []  # of two hosts
        self.running = []
        self.sent = 0

    def start(self):
        """Return both interfaces."""
        from mnet import runner
        from mnet.env import Env
        from mnet.host import Host
        from mnet.ip.v6.configuration import configuration
        from mnet.runner import Runner
        from unit.sockets.network import place

        if not self.runners:
            for _ in self.names:
                self.runners.append(Runner(Host(Env(_mkernel.random, self._log, _mkernel.memory()[1]))))
            runner.use(self.runners[0])
            place(self.runners[0].host, self.runners[1].host)
        self.running = []
        for number, (end, name) in enumerate(zip(self.ends, self.names), 1):
            ipv6 = configuration("fd00::%d/64" % number)
            each = self.runners[number - 1].start(end, name, 0x0A000000 + number, 24, ipv6=ipv6)
            self.running.append(each)

    def _log(self, text):
        was = _nomem.pause()
        self.log.append(text)
        _nomem.resume(was)

    def stop(self):
        """End all connections without a RST, which would need memory that is not under test."""
        was = _nomem.pause()
        for runner in self.runners:
            while runner.running:
                runner.remove(runner.running[-1].interface)
        for end in self.ends:
            end.frames = []
        _nomem.resume(was)

    def lossy(self, every):
        """From now on so many frames pass, then one is lost; 0: none is."""
        self.sent = 0

        def lose(frame):
            self.sent += 1
            return self.sent % every == 0

        for end in self.ends:
            end.lose = lose if every else None

    def narrow(self, frames):
        """Limit the frames on the cable from now on."""
        for end in self.ends:
            end.capacity = frames

    def tcp(self, number):
        """Return the interface of `left` (0) or `right` (1)."""
        return self.running[number].host.tcp

    def forget(self):
        """Clear caches that fill up to their bound."""
        for running in self.running:
            flight = running.host.udp.flight
            flight.sent.clear()
            flight.keys = [None] * len(flight.keys)

    def state(self):
        """Return tables, timers and tasks, which must be the same at the end."""
        from mkernel import files, scheduler

        numbers = [each for each in files._table if each is not None]
        found = [len(_fiber.parked()), len(scheduler._pollers), len(self.running), len(numbers)]
        for running in self.running:
            if running not in running.runner.running:  # it was killed
                continue
            stack, interface = running.host, running.interface
            link = interface.link
            tcp, deadlines = stack.tcp, stack.deadlines
            found.append(
                (tcp.count, len(tcp.ports), len(tcp.listeners), len(tcp.time_waits), len(link.stalled))
            )
            found.append((tcp.memory.used, stack.udp.count, len(stack.udp.ports), len(tcp.bindings._ports)))
            found.append((len(link.queue), link.queued, len(link.waiting)))
            for neighbors in (interface.arp.neighbors, interface.ipv6.neighbors):
                found.append((len(neighbors.table), neighbors.waiting))
            for ip in (interface.ipv4, interface.ipv6):
                found.append((len(ip.reassembly.table), ip.reassembly.bytes, len(ip.groups)))
            found.append((deadlines.count, deadlines.admitted, len(interface.ipv6.addresses.list)))
        return found

    def bugs(self):
        """Return how many unexpected exceptions the stacks have caught."""
        return sum([running.host.stats.bugs for running in self.running])

    def sane(self):
        """Check the invariants of every connection between two events."""
        from unit.mnet.builders import check_heap, sane

        for running in self.running:
            check_heap(running.host.deadlines)
            for connections in running.host.tcp.ports.values():
                for tcb in connections.values():
                    sane(tcb)


def memory():
    """Return the number of bytes in use."""
    gc.collect()
    return gc.mem_alloc()
