# The socket API: CPython's `socket` as far as a host without a resolver has it; stack/std/socket.py
# re-exports it.
from mkernel.errors import oserror, worded
from mkernel.files import close  # noqa: F401

from ..errors import EOPNOTSUPP
from ..runner import current  # noqa: F401 - first: the chain of imports would be too deep below api.py
from . import names
from .api import dup, fromfd, getdefaulttimeout, named, setdefaulttimeout, socket  # noqa: F401
from .families import (  # noqa: F401
    Family,
    gaierror,
    herror,
    if_indextoname,
    if_nameindex,
    if_nametoindex,
)
from .inet import htonl, htons, inet_aton, inet_ntoa, inet_ntop, inet_pton, ntohl, ntohs  # noqa: F401
from .names import *  # noqa: F403
from .optional import constants, optional
from .resolve import (  # noqa: F401
    getaddrinfo,
    getfqdn,
    gethostbyaddr,
    gethostbyname,
    gethostbyname_ex,
    gethostname,
    getnameinfo,
)
from .services import getprotobyname, getservbyname, getservbyport  # noqa: F401

# isort: split
from .kinds import *  # noqa: F403 - in place of the plain numbers of names.py

error = OSError
timeout = TimeoutError
has_ipv6 = True
_LOCALHOST, _LOCALHOST_V6 = "127.0.0.1", "::1"
SocketType = socket
MsgFlag = AddressInfo = int  # their constants are plain numbers

globals().update(constants())


def CMSG_LEN(length):
    """Return the size of an ancillary item with `length` bytes of data, without padding at its end."""
    return optional("messages").size(length, 1)


def CMSG_SPACE(length):
    """Return the size of an ancillary item with `length` bytes of data and its padding."""
    return optional("messages").size(length, 8)


def has_dualstack_ipv6():
    """Whether an IPv6 socket can also serve IPv4."""
    return True


_GLOBAL_DEFAULT_TIMEOUT = object()


def create_connection(address, timeout=_GLOBAL_DEFAULT_TIMEOUT, source_address=None, *, all_errors=False):
    """Return a socket connected to (host, port): the first address that accepts. `timeout` in seconds; by
    default the default timeout. With `all_errors` failures are an ExceptionGroup."""
    host, port = address[:2]
    failures = []
    for family, kind, proto, _, found in getaddrinfo(host, port, 0, names.SOCK_STREAM):
        sock = socket(family, kind, proto)
        try:
            if timeout is not _GLOBAL_DEFAULT_TIMEOUT:
                sock.settimeout(timeout)
            if source_address is not None:
                sock.bind(source_address)
            sock.connect(found)
            return sock
        except OSError as error:
            sock.close()
            failures.append(error)
        except BaseException:
            sock.close()
            raise
    if all_errors:
        raise ExceptionGroup("create_connection failed", failures)
    raise failures[0]


def socketpair(family=names.AF_UNIX, type=names.SOCK_STREAM, proto=0):
    """Return two connected streams inside this program."""
    if (family, type, proto) != (names.AF_UNIX, names.SOCK_STREAM, 0):
        raise oserror(EOPNOTSUPP, "socketpair() other than AF_UNIX, SOCK_STREAM")
    one, two = optional("pair").pair()
    first = named(one, family, type, proto)
    try:
        return first, named(two, family, type, proto)
    except BaseException:
        first.close()
        raise


def create_server(address, *, family=names.AF_INET, backlog=None, reuse_port=False, dualstack_ipv6=False):
    """Return a socket listening on (host, port); with `dualstack_ipv6` on an IPv6 address and for IPv4,
    too."""
    if dualstack_ipv6 and family != names.AF_INET6:
        raise ValueError("dualstack_ipv6 requires AF_INET6 family")
    sock = socket(family, names.SOCK_STREAM)
    try:
        sock.setsockopt(names.SOL_SOCKET, names.SO_REUSEADDR, 1)
        if reuse_port:
            sock.setsockopt(names.SOL_SOCKET, names.SO_REUSEPORT, 1)
        if family == names.AF_INET6:
            sock.setsockopt(names.IPPROTO_IPV6, names.IPV6_V6ONLY, int(not dualstack_ipv6))
        sock.bind(address)
        sock.listen(*() if backlog is None else (backlog,))
    except OSError as error:
        sock.close()
        where = "%s (while attempting to bind on address %r)" % (error.strerror, address)
        raise worded(error.errno, where)
    except BaseException:
        sock.close()
        raise
    return sock
