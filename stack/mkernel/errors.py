# errors.py - exceptions of the runtime, and CPython's subclasses of OSError, which MicroPython lacks (PEP
# 3151).
#
# On CPython the built-in classes are used. On MicroPython _boot adds NEW_BUILTINS to the builtins. An OSError
# raised in C is a plain OSError there, so stack/ raises errors for users with `raise oserror(errno, text)`
# only.


class Cancelled(BaseException):
    """Thrown into a task that is cancelled. Not an Exception, so that `except Exception` cannot keep a
    task alive."""


class Deadlock(Exception):
    """All fibers wait for each other, and no outside event can change that."""


class PowerOff(SystemExit):
    """poweroff() was called: the image ends even if tasks are running."""


NEW_BUILTINS = {}
_BY_ERRNO = {}
PlainError = OSError  # as on CPython, for subclasses

try:
    ConnectionError  # noqa: B018 - CPython has it
except NameError:

    class _OSError(OSError):
        """CPython's OSError. MicroPython's takes any first argument for the number."""

        @property
        def errno(self):
            return self.args[0] if len(self.args) == 2 else None

        @property
        def strerror(self):
            return self.args[1] if len(self.args) == 2 else None

        def __str__(self):
            if len(self.args) == 2:
                return "[Errno %s] %s" % self.args
            return ", ".join([str(each) for each in self.args])

    PlainError = type("OSError", (_OSError,), {})
    # Name, base class, Linux's numbers: CPython's OSError() returns an instance of this class for them.
    for _name, _base, _numbers in (
        ("ConnectionError", None, ()),
        ("BrokenPipeError", "ConnectionError", (32, 108)),
        ("ConnectionAbortedError", "ConnectionError", (103,)),
        ("ConnectionRefusedError", "ConnectionError", (111,)),
        ("ConnectionResetError", "ConnectionError", (104,)),
        ("BlockingIOError", None, (11, 114, 115)),
        ("ChildProcessError", None, (10,)),
        ("FileExistsError", None, (17,)),
        ("FileNotFoundError", None, (2,)),
        ("InterruptedError", None, (4,)),
        ("IsADirectoryError", None, (21,)),
        ("NotADirectoryError", None, (20,)),
        ("PermissionError", None, (1, 13)),
        ("ProcessLookupError", None, (3,)),
        ("TimeoutError", None, (110,)),
    ):
        _class = type(_name, (NEW_BUILTINS.get(_base, _OSError),), {})
        NEW_BUILTINS[_name] = _class
        for _number in _numbers:
            _BY_ERRNO[_number] = _class

_TEXTS = {
    1: "Operation not permitted",
    2: "No such file or directory",
    4: "Interrupted system call",
    9: "Bad file descriptor",
    11: "Resource temporarily unavailable",
    12: "Cannot allocate memory",
    13: "Permission denied",
    17: "File exists",
    19: "No such device",
    22: "Invalid argument",
    32: "Broken pipe",
    88: "Socket operation on non-socket",
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
    108: "Cannot send after transport endpoint shutdown",
    110: "Connection timed out",
    111: "Connection refused",
    113: "No route to host",
    114: "Operation already in progress",
    115: "Operation now in progress",
}


def oserror(errno, detail=None):
    """Return the OSError for an errno, of CPython's subclass; `detail` follows the usual message."""
    text = strerror(errno)
    return _BY_ERRNO.get(errno, PlainError)(errno, text if detail is None else "%s: %s" % (text, detail))


def strerror(errno):
    """Return the usual message of an errno."""
    return _TEXTS.get(errno, "Unknown error %d" % errno)


def worded(errno, text):
    """Return the OSError for an errno with a message of its own."""
    return _BY_ERRNO.get(errno, PlainError)(errno, text)


def plain(text):
    """Return an OSError without a number."""
    return PlainError(text)


def timed_out():
    """Return the exception of an expired timeout."""
    return (_BY_ERRNO[110] if _BY_ERRNO else TimeoutError)("timed out")
