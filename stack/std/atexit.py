# atexit - functions that are called when the image ends, the latest first.

import sys

from mkernel import scheduler

_functions = []


def register(func, *args, **kwargs):
    """Call func(*args, **kwargs) when the image ends. Returns the function, to be a decorator."""
    if not callable(func):
        raise TypeError("the first argument must be callable")
    if not _functions:
        scheduler.atexit(_run_exitfuncs)
    _functions.append((func, args, kwargs))
    return func


def unregister(func):
    """Forget every registration of the function."""
    _functions[:] = [each for each in _functions if each[0] != func]


def _clear():
    _functions.clear()


def _ncallbacks():
    return len(_functions)


def _run_exitfuncs():
    while _functions:
        func, args, kwargs = _functions.pop()
        try:
            func(*args, **kwargs)
        except Exception as error:
            print("Exception ignored in atexit callback: %r" % (func,), file=sys.stderr)
            sys.print_exception(error, sys.stderr)
