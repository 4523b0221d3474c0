# waiting.py - the one place where a socket call waits, and the errors it ends with.
#
# A deadline is None (wait for ever), NOW (do not wait) or a time of the scheduler's clock in microseconds.
import _fiber
from micropython import const
from mkernel.errors import oserror, timed_out

from ..errors import EAGAIN, EOPNOTSUPP

NOW = const(0)
_TURNS = const(16)


class Fairness:
    """Calls that find their data ready do not wait; after some of them in a row the other fibers run all the
    same."""

    turns = 0


def breathe():
    """A call was served without waiting."""
    Fairness.turns += 1
    if Fairness.turns >= _TURNS:
        Fairness.turns = 0
        _fiber.yield_()


def wait(waiters, deadline):
    """Park until woken. BlockingIOError if the call may not wait, TimeoutError at the deadline."""
    if deadline == NOW:
        raise oserror(EAGAIN)
    Fairness.turns = 0
    if not waiters.wait(deadline):
        raise timed_out()


def only(allowed, flags):
    """Of send's and recv's flags there is none but MSG_OOB, for streams: better refused than ignored."""
    if flags & ~allowed:
        raise oserror(EOPNOTSUPP, "flags %#x" % flags)
    return flags


def no_flags(flags):
    """None is allowed."""
    only(0, flags)
