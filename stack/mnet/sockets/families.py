# families.py - socket addresses: (host, port), with IPv6 also (host, port, flowinfo, scope id), to and from
# those of the stack: an int, 16 bytes, None for the wildcard of both families.
from mkernel.errors import PlainError, oserror, plain

from ..address import ANY_IPV6, format_ipv4, is_any, is_group, parse_ipv4
from ..address6 import LOOPBACK, format_ipv6, is_link_local, is_mapped, mapped, parse_ipv6, scope, unmapped
from ..errors import EAFNOSUPPORT, EINVAL, ENETUNREACH, ENODEV, ENXIO
from ..ip.loopback import LOCALHOST
from ..runner import current
from .names import AF_INET, AF_INET6, EAI_ADDRFAMILY, EAI_NONAME

_LINK = 2  # link-local scope (address6.scope())


class gaierror(PlainError):
    """A name could not be resolved."""

    __module__ = "socket"


class herror(PlainError):
    """An address has no name."""

    __module__ = "socket"


class Family:
    """AF_INET or AF_INET6 of one socket; the latter without `only` (IPV6_V6ONLY) also supports IPv4."""

    def __init__(self, number):
        if number not in (AF_INET, AF_INET6):
            raise oserror(EAFNOSUPPORT, "address family %d" % number)
        self.number = number
        self.only = False

    @property
    def any(self):
        """The wildcard address of this family."""
        if self.number == AF_INET:
            return 0
        return ANY_IPV6 if self.only else None

    def ends(self, address, call):
        """Parse (host, port, ...) into (address, port, scope id); the last is 0 unless the address is
        link-local. Error messages name the call."""
        six = self.number == AF_INET6
        if not isinstance(address, tuple):
            kind = type(address).__name__
            raise TypeError("%s(): AF_INET%s address must be tuple, not %s" % (call, "6" * six, kind))
        if not 2 <= len(address) <= (4 if six else 2):
            form = "6 address must be a tuple (host, port[, flowinfo[, scopeid]])"
            raise TypeError("AF_INET" + (form if six else " address must be a pair (host, port)"))
        host, port, flow, number = (address + (0, 0))[:4]
        if isinstance(host, (bytes, bytearray)):
            host = bytes(host).decode()
        if not isinstance(host, str):
            raise TypeError("str, bytes or bytearray expected, not %s" % type(host).__name__)
        if not isinstance(port, (int, bool)):
            raise TypeError("'%s' object cannot be interpreted as an integer" % type(port).__name__)
        if not 0 <= port <= 65535:
            raise OverflowError("%s(): port must be 0-65535." % call)
        if not 0 <= flow <= 0xFFFFF:
            raise OverflowError("%s(): flowinfo must be 0-1048575." % call)
        port = int(port)
        if number and current().host.interface(number) is None:
            raise oserror(ENODEV, "scope id %d" % number)
        value = self.parse(host)
        if not isinstance(value, bytes) or scope(value) != _LINK:
            return value, port, 0
        return value, port, agreed(number, zone_of(host))

    def parse(self, host):
        """Parse a numeric host; names need a resolver, which does not exist yet."""
        if not host:
            return self.any
        if host == "<broadcast>" and self.number == AF_INET:
            return 0xFFFFFFFF
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

    def text(self, ends, number=0):
        """Format (address, port) for programs; `number` is the scope id of a link-local address, if known."""
        address, port = ends
        if self.number == AF_INET:
            return format_ipv4(address), port
        if address is None:
            address = ANY_IPV6
        elif isinstance(address, int):
            address = mapped(address)
        return format_ipv6(address), port, 0, _scope(address, number)


def parse_host(host, number):
    """Parse an address of that family. gaierror if it is malformed."""
    if host.lower() == "localhost":  # RFC 6761 6.3
        return LOCALHOST if number == AF_INET else LOOPBACK
    try:
        if number == AF_INET:
            return parse_ipv4(host)
        zone_of(host)
        return parse_ipv6(host.partition("%")[0])
    except ValueError:
        if _is_other(host, number):
            raise gaierror(EAI_ADDRFAMILY, "Address family for hostname not supported")
        raise gaierror(EAI_NONAME, "Name or service not known")


def _is_other(host, number):
    """Whether this is an address of the other family."""
    try:
        (parse_ipv6 if number == AF_INET else parse_ipv4)(host)
    except ValueError:
        return False
    return True


def family_of(host):
    """Return the family of a numeric address."""
    return AF_INET6 if ":" in host else AF_INET


def zone_of(host):
    """Return the number of the zone after a % (RFC 4007 section 11), 0 if there is none. ValueError."""
    _, percent, zone = host.partition("%")
    for number, name in if_nameindex():
        if zone in (name, str(number)):
            return number
    if percent:
        raise ValueError
    return 0


def if_nameindex():
    """Return [(number, name)] of the interfaces: the loopback interface, and those that run."""
    return [(each.number, each.name) for each in current().host.all_interfaces()]


def if_nametoindex(name):
    """Return the number of an interface, for scope ids."""
    if not isinstance(name, (str, bytes)):
        raise TypeError("expected str, bytes or os.PathLike object, not %s" % type(name).__name__)
    for number, each in if_nameindex():
        if each == (name.decode() if isinstance(name, bytes) else name):
            return number
    raise plain("no interface with this name")


def if_indextoname(number):
    """Return the name of an interface."""
    if not isinstance(number, int):
        raise TypeError("an integer is required")
    if number < 0:
        raise OverflowError("can't convert negative value to unsigned int")
    found = current().host.interface(number)
    if found is None:
        raise oserror(ENXIO)
    return found.name


def agreed(*numbers):
    """Return the one scope id given, 0 if none is. EINVAL if they differ."""
    said = {each for each in numbers if each}
    if len(said) > 1:
        raise oserror(EINVAL, "scope ids differ")
    return said.pop() if said else 0


def _scope(address, number):
    """Return the number of the interface that has a link-local address, from 1 on."""
    if not is_link_local(address):
        return 0
    if number:
        return number
    for each in current().host.interfaces:
        if each.has(address) or address in each.ipv6.neighbors.table:
            return each.number
    interfaces = current().host.interfaces
    return interfaces[0].number if interfaces else 0


def available(host, address, number):
    """Whether a socket can be bound to `address`, on the interface with this number if it is not 0."""
    if is_any(address) or is_group(address):
        return True
    return (host.interface(number) if number else host.loopback).has(address)


def need_group(group):
    """Raise EINVAL unless this is a multicast address."""
    if not is_group(group):
        raise oserror(EINVAL, "no multicast group")
