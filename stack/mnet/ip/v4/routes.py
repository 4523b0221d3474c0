# routes.py - the host's IPv4 route table: RFC 1122 3.3.1. A host forwards nothing.
#
# Strong host model (RFC 1122 3.3.4.2, docs/adr/0021): a packet leaves by the interface that has its source
# address, so that a look-up may be restricted to one interface.
from ...address import is_unicast, netmask


class Entry:
    """A route to network/prefix length by an interface: through a gateway, or on the link if that is 0."""

    def __init__(self, network, length, interface, gateway, metric):
        self.network = network
        self.length = length
        self.mask = netmask(length)
        self.interface = interface
        self.gateway = gateway
        self.metric = metric
        self.failed = False  # the gateway is unreachable


class Routes:
    """The routes of all interfaces. The longest prefix is preferred, then a reachable gateway, then the
    lower metric, then the interface that was started first. `generation` changes with the table: a cached
    Route (route.py) must then be looked up again."""

    def __init__(self):
        self.entries = []  # in the order of preference
        self.generation = 0

    def add(self, network, length, interface, gateway=0, metric=0):
        """Add a route; an existing one gets the new metric."""
        network &= netmask(length)
        for entry in self.entries:
            if (entry.network, entry.length) == (network, length):
                if (entry.interface, entry.gateway) == (interface, gateway):
                    entry.metric = metric
                    return self._sort()
        self.entries.append(Entry(network, length, interface, gateway, metric))
        self._sort()

    def remove(self, network, length, interface):
        """Remove the on-link route of a removed address."""
        network &= netmask(length)
        for entry in self.entries:
            if (entry.network, entry.length, entry.gateway) == (network, length, 0):
                if entry.interface is interface:
                    self.entries.remove(entry)
                    break
        self.generation += 1

    def remove_interface(self, interface):
        """Remove all routes by an interface."""
        self.entries = [entry for entry in self.entries if entry.interface is not interface]
        self.generation += 1

    def remove_gateways(self, interface):
        """Remove the gateways of an interface that has no address any more."""
        self.entries = [each for each in self.entries if each.interface is not interface or not each.gateway]
        self.generation += 1

    def gateway_failed(self, interface, gateway):
        """Mark a gateway unreachable: other gateways of the same prefix are preferred, and it is used
        again when none is reachable (RFC 1122 3.3.1.5)."""
        gateways = [each for each in self.entries if each.gateway]
        failed = [each for each in gateways if each.interface is interface and each.gateway == gateway]
        if not failed:
            return
        if all([each.failed for each in gateways if each not in failed]):
            for each in gateways:
                each.failed = False
        for each in failed:
            each.failed = True
        self._sort()

    def _sort(self):
        self.entries = sorted(self.entries, key=_preference)
        self.generation += 1

    def lookup(self, dst, interface=None, source=0):
        """Return the Entry for `dst`: of `interface` unless that is None, and of one that has the address
        `source` unless that is 0. None if there is no route, as for addresses that must not appear on a
        link (RFC 1122 3.2.1.3, RFC 6890)."""
        if not is_unicast(dst):
            return None
        for entry in self.entries:
            if dst & entry.mask == entry.network and (interface is None or entry.interface is interface):
                if not source or entry.interface.ipv4.is_ours(source):
                    return entry
        return None

    def broadcast(self, dst, interface=None):
        """Return the interface on which `dst` is a broadcast address, or None (RFC 1122 3.2.1.3)."""
        for entry in self.entries:
            # RFC 3021: a network of 31 or 32 bits has no broadcast address
            if not entry.gateway and entry.length < 31 and dst == entry.network | entry.mask ^ 0xFFFFFFFF:
                if interface is None or entry.interface is interface:
                    return entry.interface
        return None


def _preference(entry):
    return (-entry.length, entry.failed, entry.metric, entry.interface.number)
