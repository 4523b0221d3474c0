# makefile.py - the files of socket.makefile(), buffered like CPython's, of bytes or of decoded text.
from mkernel.errors import oserror, plain

from ..errors import EBADF
from .textfile import TextFile

NEEDED_FOR = ("makefile",)  # (optional.py)
_SIZE = 8192  # bytes of a buffer
_UNSUPPORTED = "not %s"


class SocketFile:
    """A binary file. `size` 0: every read and write is one call of the socket."""

    def __init__(self, sock, mode, size):
        self._sock = sock
        self.mode = mode
        self._size = size
        self._got = b""  # read-ahead data
        self._kept = bytearray()  # written data, of which ...
        self._sent = 0  # ... this many bytes were sent
        self._timed_out = False
        self.closed = False

    @property
    def name(self):
        return self.fileno()

    def __enter__(self):
        self._check_open()
        return self

    def __exit__(self, exc_type, exc, traceback):
        self.close()

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

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

    def isatty(self):
        self._check_open()
        return False

    # Reading

    def _receive(self, size):
        """Return the data of one call, None if it would block."""
        if "r" not in self.mode:
            raise plain(_UNSUPPORTED % "readable")
        if self._timed_out:
            raise plain("cannot read from timed out object")
        try:
            return self._sock.recv(size)
        except TimeoutError:
            self._timed_out = True
            raise
        except BlockingIOError:
            return None

    def _take(self, n):
        data, self._got = self._got[:n], self._got[n:]
        return data

    def read(self, size=-1):
        """Read `size` bytes, or to the end of the stream; None if there is no data and the socket does not
        block."""
        self._check_open()
        if size is None or size < 0:
            size = 1 << 62
        elif not self._size:
            return self._receive(size) if size else b""
        pieces = [self._take(size)]
        size -= len(pieces[0])
        while size:
            data = self._receive(min(max(size, self._size), 1 << 16))
            if not data:
                return data if data is None and not any(pieces) else b"".join(pieces)
            pieces.append(data[:size])
            self._got = data[size:]
            size -= len(pieces[-1])
        return b"".join(pieces)

    def read1(self, size=-1):
        """Read available data, with at most one call of the socket."""
        self._check_open()
        size = self._size or _SIZE if size < 0 else size
        if not self._got and size:
            self._got = self._receive(max(size, self._size)) or b""
        return self._take(size)

    def peek(self, size=0):
        """Return the next data without consuming it."""
        self._check_open()
        if not self._got:
            self._got = self._receive(self._size or _SIZE) or b""
        return self._got

    def readinto(self, buffer):
        """Read into a buffer as read(). Returns the number of bytes."""
        data = self.read(len(buffer))
        if data is None:
            return None
        buffer[: len(data)] = data
        return len(data)

    def readinto1(self, buffer):
        """Read into a buffer as read1(). Returns the number of bytes."""
        data = self.read1(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def readline(self, size=-1):
        """Read to the end of the line, or `size` bytes."""
        self._check_open()
        size = 1 << 62 if size is None or size < 0 else size
        pieces = []
        while size:
            if not self._got:
                data = self._receive(self._size or 1)
                if not data:
                    break
                self._got = data
            piece = self._take(min(self._got.find(b"\n") + 1 or len(self._got), size))
            pieces.append(piece)
            size -= len(piece)
            if piece[-1:] == b"\n":
                break
        return b"".join(pieces)

    def readlines(self, hint=-1):
        """Return the remaining lines, or about `hint` bytes of them."""
        lines = []
        total = 0
        while hint is None or hint <= 0 or total < hint:
            line = self.readline()
            if not line:
                break
            lines.append(line)
            total += len(line)
        return lines

    # Writing

    def write(self, data):
        """Buffer the bytes and send full buffers; unbuffered, send what one call accepts."""
        self._check_open()
        if "w" not in self.mode:
            raise plain(_UNSUPPORTED % "writable")
        if isinstance(data, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        if not self._size:
            try:
                return self._sock.send(data)
            except BlockingIOError:
                return None
        data = bytes(data)
        self._kept += data
        if len(self._kept) > self._size:
            self.flush()
        return len(data)

    def writelines(self, lines):
        """Write each line."""
        for line in lines:
            self.write(line)

    def flush(self):
        """Send the buffered data; after an error unsent data stays buffered."""
        self._check_open()
        while self._sent < len(self._kept):
            rest = self._kept[self._sent :] if self._sent else self._kept
            self._sent += self._sock.send(rest)
        if self._kept:
            self._kept, self._sent = bytearray(), 0

    def detach(self):
        """Refuse: a socket's file cannot be detached."""
        raise plain("detach")

    def close(self):
        """Send the buffered data, and release the socket."""
        if not self.closed:
            try:
                self.flush()
            finally:
                self.closed = True
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
        buffering = _SIZE
    if not buffering and not binary:
        raise ValueError("unbuffered streams must be binary")
    if sock.fileno() < 0:
        raise oserror(EBADF)
    file = SocketFile(sock, kind + "b", buffering)
    return file if binary else TextFile(file, mode, encoding, errors, newline)
