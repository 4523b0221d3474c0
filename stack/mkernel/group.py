# group.py - structured concurrency, as trio's nurseries: a `with` block that ends after its tasks have ended.
# The first failure cancels the other tasks and is raised. No task outlives its group.

import _fiber

from mkernel.errors import Cancelled
from mkernel.scheduler import Waiters, sleep
from mkernel.task import Task, report


class TaskGroup:
    """`with TaskGroup() as group: group.spawn(fun, *args)`"""

    def __init__(self):
        self._children = set()
        self._ended = Waiters()
        self._failure = None  # of the first task that failed
        self._cancelling = False
        self._open = False
        self._body = None  # the fiber of the `with` block, while it is inside
        self._stop = Cancelled()  # thrown into it; allocated here because cancel() must not need memory
        self._stopped = False

    def __enter__(self):
        self._open = True
        self._body = _fiber.current()
        return self

    def spawn(self, fun, *args):
        """Start `fun(*args)` as a child; children may call it too while the block waits."""
        if not self._open:
            raise RuntimeError("this group is not open")
        task = Task(fun, args, None, self._child_ended)
        try:
            self._children.add(task)
        except MemoryError:  # no task would wait for it
            task.cancel()
            raise
        if self._cancelling:
            task.cancel()
        return task

    def cancel(self):
        """Cancel the children and the body of the block, which then ends without an error."""
        self._cancel_children()
        if self._body is not None and not self._stopped:
            self._stopped = True
            _fiber.throw(self._body, self._stop)

    def _cancel_children(self):
        self._cancelling = True
        for task in self._children:
            task.cancel()

    def _child_ended(self, task):
        self._children.discard(task)
        failed = task.exception is not None and not isinstance(task.exception, Cancelled)
        first = failed and self._failure is None
        if first:
            self._failure = task.exception
            self.cancel()
        if not self._children:
            self._ended.wake_all()
        if failed and not first:
            report(task)

    def __exit__(self, exc_type, exc, traceback):
        self._body = None
        error = exc
        if exc is self._stop:
            error = None
        elif self._stopped:
            thrown = self._take_stop()
            error = thrown if exc is None else exc
        if error is not None:
            self._cancel_children()
        while self._children:
            try:
                self._ended.wait()
            except BaseException as thrown:
                self._cancel_children()
                error = thrown if error is None else error
        self._open = False
        # A failure takes precedence over a cancellation, which may be its consequence.
        if self._failure is not None and (error is None or isinstance(error, Cancelled)):
            raise self._failure
        if error is not None and error is not exc:
            raise error
        return error is None

    def _take_stop(self):
        """Catch the Cancelled of a body that has ended before it was thrown. Returns any other exception
        thrown instead."""
        try:
            sleep(0)
        except BaseException as thrown:
            if thrown is not self._stop:
                return thrown
        return None
