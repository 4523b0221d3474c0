# errors.py - errors of packets and errors for users.
#
# An error of a peer is a counted drop, never an exception that leaves the stack. An error for a user is an
# OSError with CPython's errno.


class ParseError(Exception):
    """The only error of wire parsers (slow path only); args[0] is the drop reason, a key of Stats.drops."""


# errno values (Linux's, which are also MicroPython's)
ENOENT = 2
ENXIO = 6
EBADF = 9
EAGAIN = 11
EACCES = 13
ENODEV = 19
EINVAL = 22
EPIPE = 32
EDOM = 33
EPROTO = 71
ENOTSOCK = 88
EDESTADDRREQ = 89
EMSGSIZE = 90
ENOPROTOOPT = 92
EPROTONOSUPPORT = 93
EOPNOTSUPP = 95
EAFNOSUPPORT = 97
EADDRINUSE = 98
EADDRNOTAVAIL = 99
ENETUNREACH = 101
ECONNABORTED = 103
ECONNRESET = 104
ENOBUFS = 105
EISCONN = 106
ENOTCONN = 107
ETIMEDOUT = 110
ECONNREFUSED = 111
EHOSTUNREACH = 113
EALREADY = 114
EINPROGRESS = 115
