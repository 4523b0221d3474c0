# api.py - class socket: CPython's names and arguments over a Stream, a Datagram or a Ping.
import _fiber
from mkernel import files, pollable
from mkernel.errors import oserror
from mkernel.scheduler import deadline_after, needed

from ..errors import EAGAIN, EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP, EPROTONOSUPPORT
from . import options
from .datagram import Datagram
from .families import Family
from .file import Files
from .kinds import AddressFamily, SocketKind, kind
from .names import (
    AF_INET,
    IPPROTO_ICMP,
    IPPROTO_ICMPV6,
    IPPROTO_TCP,
    IPPROTO_UDP,
    SOCK_CLOEXEC,
    SOCK_DGRAM,
    SOCK_NONBLOCK,
    SOCK_STREAM,
)
from .optional import optional
from .ping import Ping
from .stream import Stream
from .transfer import Transfer
from .unclosed import Unclosed, described

_default_timeout = None


class _Closed:
    """The implementation of a closed socket: every call is refused."""

    def __getattr__(self, name):
        raise oserror(EBADF)

    def poll_mask(self):
        return pollable.NVAL

    def poll_watch(self, watcher):
        pass

    poll_unwatch = poll_watch


_CLOSED = _Closed()


class socket(Transfer, Files):
    """A TCP, UDP or ping socket over IPv4, IPv6 or both. Blocking calls let the other fibers run; errors
    are OSError with CPython's subclasses."""

    __module__ = "socket"
    _inheritable = False
    _users = 0  # open files of makefile()
    _leaving = False  # close() was called while files are open

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        self._impl = _CLOSED
        self._number = -1
        self._guard = None
        self._timeout = _default_timeout
        if fileno is not None:
            self._adopt(fileno, family, type, proto)
            return
        self._family = Family(AF_INET if family == -1 else family)
        self._type = SOCK_STREAM if type == -1 else int(type) & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)
        self.proto = max(proto, 0)
        self._impl = _implementation(self._family.number, self._type, self.proto)(self._family)
        if type != -1 and type & SOCK_NONBLOCK:
            self._timeout = 0.0
            self._impl.nonblocking = True
        number = files.take(self._impl)
        try:  # close the socket when it becomes unreachable
            self._guard = self._watched(number)
        except MemoryError:
            files.close(number)
            raise
        self._number = number

    def _watched(self, number):
        return _fiber.Guard(Unclosed(number, self._impl, self._type, self.proto))

    @property
    def family(self):
        """The family of addresses."""
        return kind(AddressFamily, self._family.number)

    @property
    def type(self):
        """SOCK_STREAM or SOCK_DGRAM."""
        return kind(SocketKind, self._type)

    def _adopt(self, number, family, type, proto):
        """Take over the socket of a file descriptor whose object is gone or is a duplicate."""
        if isinstance(number, int) and number < 0:
            raise ValueError("negative file descriptor")
        impl = files.find(number)
        if not hasattr(impl, "sockname"):
            raise oserror(ENOTSOCK)
        datagrams = isinstance(impl, Datagram)
        self._family = impl.family
        self._type = SOCK_DGRAM if datagrams else SOCK_STREAM
        self.proto = (IPPROTO_UDP if datagrams else IPPROTO_TCP) if proto == -1 else proto
        self._impl = impl
        self._guard = self._watched(number)
        self._number = number

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc, traceback):
        self.close()

    def __repr__(self):
        kind = type(self)
        name = "%s.%s" % (kind.__module__, kind.__qualname__)
        return "<%s>" % described(name, self._number, self._family.number, self._type, self.proto, self._impl)

    def bind(self, address):
        """Bind to the local address (host, port)."""
        self._impl.bind(*self._family.ends(address, "bind"))

    def listen(self, backlog=128):
        """Listen for connections; at most `backlog` wait for accept()."""
        self._stream().listen(backlog)

    def accept(self):
        """Return (socket, peer's address) of the next connection."""
        listener = self._stream().acceptable(self._deadline())
        tcb = listener.accept_queue[0]
        address = self._family.text((tcb.remote, tcb.rport))
        accepted = socket(self._family.number, self._type, self.proto)
        accepted._family = self._family
        found = accepted, address
        accepted._impl.adopt(listener, self._family)  # last: it must not be lost for lack of memory
        return found

    def connect(self, address):
        """Connect to (host, port)."""
        self._impl.connect(*self._family.ends(address, "connect"), self._deadline())

    def connect_ex(self, address):
        """As connect(), but returns the errno."""
        ends = self._family.ends(address, "connect_ex")
        try:
            self._impl.connect(*ends, self._deadline())
        except TimeoutError as error:
            return error.errno or EAGAIN
        except OSError as error:
            return error.errno
        return 0

    def sockatmark(self):
        """Whether the next byte to read is at the urgent mark (POSIX; SO_OOBINLINE)."""
        return self._stream().at_mark()

    def shutdown(self, how):
        """SHUT_RD, SHUT_WR or SHUT_RDWR."""
        if how not in (0, 1, 2):
            if not isinstance(how, int):
                raise TypeError("'%s' object cannot be interpreted as an integer" % type(how).__name__)
            raise oserror(EINVAL)
        self._impl.shutdown(how)

    def close(self):
        """Close the socket, after the files of makefile() are closed; queued data is still sent."""
        self._leaving = True
        if self._users <= 0 and self._number >= 0:
            files.close(self.detach())

    def detach(self):
        """Detach the object from its file descriptor, which stays open, and return that."""
        if self._guard is not None:
            self._guard.drop()
        number, self._number = self._number, -1
        self._impl = _CLOSED
        self._leaving = True
        return number

    def makefile(self, mode="r", buffering=None, *, encoding=None, errors=None, newline=None):
        """Return a file over the connection (makefile.py). The socket is closed after it."""
        file = optional("makefile").makefile(self, mode, buffering, encoding, errors, newline)
        self._users += 1
        self._leaving = self._leaving  # an attribute of its own: close() needs no memory
        return file

    def _let_go(self):
        """Release one of the files."""
        self._users -= 1
        if self._leaving:
            self.close()

    def dup(self):
        """Duplicate the socket: a new object and file descriptor."""
        self._impl.check_open()
        other = named(self._impl, self._family.number, self._type, self.proto, type(self))
        other._timeout = self._timeout
        return other

    @property
    def timeout(self):
        return self._timeout

    def settimeout(self, value):
        """Set the timeout. None: calls wait without limit; 0: non-blocking; else TimeoutError after so
        many seconds."""
        timeout = _checked(value)
        self._impl.check_open()
        self._timeout = timeout
        self._impl.nonblocking = value is not None

    def gettimeout(self):
        """Return the timeout in seconds, or None."""
        return self._timeout

    def setblocking(self, flag):
        """Call settimeout(None) or settimeout(0)."""
        self.settimeout(None if flag else 0.0)

    def getblocking(self):
        """Whether calls may block."""
        return self._timeout != 0

    def setsockopt(self, level, option, value, *length):
        """Set an option. OSError(ENOPROTOOPT) for an unknown one."""
        self._impl.check_open()
        options.set_option(self, level, option, value)

    def getsockopt(self, level, option, buflen=0):
        """Return the value of an option: an int, or with `buflen` at most that many bytes."""
        self._impl.check_open()
        return options.get_option(self, level, option, buflen)

    def getsockname(self):
        """Return our (host, port)."""
        return self._family.text(self._impl.sockname(), self._impl.scope)

    def getpeername(self):
        """Return the peer's (host, port)."""
        return self._family.text(self._impl.peername(), self._impl.scope)

    @property
    def poll_target(self):
        """Return the pollable for select (mkernel.pollable)."""
        return self._impl

    def poll_mask(self):
        """For select: mkernel.pollable."""
        return self._impl.poll_mask()

    def poll_watch(self, watcher):
        """For select: mkernel.pollable."""
        self._impl.poll_watch(watcher)

    def poll_unwatch(self, watcher):
        """For select: mkernel.pollable."""
        self._impl.poll_unwatch(watcher)

    @property
    def _closed(self):
        return self._leaving

    def fileno(self):
        """Return the file descriptor (mkernel.files); -1 once closed."""
        return self._number

    def get_inheritable(self):
        """Return whether programs that this one starts would have the socket; it starts none."""
        return self._inheritable

    def set_inheritable(self, inheritable):
        """Set what get_inheritable() returns."""
        self._impl.check_open()
        self._inheritable = bool(inheritable)

    def _stream(self):
        if self._type != SOCK_STREAM:
            raise oserror(EOPNOTSUPP)
        return self._impl


def fromfd(fd, family, type, proto=0):
    """Return a new object and file descriptor for the socket of a file descriptor."""
    return named(files.find(fd), family, type, proto)


def dup(fd):
    """Duplicate a file descriptor."""
    return files.dup(fd)


def named(impl, family, type, proto, cls=socket):
    """Return a socket with a new file descriptor for the implementation `impl`."""
    number = files.take(impl)
    try:
        return cls(family, type, proto, fileno=number)
    except BaseException:
        files.close(number)
        raise


def _implementation(family, kind, proto):
    if kind not in (SOCK_STREAM, SOCK_DGRAM):
        raise oserror(EINVAL, "socket type %s" % kind)
    if kind == SOCK_STREAM and proto in (0, IPPROTO_TCP):
        return Stream
    if kind == SOCK_DGRAM and proto in (0, IPPROTO_UDP):
        return Datagram
    if (kind, proto) == (SOCK_DGRAM, IPPROTO_ICMP if family == AF_INET else IPPROTO_ICMPV6):
        return Ping
    raise oserror(EPROTONOSUPPORT, "protocol %d" % proto)


def _checked(seconds):
    """Return a timeout as a float or None."""
    if seconds is None:
        return None
    deadline_after(needed(seconds))
    if seconds < 0:
        raise ValueError("Timeout value out of range")
    return float(seconds)


def setdefaulttimeout(timeout):
    """Set the timeout of new sockets."""
    global _default_timeout
    _default_timeout = _checked(timeout)


def getdefaulttimeout():
    """Return the timeout of new sockets."""
    return _default_timeout
