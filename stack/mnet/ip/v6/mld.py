# mld.py - IPv6 multicast group membership: MLDv2, RFC 3810, for a host without source filters (RFC 5790);
# version 1 while an older querier is present (section 8.2.1).
from micropython import const

from ...address6 import ALL_MLDV2_ROUTERS, ALL_NODES, UNSPECIFIED, is_link_local, is_multicast, scope
from ...errors import ParseError
from ...limits import GROUPS, SECOND
from ...timers import NEVER
from ...wire import icmp6, ipv6
from ...wire.primitives import u16

_IS_EXCLUDE = const(2)  # RFC 3810 5.2.12: record types
_TO_INCLUDE = const(3)
_TO_EXCLUDE = const(4)
_REPORTS = const(2)  # 9.1: robustness
_INTERVAL = SECOND  # 9.11
_ALL_ROUTERS = b"\xff\2" + bytes(13) + b"\2"
_ROUTER_ALERT = b"\x3a\0\5\2\0\0\1\0"  # a hop-by-hop header before ICMPv6: RFC 2711, padded
_RECORDS = const(61)  # that fit in a report of 1280 bytes
_QUERY = const(24)
_QUERY_V2 = const(28)


class Mld:
    """The group table in ip.groups (group -> number of members). `pending` maps a group to the record to
    be sent, and how often."""

    def __init__(self, interface):
        host = interface.host
        self.ip = ip = interface.ipv6
        self.deadlines = host.deadlines
        self.stats = host.stats
        self.env = host.env
        self.pending = {}
        self.version_1 = 0  # end of the older version querier present timeout
        self.frame = bytearray(ipv6.PAYLOAD + 8 + 8 + 20 * GROUPS)
        self.due = NEVER
        self.slot = 0
        ip.groups[ALL_NODES] = 1

    def join(self, group, now):
        """Add a member of `group`. Returns False if there are too many groups. Reported at once, and again
        (6.1)."""
        wanted = self.ip.groups.get(group, 0)
        if not self.ip.enabled:
            return False
        if not wanted and len(self.ip.groups) >= GROUPS:
            self.stats.drop("mld_too_many_groups")
            return False
        self.ip.groups[group] = wanted + 1
        if not wanted:
            try:
                self._tell((group,), _TO_EXCLUDE, now)
            except MemoryError:
                del self.ip.groups[group]
                raise
        return True

    def leave(self, group, now):
        """Remove a member of a group."""
        wanted = self.ip.groups.get(group, 0)
        if wanted > 1:
            self.ip.groups[group] = wanted - 1
        elif wanted:
            del self.ip.groups[group]
            try:
                self._tell((group,), _TO_INCLUDE, now)
            except MemoryError:
                self.stats.no_memory += 1  # the routers find out by a query

    def link_up(self, now):
        """Report every group again after link up, perhaps to another switch."""
        self._tell(self.ip.groups, _TO_EXCLUDE, now)

    def clear(self):
        """Drop all groups when the interface stops."""
        self.pending.clear()
        self.deadlines.disarm(self)

    def _tell(self, groups, record, now):
        for group in groups:
            if _is_reported(group):
                self.pending[group] = (record, _REPORTS)
        try:
            self._send(now)
            self._later(now)
        except MemoryError:
            self.deadlines.arm(self, now + _INTERVAL)

    def _later(self, now):
        if self.pending:
            self.deadlines.arm(self, now + 1 + self.env.random_below(_INTERVAL))

    def expire(self, now):
        """Send a pending report or response."""
        self._send(now)
        self._later(now)

    def queried(self, packet, now):
        """Process a query: schedule the response within the given time (5.1, 6.2)."""
        frame, off = packet.frame, packet.off
        size = packet.end - off
        if (
            packet.ttl != 1
            or not is_link_local(packet.src)
            or not self.ip.chain.alert
            or (size != _QUERY and size < _QUERY_V2)
        ):
            raise ParseError("mld_query")
        delay = u16(frame, off + 4)
        if size == _QUERY:
            self.version_1 = now + 260 * SECOND  # 9.12
        else:
            delay = _delay(delay)
        group = bytes(frame[off + 8 : off + 24])
        if group != UNSPECIFIED and (not is_multicast(group) or group not in self.ip.groups):
            return
        for each in self.ip.groups if group == UNSPECIFIED else (group,):
            if _is_reported(each) and each not in self.pending:
                self.pending[each] = (_IS_EXCLUDE, 1)
        if self.pending:
            self.deadlines.arm(self, now + 1 + self.env.random_below(delay * 1000 + 1))

    def reported(self, packet, now):
        """Process another host's report: to a version 1 querier it makes ours redundant (RFC 2710 section
        4)."""
        if now < self.version_1 and packet.end - packet.off >= _QUERY:
            self.pending.pop(bytes(packet.frame[packet.off + 8 : packet.off + 24]), None)

    def _send(self, now):
        """Send one report of everything pending, or in version 1 a message for each."""
        src = self.ip.addresses.link_local() or UNSPECIFIED  # RFC 3590
        records = b""
        for group in list(self.pending):
            record, left = self.pending[group]
            if left > 1:
                self.pending[group] = (record, left - 1)
            else:
                del self.pending[group]
            if now < self.version_1:
                self._send_version_1(src, group, record)
            records += bytes((record, 0, 0, 0)) + group
            if len(records) == 20 * _RECORDS:
                self._report(src, records, now)
                records = b""
        self._report(src, records, now)

    def _report(self, src, records, now):
        if now >= self.version_1 and records:
            message = bytes((icmp6.REPORT, 0, 0, 0, 0, 0, 0, len(records) // 20)) + records
            self._write(src, ALL_MLDV2_ROUTERS, message)

    def _send_version_1(self, src, group, record):
        """Send a version 1 message (RFC 2710 section 4)."""
        done = record == _TO_INCLUDE
        kind = icmp6.DONE_V1 if done else icmp6.REPORT_V1
        self._write(src, _ALL_ROUTERS if done else group, bytes((kind, 0, 0, 0, 0, 0, 0, 0)) + group)

    def _write(self, src, dst, message):
        """Write a message with hop limit 1 and a router alert (RFC 3810 section 5)."""
        frame, n = self.frame, len(message)
        at = ipv6.PAYLOAD + len(_ROUTER_ALERT)
        frame[ipv6.PAYLOAD : at] = _ROUTER_ALERT
        frame[at : at + n] = message
        ipv6.write(frame, src, dst, ipv6.HOP_BY_HOP, len(_ROUTER_ALERT) + n, 1)
        icmp6.finish(frame, at, n, message[0], 0, src, dst)
        self.ip.count_icmp(True, message[0])
        self.ip.transmit(None, dst, frame, at + n, True)


def _is_reported(group):
    """Whether a group is reported; some never are (section 6)."""
    return group != ALL_NODES and scope(group) >= 2


def _delay(code):
    """Return the maximum response delay in milliseconds (5.1.3)."""
    return code if code < 32768 else (code & 0xFFF | 0x1000) << ((code >> 12 & 7) + 3)
