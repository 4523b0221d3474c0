# runner.py - the host of this image, its devices, and the scheduler's loop between them.
import gc
import sys

import mkernel
from mkernel import scheduler

from .address import format_ipv4, interface_address
from .address6 import format_ipv6, interface_address6
from .env import Env
from .host import Host
from .ip.v6.configuration import OFF
from .limits import FRAME_SIZE, FRAMES_PER_POLL, SECOND
from .tcp import close, user
from .tcp.states import CLOSE_WAIT, CLOSED, FIN_WAIT_2, TIME_WAIT
from .timers import NEVER

_DRAIN = 5 * SECOND  # time for connections to send queued data when the image ends ...
_DRAIN_DATAGRAMS = SECOND  # ... and for datagrams
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


def _wall_clock():
    return mkernel.clock_wall() // 1000


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


class Running:
    """A running interface, as returned by mnet.stack(). A context manager that stops it. `verbose`:
    changes of the link are logged."""

    verbose = False

    def __init__(self, runner, device, interface):
        self.runner = runner
        self.host = runner.host
        self.device = device
        self.interface = interface
        self.name = interface.name
        self.receive = interface.receive  # bound once: binding allocates
        self.seen_link = device.link

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc, traceback):
        self.kill()

    @property
    def addresses(self):
        """Our addresses with their prefix lengths, as strings."""
        ipv4 = self.interface.ipv4
        found = ["%s/%d" % (format_ipv4(address), ipv4.prefixes[address]) for address in ipv4.addresses]
        ours = self.interface.ipv6.addresses.list
        return found + ["%s/%d" % (format_ipv6(each.value), each.length) for each in ours]

    def add_address(self, cidr):
        """Add an address given as a string with its prefix length: '10.1.0.2/16'. ValueError if no host
        can have it."""
        if ":" in cidr:
            return self.interface.slaac.add(*interface_address6(cidr), scheduler.now())
        address, prefix = interface_address(cidr)
        self.interface.ipv4.configure(address, prefix, 0, scheduler.now())

    @property
    def link(self):
        """Whether the link is up, as reported by the device. While it is down, sent frames are lost."""
        return bool(self.device.link & 1)

    @property
    def stats(self):
        """The counters of the host (mnet.stats.Stats)."""
        return self.host.stats

    def counters(self):
        """Return the counters as a dict: those of this interface by the names of `ip -s link` (rx_packets,
        tx_dropped), those of the host's protocols by the names of `nstat` (TcpInSegs, UdpNoPorts)."""
        from . import mib

        found = mib.of_interface(self.interface)
        device = self.device.stats()
        found["rx_dropped"] += device.rx_dropped
        found["tx_dropped"] += device.tx_dropped
        found["tx_errors"] += device.tx_errors
        found.update(mib.of_protocols(self.host))
        return found

    def filter(self, ingress=None, egress=None):
        """Install filters for the frames received and sent (mnet.hooks.Hooks); None: no filter."""
        hooks = self.interface.hooks
        self.interface.set_hooks(ingress, egress, hooks and hooks.tap)

    def capture(self, write):
        """Capture the frames of this interface: call write() with bytes in the pcap format, None to stop."""
        from .hooks import Capture

        hooks = self.interface.hooks
        tap = None if write is None else Capture(write, _wall_clock)
        self.interface.set_hooks(hooks and hooks.ingress, hooks and hooks.egress, tap)

    @property
    def tcp(self):
        """The TCP of the host (mnet.tcp.table.Tcp)."""
        return self.host.tcp

    @property
    def udp(self):
        """The UDP of the host (mnet.udp.table.Udp)."""
        return self.host.udp

    @property
    def ping(self):
        """The echo requests of the host's applications (mnet.udp.ping.Ping)."""
        return self.host.ping

    def kill(self):
        """Stop the interface: close its connections, wait until queued data is sent (five seconds at
        most), and release the device. Sockets stay bound: a later interface with the same address serves
        them again."""
        if self not in self.runner.running or self.interface.closing:
            return
        self.interface.closing = True
        now = scheduler.now()
        try:
            connections = self._connections()
            for tcb in connections:
                if tcb.listener is not None or self._unaccepted(tcb):
                    user.abort(tcb, now)
                else:
                    user.close_and_release(tcb, now)
            self._drain(connections)
        except MemoryError:
            self.host.stats.no_memory += 1
        finally:
            self.runner.poll(scheduler.now())
            self.runner.remove(self.interface)
            self.device.flush()

    def _connections(self):
        """Return the connections on addresses of this interface."""
        found = []
        for port in self.host.tcp.ports.values():
            found += [tcb for tcb in port.values() if tcb.ip.interface is self.interface]
        return found

    def _unaccepted(self, tcb):
        """Remove a connection from its accept queue. Returns False if it is in none."""
        for listener in self.host.tcp.listeners.get(tcb.lport, ()):
            if tcb in listener.accept_queue:
                listener.accept_queue.remove(tcb)
                return True
        return False

    def _drain(self, connections):
        """Wait until queued data has been sent."""
        start = scheduler.now()
        while (
            scheduler.now() < start + _DRAIN
            and any(tcb.state not in (CLOSED, FIN_WAIT_2, TIME_WAIT) for tcb in connections)
        ) or (scheduler.now() < start + _DRAIN_DATAGRAMS and self._datagrams_wait()):
            mkernel.sleep(0.005)

    def _datagrams_wait(self):
        """Whether packets wait for room in the device, or for a neighbor's resolution."""
        interface = self.interface
        return interface.link.queue or interface.arp.neighbors.waiting or interface.ipv6.neighbors.waiting

    def check_link(self, now):
        """Handle a change of the link. It may have gone down and up again (port/platform.h)."""
        link = self.device.link
        if self.verbose:
            self.host.env.write("%s: the link is %s" % (self.name, "up" if link & 1 else "down"))
        if link & 1:
            self.interface.link_up(now)
        self.seen_link = link
