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
    """The attributes of an object; without an argument it would be locals(), which an image lacks."""
    return object.__dict__


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
