# errors.py - the exceptions of the runtime, and CPython's family of OSError, which MicroPython lacks (PEP 3151).
#
# On CPython nothing is defined anew. On MicroPython _boot puts NEW_BUILTINS among the builtins; there an OSError that C
# code raises stays a plain OSError, so stack/ raises errors for users with `raise oserror(errno, text)` only.


class Cancelled(BaseException):
    """Thrown into a task that is to end. Not an Exception: `except Exception` must not keep a task alive."""


class Deadlock(Exception):
    """Every fiber waits for another one, and nothing from outside can change that."""


NEW_BUILTINS = {}
_BY_ERRNO = {}

try:
    ConnectionError  # noqa: B018 - CPython has them
except NameError:

    class _OSError(OSError):
        """Prints as on CPython; MicroPython's own would print its arguments."""

        @property
        def strerror(self):
            return self.args[1] if len(self.args) > 1 else None

        def __str__(self):
            if len(self.args) < 2:
                return super().__str__()
            return "[Errno %d] %s" % (self.args[0], self.args[1])

    # Name, base, Linux's numbers: those for which CPython's OSError() makes this class.
    for _name, _base, _numbers in (
        ("ConnectionError", None, ()),
        ("BrokenPipeError", "ConnectionError", (32, 108)),  # EPIPE, ESHUTDOWN
        ("ConnectionAbortedError", "ConnectionError", (103,)),
        ("ConnectionRefusedError", "ConnectionError", (111,)),
        ("ConnectionResetError", "ConnectionError", (104,)),
        ("BlockingIOError", None, (11, 114, 115)),  # EAGAIN, EALREADY, EINPROGRESS
        ("ChildProcessError", None, (10,)),
        ("FileExistsError", None, (17,)),
        ("FileNotFoundError", None, (2,)),
        ("InterruptedError", None, (4,)),
        ("IsADirectoryError", None, (21,)),
        ("NotADirectoryError", None, (20,)),
        ("PermissionError", None, (1, 13)),  # EPERM, EACCES
        ("ProcessLookupError", None, (3,)),
        ("TimeoutError", None, (110,)),
    ):
        _class = type(_name, (NEW_BUILTINS.get(_base, _OSError),), {})
        NEW_BUILTINS[_name] = _class
        for _number in _numbers:
            _BY_ERRNO[_number] = _class


_TEXTS = {  # Linux's, for the errors of sockets
    9: "Bad file descriptor",
    11: "Resource temporarily unavailable",
    12: "Cannot allocate memory",
    22: "Invalid argument",
    32: "Broken pipe",
    89: "Destination address required",
    90: "Message too long",
    92: "Protocol not available",
    95: "Operation not supported",
    97: "Address family not supported by protocol",
    98: "Address already in use",
    99: "Cannot assign requested address",
    100: "Network is down",
    101: "Network is unreachable",
    103: "Software caused connection abort",
    104: "Connection reset by peer",
    105: "No buffer space available",
    106: "Transport endpoint is already connected",
    107: "Transport endpoint is not connected",
    110: "Connection timed out",
    111: "Connection refused",
    113: "No route to host",
    114: "Operation already in progress",
    115: "Operation now in progress",
}


def oserror(errno, text=None):
    """The OSError to raise for an error number: of the subclass that CPython would choose, with its text unless told more."""
    return _BY_ERRNO.get(errno, OSError)(errno, text or _TEXTS.get(errno, "error %d" % errno))


def timed_out():
    """What an expired timeout raises."""
    return oserror(110, "timed out")
