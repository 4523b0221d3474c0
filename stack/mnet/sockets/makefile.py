# makefile.py - the files of socket.makefile(): those of io over a raw one.

import io

from mkernel.errors import oserror, plain

from ..errors import EBADF

NEEDED_FOR = ("makefile",)  # (optional.py)


class SocketIO(io.RawIOBase):
    """The raw file of a socket: each read and write is one call. None where one would block."""

    def __init__(self, sock, mode):
        self._sock = sock
        self.mode = mode + "b"
        self._timed_out = False

    @property
    def name(self):
        return -1 if self.closed else self.fileno()

    def fileno(self):
        """Return the file descriptor of the socket."""
        self._check_open()
        return self._sock.fileno()

    def readable(self):
        self._check_open()
        return "r" in self.mode

    def writable(self):
        self._check_open()
        return "w" in self.mode

    def seekable(self):
        self._check_open()
        return False

    def read(self, size=-1):
        """Receive at most `size` bytes with one call, without a size all."""
        if size is None or size < 0:
            return self.readall()
        return self._received(self._sock.recv, size)

    def readinto(self, buffer):
        """Receive into a buffer. Returns the number of bytes."""
        return self._received(self._sock.recv_into, buffer)

    def _received(self, call, argument):
        self._checkReadable()
        if self._timed_out:  # data that was read before may be lost
            raise plain("cannot read from timed out object")
        try:
            return call(argument)
        except TimeoutError:
            self._timed_out = True
            raise
        except BlockingIOError:
            return None

    def write(self, data):
        """Send what one call accepts. Returns the number of bytes."""
        self._checkWritable()
        try:
            return self._sock.send(data)
        except BlockingIOError:
            return None

    def close(self):
        """Release the socket."""
        if not self.closed:
            io.RawIOBase.close(self)
            self._sock._let_go()

    def _check_open(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")


def makefile(sock, mode, buffering, encoding, errors, newline):
    """Implement socket.makefile(), without the reference count."""
    if not set(mode) <= {"r", "w", "b"}:
        raise ValueError("invalid mode %r (only r, w, b allowed)" % (mode,))
    binary = "b" in mode
    kind = "".join([each for each in "rw" if each in mode]) or "r"
    if buffering is None or buffering < 0:
        buffering = io.DEFAULT_BUFFER_SIZE
    if not buffering and not binary:
        raise ValueError("unbuffered streams must be binary")
    if sock.fileno() < 0:
        raise oserror(EBADF)
    file = SocketIO(sock, kind)
    if buffering:
        file = _buffered(file, kind, buffering)
    if binary:
        return file
    text = io.TextIOWrapper(file, encoding, errors, newline)
    text.mode = mode
    return text


def _buffered(raw, kind, size):
    if kind == "rw":
        return io.BufferedRWPair(raw, raw, size)
    return (io.BufferedReader if kind == "r" else io.BufferedWriter)(raw, size)
