# The socket API: CPython's `socket` as far as a host without a resolver has it; stack/std/socket.py
# re-exports it.
from mkernel.errors import oserror

from ..address import format_ipv4
from ..address6 import format_ipv6
from ..errors import EAFNOSUPPORT, EINVAL
from . import names
from .api import getdefaulttimeout, setdefaulttimeout, socket  # noqa: F401
from .families import (  # noqa: F401
    Family,
    gaierror,
    if_indextoname,
    if_nameindex,
    if_nametoindex,
    parse_host,
    zone_of,
)
from .names import *  # noqa: F403

error = OSError
timeout = TimeoutError
has_ipv6 = True


def has_dualstack_ipv6():
    """Whether an IPv6 socket can serve IPv4, too."""
    return True


def create_connection(address, timeout=-1, source_address=None):
    """A socket connected to (host, port). `timeout` in seconds; without it the default time-out."""
    sock = socket(_family_of(address[0]))
    try:
        if timeout != -1:
            sock.settimeout(timeout)
        if source_address is not None:
            sock.bind(source_address)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock


def create_server(address, family=names.AF_INET, backlog=128, reuse_port=False, dualstack_ipv6=False):
    """A socket that listens on (host, port); with `dualstack_ipv6` on an IPv6 address and for IPv4, too."""
    if dualstack_ipv6 and family != names.AF_INET6:
        raise ValueError("dualstack_ipv6 requires AF_INET6 family")
    sock = socket(family)
    try:
        if family == names.AF_INET6:
            sock.setsockopt(names.IPPROTO_IPV6, names.IPV6_V6ONLY, int(not dualstack_ipv6))
        sock.bind(address)
        sock.listen(backlog)
    except BaseException:
        sock.close()
        raise
    return sock


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    """Numeric hosts only: [(family, type, proto, "", address)] for each type asked for; for no host in
    particular both families."""
    if family not in (names.AF_UNSPEC, names.AF_INET, names.AF_INET6):
        raise oserror(EAFNOSUPPORT, "address family %d" % family)
    if host:
        families = [_family_of(host)]
        if family not in (names.AF_UNSPEC, families[0]):
            raise gaierror(-9, "Address family for hostname not supported")
        parse_host(host, families[0])
    else:
        families = [family] if family else [names.AF_INET, names.AF_INET6]
    passive = flags & names.AI_PASSIVE or host == ""
    kinds = ((names.SOCK_STREAM, names.IPPROTO_TCP), (names.SOCK_DGRAM, names.IPPROTO_UDP))
    found = []
    for each in families:
        if each == names.AF_INET:
            address = (host or ("0.0.0.0" if passive else "127.0.0.1"), int(port or 0))
        else:
            text, _, _ = (host or ("::" if passive else "::1")).partition("%")
            address = (text, int(port or 0), 0, zone_of(host or ""))
        found += [(each, kind, number, "", address) for kind, number in kinds if type in (0, kind)]
    return found


def _family_of(host):
    return names.AF_INET6 if host and ":" in host else names.AF_INET


def inet_aton(text):
    """'10.0.0.2' -> b'\\x0a\\0\\0\\x02'."""
    return inet_pton(names.AF_INET, text)


def inet_ntoa(packed):
    """b'\\x0a\\0\\0\\x02' -> '10.0.0.2'."""
    return "%d.%d.%d.%d" % tuple(packed)


def inet_pton(family, text):
    """An address as 4 or 16 bytes. OSError for what is none."""
    Family(family)
    try:
        if "%" in text:
            raise gaierror
        address = parse_host(text, family)
    except gaierror:
        raise oserror(EINVAL, "illegal IP address string: %s" % text)
    return address.to_bytes(4, "big") if family == names.AF_INET else address


def inet_ntop(family, packed):
    """And back. ValueError if the bytes are not as many."""
    Family(family)
    if len(packed) != (4 if family == names.AF_INET else 16):
        raise ValueError("invalid length of packed IP address string")
    return format_ipv4(int.from_bytes(packed, "big")) if family == names.AF_INET else format_ipv6(packed)
