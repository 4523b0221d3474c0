"""`micropython` as far as stack/ uses it, for CPython."""


def const(value):
    """A compile-time constant."""
    return value


def native(function):
    """Compiled to machine code on MicroPython."""
    return function


def coroutine(function):
    """types.coroutine"""
    import types

    return types.coroutine(function)
