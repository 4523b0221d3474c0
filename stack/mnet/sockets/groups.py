# groups.py - what a UDP socket has to do with multicast: RFC 1112 section 6 and 7, RFC 3493 5.2, in
# the words of setsockopt(2).
from mkernel import scheduler
from mkernel.errors import oserror

from .. import interface
from ..errors import EADDRINUSE, EADDRNOTAVAIL, EINVAL, ENOBUFS, ENODEV
from .families import need_group


class Memberships:
    """The groups that one socket is in, and how it sends to groups: not beyond the link unless told so, and
    to ourselves too."""

    def __init__(self):
        self.joined = []  # (group, stack)
        self.ttl = 1  # RFC 1112 6.1
        self.loop = True
        self.interface = 0  # the address of the one to send from, 0 for the first

    def join(self, value):
        """IP_ADD_MEMBERSHIP: group and address of an interface (0 for the first), four bytes each.
        IPV6_JOIN_GROUP: group and number of an interface (from 1 on; 0 for the first)."""
        group, stack = _group_and_stack(value)
        if (group, stack) in self.joined:
            raise oserror(EADDRINUSE, "in this group already")
        groups = stack.groups_of(group)
        self.joined.append((group, stack))
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
        group, stack = _group_and_stack(value)
        if (group, stack) not in self.joined:
            raise oserror(EADDRNOTAVAIL, "not in this group")
        self.joined.remove((group, stack))
        stack.groups_of(group).leave(group, scheduler.now())

    def leave_all(self):
        """The socket is closed."""
        while self.joined:
            group, stack = self.joined.pop()
            try:
                stack.groups_of(group).leave(group, scheduler.now())
            except MemoryError:
                stack.stats.no_memory += 1  # what could not be said the routers find out by asking

    def choose(self, value):
        """IP_MULTICAST_IF: the address of an interface, four bytes."""
        if len(value) != 4:
            raise oserror(EINVAL)
        address = int.from_bytes(value, "big")
        if address and _stack_of(address) is None:
            raise oserror(EADDRNOTAVAIL)
        self.interface = address

    def choose_number(self, number):
        """IPV6_MULTICAST_IF: the number of an interface."""
        self.interface = number and _numbered(number).ipv6.addresses.link_local()


def _group_and_stack(value):
    if len(value) == 20:
        group = bytes(value[:16])
        stack = _numbered(int.from_bytes(value[16:], "little"))
    elif len(value) >= 8:
        group = int.from_bytes(value[:4], "big")
        stack = _stack_of(int.from_bytes(value[4:8], "big"))
    else:
        raise oserror(EINVAL)
    need_group(group)
    if stack is None:
        raise oserror(ENODEV)
    return group, stack


def _numbered(number):
    if not 0 <= number <= len(interface.running) or not interface.running:
        raise oserror(ENODEV)
    return interface.running[max(number, 1) - 1].stack


def _stack_of(address):
    for running in interface.running:
        if not address or running.stack.ipv4.is_ours(address):
            return running.stack
    return None
