# network.py - two hosts, 10.0.0.1 and 10.0.0.2, in one interpreter: what the socket tests run on.
import _mkernel
from cable import cable
from mkernel import scheduler
from mnet import runner
from mnet.address import is_any
from mnet.env import Env
from mnet.host import Host
from mnet.ip.v6.configuration import configuration
from mnet.runner import Runner
from mnet.sockets.datagram import Datagram
from mnet.sockets.ping import Ping
from mnet.sockets.stream import Stream
from support import run

SERVER = "10.0.0.2"
SERVER6 = "fd00::2"


def place(left, right):
    """Have sockets of the host `left` that are bound to an address of the host `right`, or to a port of any
    address, move there before."""
    Stream.bind = _placing(Stream.bind, left, right)
    Datagram.bind = _placing(Datagram.bind, left, right)


def _placing(bind, left, right):
    def placing_bind(sock, address, port, scope=0):
        server = port and not isinstance(sock, Ping)
        if sock.host is left and (server if is_any(address) else right.interface_of(address)):
            sock.host = right
            if isinstance(sock, Datagram):
                sock.table = sock.protocol(right)
                sock.memberships.host = right
        return bind(sock, address, port, scope)

    return placing_bind


class Network:
    """A context manager: `left` (10.0.0.1 and fd00::1, the client) and `right` (10.0.0.2 and fd00::2) are
    Running interfaces of two hosts.

    New sockets are of the left host; one that is bound to an address of the right host, or to a port of any
    address, moves there.
    """

    def __enter__(self):
        self.log = []
        self.ends = cable(_mkernel.clock_monotonic)
        for name, end in zip(("left", "right"), self.ends):
            _mkernel.attach(name, end)
        self.left = self.interface("left", 1)
        self.right = self.interface("right", 2)
        self.before = runner.use(self.left.runner)
        self.binds = Stream.bind, Datagram.bind
        place(self.left.host, self.right.host)
        return self

    def interface(self, name, number):
        """A host with one interface, 10.0.0.`number` and fd00::`number`."""
        host = Host(Env(_mkernel.random, self.log.append, _mkernel.memory()[1]))
        ipv6 = configuration("fd00::%d/64" % number)
        return Runner(host).start(self.ends[number - 1], name, 0x0A000000 + number, 24, ipv6=ipv6)

    def elsewhere(self, ends):
        """Another host, at 10.2.0.1 on the first of two joined ends; its Runner."""
        for name, end in zip(("far", "near"), ends):
            _mkernel.attach(name, end)
        far = Runner(Host(Env(_mkernel.random, self.log.append)))
        far.start(ends[0], "far", 0x0A020001, 24)
        return far

    def __exit__(self, *exc):
        Stream.bind, Datagram.bind = self.binds
        runner.use(self.before)
        for running in (self.left, self.right):
            running.runner.remove(running.interface)
            scheduler.remove_poller(running.runner)
        _mkernel.detach_all()


class TwoInterfaces(Network):
    """As Network, but both are interfaces of one host: number 1 and number 2."""

    def interface(self, name, number):
        if number == 1:
            return super().interface(name, number)
        ipv6 = configuration("fd00::%d/64" % number)
        return self.left.runner.start(self.ends[number - 1], name, 0x0A000000 + number, 24, ipv6=ipv6)


def on(network_class):
    """Decorates a test that is run as `test(network)` in a task on a fresh network; afterwards no bug may
    have been caught."""

    def decorated(test):
        def on_fresh_network():
            with network_class() as network:
                run(test, network)
                assert network.left.stats.bugs == network.right.stats.bugs == 0, network.log

        return on_fresh_network

    return decorated


on_network = on(Network)
on_two_interfaces = on(TwoInterfaces)
