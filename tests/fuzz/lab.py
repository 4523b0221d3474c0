"""Shared by both targets: fuzz bytes taken one by one, a stack that is cheap to make, and its bounds."""

from mnet import limits
from mnet.address6 import parse_ipv6
from mnet.env import Env
from mnet.host import Host
from mnet.ip.v6.addresses import PREFERRED
from mnet.limits import SECOND
from unit.mnet.builders import check_heap, sane
from unit.mnet.frames import OUR_MAC, OURS, OURS6, PEER, PEER6, PEER_MAC

START = 1000 * SECOND
ROUTER = parse_ipv6("fe80::99")
STEPS = (0, 1, 1000, 40000, 200000, SECOND, 3 * SECOND, 5 * SECOND, 60 * SECOND, 600 * SECOND)


class Bytes:
    """The fuzzer's bytes; zeros when there are no more."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def more(self):
        """Whether some are left."""
        return self.at < len(self.data)

    def byte(self):
        """Return the next byte."""
        at = self.at
        self.at = at + 1
        return self.data[at] if at < len(self.data) else 0

    def number(self):
        """Return the next two bytes."""
        return self.byte() << 8 | self.byte()

    def choice(self, values):
        """Return one of the choices."""
        return values[self.byte() % len(values)]

    def some(self):
        """Return as many bytes as the next one says, or as there are."""
        n = self.byte()
        at = self.at
        self.at = at + n
        return self.data[at : at + n]


class Device:
    """A network card with room or without; frames sent are discarded."""

    mac = OUR_MAC
    mtu = 1500
    features = 0
    full = False

    def write(self, frame, n, csum_start=0, csum_offset=0, gso_size=0):
        """As mkernel.Net.write."""
        assert 0 < n <= 14 + self.mtu
        return not self.full


def make(six):
    """Return a stack with 10.0.0.1/24, with `six` fd00::1/64 as well, whose neighbors are resolved, and its
    device. Its state is the same each time."""
    device = Device()
    stack = Host(Env(lambda n: b"\x5a" * n, lambda text: None))
    interface = stack.add_interface(device, "net")
    interface.ipv4.configure(OURS, 24, 0)
    interface.arp.neighbors.learn(PEER, PEER_MAC, START, True)
    if six:
        interface.start6("static", OURS6, 64, None, START - 10 * SECOND)
        for now in range(START - 10 * SECOND, START, 2 * SECOND):
            stack.tick(now)
        assert all(each.state == PREFERRED for each in interface.ipv6.addresses.list)
        interface.ipv6.neighbors.learn(PEER6, PEER_MAC, START, True)
    return stack, device


def arrive(stack, frame, now, verify=True):
    """Receive a frame."""
    buf = bytearray(frame)
    stack.interfaces[0].receive(buf, len(buf), verify, now)


def connections(stack):
    """Return every Tcb."""
    return [tcb for port in stack.tcp.ports.values() for tcb in port.values()]


def bounded(stack):
    """Check that no table exceeds its bound in limits.py, and the invariants."""
    check_heap(stack.deadlines)
    tcp, interface = stack.tcp, stack.interfaces[0]
    four, six, routers = interface.ipv4, interface.ipv6, interface.routers
    found = connections(stack)
    assert len(found) == tcp.count <= limits.TCP_CONNECTIONS
    for tcb in found:
        sane(tcb)
    for port in tcp.listeners.values():
        for listener in port:
            assert len(listener.syn_queue) <= 2 * listener.backlog
            assert len(listener.accept_queue) <= listener.backlog
    for neighbors in (interface.arp.neighbors, six.neighbors):
        assert len(neighbors.table) <= limits.NEIGHBORS and 0 <= neighbors.waiting <= limits.NEIGHBOR_BYTES
    for ip in (four, six):
        assert len(ip.reassembly.table) <= limits.REASSEMBLY_DATAGRAMS
        assert 0 <= ip.reassembly.bytes <= limits.REASSEMBLY_BYTES and len(ip.paths.table) <= limits.PATHS
    assert len(four.groups) <= limits.IGMP_GROUPS and len(six.groups) <= limits.GROUPS
    assert len(six.addresses.list) <= limits.ADDRESSES and len(six.routes.routers) <= limits.ROUTERS
    assert len(six.routes.prefixes) <= limits.PREFIXES and len(six.routes.redirects) <= limits.REDIRECTS
    assert len(routers.nameservers) <= limits.NAMESERVERS and len(routers.search) <= limits.SEARCH_DOMAINS
    assert all(len(each.queue) <= limits.UDP_QUEUE for port in stack.udp.ports.values() for each in port)
    timers = tcp.count + 2 * limits.NEIGHBORS + 2 * limits.REASSEMBLY_DATAGRAMS + limits.ADDRESSES
    assert len(stack.deadlines.heap) <= timers + limits.IGMP_GROUPS + limits.GROUPS + 2
    assert stack.stats.bugs == 0 and len(stack.stats.drops) < 150
