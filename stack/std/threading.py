# threading - CPython's threads over tasks. They are cooperative: a switch happens in calls that wait and
# nowhere else, so what lies between two of them is atomic. local, Barrier and Timer are not there.

import _fiber
from mkernel.locks import BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore
from mkernel.task import Task, current_task, report

__all__ = [
    "BoundedSemaphore",
    "Condition",
    "Event",
    "Lock",
    "RLock",
    "Semaphore",
    "Thread",
    "active_count",
    "current_thread",
    "enumerate",
    "get_ident",
    "main_thread",
    "stack_size",
]

TIMEOUT_MAX = 9223372036.0  # seconds, CPython's
stack_size = _fiber.stack_size

_started = 0  # how many got a name from here


class Thread:
    """A thread of control; start() runs target(*args, **kwargs) in it."""

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        global _started
        _started += 1
        self._name = name or "Thread-%d" % _started
        self.daemon = current_thread().daemon if daemon is None else daemon
        self._call = (target, args, kwargs or {})
        self._task = None

    def start(self):
        """Begin to run, at the next switch."""
        if self._task is not None:
            raise RuntimeError("threads can only be started once")
        _alive.append(self)
        try:
            self._task = Task(self._bootstrap, (), self._name, report)
        except MemoryError:  # for its stack
            _alive.remove(self)
            raise RuntimeError("can't start new thread")
        self._task.thread = self

    def _bootstrap(self):
        try:
            self.run()
        finally:
            _alive.remove(self)

    def run(self):
        """What the thread does; to be overridden, or left to the target."""
        target, args, kwargs = self._call
        if target is not None:
            target(*args, **kwargs)

    def join(self, timeout=None):
        """Wait until the thread has ended, or for so many seconds: is_alive() tells which."""
        if self._task is None:
            raise RuntimeError("cannot join thread before it is started")
        if self is current_thread():
            raise RuntimeError("cannot join current thread")
        self._task.wait(timeout if timeout is None else max(timeout, 0))

    def is_alive(self):
        """Whether it has started and not ended."""
        return self._task is not None and not self._task.done

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, name):
        self._name = name
        if self._task is not None:
            self._task.name = name

    @property
    def ident(self):
        """A number of its own; None before it starts."""
        return None if self._task is None else id(self._task)

    def __repr__(self):
        state = "initial" if self._task is None else "started" if self.is_alive() else "stopped"
        return "<Thread(%s, %s%s)>" % (self._name, state, " daemon" * bool(self.daemon))


class _Adopted(Thread):
    """The thread object of a task that was not started as a thread."""

    def __init__(self, task, name, daemon):
        self._task = task
        self._name = name
        self.daemon = daemon


def current_thread():
    """The Thread that runs."""
    task = current_task()
    thread = getattr(task, "thread", None)
    if thread is None:
        if task is None or task is _main._task:
            return _main
        thread = task.thread = _Adopted(task, task.name, True)
    return thread


def main_thread():
    """The thread that imported this module first: the program's, unless it is up to something."""
    return _main


def get_ident():
    """The identifier of the thread that runs."""
    return id(current_task())


def enumerate():
    """All threads alive."""
    return list(_alive)


def active_count():
    """How many threads are alive."""
    return len(_alive)


def _shutdown():
    """Wait for every thread but the daemons, as the end of a program does."""
    while True:
        waited_for = [thread for thread in _alive if not thread.daemon and thread is not _main]
        if not waited_for:
            return
        waited_for[0]._task.wait()


_main = _Adopted(current_task(), "MainThread", False)
_alive = [_main]  # the started that have not ended, the oldest first
