# _pipes.py - pipes between the tasks of this program.

from mkernel import files as _table
from mkernel import pipes as _pipes


def pipe():
    """Return the numbers of a new pipe's ends: to read from, to write to."""
    return _pipes.pipe()


def pipe2(flags):
    """As pipe(); O_NONBLOCK is for both ends."""
    ends = pipe()
    for each in ends:
        _table.set_blocking(each, not flags & 0x800)
    return ends
