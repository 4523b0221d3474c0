# threads.py - shared by `_thread` and `threading`: tasks that are started as threads, and their values of
# threading.local.

import _fiber

from mkernel.errors import Cancelled
from mkernel.task import Task, current_task

TIMEOUT_MAX = 9223372036.0  # seconds, CPython's


class _Count:
    running = 0  # threads that have not ended
    numbered = 0  # tasks that have a number
    locals = 0  # objects of class local


def launch(function, args, kwargs, name, on_end):
    """Run a function in a new task, which calls on_end(task) at its end. RuntimeError without memory."""

    def ended(task):
        _Count.running -= 1
        on_end(task)

    try:
        task = Task(lambda: function(*args, **kwargs), (), name, ended)
    except MemoryError:  # for its stack
        raise RuntimeError("can't start new thread")
    _Count.running += 1
    return task


def count():
    """Return the number of threads that have not ended."""
    return _Count.running


def is_failure(error):
    """Whether the exception that ended a thread is to be reported: cancellation and sys.exit() are not."""
    return not (error is None or isinstance(error, Cancelled) or isinstance(error, SystemExit))


def number_of(task):
    """Return the number of a task, given to it at the first call: 1, 2 ..."""
    if task.number is None:
        _Count.numbered += 1
        task.number = _Count.numbered
    return task.number


def get_ident():
    """Return the identifier of the running thread."""
    return id(current_task())


def get_native_id():
    """Return the number of the running thread: 1 for the first caller."""
    return number_of(current_task())


def stack_size(size=None):
    """Set the stack size of new threads in bytes, 0: the default. Returns the previous one."""
    if size is None:
        return _fiber.stack_size()
    if size < 0:
        raise ValueError("size must be 0 or a positive value")
    return _fiber.stack_size(size)


class local:
    """An object whose attributes each thread has for itself. A subclass's __init__() is called with the same
    arguments in each thread that uses the object."""

    def __new__(cls, *args, **kwargs):
        if (args or kwargs) and cls.__init__ is object.__init__:
            raise TypeError("Initialization arguments are not supported")
        self = object.__new__(cls)
        _Count.locals += 1
        object.__setattr__(self, _STATE, (_Count.locals, args, kwargs))
        _of_this_thread()[_Count.locals] = {}
        return self

    def __getattribute__(self, name):
        own = _values(self)
        if name in own:
            return own[name]
        return own if name == "__dict__" else object.__getattribute__(self, name)

    def __setattr__(self, name, value):
        own = _values(self)
        _check_writable(self, name)
        described = getattr(type(self), name, None)
        if isinstance(described, property):
            object.__setattr__(self, name, value)
        else:
            own[name] = value

    def __delattr__(self, name):
        own = _values(self)
        _check_writable(self, name)
        if name not in own:
            raise AttributeError("'%s' object has no attribute '%s'" % (type(self).__name__, name))
        del own[name]


_STATE = "_local__state"  # (number of the object, arguments of its class)


def _check_writable(self, name):
    if name == "__dict__":
        kind = type(self).__name__
        raise AttributeError("'%s' object attribute '__dict__' is read-only" % kind)


def _of_this_thread():
    """Return the running thread's values: a dictionary by the number of the local object."""
    task = current_task()
    if task.locals is None:
        task.locals = {}
    return task.locals


def _values(self):
    """Return the running thread's attributes of a local object; in a new thread initialize it."""
    number, args, kwargs = object.__getattribute__(self, _STATE)
    values = _of_this_thread()
    if number not in values:
        values[number] = {}
        try:
            type(self).__init__(self, *args, **kwargs)
        except BaseException:
            del values[number]
            raise
    return values[number]
