# The socket API: CPython's `socket` as far as an IPv4 host without a resolver has it;
# stack/std/socket.py re-exports it.
from mkernel.errors import oserror

from ..errors import EAFNOSUPPORT
from . import names
from .api import gaierror, getdefaulttimeout, resolve, setdefaulttimeout, socket  # noqa: F401
from .names import *  # noqa: F403

error = OSError
timeout = TimeoutError
has_ipv6 = False


def create_connection(address, timeout=-1, source_address=None):
    """A socket connected to (host, port). `timeout` in seconds; without it the default time-out."""
    sock = socket()
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
    """A socket that listens on (host, port)."""
    sock = socket(family)
    try:
        sock.bind(address)
        sock.listen(backlog)
    except BaseException:
        sock.close()
        raise
    return sock


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    """Numeric hosts only: [(family, type, proto, "", (host, port))] for each type asked for."""
    if family not in (0, names.AF_INET):
        raise oserror(EAFNOSUPPORT, "address family %d" % family)
    resolve(host)
    kinds = ((names.SOCK_STREAM, names.IPPROTO_TCP), (names.SOCK_DGRAM, names.IPPROTO_UDP))
    if host in ("", None):
        host = "0.0.0.0" if flags & names.AI_PASSIVE or host == "" else "127.0.0.1"
    return [
        (names.AF_INET, kind, number, "", (host, int(port or 0)))
        for kind, number in kinds
        if type in (0, kind)
    ]


def inet_aton(text):
    """'10.0.0.2' -> b'\\x0a\\0\\0\\x02'."""
    return resolve(text).to_bytes(4, "big")


def inet_ntoa(packed):
    """b'\\x0a\\0\\0\\x02' -> '10.0.0.2'."""
    return "%d.%d.%d.%d" % tuple(packed)
