# time - CPython's clocks and sleep() over the scheduler, beside MicroPython's own: ticks_ms(), gmtime() ...

import _mkernel
from mkernel.scheduler import deadline_after as _deadline_after
from mkernel.scheduler import needed as _needed
from mkernel.scheduler import sleep as _sleep
from utime import *  # noqa: F403 - MicroPython's built-in module by the name that finds no file

time_ns = _mkernel.clock_wall
monotonic_ns = perf_counter_ns = _mkernel.clock_monotonic


def time():
    """Seconds since 1970."""
    return time_ns() / 1_000_000_000


def monotonic():
    """Seconds since some point before the start."""
    return monotonic_ns() / 1_000_000_000


perf_counter = monotonic


def sleep(seconds):
    """Let the others run for so long."""
    _deadline_after(_needed(seconds))
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    _sleep(seconds)


def sleep_ms(ms):
    """MicroPython's: milliseconds."""
    _sleep(ms / 1000)


def sleep_us(us):
    """MicroPython's: microseconds."""
    _sleep(us / 1_000_000)
