# runner.py - the host of this image, its devices, and the scheduler's loop between them.
import gc
import sys

import mkernel
from mkernel import scheduler

from .env import Env
from .host import Host
from .ip.v6.configuration import OFF
from .limits import FRAME_SIZE, FRAMES_PER_POLL, SECOND
from .running import Running
from .tcp import close
from .tcp.states import CLOSE_WAIT
from .timers import NEVER

_SCARCE = SECOND // 10  # minimum interval of garbage collections for packets without memory
# time after a peer's FIN until the connection's socket is checked for being unreachable
_UNCLOSED = 60 * SECOND

_ATTEMPTS = 100  # to remove an interface for which memory is short

_runner = None


def current():
    """Return the Runner of this image's host, created on first use."""
    global _runner
    if _runner is None:
        _runner = Runner(Host(Env(mkernel.random, mkernel.log, mkernel.memory()[1])))
    return _runner


def use(runner):
    """Make new sockets use another Runner, None for a new one. Returns the previous one."""
    global _runner
    before = _runner
    _runner = runner
    return before


def kill_all():
    """End all interfaces when the image ends."""
    if _runner is not None:
        for running in list(_runner.running):
            running.kill()


scheduler.atexit(kill_all)


class Runner:
    """Runs one Host under the scheduler. `running`: its Running interfaces, in the order of their start."""

    def __init__(self, host):
        self.host = host
        self.running = []
        self.frame = bytearray(FRAME_SIZE)
        self._scarce_until = 0
        scheduler.add_poller(self, devices=False)

    def start(
        self, device, name, address=0, prefix=0, gateway=0, probe=False, ipv6=(OFF, None, 64, None), metric=0
    ):
        """Start an interface and return it as Running. `ipv6`: (mode, address, length, gateway), for
        Interface.start6(). `probe`: use the address only when no other host has it (RFC 5227)."""
        now = scheduler.now()
        interface = self.host.add_interface(device, name)
        try:
            running = Running(self, device, interface)
            self.running.append(running)
            if len(self.running) == 1:
                scheduler.add_poller(self)
            if address:
                interface.ipv4.configure(address, prefix, gateway, now, probe, metric)
            interface.start6(*ipv6, now)
        except BaseException:
            self.remove(interface)
            raise
        return running

    def remove(self, interface):
        """Remove an interface without notifying its peers."""
        for at in range(len(self.running) - 1, -1, -1):
            if self.running[at].interface is interface:
                self.running.pop(at)
        if not self.running:
            scheduler.add_poller(self, devices=False)
        for _ in range(_ATTEMPTS):  # it must not stay half removed
            try:
                return self.host.remove_interface(interface, scheduler.now())
            except MemoryError:
                gc.collect()

    def poll(self, now):
        """Handle a turn of the scheduler: receive frames, run timers, send frames. No input from a peer
        can end it."""
        stats = self.host.stats
        if now < self._scarce_until:
            gc.disable()
        for running in self.running:
            self._receive(running, now)
        try:
            for running in self.running:
                if running.device.link != running.seen_link:
                    running.check_link(now)
            self.host.tick(now)
            tcp = self.host.tcp
            if tcp.ended_at and now - tcp.ended_at >= _UNCLOSED:
                self._look_for_unclosed(now)
        except MemoryError:
            stats.no_memory += 1
        except Exception as error:
            self._bug(error, 0)
        if self._scarce_until:
            gc.enable()
            if now >= self._scarce_until:
                self._scarce_until = 0
        for running in self.running:
            running.device.flush()

    def _receive(self, running, now):
        """Receive frames from a device until it is empty, up to a limit."""
        device = running.device
        frame = self.frame
        receive = running.receive
        stats = self.host.stats
        failed = stats.no_memory
        budget = FRAMES_PER_POLL
        while budget:
            n = device.read_into(frame)
            if not n:
                break
            budget -= 1
            try:
                receive(frame, n, device.rx_csum == 0, now)
            except MemoryError:
                stats.no_memory += 1
            except Exception as error:
                self._bug(error, n)
            if stats.no_memory != failed:
                failed = stats.no_memory
                self._memory_is_scarce(now)

    def _memory_is_scarce(self, now):
        """Process what follows without garbage collections: each that fails takes milliseconds, and a flood
        of packets would leave no time for the tasks that free memory."""
        close.shed_time_waits(self.host.tcp)
        if now >= self._scarce_until:
            self._scarce_until = now + _SCARCE
        gc.disable()

    def deadline(self):
        """Send what the tasks have queued before the loop sleeps. Returns when poll() must be called at
        the latest, or None."""
        for running in self.running:
            running.device.flush()
        at = self.host.deadline()
        ended_at = self.host.tcp.ended_at
        if ended_at:
            at = min(at, ended_at + _UNCLOSED)
        return None if at == NEVER else at

    def _look_for_unclosed(self, now):
        """Collect garbage when a peer closed its side long ago and the application did not: its socket may
        be unreachable. While such connections exist there is one collection a minute."""
        tcp = self.host.tcp
        ended_at = 0
        for connections in tcp.ports.values():
            for tcb in connections.values():
                if tcb.state == CLOSE_WAIT:
                    ended_at = now
        tcp.ended_at = ended_at
        if ended_at:
            gc.collect()

    def _bug(self, error, n):
        """Handle an unexpected exception: drop the packet, and report the first exception in full."""
        stats = self.host.stats
        stats.bugs += 1
        stats.drop("bug")
        if stats.bugs == 1:
            try:
                sys.print_exception(error, sys.stderr)
                if n:
                    data = bytes(self.frame[: min(n, 128)]).hex()
                    self.host.env.write("in a frame of %d bytes: %s" % (n, data))
            except Exception:
                pass  # a failing report, for lack of memory for example, is ignored
