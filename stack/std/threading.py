# threading - CPython's threads over tasks. They are cooperative: a switch happens only in calls that wait, so
# code between two of them is atomic. local, Barrier and Timer are missing.

import sys

import _fiber
from mkernel.errors import Cancelled
from mkernel.locks import BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore
from mkernel.task import Task, current_task, print_exception

__all__ = [
    "BoundedSemaphore",
    "Condition",
    "Event",
    "ExceptHookArgs",
    "Lock",
    "RLock",
    "Semaphore",
    "Thread",
    "active_count",
    "current_thread",
    "enumerate",
    "excepthook",
    "get_ident",
    "main_thread",
    "stack_size",
]

TIMEOUT_MAX = 9223372036.0  # seconds, CPython's
stack_size = _fiber.stack_size

_started = 0  # number of threads named here


class Thread:
    """A thread of control; start() runs target(*args, **kwargs) in it."""

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        global _started
        _started += 1
        of = getattr(target, "__name__", None)
        self._name = name or "Thread-%d" % _started + (" (%s)" % of if of else "")
        self.daemon = current_thread().daemon if daemon is None else daemon
        self._call = (target, args, kwargs or {})
        self._task = None

    def start(self):
        """Start the thread, at the next switch."""
        if self._task is not None:
            raise RuntimeError("threads can only be started once")
        _alive.append(self)
        try:
            self._task = Task(self._bootstrap, (), self._name, _ended)
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
        """The code of the thread; overridden, or calls the target."""
        target, args, kwargs = self._call
        if target is not None:
            target(*args, **kwargs)

    def join(self, timeout=None):
        """Wait until the thread has ended, or for `timeout` seconds; then is_alive() tells which."""
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
        """The identifier; None before the thread starts."""
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


class ExceptHookArgs:
    """The argument of excepthook."""

    def __init__(self, args):
        self.exc_type, self.exc_value, self.exc_traceback, self.thread = args


def excepthook(args):
    """Print the exception of a thread. Programs may replace it."""
    if isinstance(args.exc_value, SystemExit):
        return
    name = get_ident() if args.thread is None else args.thread.name
    print("Exception in thread %s:" % name, file=sys.stderr)
    print_exception(args.exc_value, sys.stderr)


__excepthook__ = excepthook


def _ended(task):
    """For `on_end` of a thread's task. Cancelled and sys.exit() are no failures."""
    error = task.exception
    if error is None or isinstance(error, Cancelled) or isinstance(error, SystemExit):
        return
    trace = getattr(error, "__traceback__", None)
    try:
        excepthook(ExceptHookArgs((type(error), error, trace, task.thread)))
    except Exception as another:
        print("Exception in threading.excepthook:", file=sys.stderr)
        print_exception(another, sys.stderr)


def current_thread():
    """Return the running Thread."""
    task = current_task()
    thread = getattr(task, "thread", None)
    if thread is None:
        if task is None or task is _main._task:
            return _main
        thread = task.thread = _Adopted(task, task.name, True)
    return thread


def main_thread():
    """Return the thread that imported this module first, normally the program's main thread."""
    return _main


def get_ident():
    """Return the identifier of the running thread."""
    return id(current_task())


def enumerate():
    """Return the live threads."""
    return list(_alive)


def active_count():
    """Return the number of live threads."""
    return len(_alive)


def _shutdown():
    """Wait for all non-daemon threads, as the end of a program does."""
    while True:
        waited_for = [thread for thread in _alive if not thread.daemon and thread is not _main]
        if not waited_for:
            return
        waited_for[0]._task.wait()


_main = _Adopted(current_task(), "MainThread", False)
_alive = [_main]  # started threads that have not ended, the oldest first
