# network.py - two hosts, 10.0.0.1 and 10.0.0.2, in one interpreter: what the socket tests run on.
import _mkernel
from cable import cable
from mkernel import scheduler
from mnet import interface
from mnet.interface import Interface
from mnet.ip.host6 import configuration
from support import run

SERVER = "10.0.0.2"
SERVER6 = "fd00::2"


class Network:
    """A context manager: `left` (10.0.0.1 and fd00::1, who connects) and `right` (10.0.0.2
    and fd00::2) are running Interfaces."""

    def __enter__(self):
        self.log = []
        self.ends = cable(_mkernel.clock_monotonic)
        for name, end in zip(("left", "right"), self.ends):
            _mkernel.attach(name, end)
        self.left = self.interface("left", 1)
        self.right = self.interface("right", 2)
        return self

    def interface(self, name, number):
        """A running stack at 10.0.0.`number` and fd00::`number`."""
        ipv6 = configuration("fd00::%d/64" % number)
        return Interface(self.ends[number - 1], name, 0x0A000000 + number, 24, 0, self.log.append, ipv6=ipv6)

    def __exit__(self, *exc):
        for running in (self.left, self.right):
            if running in interface.running:
                interface.running.remove(running)
                scheduler.remove_poller(running)
        _mkernel.detach_all()


def on_network(test):
    """Run `test(network)` in a task on a fresh network; afterwards no bug may have been caught."""

    def on_two_hosts():
        with Network() as network:
            run(test, network)
            assert network.left.stats.bugs == network.right.stats.bugs == 0, network.log

    return on_two_hosts
