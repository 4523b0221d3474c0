# _thread - the part that programs use directly; threads are tasks (mkernel.task).

from threading import Lock as LockType
from threading import Thread, get_ident, stack_size

allocate_lock = LockType
error = RuntimeError

__all__ = ["LockType", "allocate_lock", "error", "exit", "get_ident", "stack_size", "start_new_thread"]


def start_new_thread(function, args, kwargs=None):
    """Run a function in a new daemon thread. Returns its identifier."""
    thread = Thread(None, function, None, args, kwargs, daemon=True)
    thread.start()
    return thread.ident


def exit():
    """End the calling thread."""
    raise SystemExit
