# kinds.py - AddressFamily and SocketKind: integers with the names and the repr() of CPython's enumerations,
# without `enum`, which few programs have otherwise.


class _Named(int):
    """An integer of a few that have names."""

    @property
    def name(self):
        """The name of the constant."""
        return self.names[int(self)]

    @property
    def value(self):
        """The plain number."""
        return int(self)

    def __repr__(self):
        return "<%s.%s: %d>" % (type(self).__name__, self.name, self)

    def __str__(self):
        return "%d" % self


class AddressFamily(_Named):
    """Families of addresses."""

    __module__ = "socket"
    names = {0: "AF_UNSPEC", 1: "AF_UNIX", 2: "AF_INET", 10: "AF_INET6"}


class SocketKind(_Named):
    """Types of sockets."""

    __module__ = "socket"
    names = {1: "SOCK_STREAM", 2: "SOCK_DGRAM", 3: "SOCK_RAW", 4: "SOCK_RDM", 5: "SOCK_SEQPACKET"}


_members = {}


def kind(named, number):
    """Return the constant of a class for a number, or the number if it has none."""
    key = named, number
    if key not in _members:
        if number not in named.names:
            return number
        _members[key] = named(number)
        setattr(named, named.names[number], _members[key])
    return _members[key]


AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6 = [kind(AddressFamily, number) for number in (0, 1, 2, 10)]
SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET = [
    kind(SocketKind, number) for number in (1, 2, 3, 4, 5)
]
SOCK_CLOEXEC, SOCK_NONBLOCK = 0x80000, 0x800
