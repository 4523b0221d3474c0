# functions.py - forms of builtin functions: iter(function, sentinel), sum(start=), pow() of a negative power.

import builtins as _builtins


class _CallIterator:
    """iter(function, sentinel)"""

    def __init__(self, function, sentinel):
        self._function, self._sentinel = function, sentinel

    def __iter__(self):
        return self

    def __next__(self):
        if self._function is None:
            raise StopIteration
        value = self._function()
        if value == self._sentinel:
            self._function = None
            raise StopIteration
        return value


_iter, _sum, _pow = _builtins.iter, _builtins.sum, _builtins.pow


def iter(iterable, *sentinel):
    return _CallIterator(iterable, *sentinel) if sentinel else _iter(iterable)


def sum(iterable, start=0):
    return _sum(iterable, start)


def vars(object):
    """The attributes of an object; a call without an argument is that of locals() (host/build/lower)."""
    try:
        return object.__dict__
    except AttributeError:
        raise TypeError("vars() argument must have __dict__ attribute")


def exit(code=None):
    raise SystemExit(code)


quit = exit


def pow(base, exp, mod=None):
    if mod is None:
        return _pow(base, exp)
    if hasattr(type(base), "__pow__") and not isinstance(base, int):
        return base.__pow__(exp, mod)
    if exp >= 0:
        return _pow(base, exp, mod)
    # The inverse by Euclid's algorithm.
    a, b, inverse, last = base % mod, mod, 1, 0
    while a:
        quotient = b // a
        a, b, inverse, last = b - quotient * a, a, last - quotient * inverse, inverse
    if b not in (1, -1):
        raise ValueError("base is not invertible for the given modulus")
    return _pow(last * b % mod, -exp, mod)


def aiter(async_iterable):
    """The asynchronous iterator of an object."""
    kind = type(async_iterable)
    if not hasattr(kind, "__aiter__"):
        raise TypeError("'%s' object is not an async iterable" % kind.__name__)
    found = async_iterable.__aiter__()
    if not hasattr(type(found), "__anext__"):
        raise TypeError("aiter() returned not an async iterator of type '%s'" % type(found).__name__)
    return found


def anext(async_iterator, *default):
    """What waits for the next item; the default if there is none."""
    if not hasattr(type(async_iterator), "__anext__"):
        raise TypeError("'%s' object is not an async iterator" % type(async_iterator).__name__)
    return _next_or(async_iterator, default[0]) if default else async_iterator.__anext__()


async def _next_or(async_iterator, default):
    try:
        return await async_iterator.__anext__()
    except StopAsyncIteration:
        return default


def breakpoint(*args, **kwargs):
    """Call sys.breakpointhook(), if the program has set one: an image has no debugger."""
    from sys import modules

    hook = getattr(modules.get("sys"), "breakpointhook", None)
    return None if hook is None else hook(*args, **kwargs)
