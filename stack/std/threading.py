# threading - CPython's threads over tasks. They are cooperative: a switch happens only in calls that wait, so
# code between two of them is atomic.

import sys

from mkernel.locks import Condition, Lock, RLock
from mkernel.task import current_task, print_exception
from mkernel.threads import (
    TIMEOUT_MAX,
    get_ident,
    get_native_id,
    is_failure,
    launch,
    local,
    number_of,
    stack_size,
)

try:  # in an image whose program says one of the names (host/build/imports.py)
    from mkernel.semaphores import Barrier, BoundedSemaphore, BrokenBarrierError, Event, Semaphore
except ImportError:
    pass

__all__ = [
    "Barrier",
    "BoundedSemaphore",
    "BrokenBarrierError",
    "Condition",
    "Event",
    "ExceptHookArgs",
    "Lock",
    "RLock",
    "Semaphore",
    "TIMEOUT_MAX",
    "Thread",
    "ThreadError",
    "Timer",
    "active_count",
    "current_thread",
    "enumerate",
    "excepthook",
    "get_ident",
    "get_native_id",
    "local",
    "main_thread",
    "stack_size",
]

ThreadError = RuntimeError
_PyRLock = _CRLock = RLock

_named = 0  # number of threads named here
_adopted = 0


def _thread_name():
    global _named
    _named += 1
    return "Thread-%d" % _named


def _deprecated(text):
    import warnings

    warnings.warn(text, DeprecationWarning, 3)


class Thread:
    """A thread of control; start() runs target(*args, **kwargs) in it."""

    _initialized = False
    _task = None

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        assert group is None, "group argument must be None for now"
        if name:
            self._name = str(name)
        else:
            of = getattr(target, "__name__", None)
            self._name = _thread_name() + (" (%s)" % of if of else "")
        self._target = target
        self._args = args
        self._kwargs = {} if kwargs is None else kwargs
        self._daemonic = current_thread().daemon if daemon is None else daemon
        self._initialized = True

    def start(self):
        """Start the thread, at the next switch."""
        if not self._initialized:
            raise RuntimeError("thread.__init__() not called")
        if self._task is not None:
            raise RuntimeError("threads can only be started once")
        self._task = launch(self.run, (), {}, self._name, _ended)
        self._task.thread = self
        _active[id(self._task)] = self

    def run(self):
        """The code of the thread; overridden, or calls the target."""
        try:
            if self._target is not None:
                self._target(*self._args, **self._kwargs)
        finally:
            del self._target, self._args, self._kwargs  # they may refer to the thread

    def join(self, timeout=None):
        """Wait until the thread has ended, or for `timeout` seconds; then is_alive() tells which."""
        if not self._initialized:
            raise RuntimeError("Thread.__init__() not called")
        if self._task is None:
            raise RuntimeError("cannot join thread before it is started")
        if self is current_thread():
            raise RuntimeError("cannot join current thread")
        self._task.wait(timeout if timeout is None else max(timeout, 0))

    def is_alive(self):
        """Whether it has started and not ended."""
        assert self._initialized, "Thread.__init__() not called"
        return self._task is not None and not self._task.done

    @property
    def name(self):
        """The name, which need not be unique."""
        assert self._initialized, "Thread.__init__() not called"
        return self._name

    @name.setter
    def name(self, name):
        assert self._initialized, "Thread.__init__() not called"
        self._name = str(name)
        if self._task is not None:
            self._task.name = self._name

    @property
    def ident(self):
        """The identifier; None before the thread starts."""
        return None if self._task is None else id(self._task)

    @property
    def native_id(self):
        """A small number, each thread's own; None before it starts."""
        return None if self._task is None else number_of(self._task)

    @property
    def daemon(self):
        """Whether the end of the program does not wait for the thread."""
        assert self._initialized, "Thread.__init__() not called"
        return self._daemonic

    @daemon.setter
    def daemon(self, daemonic):
        if not self._initialized:
            raise RuntimeError("Thread.__init__() not called")
        if self._task is not None:
            raise RuntimeError("cannot set daemon status of active thread")
        self._daemonic = daemonic

    def __repr__(self):
        assert self._initialized, "Thread.__init__() was not called"
        state = "initial" if self._task is None else "started" if self.is_alive() else "stopped"
        ident = "" if self._task is None else " %d" % self.ident
        daemon = " daemon" if self._daemonic else ""
        return "<%s(%s, %s%s%s)>" % (type(self).__name__, self._name, state, daemon, ident)

    # The old names

    def isDaemon(self):
        _deprecated("isDaemon() is deprecated, get the daemon attribute instead")
        return self.daemon

    def setDaemon(self, daemonic):
        _deprecated("setDaemon() is deprecated, set the daemon attribute instead")
        self.daemon = daemonic

    def getName(self):
        _deprecated("getName() is deprecated, get the name attribute instead")
        return self.name

    def setName(self, name):
        _deprecated("setName() is deprecated, set the name attribute instead")
        self.name = name


class Timer(Thread):
    """A thread that calls function(*args, **kwargs) after `interval` seconds, unless cancelled."""

    def __init__(self, interval, function, args=None, kwargs=None):
        super().__init__()
        self.interval = interval
        self.function = function
        self.args = [] if args is None else args
        self.kwargs = {} if kwargs is None else kwargs
        self.finished = Event()

    def cancel(self):
        """Cancel the call if it has not begun."""
        self.finished.set()

    def run(self):
        """Wait, then call the function."""
        self.finished.wait(self.interval)
        if not self.finished.is_set():
            self.function(*self.args, **self.kwargs)
        self.finished.set()


class _AdoptedThread(Thread):
    """The thread object of a task that was not started here."""

    def __init__(self, task, name, daemon):
        self._name = name
        self._daemonic = daemon
        self._task = task
        self._initialized = True


class _MainThread(_AdoptedThread):
    """That of the program's main task."""


class _DummyThread(_AdoptedThread):
    """That of any other, as long as its task runs."""

    def __init__(self, task):
        global _adopted
        _adopted += 1
        super().__init__(task, "Dummy-%d" % _adopted, True)


class ExceptHookArgs(tuple):
    """The argument of excepthook: exc_type, exc_value, exc_traceback, thread."""

    def __new__(cls, args):
        if not isinstance(args, (tuple, list)):
            raise TypeError("constructor requires a sequence")
        if len(args) != 4:
            n = len(args)
            raise TypeError("_thread._ExceptHookArgs() takes a 4-sequence (%d-sequence given)" % n)
        return super().__new__(cls, args)

    exc_type = property(lambda self: self[0])
    exc_value = property(lambda self: self[1])
    exc_traceback = property(lambda self: self[2])
    thread = property(lambda self: self[3])

    def __repr__(self):
        return "_thread._ExceptHookArgs(exc_type=%r, exc_value=%r, exc_traceback=%r, thread=%r)" % tuple(self)


def excepthook(args):
    """Print the exception of a thread. Programs may replace it."""
    if args.exc_type is SystemExit or sys.stderr is None:
        return
    name = get_ident() if args.thread is None else args.thread.name
    print("Exception in thread %s:" % name, file=sys.stderr)
    print_exception(args.exc_value, sys.stderr)


__excepthook__ = excepthook


def _ended(task):
    """For `on_end` of a thread's task."""
    error = task.exception
    if is_failure(error):
        trace = getattr(error, "__traceback__", None)
        try:
            excepthook(ExceptHookArgs((type(error), error, trace, task.thread)))
        except Exception as another:
            print("Exception in threading.excepthook:", file=sys.stderr)
            print_exception(another, sys.stderr)
    _active.pop(id(task), None)


def current_thread():
    """Return the running Thread."""
    task = current_task()
    thread = getattr(task, "thread", None)
    if thread is None:
        if task is None or task is _main._task:
            return _main
        _forget_ended()
        thread = task.thread = _active[id(task)] = _DummyThread(task)
    return thread


def _forget_ended():
    """Remove the threads of adopted tasks that have ended, which nothing else does."""
    for thread in list(_active.values()):
        if thread._task is not None and thread._task.done:
            _active.pop(id(thread._task), None)


def main_thread():
    """Return the thread that imported this module first, normally the program's main thread."""
    return _main


def enumerate():
    """Return the live threads."""
    _forget_ended()
    return list(_active.values())


def active_count():
    """Return the number of live threads."""
    return len(enumerate())


def currentThread():
    _deprecated("currentThread() is deprecated, use current_thread() instead")
    return current_thread()


def activeCount():
    _deprecated("activeCount() is deprecated, use active_count() instead")
    return active_count()


_at_exit = []
_ending = False


def _register_atexit(function, *args, **kwargs):
    """Have a function called before the end of the program waits for its threads."""
    if _ending:
        raise RuntimeError("can't register atexit after shutdown")
    _at_exit.append(lambda: function(*args, **kwargs))


def _shutdown():
    """Wait for all non-daemon threads, as the end of a program does."""
    global _ending
    _ending = True
    for function in reversed(_at_exit):
        function()
    while True:
        waited_for = [thread for thread in enumerate() if not thread.daemon and thread is not _main]
        if not waited_for:
            return
        waited_for[0]._task.wait()


_main = _MainThread(current_task(), "MainThread", False)
_active = {id(_main._task): _main}  # live threads by their identifiers, the oldest first
