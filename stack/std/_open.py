# _open.py - the built-in open(): that of the interpreter knows only what MicroPython has mounted.

import builtins as _builtins

_plain = _builtins.open


def open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    import io

    if not hasattr(io, "RawIOBase"):  # the interpreter's
        return _plain(file, mode)
    return io.open(file, mode, buffering, encoding, errors, newline, closefd, opener)
