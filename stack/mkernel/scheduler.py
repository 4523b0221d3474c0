# scheduler.py - the loop around the fibers: it runs the pollers, expires deadlines, lets every ready fiber
# run once, and sleeps in the machine when nobody is ready. It lives on the stack that called run_until(),
# never blocks anywhere else, and knows nothing of what the pollers do.
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
_at_exit = []
_SECONDS_MAX = 9223372036.854775  # CPython's: 2**63 nanoseconds
_stop = None  # the PowerOff that ends run_until(), once there is one

_FAR = 1 << 52  # microseconds: as nanoseconds still a small integer


def now():
    """The time of this turn of the loop. The clock is read once a turn: protocols live by that."""
    return _now


def clock():
    """The time now, for the deadlines of callers that may have computed since the turn began."""
    return _clock() // 1000


def deadline_after(seconds):
    """The deadline `seconds` from now; None (for ever) stays None. CPython's errors for what is no time."""
    if seconds is None:
        return None
    try:
        if -_SECONDS_MAX < seconds < _SECONDS_MAX:
            return clock() + int(seconds * 1_000_000)
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
    """For calls that take no None: `seconds` itself, or TypeError."""
    if seconds is None:
        raise _no_time(seconds)
    return seconds


def sleep(seconds):
    """Let the others run, for at least `seconds`; 0 is one turn of the loop."""
    _fiber.park(deadline_after(seconds))


def add_poller(poller):
    """Have `poller.poll(now)` called every turn, by `poller.deadline()` (or None) at the latest."""
    _pollers.append(poller)


def remove_poller(poller):
    """Undo add_poller(), which needs no memory."""
    if poller in _pollers:
        _pollers.remove(poller)


def run_until(task):
    """Run the loop until `task.done`. Deadlock if that can never be, PowerOff after poweroff().

    Nothing in here asks for memory, and no poller may raise: a full heap is a MemoryError in the task that
    asked, never here.
    """
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
    """What its users have let go of without closing it (_fiber.Guard) is told so."""
    what = _fiber.abandoned()
    while what is not None:
        try:
            what.abandoned()
        except Exception:
            pass  # nobody is there to be told
        what = _fiber.abandoned()


def _idle():
    """Sleep until the next deadline or until a device has work."""
    deadline = _fiber.next_deadline()
    for poller in _pollers:
        due = poller.deadline()
        if due is not None and (deadline is None or due < deadline):
            deadline = due
    if deadline is not None:
        _mkernel.poll(min(deadline, _FAR) * 1000)
    elif _pollers:
        _mkernel.poll(-1)
    else:
        names = [str(fiber.name) for fiber in _fiber.parked()]
        raise Deadlock("every task waits for another one: " + ", ".join(names))


def atexit(fun):
    """Have `fun()` called when the image ends; it may block, but all together have a limited time."""
    _at_exit.append(fun)


def run_at_exit():
    """Call what atexit() was given, the latest first."""
    while _at_exit:
        _at_exit.pop()()


def poweroff(code=0):
    """End the image with this exit code, whatever the other tasks do. Does not return."""
    global _stop
    never = Waiters()
    _stop = PowerOff(code)
    never.wait()
