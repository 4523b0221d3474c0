# files.py - file descriptors: the lowest free integers from 3 on, for objects that can be polled.
#
# A file descriptor refers to a description (a Stream, an epoll), and several may refer to one, as after
# dup(2). A description has `users`, which is kept here, close(), the methods of pollable.py, and if it has
# data read(n), write(data) and `nonblocking`.

from mkernel.errors import oserror

_EBADF, _EINVAL = 9, 22
_LIMIT = 1 << 20  # of the numbers, for dup2()
_FIRST = 3  # after stdin, stdout and stderr

_table = []  # the description of descriptor _FIRST + index, None where it is free
_lowest = 0  # no index below it is free


def take(description):
    """Return the lowest free descriptor for this description. MemoryError: nothing has changed."""
    global _lowest
    index = _lowest
    while index < len(_table) and _table[index] is not None:
        index += 1
    if index == len(_table):
        _table.append(None)
    _table[index] = description
    _lowest = index + 1
    description.users += 1
    return _FIRST + index


def find(number):
    """Return the description of this descriptor. OSError(EBADF) if there is none."""
    if not isinstance(number, int):
        raise TypeError("'%s' object cannot be interpreted as an integer" % type(number).__name__)
    index = number - _FIRST
    description = _table[index] if 0 <= index < len(_table) else None
    if description is None:
        raise oserror(_EBADF)
    return description


def close(number):
    """Free the descriptor; the last one closes its description. Needs no memory."""
    global _lowest
    description = find(number)
    index = number - _FIRST
    _table[index] = None
    _lowest = min(_lowest, index)
    description.users -= 1
    if not description.users:
        description.close()


def dup(number):
    """Return another descriptor for the same description."""
    return take(find(number))


def dup2(number, other):
    """Make `other` a descriptor of the same description; what it was is closed. Returns it."""
    global _lowest
    description = find(number)
    if not _FIRST <= other < _LIMIT:
        raise oserror(_EBADF)
    if other == number:
        return other
    index = other - _FIRST
    while index >= len(_table):
        _table.append(None)
    description.users += 1
    if _table[index] is not None:
        close(other)
    _table[index] = description
    if index == _lowest:
        _lowest += 1
    return other


def read(number, n):
    """Return up to n bytes of what a descriptor refers to; b"" at its end."""
    return _of_data(number, "read").read(n)


def write(number, data):
    """Write to what a descriptor refers to. Returns the number of bytes taken."""
    return _of_data(number, "write").write(data)


def _of_data(number, call):
    description = find(number)
    if not hasattr(description, call):
        raise oserror(_EINVAL)
    return description


def get_blocking(number):
    """Whether read() and write() of the description wait."""
    return not _of_data(number, "read").nonblocking


def set_blocking(number, blocking):
    """Have read() and write() of the description wait, or not."""
    _of_data(number, "read").nonblocking = not blocking
