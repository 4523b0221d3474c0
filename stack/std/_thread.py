# _thread - CPython's threads without objects, and their locks; a thread is a task (mkernel.task).

import sys

import _fiber
from mkernel.locks import RLock, lock  # noqa: F401
from mkernel.task import current_task, print_exception
from mkernel.threads import TIMEOUT_MAX, get_ident, is_failure, launch, number_of  # noqa: F401
from mkernel.threads import count as _count  # noqa: F401
from mkernel.threads import local as _local  # noqa: F401

LockType = allocate_lock = allocate = lock
error = RuntimeError


def start_new_thread(function, args, *kwargs):
    """Run a function in a new thread. Returns its identifier."""
    if not callable(function):
        raise TypeError("first arg must be callable")
    if not isinstance(args, tuple):
        raise TypeError("2nd arg must be a tuple")
    if kwargs and not isinstance(kwargs[0], dict):
        raise TypeError("optional 3rd arg must be a dictionary")

    def ended(task):
        if is_failure(task.exception):
            print("Exception ignored in thread started by:", repr(function), file=sys.stderr)
            print_exception(task.exception, sys.stderr)

    return id(launch(function, args, kwargs[0] if kwargs else {}, None, ended))


start_new = start_new_thread


def exit():
    """End the calling thread."""
    raise SystemExit


exit_thread = exit


def get_native_id():
    """Return the number of the running thread: 1 for the first that asks."""
    return number_of(current_task())


def stack_size(size=None):
    """Set the stack size of new threads in bytes, 0: the default. Returns the previous one."""
    if size is None:
        return _fiber.stack_size()
    if size < 0:
        raise ValueError("size must be 0 or a positive value")
    return _fiber.stack_size(size)
