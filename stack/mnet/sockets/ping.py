# ping.py - ping sockets, as on Linux: datagrams are echo requests and replies with their headers, the port is
# the identifier.
from mkernel.errors import oserror

from ..address import is_group
from ..errors import EADDRNOTAVAIL, EINVAL
from ..wire import icmp4, icmp6
from .datagram import Datagram
from .names import AF_INET

_SOME_PORT = 1  # the port of the peer is not used


class Ping(Datagram):
    """The state behind a SOCK_DGRAM socket of IPPROTO_ICMP or IPPROTO_ICMPV6, which is for one family."""

    def __init__(self, family):
        family.only = True
        self.kind = icmp4.ECHO_REQUEST if family.number == AF_INET else icmp6.ECHO_REQUEST
        super().__init__(family)

    def protocol(self, host):
        """Return the table of such endpoints."""
        return host.ping

    def bind(self, address, port, scope=0):
        """Bind to an identifier, an unused one if it is 0."""
        if is_group(address):
            raise oserror(EADDRNOTAVAIL)
        super().bind(address, port, scope)

    def connect(self, address, port, scope, deadline):
        """Set the peer, as Datagram.connect()."""
        super().connect(address, 0, scope, deadline)

    def sendto(self, data, address, port, scope=0, deadline=None):
        """Send one echo request; its identifier and checksum are overwritten."""
        if len(data) < icmp4.HEADER or data[0] != self.kind or data[1]:
            raise oserror(EINVAL, "no echo request")
        return super().sendto(data, address, _SOME_PORT, scope, deadline)
