# resolve.py - getaddrinfo() and related calls for numeric hosts; there is no resolver yet.
from mkernel.errors import plain

from . import names, services
from .families import family_of, gaierror, parse_host, zone_of

_NO_NAME = "Name or service not known"
_KINDS = ((names.SOCK_STREAM, names.IPPROTO_TCP), (names.SOCK_DGRAM, names.IPPROTO_UDP))
_TYPES = (0, names.SOCK_STREAM, names.SOCK_DGRAM)


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    """Return [(family, type, proto, canonical name, address)] for each requested family and type. The port
    is a number, its string, the name of a service or None."""
    if family not in (names.AF_UNSPEC, names.AF_INET, names.AF_INET6):
        raise gaierror(names.EAI_FAMILY, "ai_family not supported")
    if type not in _TYPES:
        raise gaierror(names.EAI_SOCKTYPE, "ai_socktype not supported")
    host, port = _text(host, "getaddrinfo() argument 1 must be string or None"), _text(port, None)
    if not host and port in (None, "") or host == "":
        raise gaierror(names.EAI_NONAME, _NO_NAME)
    kinds = [kind for kind in _KINDS if type in (0, kind[0]) and proto in (0, kind[1])]
    ports = _ports(port, flags)
    kinds = [kind for kind in kinds if ports[kind[0]] is not None]
    if not kinds:
        raise gaierror(names.EAI_SERVICE, "Servname not supported for ai_socktype")
    found = []
    for each, address in _addresses(host, family, flags):
        for kind, number in kinds:
            canonical = host if flags & names.AI_CANONNAME and not found else ""
            found.append((each, kind, number, canonical, (address[0], ports[kind]) + address[1:]))
    return found


def _text(value, complaint):
    """Decode bytes; other types pass unchanged or are an error."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode()
    if complaint and value is not None and not isinstance(value, str):
        raise TypeError(complaint)
    return value


def _ports(port, flags):
    """Return the port by socket type, None where the service has none."""
    if isinstance(port, str):
        if port.isdigit():
            port = int(port)
        elif port:
            if flags & names.AI_NUMERICSERV:
                raise gaierror(names.EAI_NONAME, _NO_NAME)
            stream, datagram = services.ports(port)
            return {names.SOCK_STREAM: stream, names.SOCK_DGRAM: datagram}
        else:
            port = 0
    if port is None:
        port = 0
    if not isinstance(port, int):
        raise plain("Int or String expected")
    number = None if port < 0 else port & 0xFFFF  # as in glibc
    return {names.SOCK_STREAM: number, names.SOCK_DGRAM: number}


def _addresses(host, family, flags):
    """Return [(family, (text, ...))] of a host; without a host the loopback or, to listen, the wildcard
    addresses."""
    if host is None:
        passive = flags & names.AI_PASSIVE
        inet6 = names.AF_INET6, ("::" if passive else "::1", 0, 0)
        inet = names.AF_INET, ("0.0.0.0" if passive else "127.0.0.1",)
        both = (inet, inet6) if passive else (inet6, inet)
        return [each for each in both if family in (0, each[0])]
    if host.lower() == "localhost":
        return _addresses(None, family, 0)
    found = family_of(host)
    parse_host(host, found)
    if family not in (names.AF_UNSPEC, found):
        raise gaierror(names.EAI_ADDRFAMILY, "Address family for hostname not supported")
    if found == names.AF_INET:
        return [(found, (host,))]
    return [(found, (host.partition("%")[0], 0, zone_of(host)))]


def gethostbyname(hostname):
    """Return the IPv4 address of a host as a string."""
    return _addresses(hostname, names.AF_INET, 0)[0][1][0] if hostname else "0.0.0.0"


def gethostbyname_ex(hostname):
    """Return (name, aliases, addresses)."""
    return hostname, [], [gethostbyname(hostname)]


def gethostname():
    """Return the host name, a constant."""
    return "localhost"


def getfqdn(name=""):
    """Return the full name of a host, as far as known."""
    return name.strip() or gethostname()


def getnameinfo(sockaddr, flags):
    """Return (host, service) of an address as strings: numbers, and names of services unless
    NI_NUMERICSERV."""
    host, port = sockaddr[:2]
    parse_host(host, family_of(host))
    service = str(port)
    if not flags & names.NI_NUMERICSERV:
        try:
            service = services.getservbyport(port, "udp" if flags & names.NI_DGRAM else "tcp")
        except OSError:
            pass
    if flags & names.NI_NAMEREQD:
        raise gaierror(names.EAI_NONAME, _NO_NAME)
    return host, service
