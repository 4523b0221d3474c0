# _base.py - the classes that every file derives from. A file needs no __init__() of theirs.

from errno import EAGAIN

SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
DEFAULT_BUFFER_SIZE = 8192


class UnsupportedOperation(OSError, ValueError):
    """The file cannot do that."""

    __module__ = "io"


def unsupported(file, name):
    return UnsupportedOperation("%s.%s() not supported" % (type(file).__name__, name))


def size_of(size):
    """The number that a size argument means, -1 for everything."""
    if size is None:
        return -1
    if isinstance(size, int):
        return size
    index = getattr(type(size), "__index__", None)
    if index is None:
        raise TypeError("argument should be integer or None, not '%s'" % type(size).__name__)
    return index(size)


def check_whence(whence):
    if whence not in (0, 1, 2):
        raise ValueError("invalid whence (%s, should be 0, 1 or 2)" % whence)


class IOBase:
    _is_closed = False

    @property
    def closed(self):
        return self._is_closed

    def _check_closed(self, text="I/O operation on closed file."):
        if self.closed:
            raise ValueError(text)

    _checkClosed = _check_closed

    def _checkReadable(self):
        if not self.readable():
            raise UnsupportedOperation("File or stream is not readable.")

    def _checkWritable(self):
        if not self.writable():
            raise UnsupportedOperation("File or stream is not writable.")

    def _checkSeekable(self):
        if not self.seekable():
            raise UnsupportedOperation("File or stream is not seekable.")

    def seek(self, offset, whence=0):
        raise unsupported(self, "seek")

    def tell(self):
        return self.seek(0, 1)

    def truncate(self, pos=None):
        raise unsupported(self, "truncate")

    def fileno(self):
        raise unsupported(self, "fileno")

    def flush(self):
        self._check_closed()

    def close(self):
        if not self._is_closed:
            try:
                self.flush()
            finally:
                self._is_closed = True

    def readable(self):
        return False

    def writable(self):
        return False

    def seekable(self):
        return False

    def isatty(self):
        self._check_closed()
        return False

    def __enter__(self):
        self._check_closed()
        return self

    def __exit__(self, *error):
        self.close()

    def __iter__(self):
        self._check_closed()
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def readline(self, size=-1):
        size = size_of(size)
        peek = getattr(self, "peek", None)
        line = bytearray()
        while size < 0 or len(line) < size:
            count = 1
            if peek is not None:
                ahead = peek(1)
                if not ahead:
                    break
                count = ahead.find(b"\n") + 1 or len(ahead) or 1
                count = count if size < 0 else min(count, size - len(line))
            part = self.read(count)
            if not isinstance(part, bytes) and part is not None:
                raise OSError("read() should have returned a bytes object, not '%s'" % type(part).__name__)
            if not part:
                break
            line += part
            if part.endswith(b"\n"):
                break
        return bytes(line)

    def readlines(self, hint=-1):
        lines, total = [], 0
        for line in self:
            lines.append(line)
            total += len(line)
            if hint is not None and 0 < hint <= total:
                break
        return lines

    def writelines(self, lines):
        self._check_closed()
        for line in lines:
            self.write(line)

    @classmethod
    def register(cls, other):
        """Take a class that is none of these for one of them: nothing asks."""
        return other


class RawIOBase(IOBase):
    def read(self, size=-1):
        size = size_of(size)
        if size < 0:
            return self.readall()
        data = bytearray(size)
        count = self.readinto(data)
        if count is None:
            return None
        if not 0 <= count <= size:
            raise ValueError("readinto returned %d outside buffer size %d" % (count, size))
        return bytes(data[:count])

    def readall(self):
        found, part = bytearray(), b""
        while True:
            part = self.read(DEFAULT_BUFFER_SIZE)
            if not part:
                break
            found += part
        return bytes(found) if found or part is not None else None

    def readinto(self, buffer):
        raise unsupported(self, "readinto")

    def write(self, data):
        raise unsupported(self, "write")


class BufferedIOBase(IOBase):
    def detach(self):
        raise unsupported(self, "detach")

    def read(self, size=-1):
        raise unsupported(self, "read")

    def read1(self, size=-1):
        raise unsupported(self, "read1")

    def write(self, data):
        raise unsupported(self, "write")

    def readinto(self, buffer):
        return self._into(buffer, self.read)

    def readinto1(self, buffer):
        return self._into(buffer, self.read1)

    def _into(self, buffer, read):
        view = memoryview(buffer).cast("B")
        data = read(len(view))
        view[: len(data)] = data
        return len(data)


class TextIOBase(IOBase):
    encoding = errors = newlines = None

    def detach(self):
        raise unsupported(self, "detach")

    def read(self, size=-1):
        raise unsupported(self, "read")

    def readline(self, size=-1):
        raise unsupported(self, "readline")

    def write(self, text):
        raise unsupported(self, "write")


def would_block(text, written):
    return BlockingIOError(EAGAIN, text, written)
