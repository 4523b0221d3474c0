# _fileio.py - io.FileIO and open(): files by path or number, for the classes of io.

import io
from os import _numbers
from os._paths import fspath as _fspath
from stat import S_ISDIR as _S_ISDIR

import _fiber
from mkernel import files as _table

__all__ = ("FileIO", "open", "open_code")

_READ, _WRITE, _UPDATE = 0, 1, 2  # O_RDONLY, O_WRONLY, O_RDWR
_CREAT, _EXCL, _TRUNC, _APPEND, _CLOEXEC = 0o100, 0o200, 0o1000, 0o2000, 0o2000000
_FLAGS = {"r": 0, "w": _CREAT | _TRUNC, "x": _CREAT | _EXCL, "a": _CREAT | _APPEND}
_EISDIR, _ESPIPE = 21, 29
_PIECE = 65536


class _Unclosed:
    """The number of a file whose object became unreachable (mkernel.scheduler)."""

    def __init__(self, number, description):
        self.number = number
        self.description = description

    def abandoned(self):
        if _table.find(self.number) is self.description:
            _table.close(self.number)


class FileIO(io.RawIOBase):
    """A file without a buffer: each call is one of os."""

    def __init__(self, file, mode="r", closefd=True, opener=None):
        self._fd = -1
        self._guard = None
        self._closefd = closefd
        kind = _kind(mode)
        self._readable = kind == "r" or "+" in mode
        self._writable = kind != "r" or "+" in mode
        self._created, self._appending, self._update = kind == "x", kind == "a", "+" in mode
        self._seekable = None
        if isinstance(file, float):
            raise TypeError("integer argument expected, got float")
        if isinstance(file, int):
            if file < 0:
                raise ValueError("negative file descriptor")
            self._fd = file
        else:
            self._open(file, kind, opener)
        self.name = file
        try:
            self._check_kind(file)
        except BaseException:
            if not isinstance(file, int):
                _numbers.close(self._fd)
            self._fd = -1
            raise
        if closefd:
            self._guard = _guarded(self._fd)

    def _open(self, file, kind, opener):
        if not self._closefd:
            raise ValueError("Cannot use closefd=False with file name")
        flags = _FLAGS[kind] | _CLOEXEC
        flags |= _UPDATE if self._readable and self._writable else _WRITE if self._writable else _READ
        if opener is None:
            self._fd = _numbers.open(_fspath(file), flags, 0o666)
            return
        fd = opener(file, flags)
        if not isinstance(fd, int):
            raise TypeError("expected integer from opener")
        if fd < 0:
            raise ValueError("opener returned %d" % fd)
        self._fd = fd

    def _check_kind(self, file):
        mode = _numbers._call(self._fd, "stat", 9)[0]
        if _S_ISDIR(mode):
            raise OSError(_EISDIR, "Is a directory", file)
        node = getattr(_numbers._find(self._fd), "node", None)
        self._in_memory = hasattr(node, "data")  # then a buffer for writing saves nothing
        if self._appending:
            try:
                _numbers.lseek(self._fd, 0, 2)
            except OSError as error:
                if error.errno != _ESPIPE:
                    raise

    @property
    def _blksize(self):
        return 4096

    @property
    def closefd(self):
        return self._closefd

    @property
    def closed(self):
        return self._fd < 0

    @property
    def mode(self):
        first = "x" if self._created else "a" if self._appending else None
        if first:
            return first + ("b+" if self._readable else "b")
        if self._readable:
            return "rb+" if self._writable else "rb"
        return "wb"

    def __repr__(self):
        name = "_io.FileIO" if type(self) is FileIO else type(self).__name__
        if self.closed:
            return "<%s [closed]>" % name
        said = "name=%r" % (self.name,) if hasattr(self, "name") else "fd=%d" % self._fd
        return "<%s %s mode=%r closefd=%r>" % (name, said, self.mode, self._closefd)

    def __getstate__(self):
        raise TypeError("cannot pickle %r object" % type(self).__name__)

    def _open_number(self):
        if self._fd < 0:
            raise ValueError("I/O operation on closed file")
        return self._fd

    def _must(self, can, what):
        if not can:
            raise io.UnsupportedOperation("File not open for " + what)

    def fileno(self):
        return self._open_number()

    def isatty(self):
        return _numbers.isatty(self._open_number())

    def readable(self):
        self._open_number()
        return self._readable

    def writable(self):
        self._open_number()
        return self._writable

    def seekable(self):
        fd = self._open_number()
        if self._seekable is None:
            try:
                _numbers.lseek(fd, 0, 1)
                self._seekable = True
            except OSError:
                self._seekable = False
        return self._seekable

    def read(self, size=-1):
        """Read at most `size` bytes with one call, all without; None if it would block."""
        fd = self._open_number()
        self._must(self._readable, "reading")
        if size is None or size < 0:
            return self.readall()
        try:
            return _numbers.read(fd, size)
        except BlockingIOError:
            return None

    def readall(self):
        fd = self._open_number()
        self._must(self._readable, "reading")
        pieces, size = [], _size(fd)
        while True:
            try:
                data = _numbers.read(fd, size)
            except BlockingIOError:
                return b"".join(pieces) if pieces else None
            if not data:
                return pieces[0] if len(pieces) == 1 else b"".join(pieces)  # a copy less
            pieces.append(data)
            size = _PIECE

    def readinto(self, buffer, /):
        view = memoryview(buffer)
        data = self.read(len(view))
        if data is None:
            return None
        view[: len(data)] = data
        return len(data)

    def write(self, data, /):
        fd = self._open_number()
        self._must(self._writable, "writing")
        if isinstance(data, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        try:
            return _numbers.write(fd, data)
        except BlockingIOError:
            return None

    def seek(self, pos, whence=0, /):
        fd = self._open_number()
        if isinstance(pos, float):
            raise TypeError("an integer is required")
        return _numbers.lseek(fd, pos, whence)

    def tell(self):
        return _numbers.lseek(self._open_number(), 0, 1)

    def truncate(self, size=None, /):
        """Cut off at `size`, else at the position; the position stays."""
        fd = self._open_number()
        self._must(self._writable, "writing")
        size = self.tell() if size is None else size
        _numbers.ftruncate(fd, size)
        return size

    def close(self):
        if self.closed:
            return
        fd, self._fd = self._fd, -1
        if self._guard is not None:
            self._guard.drop()
        if self._closefd:
            _numbers.close(fd)


def _size(fd):
    """How much to read at first: a file whole."""
    try:
        return max(_PIECE, _numbers._call(fd, "stat", 9)[6])
    except OSError:
        return _PIECE


def _guarded(fd):
    """Close the number when its file becomes unreachable; those of the console stay."""
    try:
        return _fiber.Guard(_Unclosed(fd, _table.find(fd)))
    except OSError:
        return None


def _kind(mode):
    """Return "r", "w", "x" or "a" of a mode of FileIO."""
    if not set(mode) <= set("rwxab+"):
        raise ValueError("invalid mode: %s" % mode)
    kinds = [each for each in mode if each in "rwxa"]
    if len(kinds) != 1 or mode.count("+") > 1:
        said = "Must have exactly one of create/read/write/append mode and at most one plus"
        raise ValueError(said)
    return kinds[0]


def _check(mode, buffering, encoding, errors, newline):
    """Refuse what open() does not accept. Returns (kind, whether it is updated, whether it is binary)."""
    for name, value in (("mode", mode), ("encoding", encoding), ("errors", errors)):
        if not isinstance(value, str) and (name == "mode" or value is not None):
            raise TypeError("open() argument '%s' must be str%s, not %s" % (name, *_said(name, value)))
    if set(mode) - set("axrwb+t") or len(mode) > len(set(mode)):
        raise ValueError("invalid mode: %r" % mode)
    kinds = [each for each in "xrwa" if each in mode]
    binary, text = "b" in mode, "t" in mode
    if text and binary:
        raise ValueError("can't have text and binary mode at once")
    if len(kinds) > 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    if not kinds:
        raise ValueError("Must have exactly one of create/read/write/append mode and at most one plus")
    for name, value in (("encoding", encoding), ("errors", errors), ("newline", newline)):
        if binary and value is not None:
            article = "an" if name != "newline" else "a"
            raise ValueError("binary mode doesn't take %s %s argument" % (article, name))
    return kinds[0], "+" in mode, binary


def _said(name, value):
    return ("" if name == "mode" else " or None"), "None" if value is None else type(value).__name__


def open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    """Open a file and return a stream, as CPython's open()."""
    if not isinstance(file, int):
        file = _fspath(file)
    kind, updated, binary = _check(mode, buffering, encoding, errors, newline)
    raw = FileIO(file, kind + ("+" if updated else ""), closefd, opener)
    result = raw
    try:
        if buffering == 0:
            if binary:
                return result
            raise ValueError("can't have unbuffered text I/O")
        lines = buffering == 1
        size = buffering if buffering > 1 else io.DEFAULT_BUFFER_SIZE
        if updated:
            result = io.BufferedRandom(raw, size)
        elif kind == "r":
            result = io.BufferedReader(raw, size)
        else:
            result = io.BufferedWriter(raw, size)
            if raw._in_memory:  # a buffer saves nothing, and a file that is never closed would lose it
                result._limit = 0
        if binary:
            return result
        result = io.TextIOWrapper(result, encoding, errors, newline, lines, raw._in_memory)
        result.mode = mode
        return result
    except BaseException:
        result.close()
        raise


def open_code(path):
    """Open a file of code: as open(path, "rb")."""
    if not isinstance(path, str):
        raise TypeError("open_code() argument 'path' must be str, not %s" % type(path).__name__)
    return open(path, "rb")
