# locks.py - CPython's synchronisation objects for tasks and threads (exported by threading.py). Each is
# handed over to the longest waiter: it is never free while a task waits, so no task can overtake, and a
# waiter that is cancelled at that moment still acquires it and can release it.
#
# __exit__() names its three arguments: `*exc` would allocate, and the lock could not be released.

import _fiber

from mkernel.scheduler import Waiters, clock, deadline_after, needed


def _deadline(blocking, timeout):
    """Return the deadline of acquire(); timeout -1 means none."""
    if timeout == -1:
        return None
    deadline = deadline_after(needed(timeout))
    if not blocking:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout < 0:
        raise ValueError("timeout value must be positive")
    return deadline


def _wait_until(timeout):
    """Return the deadline of a wait(), where a negative timeout is 0."""
    return deadline_after(timeout if timeout is None or timeout > 0 else 0)


class Lock:
    """A lock; any task may release it."""

    def __init__(self):
        self._locked = False
        self._waiters = Waiters()

    def acquire(self, blocking=True, timeout=-1):
        """Acquire the lock. Returns False if that would block, or after the timeout."""
        deadline = _deadline(blocking, timeout)
        if not self._locked:
            self._locked = True
            return True
        return bool(blocking) and self._waiters.wait(deadline)

    def release(self):
        """Hand the lock to the longest waiter, or unlock it."""
        if not self._locked:
            raise RuntimeError("release unlocked lock")
        if not self._waiters.wake():
            self._locked = False

    def locked(self):
        return self._locked

    def __enter__(self):
        return self.acquire()

    def __exit__(self, exc_type, exc, traceback):
        self.release()

    # For Condition: the owner is unknown, so any owner will do.
    _owned = locked

    def _release_all(self):
        self.release()

    def _acquire_again(self, state):
        self.acquire()


class RLock:
    """A reentrant lock."""

    def __init__(self):
        self._lock = Lock()
        self._owner = None
        self._count = 0

    def acquire(self, blocking=True, timeout=-1):
        """Acquire the lock, again if the calling task owns it."""
        if self._owned():
            _deadline(blocking, timeout)
            self._count += 1
        elif self._lock.acquire(blocking, timeout):
            self._owner = _fiber.current()
            self._count = 1
        else:
            return False
        return True

    def release(self):
        """Undo one acquire()."""
        if not self._owned():
            raise RuntimeError("cannot release un-acquired lock")
        self._count -= 1
        if not self._count:
            self._owner = None
            self._lock.release()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, exc_type, exc, traceback):
        self.release()

    def _owned(self):
        return self._owner is _fiber.current()

    def _release_all(self):
        count, self._count = self._count, 1
        self.release()
        return count

    def _acquire_again(self, state):
        self.acquire()
        self._count = state


class Condition:
    """A condition variable."""

    def __init__(self, lock=None):
        self._lock = RLock() if lock is None else lock
        self._waiters = Waiters()
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def __enter__(self):
        return self._lock.acquire()

    def __exit__(self, exc_type, exc, traceback):
        self._lock.release()

    def wait(self, timeout=None):
        """Release the lock, wait for notify(), acquire the lock. Returns False after `timeout` seconds."""
        self._check_owned()
        deadline = _wait_until(timeout)
        state = self._lock._release_all()
        try:
            return self._waiters.wait(deadline)
        finally:
            self._lock._acquire_again(state)

    def wait_for(self, predicate, timeout=None):
        """Wait until predicate() is true. Returns its last value."""
        deadline = _wait_until(timeout)
        result = predicate()
        while not result:
            left = None if deadline is None else deadline - clock()
            if left is not None and left <= 0:
                break
            self.wait(left and left / 1_000_000)
            result = predicate()
        return result

    def notify(self, n=1):
        """Wake n waiters."""
        self._check_owned()
        while n > 0 and self._waiters.wake():
            n -= 1

    def notify_all(self):
        """Wake all waiters."""
        self._check_owned()
        self._waiters.wake_all()

    def _check_owned(self):
        if not self._lock._owned():
            raise RuntimeError("the condition's lock is not held")


class Event:
    """A flag to wait for."""

    def __init__(self):
        self._flag = False
        self._waiters = Waiters()

    def is_set(self):
        return self._flag

    def set(self):
        """Set the flag and wake all waiters."""
        self._flag = True
        self._waiters.wake_all()

    def clear(self):
        self._flag = False

    def wait(self, timeout=None):
        """Wait until the flag is set. Returns False after `timeout` seconds."""
        return self._flag or self._waiters.wait(_wait_until(timeout))


class Semaphore:
    """At most `value` holders at a time."""

    def __init__(self, value=1):
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        self._value = value
        self._waiters = Waiters()

    def acquire(self, blocking=True, timeout=None):
        """Acquire the semaphore: decrement the counter, or wait."""
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        if self._value:
            self._value -= 1
            return True
        return bool(blocking) and self._waiters.wait(_wait_until(timeout))

    def release(self, n=1):
        """Increment the counter by n and wake waiters."""
        if n < 1:
            raise ValueError("n must be one or more")
        for _ in range(n):
            if not self._waiters.wake():
                self._value += 1

    def __enter__(self):
        return self.acquire()

    def __exit__(self, exc_type, exc, traceback):
        self.release()


class BoundedSemaphore(Semaphore):
    """A semaphore that raises ValueError when it is released too often."""

    def __init__(self, value=1):
        super().__init__(value)
        self._limit = value

    def release(self, n=1):
        """Increment the counter by n and wake waiters."""
        if self._value + n > self._limit:
            raise ValueError("Semaphore released too many times")
        super().release(n)
