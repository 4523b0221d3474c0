# _bytes.py - BytesIO: bytes that are read and written as a file.

from ._base import BufferedIOBase, check_whence, size_of


class BytesIO(BufferedIOBase):
    def __init__(self, initial_bytes=b""):
        self._is_closed = False
        self._data = bytearray(b"" if initial_bytes is None else memoryview(initial_bytes))
        self._at = 0

    def __getstate__(self):
        self._check()
        own = {name: value for name, value in self.__dict__.items() if name not in _OWN}
        return self.getvalue(), self._at, own or None

    def __setstate__(self, state):
        self._check()
        if not isinstance(state, tuple) or len(state) < 3:
            raise TypeError(
                "%s.__setstate__ argument should be 3-tuple, got %s" % (_name(self), type(state).__name__)
            )
        data, at, own = state[:3]
        if not isinstance(at, int):
            raise TypeError("second item of state must be an integer, not " + type(at).__name__)
        if at < 0:
            raise ValueError("position value cannot be negative")
        if own is not None and not isinstance(own, dict):
            raise TypeError("third item of state should be a dict, got a " + type(own).__name__)
        self._data[:] = bytes(data)
        self._at = at
        for name, value in (own or {}).items():
            setattr(self, name, value)

    def _check(self):
        if self._is_closed:
            raise ValueError("I/O operation on closed file.")

    def readable(self):
        self._check()
        return True

    writable = seekable = readable

    def close(self):
        self._is_closed = True
        self._data = bytearray()

    def getvalue(self):
        self._check()
        return bytes(self._data)

    def getbuffer(self):
        self._check()
        return memoryview(self._data)

    def _take(self, end):
        data = bytes(memoryview(self._data)[self._at : end])
        self._at += len(data)
        return data

    def read(self, size=-1):
        self._check()
        size = size_of(size)
        return self._take(len(self._data) if size < 0 else self._at + size)

    read1 = read

    def readinto(self, buffer):
        self._check()
        view = memoryview(buffer).cast("B")
        data = self._take(self._at + len(view))
        view[: len(data)] = data
        return len(data)

    readinto1 = readinto

    def readline(self, size=-1):
        self._check()
        size = size_of(size)
        end = self._data.find(b"\n", self._at) + 1 if self._at <= len(self._data) else 0
        end = end or len(self._data)
        return self._take(end if size < 0 else min(end, self._at + size))

    def readlines(self, hint=-1):
        self._check()
        hint = size_of(hint)
        lines, total = [], 0
        while self._at < len(self._data) and not 0 < hint <= total:
            lines.append(self.readline())
            total += len(lines[-1])
        return lines

    def write(self, data):
        self._check()
        if isinstance(data, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        view = memoryview(data)
        count = view.nbytes
        if not count:
            return 0
        if self._at > len(self._data):
            self._data += bytes(self._at - len(self._data))
        if self._at == len(self._data):
            self._data += view.cast("B")
        else:
            self._data[self._at : self._at + count] = view.cast("B")
        self._at += count
        return count

    def seek(self, offset, whence=0):
        self._check()
        if not isinstance(offset, int):
            raise TypeError("'%s' object cannot be interpreted as an integer" % type(offset).__name__)
        check_whence(whence)
        if whence == 0 and offset < 0:
            raise ValueError("negative seek value %d" % offset)
        self._at = max((0, self._at, len(self._data))[whence] + offset, 0)
        return self._at

    def tell(self):
        self._check()
        return self._at

    def truncate(self, size=None):
        self._check()
        if size is None:
            size = self._at
        elif not isinstance(size, int):
            raise TypeError("argument should be integer or None, not '%s'" % type(size).__name__)
        if size < 0:
            raise ValueError("negative size value %d" % size)
        if size < len(self._data):
            self._data[size:] = b""
        return size


_OWN = ("_is_closed", "_data", "_at")


def _name(value):
    return "_io." + type(value).__name__ if type(value) is BytesIO else type(value).__name__
