# mld.py - the multicast groups we hear, and telling routers and switches of them: MLDv2, RFC 3810, as far as
# a host without source filters needs it (RFC 5790); to a querier of version 1 in its words (section 8.2.1).
from micropython import const

from ..address6 import ALL_MLDV2_ROUTERS, ALL_NODES, UNSPECIFIED, is_link_local, is_multicast, scope
from ..errors import ParseError
from ..limits import GROUPS, SECOND
from ..timers import NEVER
from ..wire import icmp6, ipv6
from ..wire.primitives import u16

_IS_EXCLUDE = const(2)  # RFC 3810 5.2.12: record types
_TO_INCLUDE = const(3)
_TO_EXCLUDE = const(4)
_REPORTS = const(2)  # 9.1: robustness
_INTERVAL = SECOND  # 9.11
_ALL_ROUTERS = b"\xff\2" + bytes(13) + b"\2"
_ROUTER_ALERT = b"\x3a\0\5\2\0\0\1\0"  # a hop-by-hop header before ICMPv6: RFC 2711, padded
_RECORDS = const(61)  # of a report of 1280 bytes
_QUERY = const(24)
_QUERY_V2 = const(28)


class Mld:
    """Keeps ip.groups (group -> how many want it). `pending` maps a group to the record that is to be sent,
    and how often."""

    def __init__(self, interface):
        host = interface.host
        self.ip = ip = interface.ipv6
        self.deadlines = host.deadlines
        self.stats = host.stats
        self.env = host.env
        self.pending = {}
        self.version_1 = 0  # until when a querier of version 1 is believed to be there
        self.frame = bytearray(ipv6.PAYLOAD + 8 + 8 + 20 * GROUPS)
        self.due = NEVER
        self.slot = 0
        ip.groups[ALL_NODES] = 1

    def join(self, group, now):
        """Hear `group`; False if that is too many. It is told at once, and once more (6.1)."""
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
        """One less wants it."""
        wanted = self.ip.groups.get(group, 0)
        if wanted > 1:
            self.ip.groups[group] = wanted - 1
        elif wanted:
            del self.ip.groups[group]
            try:
                self._tell((group,), _TO_INCLUDE, now)
            except MemoryError:
                self.stats.no_memory += 1  # the routers will find out by asking

    def again(self, now):
        """The link is back, perhaps at another switch: every group is told of as if it was new."""
        self._tell(self.ip.groups, _TO_EXCLUDE, now)

    def clear(self):
        """The interface stops."""
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
        """Tell again, or answer."""
        self._send(now)
        self._later(now)

    def queried(self, packet, now):
        """5.1, 6.2: a router wants to know; the answer goes out at some time within what it allows."""
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
        """RFC 2710 section 4: another host has said it, so a router of version 1 knows."""
        if now < self.version_1 and packet.end - packet.off >= _QUERY:
            self.pending.pop(bytes(packet.frame[packet.off + 8 : packet.off + 24]), None)

    def _send(self, now):
        """One report of all that is pending, or a message for each."""
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
        """RFC 2710 section 4."""
        done = record == _TO_INCLUDE
        kind = icmp6.DONE_V1 if done else icmp6.REPORT_V1
        self._write(src, _ALL_ROUTERS if done else group, bytes((kind, 0, 0, 0, 0, 0, 0, 0)) + group)

    def _write(self, src, dst, message):
        """RFC 3810 section 5: hop limit 1, and a router alert."""
        frame, n = self.frame, len(message)
        at = ipv6.PAYLOAD + len(_ROUTER_ALERT)
        frame[ipv6.PAYLOAD : at] = _ROUTER_ALERT
        frame[at : at + n] = message
        ipv6.write(frame, src, dst, ipv6.HOP_BY_HOP, len(_ROUTER_ALERT) + n, 1)
        icmp6.finish(frame, at, n, message[0], 0, src, dst)
        self.ip.transmit(None, dst, frame, at + n, True)


def _is_reported(group):
    """Section 6: nobody needs to know of the others."""
    return group != ALL_NODES and scope(group) >= 2


def _delay(code):
    """5.1.3: the maximum response delay, in milliseconds."""
    return code if code < 32768 else (code & 0xFFF | 0x1000) << ((code >> 12 & 7) + 3)
