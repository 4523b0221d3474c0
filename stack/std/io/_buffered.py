# _buffered.py - buffers before a raw file.

from ._base import (
    DEFAULT_BUFFER_SIZE,
    BufferedIOBase,
    UnsupportedOperation,
    check_whence,
    size_of,
    would_block,
)


class _Buffered(BufferedIOBase):
    """What the buffers of one raw file share."""

    _raw = None

    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if buffer_size <= 0:
            raise ValueError("buffer size must be strictly positive")
        self._raw = raw
        self._limit = buffer_size

    @property
    def raw(self):
        if self._raw is None:
            raise ValueError("raw stream has been detached")
        return self._raw

    @property
    def closed(self):
        return self.raw.closed

    @property
    def name(self):
        return self.raw.name

    @property
    def mode(self):
        return self.raw.mode

    def detach(self):
        raw = self.raw
        self.flush()
        self._raw = None
        return raw

    def close(self):
        if self._raw is not None and not self.closed:
            try:
                self.flush()
            finally:
                self._raw.close()

    def flush(self):
        if self.closed:
            raise ValueError("flush on closed file")

    def seekable(self):
        return self.raw.seekable()

    def readable(self):
        return self.raw.readable()

    def writable(self):
        return self.raw.writable()

    def fileno(self):
        return self.raw.fileno()

    def isatty(self):
        return self.raw.isatty()

    def __repr__(self):
        try:
            return "<_io.%s name=%r>" % (type(self).__name__, self.name)
        except AttributeError:
            return "<_io.%s>" % type(self).__name__


class BufferedReader(_Buffered):
    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if not raw.readable():
            raise OSError('"raw" argument must be readable.')
        _Buffered.__init__(self, raw, buffer_size)
        self._ahead = b""  # read from the raw file; those before _at are taken
        self._at = 0

    def writable(self):
        return False

    def _drop(self):
        self._ahead, self._at = b"", 0

    def _left(self):
        return len(self._ahead) - self._at

    def _fill(self, size):
        """Read once from the raw file, at least what a buffer holds. False: nothing came."""
        data = self.raw.read(max(size, self._limit))
        if data:
            self._ahead = self._ahead[self._at :] + data
            self._at = 0
        return bool(data) or data  # None where reading would block

    def _take(self, size):
        data = self._ahead[self._at : self._at + size]
        self._at += len(data)
        return data

    def read(self, size=-1):
        self._check_closed("read of closed file")
        size = size_of(size)
        if size < -1:
            raise ValueError("read length must be non-negative or -1")
        if size < 0:
            return self._read_all()
        state = True
        while self._left() < size and state:
            state = self._fill(size - self._left())
        data = self._take(size)
        return None if not data and size and state is None else data

    def _read_all(self):
        data = self._take(self._left())
        self._drop()
        readall = getattr(self.raw, "readall", None)
        if readall is not None:
            rest = readall()
            if rest is not None and not isinstance(rest, bytes):
                raise TypeError("readall() should return bytes")
            return data + rest if data and rest else data or rest
        parts = [data]
        while True:
            part = self.raw.read()
            if not part:
                return b"".join(parts) or part
            parts.append(part)

    def read1(self, size=-1):
        self._check_closed("read of closed file")
        size = size_of(size)
        if size < 0:
            size = self._limit
        if size and not self._left():
            self._fill(1)
        return self._take(size)

    def readline(self, size=-1):
        self._check_closed("readline of closed file")
        size = size_of(size)
        pieces = []
        while size:
            if not self._left() and not self._fill(1):
                break
            end = self._ahead.find(b"\n", self._at) + 1 or len(self._ahead)
            piece = self._take(end - self._at if size < 0 else min(end - self._at, size))
            pieces.append(piece)
            if piece[-1:] == b"\n":
                break
            size -= len(piece) if size > 0 else 0
        return b"".join(pieces)

    def peek(self, size=0):
        self._check_closed("peek of closed file")
        if not self._left():
            self._fill(1)
        return self._ahead[self._at :]

    def tell(self):
        return self.raw.tell() - self._left()

    def seek(self, offset, whence=0):
        check_whence(whence)
        self._check_closed("seek of closed file")
        if whence == 1:
            offset -= self._left()
        self._drop()
        return self.raw.seek(offset, whence)

    def truncate(self, pos=None):
        raise UnsupportedOperation("truncate")


class BufferedWriter(_Buffered):
    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if not raw.writable():
            raise OSError('"raw" argument must be writable.')
        _Buffered.__init__(self, raw, buffer_size)
        self._waiting = bytearray()

    def readable(self):
        return False

    def write(self, data):
        self._check_closed("write to closed file")
        if isinstance(data, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        view = memoryview(data).cast("B")
        if len(self._waiting) > self._limit:
            self._flush()
        self._waiting += view
        if len(self._waiting) > self._limit:
            try:
                self._flush()
            except BlockingIOError as error:
                over = len(self._waiting) - self._limit
                if over > 0:  # the buffer keeps what fits
                    self._waiting[self._limit :] = b""
                    raise would_block(error.args[1], max(len(view) - over, 0))
        return len(view)

    def flush(self):
        if self.closed:
            raise ValueError("flush on closed file")
        self._flush()

    def _flush(self):
        if not self._waiting:
            return
        view, sent = memoryview(bytes(self._waiting)), 0
        try:
            while sent < len(view):
                count = self.raw.write(view[sent:])
                if count is None:
                    raise would_block("write could not complete without blocking", 0)
                if not 0 <= count <= len(view) - sent:
                    raise OSError("write() returned incorrect number of bytes")
                sent += count
        finally:
            self._waiting[:sent] = b""

    def tell(self):
        return self.raw.tell() + len(self._waiting)

    def seek(self, offset, whence=0):
        check_whence(whence)
        self._check_closed("seek of closed file")
        self._flush()
        return self.raw.seek(offset, whence)

    def truncate(self, pos=None):
        self._check_closed("truncate of closed file")
        self._flush()
        return self.raw.truncate(self.raw.tell() if pos is None else pos)


class BufferedRandom(BufferedReader, BufferedWriter):
    """Reads and writes at one position: what was read ahead is given back before a write."""

    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if not raw.seekable():
            raise UnsupportedOperation("File or stream is not seekable.")
        BufferedReader.__init__(self, raw, buffer_size)
        BufferedWriter.__init__(self, raw, buffer_size)

    def readable(self):
        return self.raw.readable()

    def writable(self):
        return self.raw.writable()

    def _fill(self, size):
        self._flush()
        return BufferedReader._fill(self, size)

    def _read_all(self):
        self._flush()
        return BufferedReader._read_all(self)

    def _give_back(self):
        if self._left():
            self.raw.seek(-self._left(), 1)
        self._drop()

    def write(self, data):
        self._check_closed("write to closed file")
        self._give_back()
        return BufferedWriter.write(self, data)

    def flush(self):
        BufferedWriter.flush(self)
        self._give_back()

    def tell(self):
        return self.raw.tell() - self._left() + len(self._waiting)

    def seek(self, offset, whence=0):
        check_whence(whence)
        self._check_closed("seek of closed file")
        self._flush()
        return BufferedReader.seek(self, offset, whence)

    def truncate(self, pos=None):
        pos = self.tell() if pos is None else pos
        self.flush()
        return self.raw.truncate(pos)


class BufferedRWPair(BufferedIOBase):
    """A file that is read and another that is written, as of a pipe or a socket."""

    def __init__(self, reader, writer, buffer_size=DEFAULT_BUFFER_SIZE):
        self.reader = BufferedReader(reader, buffer_size)
        self.writer = BufferedWriter(writer, buffer_size)

    def read(self, size=-1):
        return self.reader.read(size)

    def read1(self, size=-1):
        return self.reader.read1(size)

    def readinto(self, buffer):
        return self.reader.readinto(buffer)

    def readinto1(self, buffer):
        return self.reader.readinto1(buffer)

    def readline(self, size=-1):
        return self.reader.readline(size)

    def peek(self, size=0):
        return self.reader.peek(size)

    def write(self, data):
        return self.writer.write(data)

    def flush(self):
        return self.writer.flush()

    def readable(self):
        return self.reader.readable()

    def writable(self):
        return self.writer.writable()

    def isatty(self):
        return self.reader.isatty() or self.writer.isatty()

    def close(self):
        try:
            self.writer.close()
        finally:
            self.reader.close()

    @property
    def closed(self):
        return self.writer.closed
