# task.py - a task: a function running in a fiber, and its result. Running and waiting is the fiber's job
# (port/fiber), supervision the group's (group.py).

import sys

import _fiber

from mkernel.errors import Cancelled, timed_out
from mkernel.scheduler import Waiters, deadline_after, run_until

_STOP = Cancelled()  # for cancel() without memory

main = None  # the task that runs the application (_boot.py)


def spawn(fun, *args):
    """Start `fun(*args)` as a new task. Its exception is printed unless another task joins it."""
    return Task(fun, args)


def run(fun, *args):
    """Run the loop until `fun(*args)`, as the task "main", has ended. Returns its result or raises its
    exception."""
    task = Task(fun, args, "main", leave_alone)
    run_until(task)
    return task.result


def current_task():
    """Return the running task; None in a fiber without one."""
    return _fiber.current().task


def print_exception(error, file):
    """Write a traceback as CPython does; a plain one if memory or stack do not suffice."""
    try:
        from mkernel import tracebacks

        tracebacks.print_exception(error, file)
    except Exception:  # MemoryError, RuntimeError; a tuple of the two would need memory
        sys.print_exception(error, file)


def report(task):
    """Print the exception of a task that no other task receives. Cancelled and sys.exit() are no failures."""
    error = task.exception
    if error is not None and not isinstance(error, Cancelled) and not isinstance(error, SystemExit):
        print("Unhandled exception in task", task.name, file=sys.stderr)
        print_exception(error, sys.stderr)


def leave_alone(task):
    """For `on_end`: ignore the exception, because the creator of the task handles it."""


class Task:
    """`.done`, `.name`; `.exception` is what it raised, or None. At its end it calls `on_end(task)`."""

    def __init__(self, fun, args=(), name=None, on_end=None):
        # Define all attributes here: a task must be able to end without memory.
        self.done = self.cancelled = False
        self.exception = self._value = self._joiners = None
        self.thread = self.number = self.locals = None  # used by threads.py and std/threading
        self._on_end = on_end
        self._fiber = None
        name = name or getattr(fun, "__name__", None) or "task"
        self._fiber = fiber = _fiber.spawn(self._run, fun, args)
        fiber.task = self
        fiber.name = name

    @property
    def name(self):
        return self._fiber.name

    @name.setter
    def name(self, name):
        self._fiber.name = name

    @property
    def result(self):
        """Return the result of the function, or raise its exception."""
        if not self.done:
            raise RuntimeError("task %s is still running" % self.name)
        if self.exception is not None:
            raise self.exception
        return self._value

    def wait(self, timeout=None):
        """Wait until the task has ended. Returns False after `timeout` seconds."""
        if self.done:
            return True
        if self._joiners is None:
            self._joiners = Waiters()
        return self._joiners.wait(deadline_after(timeout))

    def join(self, timeout=None):
        """Wait until the task has ended and return its result. TimeoutError after `timeout` seconds."""
        if self is current_task():
            raise RuntimeError("a task cannot join itself")
        if not self.wait(timeout):
            raise timed_out()
        return self.result

    def cancel(self):
        """Raise Cancelled in the task at its current or next wait. Returns False if it has ended."""
        if self.done:
            return False
        self.cancelled = True
        try:
            stop = Cancelled()
        except MemoryError:
            stop = _STOP
        _fiber.throw(self._fiber, stop)
        return True

    def _run(self, fun, args):
        try:
            if self.cancelled:  # before it started
                raise Cancelled()
            self._value = fun(*args)
        except BaseException as error:
            self.exception = error
        self.done = True
        joined = self._joiners is not None and self._joiners.wake_all()
        if self._on_end is not None:
            self._on_end(self)
        elif not joined:
            report(self)
