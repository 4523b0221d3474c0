# _fiber.py - the module `_fiber` (port/fiber/modfiber.c) for CPython, over greenlet: same names, same rules,
# checked by the same tests (tests/unit/mkernel). Differences: a stack has no size, nothing refuses a switch,
# stats() counts no frames.

import heapq
import sys
import traceback
from collections import deque

import greenlet

_READY, _RUNNING, _PARKED, _DONE = range(4)
_RAISE = object()  # what throw() has a parked fiber resume with


class Fiber:
    """One fiber. `name` and `task` are the scheduler's to set."""

    def __init__(self, call):
        self.name = self.task = self.result = self.exception = None
        self._call = call  # function and arguments, until it starts
        self._glet = None
        self._status = _READY
        self._value = self._thrown = self._queue = None
        self._timer = -1  # order of its entry in the heap of deadlines, -1: none

    @property
    def done(self):
        return self._status == _DONE


class Waiters:
    """A queue of parked fibers."""

    def __init__(self):
        self._queue = deque()

    def wait(self, deadline=None):
        return _park(self._queue, deadline)

    def wake(self):
        return bool(self._queue) and wake(self._queue[0], True)

    def wake_all(self):
        n = 0
        while self.wake():
            n += 1
        return n

    @property
    def empty(self):
        return not self._queue


_abandoned = []


class Guard:
    """A guard of `what`, which abandoned() returns once the guard is unreachable."""

    def __init__(self, what):
        self._what = what

    def drop(self):
        self._what = None

    def __del__(self):
        if self._what is not None:
            _abandoned.append(self._what)


def abandoned():
    return _abandoned.pop() if _abandoned else None


_root = _current = Fiber(None)
_root._glet = greenlet.getcurrent()
_root._status = _RUNNING
_live = {_root: None}  # in the order of their births
_run_queue = deque()
_deadlines = []  # (deadline, order, fiber); stale unless the fiber's _timer is that order
_timers = 0
_switches = 0
_stack_size = 0


def spawn(fun, *args):
    fiber = Fiber((fun, args))
    _live[fiber] = None
    _run_queue.append(fiber)
    return fiber


def _work():
    """The life of a greenlet: it runs its fiber, then each that comes next and has not started anywhere."""
    while True:
        fiber = _current
        fiber._glet = greenlet.getcurrent()
        try:
            _call(fiber)
        except greenlet.GreenletExit:
            return  # the interpreter is going down
        _finish(fiber)
        to = _next()
        if to._glet is not None:
            # A greenlet that ends continues in its parent: that is how the next fiber is switched to.
            greenlet.getcurrent().parent = to._glet
            return


def _start():
    """Each switch to the starter starts a greenlet. From here, for one begins as deep as its starter is."""
    while True:
        greenlet.greenlet(_work, parent=_root._glet).switch()


_starter = greenlet.greenlet(_start)


def _call(fiber):
    (fun, args), fiber._call = fiber._call, None
    try:
        fiber.result = fun(*args)
    except greenlet.GreenletExit:
        raise
    except BaseException as error:
        fiber.exception = error
        if not isinstance(error, SystemExit):
            print("Unhandled exception in fiber", fiber.name, file=sys.stderr)
            traceback.print_exception(error)


def _finish(fiber):
    fiber._status = _DONE
    fiber._thrown = fiber._glet = None
    del _live[fiber]
    if not _run_queue:
        throw(_root, RuntimeError("every fiber is parked"))


def _next():
    global _current, _switches
    _current = _run_queue.popleft()
    _current._status = _RUNNING
    _switches += 1
    return _current


def _switch_away(me):
    to = _next()
    if to is not me:
        (to._glet or _starter).switch()
    value, me._value = me._value, None
    return value


def current():
    return _current


def ready():
    return len(_run_queue)


def _make_ready(fiber):
    fiber._status = _READY
    _run_queue.append(fiber)


def yield_():
    if _run_queue:
        _make_ready(_current)
        _switch_away(_current)


def _raise_thrown(fiber):
    error, fiber._thrown = fiber._thrown, None
    raise error


def _park(queue, deadline):
    global _timers
    me = _current
    if me._thrown is not None:
        _raise_thrown(me)
    if not _run_queue:
        raise RuntimeError("park() with no fiber to run")
    if deadline is not None:
        _timers += 1
        me._timer = _timers
        heapq.heappush(_deadlines, (deadline, _timers, me))
    if queue is not None:
        queue.append(me)
        me._queue = queue
    me._status = _PARKED
    value = _switch_away(me)
    if value is _RAISE:
        _raise_thrown(me)
    return value


def park(deadline=None):
    return _park(None, deadline)


def wake(fiber, value=None):
    if fiber._status != _PARKED:
        return False
    if fiber._queue is not None:
        fiber._queue.remove(fiber)
        fiber._queue = None
    fiber._timer = -1
    fiber._value = value
    _make_ready(fiber)
    return True


def throw(fiber, exc):
    if fiber._status == _DONE:
        return False
    error = exc() if isinstance(exc, type) else exc
    if not isinstance(error, BaseException):
        raise TypeError("an exception is needed")
    if fiber._thrown is None:
        fiber._thrown = error
    return wake(fiber, _RAISE)


def next_deadline():
    while _deadlines:
        deadline, order, fiber = _deadlines[0]
        if fiber._timer == order:
            return deadline
        heapq.heappop(_deadlines)
    return None


def expire(now):
    n = 0
    while (deadline := next_deadline()) is not None and deadline <= now:
        wake(_deadlines[0][2], False)
        n += 1
    return n


def parked():
    return [fiber for fiber in _live if fiber._status == _PARKED]


def stack_size(size=None):
    global _stack_size
    old = _stack_size
    if size is not None:
        if size and not 32768 <= size <= 1 << 30:
            raise ValueError("size not valid: %d bytes" % size)
        _stack_size = size
    return old


def stats():
    return len(_live), 0, 0, _switches
