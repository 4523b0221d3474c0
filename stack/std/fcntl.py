# fcntl - flags of file descriptors: whether calls block. There are no locks of files: one program has them
# all.
import os as _os

from mkernel import files as _files
from mkernel.errors import oserror as _oserror

F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL = 0, 1, 2, 3, 4
F_GETLK, F_SETLK, F_SETLKW = 5, 6, 7
F_DUPFD_CLOEXEC = 1030
FD_CLOEXEC = 1
LOCK_SH, LOCK_EX, LOCK_NB, LOCK_UN = 1, 2, 4, 8
F_RDLCK, F_WRLCK, F_UNLCK = 0, 1, 2
FIONBIO, FIONREAD = 0x5421, 0x541B

_EINVAL, _EBADF, _ENOTTY = 22, 9, 25
_O_NONBLOCK, _O_RDWR = 0o4000, 2
_STDIO = 3  # descriptors below are the console's


def _number(fd):
    number = fd if isinstance(fd, int) else fd.fileno()
    if not isinstance(number, int):
        raise TypeError("argument must be an int, or have a fileno() method.")
    if number < 0:
        raise ValueError("file descriptor cannot be a negative integer (%d)" % number)
    return number


def _set_blocking(fd, number, blocking):
    if hasattr(fd, "setblocking"):
        fd.setblocking(blocking)
    elif number >= _STDIO:
        _os.set_blocking(number, blocking)


def _is_blocking(fd, number):
    if hasattr(fd, "gettimeout"):
        return fd.gettimeout() is None
    return number < _STDIO or _os.get_blocking(number)


def fcntl(fd, cmd, arg=0):
    """Run a command on a descriptor, or on an object that has one. A socket object that is made non-blocking
    has the timeout 0; its number alone changes what os.read() and os.write() do."""
    number = _number(fd)
    if number >= _STDIO:
        _files.find(number)
    if cmd == F_GETFL:
        return _O_RDWR | (0 if _is_blocking(fd, number) else _O_NONBLOCK)
    if cmd == F_SETFL:
        _set_blocking(fd, number, not arg & _O_NONBLOCK)
        return 0
    if cmd == F_GETFD:
        return FD_CLOEXEC
    if cmd == F_SETFD:
        return 0
    if cmd in (F_DUPFD, F_DUPFD_CLOEXEC):
        return _os.dup(number)
    raise _oserror(_EINVAL)


def ioctl(fd, request, arg=0, mutate_flag=True):
    """Of the requests FIONBIO."""
    number = _number(fd)
    if request != FIONBIO:
        raise _oserror(_ENOTTY)
    _set_blocking(fd, number, not (arg if isinstance(arg, int) else any(bytes(arg))))
    return 0


def flock(fd, operation):
    """Succeed: no other process could have a lock."""
    if _number(fd) >= _STDIO:
        _files.find(_number(fd))


def lockf(fd, cmd, len=0, start=0, whence=0):
    """Succeed: no other process could have a lock."""
    flock(fd, cmd)
