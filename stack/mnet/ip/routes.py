# routes.py - where a packet goes next: RFC 1122 3.3.1. One device's routes; a host forwards nothing.
from ..address import is_unicast, netmask


class Routes:
    """On-link prefixes and a default gateway."""

    def __init__(self):
        self.prefixes = []
        self.gateway = 0

    def add_prefix(self, address, prefix):
        """Everything under address/prefix is on the link."""
        mask = netmask(prefix)
        self.prefixes.append((address & mask, mask))

    def remove_prefix(self, address, prefix):
        """The prefix is no longer on the link."""
        mask = netmask(prefix)
        self.prefixes.remove((address & mask, mask))

    def same_prefix(self, address, other):
        """Whether both are in one of our prefixes."""
        for network, mask in self.prefixes:
            if address & mask == network == other & mask:
                return True
        return False

    def on_link(self, dst):
        """Whether `dst` is in one of our prefixes."""
        for network, mask in self.prefixes:
            if dst & mask == network:
                return True
        return False

    def next_hop(self, dst):
        """The neighbour that takes a packet for `dst`: itself, the gateway, or None if there is no route.
        There is none to addresses that must not appear on a link (RFC 1122 3.2.1.3, RFC 6890)."""
        if not is_unicast(dst):
            return None
        return dst if self.on_link(dst) else self.gateway or None

    def is_broadcast(self, dst):
        """Whether `dst` is the limited broadcast address or that of one of our networks (RFC 1122
        3.2.1.3)."""
        if dst == 0xFFFFFFFF:
            return True
        for network, mask in self.prefixes:
            # RFC 3021: a network of 31 or 32 bits has no broadcast address
            if mask < 0xFFFFFFFE and dst == network | (mask ^ 0xFFFFFFFF):
                return True
        return False
