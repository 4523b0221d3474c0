# files.py - file descriptors: the lowest free integers from 3 on, for objects that can be polled.
#
# A file descriptor refers to a description (a Stream, an epoll), and several may refer to one, as after
# dup(2). A description has `users`, which is kept here, close(), and the methods of pollable.py.

from mkernel.errors import oserror

_EBADF = 9
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
