# interface.py - a device, its stack, and the scheduler's loop between them.
import gc
import sys

import mkernel
from mkernel import scheduler

from .address import format_ipv4, interface_address, is_any
from .address6 import format_ipv6, interface_address6
from .env import Env
from .ip.host6 import OFF
from .limits import FRAME_SIZE, FRAMES_PER_POLL, SECOND
from .stack import Stack
from .tcp import user
from .tcp.states import CLOSE_WAIT, CLOSED, FIN_WAIT_2, TIME_WAIT
from .timers import NEVER

running = []  # the interfaces sockets use, in the order of their start

_DRAIN = 5 * SECOND  # connections have so long at the end to send what is queued ...
_DRAIN_DATAGRAMS = SECOND  # ... and datagrams so long
_SCARCE = SECOND // 10  # from one collection for packets that find no memory to the next
_UNCLOSED = 60 * SECOND  # from a peer's FIN until its connection's socket is looked for


def route(address, source, scope=0):
    """The interface that has a way to `address`, and the address `source` unless that is none in particular;
    or None. One on whose link it is goes before one with a gateway (RFC 1122 3.3.1.1). Nothing loops back.
    `scope`: the number of the only one that is meant (RFC 4007 section 6)."""
    found = None
    if is_any(address):  # on other systems it means the host itself
        return None
    for interface in scoped(scope):
        ip = interface.stack.ip_of(address)
        if ip.is_ours(address) or not (is_any(source) or ip.is_ours(source)):
            continue
        if ip.reaches(address, scheduler.now()):
            if ip.on_link(address, scheduler.now()):
                return interface
            found = found or interface
    return found


def scoped(scope):
    """The interfaces that a scope id means; 0 means all."""
    return running[scope - 1 : scope] if scope else running


def kill_all():
    """The image ends."""
    for interface in list(running):
        interface.kill()


scheduler.atexit(kill_all)


class Interface:
    """A running stack. As a context manager it stops at the end of the block.

    `ipv6`: (mode, address, length, gateway), as Host6.start() takes them. `verbose`: changes of the link are
    logged."""

    def __init__(
        self,
        device,
        name,
        address,
        prefix,
        gateway,
        log=mkernel.log,
        probe=False,
        ipv6=(OFF, None, 64, None),
        verbose=False,
    ):
        self.device = device
        self.name = name
        self.verbose = verbose
        self._link = device.link
        self._scarce_until = 0
        env = Env(mkernel.random, lambda text: log("%s: %s" % (name, text)), mkernel.memory()[1])
        self.stack = Stack(device, env)
        self.frame = bytearray(FRAME_SIZE)
        self._input = self.stack.input  # bound once: binding allocates
        if address:
            self.stack.ipv4.configure(address, prefix, gateway, scheduler.now(), probe)
        self.stack.host6.start(*ipv6, scheduler.now())
        running.append(self)
        try:
            scheduler.add_poller(self)
        except MemoryError:
            running.remove(self)
            raise

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc, traceback):
        self.kill()

    @property
    def addresses(self):
        """Our addresses with their prefix lengths, as text."""
        ipv4 = self.stack.ipv4
        found = ["%s/%d" % (format_ipv4(address), ipv4.prefixes[address]) for address in ipv4.addresses]
        ours = self.stack.ipv6.addresses.list
        return found + ["%s/%d" % (format_ipv6(each.value), each.length) for each in ours]

    def add_address(self, cidr):
        """Take one more address, as text with its prefix length: '10.1.0.2/16'. ValueError if no host can
        have it."""
        if ":" in cidr:
            return self.stack.host6.slaac.add(*interface_address6(cidr), scheduler.now())
        address, prefix = interface_address(cidr)
        self.stack.ipv4.configure(address, prefix, 0, scheduler.now())

    @property
    def link(self):
        """Whether the link is up, as far as the device says. While it is not, what is sent is lost."""
        return bool(self.device.link & 1)

    @property
    def stats(self):
        """What was counted (mnet.stats.Stats)."""
        return self.stack.stats

    @property
    def tcp(self):
        """The TCP of this stack (mnet.tcp.table.Tcp)."""
        return self.stack.tcp

    @property
    def udp(self):
        """The UDP of this stack (mnet.udp.table.Udp)."""
        return self.stack.udp

    @property
    def ping(self):
        """The echo requests of this stack's users (mnet.udp.ping.Ping)."""
        return self.stack.ping

    def poll(self, now):
        """The scheduler's turn: frames in, timers, frames out. Nothing a peer sends ends it."""
        device = self.device
        frame = self.frame
        stats = self.stack.stats
        failed = stats.no_memory
        if now < self._scarce_until:
            gc.disable()
        budget = FRAMES_PER_POLL
        while budget:
            n = device.read_into(frame)
            if not n:
                break
            budget -= 1
            try:
                self._input(frame, n, device.rx_csum == 0, now)
            except MemoryError:
                stats.no_memory += 1
            except Exception as error:
                self._bug(error, n)
            if stats.no_memory != failed:
                failed = stats.no_memory
                self._memory_is_scarce(now)
        try:
            if device.link != self._link:
                self._link_changed(now)
            self.stack.tick(now)
            if self.stack.tcp.ended_at and now - self.stack.tcp.ended_at >= _UNCLOSED:
                self._look_for_unclosed(now)
        except MemoryError:
            stats.no_memory += 1
        except Exception as error:
            self._bug(error, 0)
        if self._scarce_until:
            gc.enable()
            if now >= self._scarce_until:
                self._scarce_until = 0
        device.flush()

    def _memory_is_scarce(self, now):
        """What comes next does without memory that only a collection finds: each that fails takes
        milliseconds, and packets without end would leave no time for those who give memory back."""
        if now >= self._scarce_until:
            self._scarce_until = now + _SCARCE
        gc.disable()

    def deadline(self):
        """The loop is about to sleep: what the tasks have sent leaves now. When poll() must be called at the
        latest, or None."""
        self.device.flush()
        at = self.stack.deadline()
        ended_at = self.stack.tcp.ended_at
        if ended_at:
            at = min(at, ended_at + _UNCLOSED)
        return None if at == NEVER else at

    def kill(self):
        """Close every connection, let what is queued go out (for five seconds at most), and let go of the
        device."""
        if self not in running:
            return
        tcp = self.stack.tcp
        listeners = [each for port in tcp.listeners.values() for each in port]
        connections = [tcb for port in tcp.ports.values() for tcb in port.values()]
        running.remove(self)
        for listener in listeners:
            tcp.unlisten(listener, scheduler.now())
        for tcb in connections:
            user.close_and_release(tcb, scheduler.now())
        try:
            self._drain(connections)
        except MemoryError:
            self.stack.stats.no_memory += 1
        finally:
            self.poll(scheduler.now())
            scheduler.remove_poller(self)
            self.stack.link.clear()

    def _drain(self, connections):
        """Wait until what is queued has left."""
        start = scheduler.now()
        while (
            scheduler.now() < start + _DRAIN
            and any(tcb.state not in (CLOSED, FIN_WAIT_2, TIME_WAIT) for tcb in connections)
        ) or (scheduler.now() < start + _DRAIN_DATAGRAMS and self._datagrams_wait()):
            mkernel.sleep(0.005)

    def _datagrams_wait(self):
        """Whether packets wait for room in the device, or for a neighbour's address."""
        stack = self.stack
        return stack.link.queue or stack.arp.neighbors.waiting or stack.ipv6.neighbors.waiting

    def _look_for_unclosed(self, now):
        """A peer has closed and our user has not, for long: perhaps it has only let go of its socket, which a
        collection finds out. As long as such connections remain there is one a minute."""
        tcp = self.stack.tcp
        ended_at = 0
        for connections in tcp.ports.values():
            for tcb in connections.values():
                if tcb.state == CLOSE_WAIT:
                    ended_at = now
        tcp.ended_at = ended_at
        if ended_at:
            gc.collect()

    def _link_changed(self, now):
        """It may have gone and come back since we looked last (port/platform.h)."""
        link = self.device.link
        if self.verbose:
            self.stack.env.write("the link is up" if link & 1 else "the link is down")
        if link & 1:
            self.stack.link_up(now)
        self._link = link

    def _bug(self, error, n):
        """An exception that should not be: the packet is dropped, the first one is told about in full."""
        stats = self.stack.stats
        stats.bugs += 1
        stats.drop("bug")
        if stats.bugs == 1:
            try:
                sys.print_exception(error, sys.stderr)
                if n:
                    text = bytes(self.frame[: min(n, 128)]).hex()
                    self.stack.env.write("in a frame of %d bytes: %s" % (n, text))
            except Exception:
                pass  # a report that fails, for want of memory say, ends nothing
