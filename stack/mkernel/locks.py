# locks.py - CPython's locks for tasks and threads (exported by threading.py and _thread.py). Each is handed
# over to the longest waiter: it is never free while a task waits, so no task can overtake, and a waiter that
# is cancelled at that moment still acquires it and can release it.
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


def wait_until(timeout):
    """Return the deadline of a wait(), where a negative timeout is 0."""
    return deadline_after(timeout if timeout is None or timeout > 0 else 0)


class lock:
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
        """Whether it is locked."""
        return self._locked

    def __enter__(self):
        return self.acquire()

    def __exit__(self, exc_type, exc, traceback):
        self.release()

    def _at_fork_reinit(self):
        """Nothing forks; concurrent.futures names this method."""

    def __repr__(self):
        return "<%slocked _thread.lock object at %#x>" % ("" if self._locked else "un", id(self))

    # The old names, and the test of Condition: the owner is unknown, so any owner will do.
    acquire_lock, release_lock, locked_lock, _is_owned = acquire, release, locked, locked


Lock = lock


class RLock:
    """A reentrant lock."""

    def __init__(self):
        self._lock = lock()
        self._owner = None
        self._count = 0

    def acquire(self, blocking=True, timeout=-1):
        """Acquire the lock, again if the calling task owns it."""
        if self._is_owned():
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
        if not self._is_owned():
            raise RuntimeError("cannot release un-acquired lock")
        self._count -= 1
        if not self._count:
            self._owner = None
            self._lock.release()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, exc_type, exc, traceback):
        self.release()

    def __repr__(self):
        owner = 0 if self._owner is None else id(self._owner.task)
        values = "" if self._count else "un", owner, self._count, id(self)
        return "<%slocked _thread.RLock object owner=%d count=%d at %#x>" % values

    def _is_owned(self):
        return self._owner is _fiber.current()

    def _release_save(self):
        if not self._is_owned():
            raise RuntimeError("cannot release un-acquired lock")
        count, self._count = self._count, 1
        self.release()
        return count

    def _acquire_restore(self, count):
        self.acquire()
        self._count = count

    def _recursion_count(self):
        return self._count if self._is_owned() else 0


class Condition:
    """A condition variable over a Lock, an RLock or what has their acquire() and release()."""

    def __init__(self, lock=None):
        self._lock = RLock() if lock is None else lock
        self._waiters = Waiters()
        self._waiting = 0
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, exc_type, exc, traceback):
        self._lock.__exit__(exc_type, exc, traceback)

    def __repr__(self):
        return "<Condition(%r, %d)>" % (self._lock, self._waiting)

    def wait(self, timeout=None):
        """Release the lock, wait for notify(), acquire the lock. Returns False after `timeout` seconds."""
        if not self._is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        lock = self._lock
        deadline = wait_until(timeout)
        save = getattr(lock, "_release_save", None)
        state = save() if save else lock.release()
        self._waiting += 1
        try:
            return self._waiters.wait(deadline)
        finally:
            self._waiting -= 1
            if save:
                lock._acquire_restore(state)
            else:
                lock.acquire()

    def wait_for(self, predicate, timeout=None):
        """Wait until predicate() is true. Returns its last value."""
        deadline = wait_until(timeout)
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
        if not self._is_owned():
            raise RuntimeError("cannot notify on un-acquired lock")
        while n > 0 and self._waiters.wake():
            n -= 1

    def notify_all(self):
        """Wake all waiters."""
        self.notify(self._waiting)

    def notifyAll(self):
        """The old name of notify_all()."""
        import warnings

        warnings.warn("notifyAll() is deprecated, use notify_all() instead", DeprecationWarning, 2)
        self.notify_all()

    def _release_save(self):
        return self._lock._release_save()

    def _acquire_restore(self, state):
        self._lock._acquire_restore(state)

    def _is_owned(self):
        """Whether the calling task has the lock; of a foreign kind of lock whether any has."""
        owned = getattr(self._lock, "_is_owned", None)
        if owned is not None:
            return owned()
        if self._lock.acquire(False):
            self._lock.release()
            return False
        return True
