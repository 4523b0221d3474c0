# scheduler.py - the event loop of the fibers: it runs the pollers, expires deadlines, runs every ready fiber
# once, and sleeps in the machine when no fiber is ready. It runs on the stack that called run_until(), blocks
# nowhere else, and does not depend on what the pollers do.
#
# Times are microseconds of the monotonic clock. `_fiber` keeps the waits and their deadlines
# (port/fiber/park.c).

import _fiber
import _mkernel

from mkernel.errors import Deadlock, PowerOff

# wait(deadline=None) -> False if the deadline passed first; wake(); wake_all(); .empty
Waiters = _fiber.Waiters
_clock = _mkernel.clock_monotonic

_now = _clock() // 1000
_pollers = []
_devices = []  # the pollers that an interrupt may wake
_at_exit = []
_SECONDS_MAX = 9223372036.854775  # CPython's: 2**63 nanoseconds
_stop = None  # the PowerOff that ends run_until(), if any

_ALMOST = 1 - 2.0**-20
_FAR = 1 << 52  # microseconds: in nanoseconds still a small integer


def now():
    """Return the time of this turn of the loop. Protocols use it: the clock is read once a turn."""
    return _now


def clock():
    """Read the clock, for the deadlines of callers that may have computed since the turn began."""
    return _clock() // 1000


def deadline_after(seconds):
    """Return the deadline `seconds` from now; None for None (no deadline). CPython's errors for an invalid
    time."""
    if seconds is None:
        return None
    try:
        if -_SECONDS_MAX < seconds < _SECONDS_MAX:
            return (_clock() + 999) // 1000 + int(seconds * 1_000_000 + _ALMOST)  # not earlier
    except TypeError:
        pass
    raise _no_time(seconds)


def _no_time(seconds):
    if isinstance(seconds, int):
        return OverflowError("timestamp too large to convert to C _PyTime_t")
    if not isinstance(seconds, float):
        return TypeError("'%s' object cannot be interpreted as an integer" % type(seconds).__name__)
    if seconds != seconds:
        return ValueError("Invalid value NaN (not a number)")
    return OverflowError("timestamp out of range for platform time_t")


def needed(seconds):
    """Return `seconds` for calls that do not accept None: TypeError."""
    if seconds is None:
        raise _no_time(seconds)
    return seconds


def sleep(seconds):
    """Suspend the task for at least `seconds`; 0 is one turn of the loop."""
    _fiber.park(deadline_after(seconds))


def add_poller(poller, devices=True):
    """Have `poller.poll(now)` called every turn, by `poller.deadline()` (or None) at the latest. `devices`:
    it has some, whose interrupts end an idle wait; else a program whose tasks all wait is a deadlock."""
    remove_poller(poller)
    _pollers.append(poller)
    if devices:
        _devices.append(poller)


def remove_poller(poller):
    """Undo add_poller(), which needs no memory."""
    if poller in _pollers:
        _pollers.remove(poller)
    if poller in _devices:
        _devices.remove(poller)


def run_until(task):
    """Run the loop until `task.done`. Raises Deadlock if that cannot happen, PowerOff after poweroff().
    The loop does not allocate and pollers must not raise: a full heap is a MemoryError in the task that
    allocates."""
    global _now, _stop
    while not task.done:
        _now = at = _clock() // 1000
        for poller in _pollers:
            poller.poll(at)
        _fiber.expire(at)
        _fiber.yield_()
        _close_abandoned()
        if _stop is not None:
            stop, _stop = _stop, None
            raise stop
        if not _fiber.ready() and not task.done:
            _idle()


def _close_abandoned():
    """Close objects that became unreachable without being closed (_fiber.Guard)."""
    what = _fiber.abandoned()
    while what is not None:
        try:
            what.abandoned()
        except Exception:
            pass  # no task can receive the error
        what = _fiber.abandoned()


def _idle():
    """Sleep until the next deadline or a device event."""
    deadline = _fiber.next_deadline()
    for poller in _pollers:
        due = poller.deadline()
        if due is not None and (deadline is None or due < deadline):
            deadline = due
    if deadline is not None:
        _mkernel.poll(min(deadline, _FAR) * 1000)
    elif _devices:
        _mkernel.poll(-1)
    else:
        names = [str(fiber.name) for fiber in _fiber.parked()]
        raise Deadlock("every task waits for another one: " + ", ".join(names))


def atexit(fun):
    """Call `fun()` when the image ends. It may block; all functions together have limited time."""
    _at_exit.append(fun)


def run_at_exit():
    """Call the functions given to atexit(), the latest first."""
    while _at_exit:
        _at_exit.pop()()


def poweroff(code=0):
    """End the image with this exit code, even if tasks are running. Does not return."""
    global _stop
    never = Waiters()
    _stop = PowerOff(code)
    never.wait()
