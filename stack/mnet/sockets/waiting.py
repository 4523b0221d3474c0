# waiting.py - waiting of socket calls, and the errors that end it.
#
# A deadline is None (no limit), NOW (do not wait) or a time of the scheduler's clock in microseconds.
import _fiber
from micropython import const
from mkernel.errors import oserror, timed_out

from ..errors import EAGAIN, EOPNOTSUPP

NOW = const(0)
_TURNS = const(16)


class _Fairness:
    """Counts calls that found their data ready and did not wait; after some of them in a row the other
    fibers run (docs/adr/0008)."""

    turns = 0


def yield_if_due():
    """Yield every 16th call that is served without waiting."""
    _Fairness.turns += 1
    if _Fairness.turns >= _TURNS:
        _Fairness.turns = 0
        _fiber.yield_()


def wait(waiters, deadline):
    """Park until woken. BlockingIOError if the call must not wait, TimeoutError at the deadline."""
    if deadline == NOW:
        raise oserror(EAGAIN)
    _Fairness.turns = 0
    if not waiters.wait(deadline):
        raise timed_out()


def only(allowed, flags):
    """Refuse all flags but MSG_OOB, which streams support."""
    if flags & ~allowed:
        raise oserror(EOPNOTSUPP, "flags %#x" % flags)
    return flags


def no_flags(flags):
    """Refuse all flags."""
    only(0, flags)
