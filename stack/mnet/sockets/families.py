# families.py - addresses as programs write them: (host, port), with IPv6 also (host, port, flowinfo, scope
# id); and as the stack has them: an int, 16 bytes, None for every address of both families.
from mkernel.errors import oserror

from .. import interface
from ..address import ANY_IPV6, format_ipv4, is_group, parse_ipv4
from ..address6 import format_ipv6, is_link_local, is_mapped, mapped, parse_ipv6, unmapped
from ..errors import EAFNOSUPPORT, EINVAL, ENETUNREACH, ENODEV
from .names import AF_INET, AF_INET6


class gaierror(OSError):
    """A name could not be resolved."""


class Family:
    """AF_INET or AF_INET6 as one socket has it; the latter without `only` (IPV6_V6ONLY) speaks IPv4, too."""

    def __init__(self, number):
        if number not in (AF_INET, AF_INET6):
            raise oserror(EAFNOSUPPORT, "address family %d" % number)
        self.number = number
        self.only = False

    @property
    def any(self):
        """What a socket is bound to that is bound to no address."""
        if self.number == AF_INET:
            return 0
        return ANY_IPV6 if self.only else None

    def ends(self, address):
        """(host, port, ...) -> (address, port)."""
        if self.number == AF_INET:
            host, port = address
            scope = 0
        else:
            host, port, _, scope = (tuple(address) + (0, 0))[:4]
        if not 0 <= port <= 65535:
            raise OverflowError("port must be 0-65535.")
        if not 0 <= scope <= len(interface.running):
            raise oserror(ENODEV, "scope id %d" % scope)
        return self.parse(host), port

    def parse(self, host):
        """A host as the stack has it; names need a resolver, which is not there yet."""
        if not host:
            return self.any
        if self.number == AF_INET:
            return parse_host(host, AF_INET)
        address = parse_host(host, AF_INET6)
        if address == ANY_IPV6:
            return self.any
        if is_mapped(address):
            if self.only:
                raise oserror(ENETUNREACH, host)
            return unmapped(address)
        return address

    def text(self, ends):
        """(address, port) -> what programs see."""
        address, port = ends
        if self.number == AF_INET:
            return format_ipv4(address), port
        if address is None:
            address = ANY_IPV6
        elif isinstance(address, int):
            address = mapped(address)
        return format_ipv6(address), port, 0, _scope(address)


def parse_host(host, number):
    """Text -> an address of that family. gaierror for what is none."""
    try:
        if number == AF_INET:
            return parse_ipv4(host)
        host, percent, zone = host.partition("%")
        address = parse_ipv6(host)
        if percent and zone not in [str(i + 1) for i in range(len(interface.running))] + _names():
            raise ValueError
        return address
    except ValueError:
        raise gaierror(-2, "Name or service not known: %s" % host)


def _names():
    return [each.name for each in interface.running]


def _scope(address):
    """Of a link-local address: the number of the interface that knows it, from 1 on (RFC 4007 section 11)."""
    if not is_link_local(address):
        return 0
    for i, each in enumerate(interface.running):
        ipv6 = each.stack.ipv6
        if ipv6.is_ours(address) or address in ipv6.neighbors.table:
            return i + 1
    return 1


def covered(running, address):
    """Whether a socket bound to `address` listens on this interface."""
    if not address or address == ANY_IPV6 or is_group(address):
        return True
    return running.stack.ip_of(address).is_ours(address)


def need_group(group):
    """EINVAL for what is no multicast group."""
    if not is_group(group):
        raise oserror(EINVAL, "no multicast group")
