# errors.py - exceptions of the runtime, and OSErrors with the messages of Linux.
#
# OSError(errno, message) returns CPython's subclass for the errno (port/patches/0205-exceptions.patch).


class Cancelled(BaseException):
    """Thrown into a task that is cancelled. Not an Exception, so that `except Exception` cannot keep a
    task alive."""


class Deadlock(Exception):
    """All fibers wait for each other, and no outside event can change that."""


class PowerOff(SystemExit):
    """poweroff() was called: the image ends even if tasks are running."""


PlainError = OSError  # for subclasses

_TEXTS = {
    1: "Operation not permitted",
    2: "No such file or directory",
    4: "Interrupted system call",
    9: "Bad file descriptor",
    11: "Resource temporarily unavailable",
    12: "Cannot allocate memory",
    13: "Permission denied",
    17: "File exists",
    18: "Invalid cross-device link",
    19: "No such device",
    20: "Not a directory",
    21: "Is a directory",
    22: "Invalid argument",
    25: "Inappropriate ioctl for device",
    27: "File too large",
    28: "No space left on device",
    29: "Illegal seek",
    32: "Broken pipe",
    33: "Numerical argument out of domain",
    36: "File name too long",
    38: "Function not implemented",
    39: "Directory not empty",
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
    return OSError(errno, text if detail is None else "%s: %s" % (text, detail))


def strerror(errno):
    """Return the usual message of an errno."""
    return _TEXTS.get(errno, "Unknown error %d" % errno)


def worded(errno, text):
    """Return the OSError for an errno with a message of its own."""
    return OSError(errno, text)


def plain(text):
    """Return an OSError without a number."""
    return PlainError(text)


def timed_out():
    """Return the exception of an expired timeout."""
    return TimeoutError("timed out")
