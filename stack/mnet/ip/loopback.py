# loopback.py - the host's own addresses: 127.0.0.0/8, ::1 and those of its interfaces (RFC 1122 3.2.1.3 (g),
# RFC 4291 2.5.3). Packets to them never reach a device.
from ..address6 import LOOPBACK
from ..errors import ParseError
from .v4.ipv4 import Ipv4
from .v6.ipv6 import Ipv6

LOCALHOST = 0x7F000001


def localhost(address):
    """The address of this host in the family of an unspecified address; None is that of both families."""
    return LOCALHOST if address == 0 else LOOPBACK


class LoopbackIpv4(Ipv4):
    """IPv4 over the loopback interface."""

    def is_ours(self, address):
        """Whether the host has the address."""
        return address >> 24 == 127 or self.interface.host.interface_of(address) is not None

    def is_host(self, address):
        """Whether a packet may come from the address."""
        return self.is_ours(address)

    def is_broadcast(self, dst):
        """There is no broadcast."""
        return False

    def next_hop(self, dst):
        """Every destination is a neighbor."""
        return dst


class LoopbackIpv6(Ipv6):
    """IPv6 over the loopback interface."""

    enabled = True

    def is_ours(self, address):
        """Whether the host has the address."""
        return address == LOOPBACK or self.interface.host.interface_of(address) is not None

    def is_host(self, address):
        """Whether a packet may come from the address."""
        return self.is_ours(address)

    def is_spoofed(self, src):
        """Whether no packet can come from the address."""
        return not self.is_ours(src)

    def next_hop(self, dst, now):
        """Every destination is a neighbor."""
        return dst

    def check_addresses(self, packet):
        """Both are ours."""
        if not self.is_ours(packet.dst) or not self.is_ours(packet.src):
            raise ParseError("ipv6_not_ours")
