# os - what an image has of CPython's. The parts of the module are frozen on demand: those that have a name
# which the program says (host/build/parts.py).

import sys

import _mkernel

name = "posix"
curdir, pardir, sep, pathsep, altsep, extsep = ".", "..", "/", ":", None, "."
linesep, devnull, defpath = "\n", "/dev/null", "/bin:/usr/bin"
F_OK, R_OK, W_OK, X_OK = 0, 4, 2, 1
SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
error = OSError

_PARTS = ("_names", "_errors", "_paths", "_environ", "_machine", "_process")
_PARTS += ("_numbers", "_files", "_walks", "_mounts", "_pipes")


def urandom(size):
    """Return `size` random bytes for cryptography."""
    if size < 0:
        raise ValueError("negative argument not allowed")
    return _mkernel.random(size)


def getrandom(size, flags=0):
    return urandom(size)


def getpid():
    """Return 1: the program is what the machine runs."""
    return 1


def _install():
    """Make the names of the parts that the image holds the module's own."""
    here = globals()
    for part in _PARTS:
        try:
            module = __import__("os." + part, None, None, ("*",))
        except ImportError as error:
            if part not in str(error):  # one that the part needs
                raise
            continue
        for key, value in module.__dict__.items():
            if key[:1] != "_" or key in ("_exit", "_Environ", "_get_exports_list"):
                here[key] = value
    try:
        path = __import__("posix" + "path")  # on demand, too
    except ImportError:
        return
    here["path"] = sys.modules["os.path"] = path


_install()
