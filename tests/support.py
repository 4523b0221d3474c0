# support.py - helpers of the portable unit tests (tests/unit): plain Python that CPython and MicroPython both run.

import _fiber
from mkernel.scheduler import sleep
from mkernel.task import Task, current_task
from mkernel.task import run as run_loop


def raises(expected, fun, *args):
    """Call `fun(*args)`, which must raise `expected`; returns the exception."""
    try:
        fun(*args)
    except expected as error:
        return error
    raise AssertionError("nothing raised, expected %s" % expected.__name__)


def run(fun, *args):
    """`fun(*args)` as a task, under the scheduler; tasks it leaves behind are cancelled. Returns its result."""
    if current_task() is None:
        return run_loop(_tidy, fun, args)
    return Task(_tidy, (fun, args), None, _ignore).join()  # inside an image, where the loop is running


def _ignore(task):
    pass


def _tidy(fun, args):
    before = _fiber.parked()
    try:
        return fun(*args)
    finally:
        for fiber in _fiber.parked():
            if fiber not in before and fiber.task is not None:
                fiber.task.cancel()
        sleep(0)
        sleep(0)


def settle(*fibers):
    """Let other fibers run until these have ended."""
    for _ in range(1000):
        if all([fiber.done for fiber in fibers]):
            return
        _fiber.yield_()
    raise AssertionError("a fiber does not end")
