# _numbers.py - files by number: os.open(), read(), write() ...

import sys
from os._paths import fsdecode as _fsdecode

import _mkernel
from mkernel import files as _table
from mkernel.errors import oserror as _oserror
from mkernel.fs import handle as _handle

_EBADF, _EINVAL, _ENOTTY, _ESPIPE = 9, 22, 25, 29


class _Console:
    """What the numbers 0, 1 and 2 are."""

    users = 1  # never closed

    def __init__(self, number):
        self.number = number

    def close(self):
        pass

    def read(self, size):
        if self.number:
            raise _oserror(_EBADF)
        stdin = sys.stdin
        return getattr(stdin, "buffer", stdin).readline(size)

    def write(self, data):
        stream = sys.stderr if self.number == 2 else sys.stdout
        getattr(stream, "buffer", stream).write(bytes(data))
        return len(data)

    def stat(self):
        now = _mkernel.clock_wall()
        return (0o020620, 1, 5, 1, 0, 0, 0) + (now // 1_000_000_000,) * 3 + (now,) * 3


_consoles = tuple([_Console(number) for number in range(3)])


def _find(fd):
    """Return the description of a number. OSError(EBADF)"""
    if not isinstance(fd, int):
        raise TypeError("'%s' object cannot be interpreted as an integer" % type(fd).__name__)
    try:
        return _table.find(fd)
    except OSError:
        if 0 <= fd < 3:
            return _consoles[fd]
        raise


def _call(fd, name, errno, *args):
    call = getattr(_find(fd), name, None)
    if call is None:
        raise _oserror(errno)
    return call(*args)


def open(path, flags, mode=0o777, *, dir_fd=None):
    """Open a file and return its number. OSError has CPython's errno and the path."""
    if dir_fd is not None:
        raise NotImplementedError("dir_fd unavailable on this platform")
    try:
        return _table.take(_handle.open_path(_fsdecode(path), flags, mode & ~_mask))
    except OSError as error:
        raise OSError(
            error.errno, error.strerror, path if isinstance(path, (str, bytes)) else _fsdecode(path)
        ) from None


def close(fd):
    if 0 <= fd < 3:
        try:
            _table.find(fd)
        except OSError:
            return  # the console stays
    _table.close(fd)


def closerange(fd_low, fd_high):
    for fd in range(fd_low, fd_high):
        try:
            close(fd)
        except OSError:
            pass


def read(fd, length):
    """Read at most `length` bytes; none at the end of the file."""
    if length < 0:
        raise _oserror(_EINVAL)
    return _call(fd, "read", _EINVAL, length)


def write(fd, data):
    """Write bytes, and return how many were taken."""
    return _call(fd, "write", _EINVAL, memoryview(data))


def readv(fd, buffers):
    count = 0
    for each in buffers:
        data = read(fd, len(each))
        each[: len(data)] = data
        count += len(data)
        if len(data) < len(each):
            break
    return count


def writev(fd, buffers):
    return write(fd, b"".join(buffers))


def pread(fd, length, offset):
    return _apart(fd, offset, lambda: read(fd, length))


def pwrite(fd, data, offset):
    return _apart(fd, offset, lambda: write(fd, data))


def _apart(fd, offset, call):
    before = lseek(fd, 0, 1)
    lseek(fd, offset, 0)
    try:
        return call()
    finally:
        lseek(fd, before, 0)


def lseek(fd, position, how):
    """Set the position of a file, and return it. OSError(ESPIPE): it has none."""
    return _call(fd, "seek", _ESPIPE, position, how)


def ftruncate(fd, length):
    return _call(fd, "truncate", _EINVAL, length)


def fsync(fd):
    """Nothing is kept back."""
    _find(_number(fd))


def _number(fd):
    return fd if isinstance(fd, int) else fd.fileno()


fdatasync = fsync


def sync():
    pass


def isatty(fd):
    """False: the console is no terminal. Also for a number of nothing."""
    return False


def ttyname(fd):
    _find(fd)
    raise _oserror(_ENOTTY)


def dup(fd):
    """Return another number of the same open file."""
    return _table.take(_find(fd))


def dup2(fd, fd2, inheritable=True):
    """Make `fd2` another number of the same open file."""
    return _table.dup2(fd, fd2)


def get_inheritable(fd):
    _find(fd)
    return False


def set_inheritable(fd, inheritable):
    _find(fd)


def get_blocking(fd):
    return not getattr(_find(fd), "nonblocking", False)


def set_blocking(fd, blocking):
    description = _find(fd)
    if hasattr(description, "nonblocking"):
        description.nonblocking = not blocking


def sendfile(out_fd, in_fd, offset, count):
    """Copy from a file to a socket. `offset` None: from the file's position on."""
    data = read(in_fd, count) if offset is None else pread(in_fd, count, offset)
    sent = write(out_fd, data) if data else 0
    if offset is None and sent < len(data):
        lseek(in_fd, sent - len(data), 1)
    return sent


def fdopen(fd, mode="r", buffering=-1, encoding=None, *args, **kwargs):
    """Return a file object of a number."""
    if not isinstance(fd, int):
        raise TypeError("invalid fd type (%s, expected integer)" % type(fd))
    import io

    return io.open(fd, mode, buffering, encoding, *args, **kwargs)


_mask = 0o022


def umask(mask):
    global _mask
    before, _mask = _mask, mask & 0o777
    return before
