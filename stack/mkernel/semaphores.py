# semaphores.py - CPython's events, semaphores and barriers for tasks and threads (exported by threading.py).
# As a lock (locks.py) a semaphore is handed over to the longest waiter.

from mkernel.locks import Condition, lock, wait_until
from mkernel.scheduler import Waiters


def _named(self):
    """The beginning of a repr(), as CPython's."""
    kind = type(self)
    return "<%s.%s at %#x: " % (kind.__module__, kind.__qualname__, id(self))


class Event:
    """A flag to wait for."""

    __module__ = "threading"

    def __init__(self):
        self._flag = False
        self._waiters = Waiters()

    def __repr__(self):
        return _named(self) + ("set>" if self._flag else "unset>")

    def is_set(self):
        """Whether the flag is set."""
        return self._flag

    def isSet(self):
        """The old name of is_set()."""
        import warnings

        warnings.warn("isSet() is deprecated, use is_set() instead", DeprecationWarning, 2)
        return self._flag

    def set(self):
        """Set the flag and wake all waiters."""
        self._flag = True
        self._waiters.wake_all()

    def clear(self):
        """Clear the flag."""
        self._flag = False

    def wait(self, timeout=None):
        """Wait until the flag is set. Returns False after `timeout` seconds."""
        return self._flag or self._waiters.wait(wait_until(timeout))


class Semaphore:
    """At most `value` holders at a time."""

    __module__ = "threading"

    def __init__(self, value=1):
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        self._value = value
        self._waiters = Waiters()

    def __repr__(self):
        return "%svalue=%d>" % (_named(self), self._value)

    def acquire(self, blocking=True, timeout=None):
        """Acquire the semaphore: decrement the counter, or wait."""
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        if self._value:
            self._value -= 1
            return True
        return bool(blocking) and self._waiters.wait(wait_until(timeout))

    def release(self, n=1):
        """Increment the counter by n and wake waiters."""
        if n < 1:
            raise ValueError("n must be one or more")
        for _ in range(n):
            if not self._waiters.wake():
                self._value += 1

    def __enter__(self, *args):
        return self.acquire()

    def __exit__(self, exc_type, exc, traceback):
        self.release()


class BoundedSemaphore(Semaphore):
    """A semaphore that raises ValueError when it is released too often."""

    __module__ = "threading"

    def __init__(self, value=1):
        super().__init__(value)
        self._limit = value

    def __repr__(self):
        return "%svalue=%d/%d>" % (_named(self), self._value, self._limit)

    def release(self, n=1):
        """Increment the counter by n and wake waiters."""
        if n < 1:
            raise ValueError("n must be one or more")
        if self._value + n > self._limit:
            raise ValueError("Semaphore released too many times")
        super().release(n)


class BrokenBarrierError(RuntimeError):
    """A barrier was broken, or reset, while a task waited for it or before."""

    __module__ = "threading"


_FILLING, _DRAINING, _RESETTING, _BROKEN = 0, 1, -1, -2


class Barrier:
    """`parties` tasks wait for each other; the last calls `action`."""

    __module__ = "threading"

    def __init__(self, parties, action=None, timeout=None):
        self._changed = Condition(lock())
        self._action = action
        self._timeout = timeout
        self._parties = parties
        self._state = _FILLING
        self._count = 0

    def __repr__(self):
        if self.broken:
            return _named(self) + "broken>"
        return "%swaiters=%d/%d>" % (_named(self), self.n_waiting, self.parties)

    def wait(self, timeout=None):
        """Wait for the others. Returns a number of 0 to parties - 1, to each task its own."""
        if timeout is None:
            timeout = self._timeout
        with self._changed:
            self._changed.wait_for(lambda: self._state not in (_DRAINING, _RESETTING))
            if self._state == _BROKEN:
                raise BrokenBarrierError
            index = self._count
            self._count += 1
            try:
                if index + 1 == self._parties:
                    self._release()
                else:
                    self._wait(timeout)
                return index
            finally:
                self._count -= 1
                if not self._count and self._state in (_DRAINING, _RESETTING):
                    self._state = _FILLING
                    self._changed.notify_all()

    def _release(self):
        """Call the action, and let all pass."""
        try:
            if self._action:
                self._action()
            self._state = _DRAINING
            self._changed.notify_all()
        except BaseException:
            self._break()
            raise

    def _wait(self, timeout):
        if not self._changed.wait_for(lambda: self._state != _FILLING, timeout):
            self._break()
            raise BrokenBarrierError
        if self._state < 0:
            raise BrokenBarrierError

    def _break(self):
        self._state = _BROKEN
        self._changed.notify_all()

    def reset(self):
        """Reset it; tasks that wait get BrokenBarrierError."""
        with self._changed:
            if not self._count:
                self._state = _FILLING
            elif self._state != _DRAINING:
                self._state = _RESETTING
            self._changed.notify_all()

    def abort(self):
        """Break it permanently."""
        with self._changed:
            self._break()

    @property
    def parties(self):
        """Return how many tasks wait for each other."""
        return self._parties

    @property
    def n_waiting(self):
        """Return how many tasks wait now."""
        return self._count if self._state == _FILLING else 0

    @property
    def broken(self):
        """Whether it is broken."""
        return self._state == _BROKEN
