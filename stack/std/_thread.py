# _thread - CPython's threads without objects, and their locks; a thread is a task (mkernel.task).

import sys

from mkernel.locks import RLock, lock  # noqa: F401
from mkernel.task import print_exception
from mkernel.threads import (  # noqa: F401
    TIMEOUT_MAX,
    get_ident,
    get_native_id,
    is_failure,
    launch,
    stack_size,
)
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
