# interface.py - the per-link state of a host: device, addresses, neighbors, groups, router discovery; IPv4
# and IPv6 are assembled here.
from .errors import ParseError
from .ip.loopback import LoopbackIpv4, LoopbackIpv6
from .ip.v4.errors import Errors
from .ip.v4.icmp import Icmp4
from .ip.v4.igmp import Groups
from .ip.v4.ipv4 import Ipv4
from .ip.v6.configuration import OFF
from .ip.v6.errors import Errors6
from .ip.v6.icmp import Icmp6
from .ip.v6.ipv6 import Ipv6
from .ip.v6.mld import Mld
from .ip.v6.routers import Routers
from .ip.v6.slaac import STATIC, Slaac
from .limits import FRAMES_PER_POLL
from .link.arp import Arp
from .link.ethernet import Ethernet
from .link.loopback import Loopback, LoopbackNeighbors
from .link.neighbors import Neighbors
from .tcp.input import segment_arrives
from .tcp.shortage import resume_later
from .timers import NEVER
from .wire import ethernet
from .wire.primitives import Segment, Transmit

_LOOPBACK = 1  # the number
_CONFIGURED = 2  # preference of a configured router: above those that only advertise themselves


class Interface:
    """One link of `host`. `number` is its scope id: that of the loopback interface is 1, as on Linux."""

    neighbors = Neighbors
    loopback = False

    def __init__(self, host, device, name, number):
        self.host = host
        self.name = name
        self.number = number
        self.closing = False  # no new connections are accepted
        self.transmit = Transmit(device)
        self.hooks = None  # a Hooks, while there are any
        self.unpredicted4 = self.unpredicted6 = 0  # unicast packets that Host.input() has processed
        self.multicast = self.rx_errors = self.rx_dropped = self.tx_dropped = 0
        self.filtered = self.filtered_bytes = 0  # received frames that a filter has dropped
        self.link = Ethernet(self, device)
        self.segment = Segment(self.link.mac, host.secret, number)
        self.connections = host.tcp.ports

        self.arp = Arp(self)
        self.ipv4 = self.new_ipv4()
        self.errors4 = Errors(self)
        self.icmp4 = Icmp4(self)
        self.igmp = Groups(self)

        self.ipv6 = self.new_ipv6()
        self.errors6 = Errors6(self)
        self.mld = Mld(self)
        self.slaac = Slaac(self)
        self.routers = Routers(self)
        self.icmp6 = Icmp6(self)

    def new_ipv4(self):
        """IPv4 over this link."""
        return Ipv4(self)

    def new_ipv6(self):
        """IPv6 over this link."""
        return Ipv6(self)

    def receive(self, frame, n, verify, now):
        """Process a received frame of n bytes; `verify` is false if the device has verified its TCP or UDP
        checksum."""
        if self.hooks is not None and not self.hooks.received(frame, n, now):
            return None
        seg = self.segment
        remote = seg.parse(frame, n, verify)
        if remote >= 0:
            connections = self.connections.get(seg.dport)
            if connections is not None:
                tcb = connections.get(remote)
                if tcb is not None and (tcb.local == seg.dst or seg.between(tcb.ends())):
                    try:
                        return segment_arrives(tcb, frame, seg, now)
                    except MemoryError:
                        return resume_later(tcb, now)
        try:
            return self.host.input(self, frame, n, verify, now)
        except ParseError as error:
            return self.host.stats.drop(error.args[0])

    def set_hooks(self, ingress=None, egress=None, tap=None):
        """Install filters and a tap (hooks.py) in place of those before."""
        from .hooks import Hooks

        hooks = None
        if ingress is not None or egress is not None or tap is not None:
            hooks = Hooks(self, ingress, egress, tap)
        self.hooks = hooks
        self.transmit.hook = None if hooks is None else hooks.transmit

    def deliver(self, now):
        """Receive the answers of an egress filter."""
        if self.hooks is not None:
            self.hooks.deliver(now)

    def resume(self, now):
        """Deliver, and send the frames that wait for room in the device."""
        self.deliver(now)
        if self.link.queue:
            self.link.resume()

    def pending(self):
        """Whether deliver() has something to do."""
        return self.hooks is not None and bool(self.hooks.answers)

    def count_unpredicted(self, frame, ethertype):
        """Count a frame that the fast path has declined."""
        if not frame[0] & 1:
            if ethertype == ethernet.IPV4:
                self.unpredicted4 += 1
            elif ethertype == ethernet.IPV6:
                self.unpredicted6 += 1
        elif frame[0:6] != ethernet.BROADCAST:
            self.multicast += 1

    def hook_failed(self, error):
        """Count and log an exception of a hook."""
        self.host.stats.drop("hook_error")
        if self.host.stats.drops.get("hook_error") == 1:
            self.host.env.write("%s: a filter or tap has raised %r" % (self.name, error))

    def start6(self, mode, address, length, gateway, now):
        """Start IPv6: configure a link-local address and, by `mode`, autoconfigured ones or `address`."""
        if mode == OFF:
            return
        self.ipv6.enabled = True
        self.slaac.start(mode, now)
        if mode == STATIC:
            self.slaac.add(address, length, now)
        if gateway is not None:
            self.ipv6.routes.add_router(gateway, NEVER, _CONFIGURED, now)
        self.routers.start(now)

    def stop(self, now):
        """Remove all addresses, neighbors and timers. Called by Host.remove_interface()."""
        self.ipv4.clear(now)
        self.arp.clear()
        self.igmp.clear()
        self.slaac.clear(now)
        self.host.deadlines.disarm(self.routers)
        self.mld.clear()
        self.ipv6.clear(now)
        self.link.clear()

    def ip_of(self, address):
        """Return Ipv4 or Ipv6, by the type of an address."""
        return self.ipv4 if isinstance(address, int) else self.ipv6

    def groups_of(self, group):
        """Return the group table (Groups or Mld) for the family of `group`."""
        return self.igmp if isinstance(group, int) else self.mld

    def has(self, address):
        """Whether this interface has the address."""
        return self.ip_of(address).is_ours(address)

    def log(self, text, now):
        """Write a rate-limited log line about an event that a peer can cause."""
        self.host.log("%s: %s" % (self.name, text), now)

    def link_up(self, now):
        """Handle link up, perhaps on another link: check addresses, neighbors and routers again;
        connections continue."""
        for claim in list(self.arp.claims.values()):
            claim.check(now)
        self.arp.neighbors.all_stale(now)
        self.igmp.link_up(now)
        if not self.ipv6.enabled:
            return
        for router in self.ipv6.routes.routers:
            router.silent = router.answers = False
        self.ipv6.neighbors.all_stale(now)
        self.mld.link_up(now)
        self.slaac.check(now)
        self.routers.start(now)


class LoopbackInterface(Interface):
    """The link of a host to itself: all packets to its own addresses."""

    neighbors = LoopbackNeighbors
    loopback = True

    def __init__(self, host):
        super().__init__(host, Loopback(host), "lo", _LOOPBACK)

    def new_ipv4(self):
        return LoopbackIpv4(self)

    def new_ipv6(self):
        return LoopbackIpv6(self)

    def deliver(self, now):
        """Receive what the host has sent to itself, but a bounded number of frames."""
        super().deliver(now)
        device = self.link.device
        for _ in range(FRAMES_PER_POLL):
            frame = device.read()
            if frame is None:
                return
            self.receive(frame, len(frame), False, now)

    def pending(self):
        return bool(self.link.device.frames) or super().pending()
