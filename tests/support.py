# support.py - helpers of the portable unit tests (tests/unit): plain Python that CPython and MicroPython both
# run.

import _fiber
from mkernel.task import Task, current_task, leave_alone
from mkernel.task import run as run_loop


def raises(expected, fun, *args):
    """Call `fun(*args)`, which must raise `expected`; returns the exception."""
    try:
        fun(*args)
    except expected as error:
        return error
    raise AssertionError("nothing raised, expected " + expected.__name__)


def run(fun, *args):
    """Return the result of `fun(*args)` as a task under the scheduler; remaining tasks are cancelled."""
    before = _fiber.parked()
    if current_task() is not None:  # inside an image, where the loop is running
        try:
            return Task(fun, args, None, leave_alone).join()
        finally:
            _cancel_all_but(before)
    try:
        return run_loop(fun, *args)
    finally:
        run_loop(_cancel_all_but, before)


def _cancel_all_but(these):
    for fiber in _fiber.parked():
        if fiber not in these and fiber.task is not None:
            fiber.task.cancel()
            fiber.task.wait()


def settle(*fibers):
    """Let other fibers run until these have ended."""
    for _ in range(1000):
        if all(fiber.done for fiber in fibers):
            return
        _fiber.yield_()
    raise AssertionError("a fiber does not end")


def std(name):
    """Return a module of stack/std. On CPython the bare name is the standard library's."""
    import sys

    if sys.implementation.name == "micropython":
        return __import__(name)
    return getattr(__import__("std." + name), name)


def rows(table):
    """Decorate a test that is run for each row (name, *arguments) of a table: as separate tests under pytest,
    elsewhere as one that runs all of them and names those that fail."""
    try:
        import pytest
    except ImportError:
        return lambda test: lambda: _go_through(test, table)

    def parametrized(test):
        code = test.__code__
        values = [pytest.param(*row[1:], id=row[0]) for row in table]
        return pytest.mark.parametrize(code.co_varnames[: code.co_argcount], values)(test)

    return parametrized


def _go_through(test, table):
    import sys

    failed = []
    for row in table:
        try:
            test(*row[1:])
        except Exception as error:
            print("FAILED", row[0])
            sys.print_exception(error)
            failed.append(row[0])
    assert not failed, failed
