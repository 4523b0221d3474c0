# groups.py - multicast options of UDP sockets: RFC 1112 section 6 and 7, RFC 3493 5.2, setsockopt(2).
from mkernel import scheduler
from mkernel.errors import oserror

from ..errors import EADDRINUSE, EADDRNOTAVAIL, EINVAL, ENOBUFS, ENODEV
from .families import need_group


class Memberships:
    """The groups that a socket has joined, and its options for sending to groups: by default only on the
    link, and with a copy to this host."""

    def __init__(self, host):
        self.host = host
        self.joined = []  # (group, Interface)
        self.ttl = 1  # RFC 1112 6.1
        self.loop = True
        self.interface = None  # the Interface to send by, None for the first

    def join(self, value):
        """IP_ADD_MEMBERSHIP: group and address of an interface (0 for the first), four bytes each.
        IPV6_JOIN_GROUP: group and number of an interface (0 for the first)."""
        entry = group, interface = self._group_and_interface(value)
        if entry in self.joined:
            raise oserror(EADDRINUSE, "in this group already")
        groups = interface.groups_of(group)
        self.joined.append(entry)
        try:
            joined = groups.join(group, scheduler.now())
        except MemoryError:
            self.joined.pop()
            raise
        if not joined:
            self.joined.pop()
            raise oserror(ENOBUFS, "in too many groups")

    def leave(self, value):
        """IP_DROP_MEMBERSHIP, IPV6_LEAVE_GROUP."""
        entry = group, interface = self._group_and_interface(value)
        if entry not in self.joined:
            raise oserror(EADDRNOTAVAIL, "not in this group")
        self.joined.remove(entry)
        interface.groups_of(group).leave(group, scheduler.now())

    def leave_all(self):
        """Leave all groups when the socket is closed."""
        while self.joined:
            group, interface = self.joined.pop()
            host = self.host
            if interface is not host.loopback and interface not in host.interfaces:  # it has stopped
                continue
            try:
                interface.groups_of(group).leave(group, scheduler.now())
            except MemoryError:
                self.host.stats.no_memory += 1  # the routers find out by a query

    def set_interface(self, value):
        """Set IP_MULTICAST_IF: the address of an interface, four bytes."""
        if len(value) != 4:
            raise oserror(EINVAL)
        address = int.from_bytes(value, "big")
        interface = self.host.interface_of(address) if address else None
        if address and interface is None:
            raise oserror(EADDRNOTAVAIL)
        self.interface = interface

    def use_interface(self, number):
        """Set IPV6_MULTICAST_IF: the number of an interface."""
        self.interface = self._numbered(number) if number else None

    def _group_and_interface(self, value):
        if len(value) == 20:
            group = bytes(value[:16])
            interface = self._numbered(int.from_bytes(value[16:], "little"))
        elif len(value) >= 8:
            group = int.from_bytes(value[:4], "big")
            address = int.from_bytes(value[4:8], "big")
            interface = self.host.interface_of(address) if address else self._first()
        else:
            raise oserror(EINVAL)
        need_group(group)
        if interface is None:
            raise oserror(ENODEV)
        return group, interface

    def _numbered(self, number):
        interface = self.host.interface(number) if number else self._first()
        if interface is None:
            raise oserror(ENODEV)
        return interface

    def _first(self):
        return self.host.interfaces[0] if self.host.interfaces else None
