# running.py - a running interface, for programs: its addresses, counters, filters and its end.
import mkernel
from mkernel import scheduler

from .address import format_ipv4, interface_address
from .address6 import format_ipv6, interface_address6
from .limits import SECOND
from .tcp import user
from .tcp.states import CLOSED, FIN_WAIT_2, TIME_WAIT

_DRAIN = 5 * SECOND  # time for connections to send queued data when the image ends ...
_DRAIN_DATAGRAMS = SECOND  # ... and for datagrams


def _wall_clock():
    return mkernel.clock_wall() // 1000


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
