# api.py - class socket: CPython's names and arguments over a Stream or a Datagram.
from mkernel.errors import oserror
from mkernel.scheduler import deadline_after

from ..errors import EAGAIN, EINVAL, EOPNOTSUPP, EPROTONOSUPPORT
from ..limits import TCP_RCV_BUF
from . import options
from .datagram import Datagram
from .families import Family, gaierror  # noqa: F401
from .names import (
    AF_INET,
    IPPROTO_ICMP,
    IPPROTO_ICMPV6,
    IPPROTO_TCP,
    IPPROTO_UDP,
    MSG_OOB,
    SOCK_DGRAM,
    SOCK_STREAM,
)
from .ping import Ping
from .stream import Stream
from .waiting import NOW, no_flags, only

_default_timeout = None


class socket:
    """A TCP, UDP or ping socket over IPv4, IPv6 or both. Blocking calls let the other fibers run; errors are
    OSError with CPython's subclasses."""

    def __init__(self, family=AF_INET, type=SOCK_STREAM, proto=0, fileno=None):
        self._family = Family(AF_INET if family == -1 else family)
        if type not in (-1, SOCK_STREAM, SOCK_DGRAM) or fileno is not None:
            raise oserror(EINVAL, "socket type %s" % type)
        self.family = self._family.number
        self.type = SOCK_STREAM if type == -1 else type
        self.proto = proto or (IPPROTO_TCP if self.type == SOCK_STREAM else IPPROTO_UDP)
        self._timeout = _default_timeout
        self._impl = _implementation(self.family, self.type, self.proto)(self._family)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def __repr__(self):
        kind = "SOCK_STREAM" if self.type == SOCK_STREAM else "SOCK_DGRAM"
        return "<socket type=%s local=%s%s>" % (
            kind,
            self._family.text(self._impl.sockname(), self._impl.scope),
            " [closed]" * self._impl.closed,
        )

    def bind(self, address):
        """Take the local address (host, port)."""
        self._impl.bind(*self._family.ends(address))

    def listen(self, backlog=128):
        """Take connections; at most `backlog` wait for accept()."""
        self._stream().listen(backlog)

    def accept(self):
        """(socket, peer's address) of the next connection."""
        stream = self._stream().accept(self._deadline())
        accepted = socket(self.family, SOCK_STREAM)
        accepted._impl = stream
        accepted._family = self._family
        return accepted, self._family.text((stream.tcb.remote, stream.tcb.rport))

    def connect(self, address):
        """Connect to (host, port)."""
        self._impl.connect(*self._family.ends(address), self._deadline())

    def connect_ex(self, address):
        """As connect(), but returns the errno."""
        try:
            self.connect(address)
        except OSError as error:
            return error.errno
        return 0

    def recv(self, bufsize, flags=0):
        """Up to bufsize bytes; b"" when the peer has closed. The rest of a longer datagram is lost."""
        if bufsize < 0:
            raise ValueError("negative buffersize in recv")
        if self.type == SOCK_STREAM:
            if only(MSG_OOB, flags):
                return self._impl.recv_urgent()[:bufsize]
            return self._impl.recv(bufsize, self._deadline())
        no_flags(flags)
        return self._impl.recvfrom(self._deadline())[0][:bufsize]

    def recv_into(self, buffer, nbytes=0, flags=0):
        """Receive into a buffer; returns how many bytes."""
        no_flags(flags)
        n = nbytes or len(buffer)
        if n < 0 or n > len(buffer):
            raise ValueError("buffer too small for requested bytes")
        if self.type == SOCK_STREAM:
            return self._impl.recv_into(buffer, n, self._deadline())
        data = self._impl.recvfrom(self._deadline())[0][:n]
        buffer[: len(data)] = data
        return len(data)

    def recvfrom(self, bufsize, flags=0):
        """(data, address of the sender); for a stream the address is that of the peer."""
        no_flags(flags)
        if self.type == SOCK_STREAM:
            return self.recv(bufsize), self.getpeername()
        data, address, port = self._impl.recvfrom(self._deadline())
        return data[:bufsize], self._family.text((address, port))

    def recvfrom_into(self, buffer, nbytes=0, flags=0):
        """(how many bytes were put into the buffer, address of the sender)."""
        no_flags(flags)
        if self.type == SOCK_STREAM:
            return self.recv_into(buffer, nbytes), self.getpeername()
        n = nbytes or len(buffer)
        if n < 0 or n > len(buffer):
            raise ValueError("buffer too small for requested bytes")
        data, address, port = self._impl.recvfrom(self._deadline())
        n = min(n, len(data))
        buffer[:n] = data[:n]
        return n, self._family.text((address, port))

    def send(self, data, flags=0):
        """Send some of data; returns how many bytes were taken. MSG_OOB: the last of them is urgent."""
        if self.type == SOCK_STREAM:
            return self._impl.send(data, 0, len(data), self._deadline(), bool(only(MSG_OOB, flags)))
        no_flags(flags)
        return self._impl.send(data, self._deadline())

    def sendall(self, data, flags=0):
        """Send all of data. MSG_OOB: the last of it is urgent."""
        if self.type != SOCK_STREAM:
            no_flags(flags)
            return self._impl.send(data, self._deadline()) and None
        urgently = bool(only(MSG_OOB, flags))
        deadline = self._deadline()
        off = 0
        size = len(data)
        while off < size:
            off += self._impl.send(data, off, size - off, deadline, urgently)
        return None

    def sockatmark(self):
        """POSIX's: whether what is read next lies behind the last urgent byte, or is it (SO_OOBINLINE)."""
        return self._stream().at_mark()

    def sendto(self, data, *flags_and_address):
        """sendto(data, address) or sendto(data, flags, address): one datagram."""
        if len(flags_and_address) == 2:
            no_flags(flags_and_address[0])
        if self.type == SOCK_STREAM:
            return self.send(data)
        return self._impl.sendto(data, *self._family.ends(flags_and_address[-1]), self._deadline())

    def read(self, n=-1):
        """As MicroPython's streams, whose asyncio needs it: what there is, n bytes at most; None if it would
        have to wait."""
        return _unless_blocked(self.recv, n if n >= 0 else TCP_RCV_BUF)

    def readinto(self, buffer):
        """As read(), into a buffer: how many bytes, or None."""
        return _unless_blocked(self.recv_into, buffer)

    def readline(self):
        """As read(), to the end of the line at most: part of it if the rest has not come yet."""
        line = b""
        while line[-1:] != b"\n":
            letter = self.read(1)
            if not letter:
                return line or letter
            line += letter
        return line

    def write(self, data):
        """As read(): how many bytes were taken, or None."""
        return _unless_blocked(self.send, data)

    def shutdown(self, how):
        """SHUT_RD, SHUT_WR or SHUT_RDWR."""
        if how not in (0, 1, 2):
            raise oserror(EINVAL)
        self._impl.shutdown(how)

    def close(self):
        """Close; what was sent still arrives."""
        self._impl.close()

    def settimeout(self, seconds):
        """None: calls wait for ever; 0: they do not wait; otherwise TimeoutError after so many seconds."""
        if seconds is not None and seconds < 0:
            raise ValueError("Timeout value out of range")
        self._timeout = seconds

    def gettimeout(self):
        """The time-out in seconds, or None."""
        return self._timeout

    def setblocking(self, flag):
        """settimeout(None) or settimeout(0)."""
        self._timeout = None if flag else 0.0

    def getblocking(self):
        """Whether calls may wait."""
        return self._timeout != 0

    def setsockopt(self, level, option, value):
        """Set an option; OSError(ENOPROTOOPT) for one that is not there."""
        options.set_option(self, level, option, value)

    def getsockopt(self, level, option, buflen=0):
        """Read an option: an int, or with `buflen` that many bytes at most."""
        return options.get_option(self, level, option, buflen)

    def getsockname(self):
        """Our (host, port)."""
        return self._family.text(self._impl.sockname(), self._impl.scope)

    def getpeername(self):
        """The peer's (host, port)."""
        return self._family.text(self._impl.peername(), self._impl.scope)

    def poll_mask(self):
        """For select: mkernel.pollable."""
        return self._impl.poll_mask()

    def poll_watch(self, watcher):
        """For select: mkernel.pollable."""
        self._impl.poll_watch(watcher)

    def poll_unwatch(self, watcher):
        """For select: mkernel.pollable."""
        self._impl.poll_unwatch(watcher)

    def fileno(self):
        """A number that is this socket's own; -1 once it is closed."""
        return -1 if self._impl.closed else id(self)

    def _stream(self):
        if self.type != SOCK_STREAM:
            raise oserror(EOPNOTSUPP)
        return self._impl

    def _deadline(self):
        timeout = self._timeout
        return NOW if timeout == 0 else deadline_after(timeout)


def _implementation(family, kind, proto):
    if (kind, proto) == (SOCK_STREAM, IPPROTO_TCP):
        return Stream
    if (kind, proto) == (SOCK_DGRAM, IPPROTO_UDP):
        return Datagram
    if (kind, proto) == (SOCK_DGRAM, IPPROTO_ICMP if family == AF_INET else IPPROTO_ICMPV6):
        return Ping
    raise oserror(EPROTONOSUPPORT, "protocol %d" % proto)


def _unless_blocked(call, argument):
    try:
        return call(argument)
    except OSError as error:
        if error.errno != EAGAIN:
            raise
        return None


def setdefaulttimeout(seconds):
    """The time-out of sockets made from now on."""
    global _default_timeout
    _default_timeout = seconds


def getdefaulttimeout():
    """The time-out of sockets made from now on."""
    return _default_timeout
