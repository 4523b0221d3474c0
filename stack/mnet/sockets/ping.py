# ping.py - a ping socket, as Linux has them: datagrams are echo requests and replies with their headers, the
# port is the identifier.
from mkernel.errors import oserror

from ..address import is_group
from ..errors import EADDRNOTAVAIL, EINVAL
from ..wire import icmp4, icmp6
from .datagram import Datagram
from .names import AF_INET

_SOME_PORT = 1  # that of the other side does not matter


class Ping(Datagram):
    """The state behind a SOCK_DGRAM socket of IPPROTO_ICMP or IPPROTO_ICMPV6, which is for one family."""

    def __init__(self, family):
        family.only = True
        self.kind = icmp4.ECHO_REQUEST if family.number == AF_INET else icmp6.ECHO_REQUEST
        super().__init__(family)

    def protocol(self, host):
        """As Datagram."""
        return host.ping

    def bind(self, address, port, scope=0):
        """Take the identifier, or some unused one if it is 0."""
        if is_group(address):
            raise oserror(EADDRNOTAVAIL)
        super().bind(address, port, scope)

    def connect(self, address, port, scope, deadline):
        """As Datagram."""
        super().connect(address, 0, scope, deadline)

    def sendto(self, data, address, port, scope=0, deadline=None):
        """Send one echo request; its identifier and sum are written over."""
        if len(data) < icmp4.HEADER or data[0] != self.kind or data[1]:
            raise oserror(EINVAL, "no echo request")
        return super().sendto(data, address, _SOME_PORT, scope, deadline)
