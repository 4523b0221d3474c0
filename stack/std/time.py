# time - CPython's clocks and sleep() over the scheduler, with MicroPython's ticks. The calendar is in _time.

import _mkernel
from mkernel.scheduler import deadline_after as _deadline_after
from mkernel.scheduler import needed as _needed
from mkernel.scheduler import sleep as _sleep
from utime import ticks_add, ticks_cpu, ticks_diff, ticks_ms, ticks_us  # noqa: F401 - of MicroPython's module in C

_CALENDAR = "_time"  # no import statement: only programs that need it have it

time_ns = _mkernel.clock_wall
monotonic_ns = perf_counter_ns = _mkernel.clock_monotonic


def __getattr__(name):
    """What the image has of _time."""
    try:
        found = getattr(__import__(_CALENDAR), name)
    except (ImportError, AttributeError):
        raise AttributeError("module 'time' has no attribute '%s'" % name)
    globals()[name] = found
    return found


def time():
    """Return the seconds since 1970."""
    return time_ns() / 1_000_000_000


def monotonic():
    """Return the seconds since an arbitrary point before the start."""
    return monotonic_ns() / 1_000_000_000


perf_counter = monotonic


def sleep(seconds):
    """Suspend the task for `seconds`."""
    _deadline_after(_needed(seconds))
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    _sleep(seconds)


def sleep_ms(ms):
    """Suspend the task for `ms` milliseconds (MicroPython)."""
    _sleep(ms / 1000)


def sleep_us(us):
    """Suspend the task for `us` microseconds (MicroPython)."""
    _sleep(us / 1_000_000)
