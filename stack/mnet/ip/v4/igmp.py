# igmp.py - IPv4 multicast group membership: RFC 3376 (IGMPv3), and RFC 2236 or RFC 1112 while an older
# querier is present (RFC 3376 7.2). Any source is accepted: EXCLUDE mode with no sources.
from micropython import const

from ...limits import IGMP_GROUPS, SECOND
from ...timers import NEVER
from ...wire import ethernet
from ...wire import igmp as wire

ALL_HOSTS = const(0xE0000001)
_ALL_ROUTERS = const(0xE0000002)
_ALL_REPORTERS = const(0xE0000016)  # RFC 3376 4.2.14
_ROBUSTNESS = const(2)  # RFC 3376 8.1
_UNSOLICITED_INTERVAL = SECOND  # 8.11
_OLDER_QUERIER = 260 * SECOND  # 8.12, with the defaults of 8.2 and 8.3
_TENTH = const(100000)


class Group:
    """A group with `users` members on this host, or none any more; a timer for its next report."""

    def __init__(self, groups, address):
        self.groups = groups
        self.address = address
        self.users = 0
        self.unsolicited = 0  # pending unsolicited reports
        self.due = NEVER
        self.slot = 0

    def expire(self, now):
        """Send a report."""
        self.groups.report(self, now)


class Groups:
    """The groups of one interface, in ip.groups, which ipv4.input reads."""

    def __init__(self, interface):
        host = interface.host
        self.ip = ip = interface.ipv4
        self.deadlines = host.deadlines
        self.stats = host.stats
        self.random_below = host.env.random_below
        self.version = 3
        self.older_until = 0
        self.left = {}  # groups that were left and still have a report pending
        ip.groups[ALL_HOSTS] = None  # RFC 1112 4: always, and never reported

    def join(self, address, now):
        """Add a member of a group. Returns False if there are too many groups."""
        groups = self.ip.groups
        if address == ALL_HOSTS:
            return True
        group = groups.get(address)
        if group is None:
            if len(groups) > IGMP_GROUPS:
                return False
            group = groups[address] = self.left.pop(address, None) or Group(self, address)
            group.users = 1
            self._changed(group, now)
        else:
            group.users += 1
        return True

    def leave(self, address, now):
        """Remove a member of a group."""
        group = self.ip.groups.get(address)
        if group is None:
            return
        group.users -= 1
        if group.users:
            return
        del self.ip.groups[address]
        try:
            if len(self.left) >= IGMP_GROUPS:
                self.deadlines.disarm(self.left.popitem()[1])
            self.left[address] = group
        except MemoryError:  # the routers find out by a query
            return self.deadlines.disarm(group)
        self._changed(group, now)

    def link_up(self, now):
        """Report every group again after link up, perhaps to another switch."""
        for group in self.ip.groups.values():
            if group is not None:
                self._changed(group, now)

    def clear(self):
        """Drop all groups when the interface stops."""
        for group in list(self.ip.groups.values()) + list(self.left.values()):
            if group is not None:
                self.deadlines.disarm(group)
        self.left.clear()

    def _changed(self, group, now):
        """Report a change at once and again later (RFC 3376 5.1)."""
        self.deadlines.disarm(group)
        group.unsolicited = _ROBUSTNESS
        try:
            self.report(group, now)
        except MemoryError:
            self.deadlines.arm(group, now + _UNSOLICITED_INTERVAL)

    def input(self, packet, now):
        """Process a message."""
        kind, version, tenths, address = wire.parse(packet.frame, packet.off, packet.end)
        group = self.ip.groups.get(address)
        if kind == wire.QUERY:
            return self._query(version, tenths, address, group, now)
        if kind in (wire.REPORT_V1, wire.REPORT_V2) and group is not None and self._version(now) != 3:
            group.unsolicited = 0  # RFC 2236 section 3: one report a group is enough
            return self.deadlines.disarm(group)
        self.stats.drop("igmp_ignored")

    def _query(self, version, tenths, address, group, now):
        """Schedule the response to a query within the given time (RFC 3376 5.2), at random."""
        if version < 3:
            self.version = min(version, self._version(now))
            self.older_until = now + _OLDER_QUERIER
        wait = (tenths or 100) * _TENTH  # 100: RFC 2236 section 4, of version 1; in version 3 at once
        if version == 3 and not tenths:
            wait = _TENTH
        if not address:
            asked = [each for each in self.ip.groups.values() if each is not None]
        elif group is None:
            return self.stats.drop("igmp_other_group")
        else:
            asked = [group]
        for each in asked:
            self.deadlines.arm(each, now + 1 + self.random_below(wait))

    def report(self, group, now):
        """Report that we have joined or left a group."""
        version, address = self._version(now), group.address
        if version == 3:
            change = wire.TO_EXCLUDE if group.users else wire.TO_INCLUDE
            record = change if group.unsolicited else wire.IS_EXCLUDE
            self._send(_ALL_REPORTERS, wire.REPORT_V3, address, record)
        elif group.users:
            self._send(address, wire.REPORT_V2 if version == 2 else wire.REPORT_V1, address, 0)
        else:  # one report is enough, and version 1 has no such message
            group.unsolicited = 0
            if version == 2:
                self._send(_ALL_ROUTERS, wire.LEAVE, address, 0)
        if group.unsolicited:
            group.unsolicited -= 1
        if group.unsolicited:
            self.deadlines.arm(group, now + 1 + self.random_below(_UNSOLICITED_INTERVAL))
        elif not group.users:
            self.left.pop(address, None)

    def _version(self, now):
        if now >= self.older_until:
            self.version = 3
        return self.version

    def _send(self, dst, kind, group, record):
        buf = self.ip.link.buf
        n = wire.report(buf, self.ip.address, dst, kind, group, record)
        self.ip.link.output(buf, n, ethernet.multicast4(dst), ethernet.IPV4, True)
