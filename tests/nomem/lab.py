# lab.py - two stacks on a virtual cable, and what must be the same before and after memory has run out.
#
# Only what an image would ask for counts: the cable and the virtual machine are C there, so their allocations
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
        """As the virtual machine wants it; what comes to a device that nobody reads is lost."""
        from mkernel import scheduler

        if not any([poller.device is self for poller in scheduler._pollers]):
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
    """Random bytes that are the same in every run."""

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
        self.sent = 0

    def start(self):
        """Both interfaces."""
        from mnet.interface import Interface
        from mnet.ip.host6 import configuration

        for number, (end, name) in enumerate(zip(self.ends, self.names), 1):
            ipv6 = configuration("fd00::%d/64" % number)
            Interface(end, name, 0x0A000000 + number, 24, 0, self._log, ipv6=ipv6)

    def _log(self, text):
        was = _nomem.pause()
        self.log.append(text)
        _nomem.resume(was)

    def stop(self):
        """Without a word to the peer."""
        from mkernel import scheduler
        from mnet import interface

        while interface.running:
            scheduler.remove_poller(interface.running.pop())
        for end in self.ends:
            end.frames = []

    def lossy(self, every):
        """From now on so many frames pass, then one is lost; 0: none is."""
        self.sent = 0

        def lose(frame):
            self.sent += 1
            return self.sent % every == 0

        for end in self.ends:
            end.lose = lose if every else None

    def narrow(self, frames):
        """From now on so many frames have room on the cable."""
        for end in self.ends:
            end.capacity = frames

    def tcp(self, number):
        """That of `left` (0) or `right` (1)."""
        from mnet import interface

        return interface.running[number].stack.tcp

    def forget(self):
        """What fills up to its bound and is of no consequence."""
        from mnet import interface

        for running in interface.running:
            flight = running.stack.udp.flight
            flight.sent.clear()
            flight.keys = [None] * len(flight.keys)

    def state(self):
        """Tables, timers and tasks, as they must be when everything is over."""
        from mkernel import files, scheduler
        from mnet import interface

        numbers = [each for each in files._table if each is not None]
        found = [len(_fiber.parked()), len(scheduler._pollers), len(interface.running), len(numbers)]
        for running in interface.running:
            stack = running.stack
            tcp, deadlines = stack.tcp, stack.deadlines
            found.append(
                (tcp.count, len(tcp.ports), len(tcp.listeners), len(tcp.time_waits), len(tcp.stalled))
            )
            found.append((tcp.memory.used, stack.udp.count, len(stack.udp.ports), len(tcp.bindings._ports)))
            found.append((len(stack.link.queue), stack.link.queued, len(stack.link.waiting)))
            for neighbors in (stack.arp.neighbors, stack.ipv6.neighbors):
                found.append((len(neighbors.table), neighbors.waiting))
            for ip in (stack.ipv4, stack.ipv6):
                found.append((len(ip.reassembly.table), ip.reassembly.bytes, len(ip.groups)))
            found.append((deadlines.count, deadlines.admitted, len(stack.ipv6.addresses.list)))
        return found

    def bugs(self):
        """How many exceptions the stacks have caught that should not be."""
        from mnet import interface

        return sum([running.stack.stats.bugs for running in interface.running])

    def sane(self):
        """Every connection is as it must be between two events."""
        from mnet import interface
        from unit.mnet.builders import check_heap, sane

        for running in interface.running:
            check_heap(running.stack.deadlines)
            for connections in running.stack.tcp.ports.values():
                for tcb in connections.values():
                    sane(tcb)


def memory():
    """Bytes that are in use."""
    gc.collect()
    return gc.mem_alloc()
