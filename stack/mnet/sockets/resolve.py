# resolve.py - getaddrinfo() and related calls for numeric hosts and localhost; there is no resolver yet.
from mkernel.errors import plain

from ..address import format_ipv4
from ..address6 import LOOPBACK, format_ipv6, mapped
from ..ip.loopback import LOCALHOST
from . import names, services
from .families import family_of, gaierror, herror, if_indextoname, parse_host, zone_of
from .kinds import AddressFamily, SocketKind, kind

_NO_NAME = "Name or service not known"
_KINDS = (
    (names.SOCK_STREAM, names.IPPROTO_TCP),
    (names.SOCK_DGRAM, names.IPPROTO_UDP),
    (names.SOCK_RAW, 0),  # of any protocol, and without services
)
_FLAGS = 0x043F  # AI_*
_LOCAL = {"localhost", "localhost.localdomain"}


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    """Return [(family, type, proto, canonical name, address)] for each requested family and type. The port
    is a number, its string, the name of a service or None."""
    host, port = _text(host, "getaddrinfo() argument 1 must be string or None"), _port(port)
    if not host and port in (None, "") or host == "":
        raise gaierror(names.EAI_NONAME, _NO_NAME)
    if flags & ~_FLAGS or flags & names.AI_CANONNAME and host is None:
        raise gaierror(names.EAI_BADFLAGS, "Bad value for ai_flags")
    if family not in (names.AF_UNSPEC, names.AF_INET, names.AF_INET6):
        raise gaierror(names.EAI_FAMILY, "ai_family not supported")
    kinds = _kinds(type, proto, port, flags)
    found = []
    for each, address in _addresses(host, family, flags):
        for number, protocol, service in kinds:
            canonical = host if flags & names.AI_CANONNAME and not found else ""
            ends = (address[0], service) + address[1:]
            found.append((kind(AddressFamily, each), kind(SocketKind, number), protocol, canonical, ends))
    return found


def _kinds(wanted, proto, port, flags):
    """Return the (type, protocol, port) that match."""
    if wanted not in (0, names.SOCK_STREAM, names.SOCK_DGRAM, names.SOCK_RAW):
        raise gaierror(names.EAI_SOCKTYPE, "ai_socktype not supported")
    found = []
    for number, protocol in _KINDS:
        raw = number == names.SOCK_RAW
        if wanted not in (0, number) or not (proto in (0, protocol) or raw and wanted == number):
            continue
        service = _number(port, number, flags)
        if service is not None:
            found.append((number, proto if raw else protocol, service))
    if not found:
        raise gaierror(names.EAI_SERVICE, "Servname not supported for ai_socktype")
    return found


def _text(value, complaint):
    """Decode bytes; other types pass unchanged or are an error."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode()
    if complaint and value is not None and not isinstance(value, str):
        raise TypeError(complaint)
    if isinstance(value, str):
        value.encode()  # UnicodeEncodeError
    return value


def _port(port):
    port = _text(port, None)
    if port is not None and not isinstance(port, (int, str)):
        raise plain("Int or String expected")
    return port


def _number(port, kind, flags):
    """Return the port for a type of socket, None where the service has none."""
    if isinstance(port, str):
        if port.isdigit():
            port = int(port)
        elif port:
            if flags & names.AI_NUMERICSERV:
                raise gaierror(names.EAI_NONAME, _NO_NAME)
            return services.ports(port)[kind - 1] if kind != names.SOCK_RAW else None
        else:
            port = 0
    if port is None:
        return 0
    return None if port < 0 else port & 0xFFFF  # as in glibc


def _addresses(host, family, flags):
    """Return [(family, (text, ...))] of a host; without a host the loopback or, to listen, the wildcard
    addresses."""
    if host is None:
        passive = flags & names.AI_PASSIVE
        inet6 = names.AF_INET6, ("::" if passive else "::1", 0, 0)
        inet = names.AF_INET, ("0.0.0.0" if passive else "127.0.0.1",)
        both = (inet, inet6) if passive else (inet6, inet)
        return [each for each in both if family in (0, each[0])]
    if host.lower() in _LOCAL:
        if flags & names.AI_NUMERICHOST:
            raise gaierror(names.EAI_NONAME, _NO_NAME)
        return _addresses(None, family, 0)
    number = family_of(host)
    address = parse_host(host, number)
    if number == names.AF_INET6:
        if family in (0, number):
            return [(number, (format_ipv6(address), 0, zone_of(host)))]
    elif family in (0, number):
        return [(number, (format_ipv4(address),))]
    elif flags & names.AI_V4MAPPED:
        return [(family, (format_ipv6(mapped(address)), 0, 0))]
    raise gaierror(names.EAI_ADDRFAMILY, "Address family for hostname not supported")


def gethostbyname(hostname):
    """Return the IPv4 address of a host as a string."""
    if not isinstance(hostname, (str, bytes, bytearray)):
        found = type(hostname).__name__
        raise TypeError("gethostbyname() argument 1 must be str, bytes or bytearray, not %s" % found)
    hostname = _text(hostname, None)
    if hostname == "<broadcast>":
        return "255.255.255.255"
    return _addresses(hostname, names.AF_INET, 0)[0][1][0] if hostname else "0.0.0.0"


def gethostbyname_ex(hostname):
    """Return (name, aliases, addresses)."""
    address = gethostbyname(hostname)
    return _text(hostname, None), [], [address]


def gethostbyaddr(ip_address):
    """Return (name, aliases, addresses) of an address, which must be a loopback address."""
    family, address = _addresses(_text(ip_address, None), 0, 0)[-1]
    name = _name_of(parse_host(address[0], family))
    if name is None:
        raise herror(1, "Unknown host")
    return name, [], [address[0]]


def _name_of(address):
    """Return the name of an address, None if it has none."""
    return "localhost" if address in (LOCALHOST, LOOPBACK) else None


def gethostname():
    """Return the host name, a constant."""
    return "localhost"


def getfqdn(name=""):
    """Return the full name of a host, as far as known."""
    name = name.strip()
    if name in ("", "0.0.0.0", "::", "127.0.0.1", "::1"):
        return gethostname()
    return name


def getnameinfo(sockaddr, flags):
    """Return (host, service) of an address as strings: numbers, and names of services unless
    NI_NUMERICSERV."""
    if not isinstance(sockaddr, tuple):
        raise TypeError("getnameinfo() argument 1 must be a tuple")
    if not 2 <= len(sockaddr) <= 4 or not isinstance(sockaddr[0], str):
        raise TypeError("getnameinfo(): illegal sockaddr argument")
    host, port = sockaddr[:2]
    if not isinstance(port, int):
        raise TypeError("'%s' object cannot be interpreted as an integer" % type(port).__name__)
    if len(sockaddr) > 2 and not 0 <= sockaddr[2] <= 0xFFFFF:
        raise OverflowError("getnameinfo(): flowinfo must be 0-1048575.")
    family = family_of(host)
    address = parse_host(host, family)
    if family == names.AF_INET and len(sockaddr) > 2:
        raise plain("IPv4 sockaddr must be 2 tuple")
    port &= 0xFFFF
    service = str(port)
    if not flags & names.NI_NUMERICSERV:
        try:
            service = services.getservbyport(port, "udp" if flags & names.NI_DGRAM else "tcp")
        except OSError:
            pass
    name = None if flags & names.NI_NUMERICHOST else _name_of(address)
    if name is None and flags & names.NI_NAMEREQD:
        raise gaierror(names.EAI_NONAME, _NO_NAME)
    return name or _numeric(address, sockaddr), service


def _numeric(address, sockaddr):
    """Return an address as a string, of the link with its interface (RFC 4007 section 11)."""
    if isinstance(address, int):
        return format_ipv4(address)
    zone = sockaddr[3] if len(sockaddr) > 3 else zone_of(sockaddr[0])
    return format_ipv6(address) + ("%" + if_indextoname(zone) if zone else "")
