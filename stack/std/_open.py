# _open.py - the built-in open(): that of the interpreter knows only what MicroPython has mounted.


def open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    import io

    return io.open(file, mode, buffering, encoding, errors, newline, closefd, opener)
