# files.py - file numbers: small integers from 3 up, the lowest that is free, for what can be waited for.
#
# A number names a description (a Stream, an epoll), and several may name one, as after dup(2). A description
# has `users`, which is kept here, close(), and the calls of pollable.py.

from mkernel.errors import oserror

_EBADF = 9
_FIRST = 3  # behind stdin, stdout and stderr

_table = []  # the description of number _FIRST + index, None where the number is free
_lowest = 0  # no index below is free


def take(description):
    """The lowest free number, for this description from now on. MemoryError: nothing has changed."""
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
    """The description with this number. OSError(EBADF) if there is none."""
    if not isinstance(number, int):
        raise TypeError("'%s' object cannot be interpreted as an integer" % type(number).__name__)
    index = number - _FIRST
    description = _table[index] if 0 <= index < len(_table) else None
    if description is None:
        raise oserror(_EBADF)
    return description


def close(number):
    """Give the number back; its description is closed with the last number that names it. Needs no memory."""
    global _lowest
    description = find(number)
    index = number - _FIRST
    _table[index] = None
    _lowest = min(_lowest, index)
    description.users -= 1
    if not description.users:
        description.close()
