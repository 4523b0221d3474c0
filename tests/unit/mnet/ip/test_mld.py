# Multicast listener discovery: RFC 3810, RFC 2710.
import struct

from mnet.address6 import ALL_MLDV2_ROUTERS, ALL_NODES, UNSPECIFIED, parse_ipv6, solicited_node
from mnet.limits import GROUPS
from unit.mnet.frames import OURS6
from unit.mnet.six import OUR_LL, SECOND, Six, icmp6

GROUP = parse_ipv6("ff05::1:3")
ROUTER = parse_ipv6("fe80::99")


def records(sent):
    """Return [(record type, group)] of the reports among the packets sent."""
    found = []
    for each in sent:
        if each.kind == "icmp6" and each.type == 143:
            assert each.dst == ALL_MLDV2_ROUTERS and each.ttl == 1 and each.alert
            count = struct.unpack("!H", each.rest[2:4])[0]
            assert len(each.rest) == 4 + 20 * count
            for at in range(4, len(each.rest), 20):
                assert each.rest[at + 1 : at + 4] == bytes(3)
                found.append((each.rest[at], each.rest[at + 4 : at + 20]))
    return found


ALERT = b"\x3a\0\5\2\0\0\1\0"


def query(
    group=UNSPECIFIED, delay=1000, version=2, dst=ALL_NODES, src=ROUTER, hop_limit=1, code=0, before=ALERT
):
    rest = struct.pack("!HH", delay, 0) + group + (bytes(4) if version == 2 else b"")
    return icmp6(130, code, rest, src, dst, protocol=0, extensions=before, hop_limit=hop_limit)


def test_solicited_node_groups_are_reported():  # MLD-1
    host = Six(ready=False)
    assert records(host.first) == [(4, solicited_node(OURS6))] and host.first[0].src == OUR_LL
    host.at(SECOND)
    assert records(host.sent()) == [(4, solicited_node(OURS6))]  # once more
    host.at(10 * SECOND)
    assert records(host.sent()) == []


def test_join_and_leave():  # MLD-1
    host = Six()
    mld = host.interface.mld
    assert mld.join(GROUP, host.now) and mld.join(GROUP, host.now)
    assert records(host.sent()) == [(4, GROUP)] and host.ip.groups[GROUP] == 2
    mld.leave(GROUP, host.now)
    assert records(host.sent()) == [] and GROUP in host.ip.groups
    mld.leave(GROUP, host.now)
    mld.leave(GROUP, host.now)
    assert records(host.sent()) == [(3, GROUP)] and GROUP not in host.ip.groups
    host.at(SECOND + 1)
    assert records(host.sent()) == [(3, GROUP)]
    for group in (ALL_NODES, parse_ipv6("ff01::5"), parse_ipv6("ff00::5")):
        mld.join(group, host.now)
        assert records(host.sent()) == []


def test_groups_are_bounded():
    host = Six()
    joined = [host.interface.mld.join(parse_ipv6("ff05::%x" % (i + 1)), host.now) for i in range(2 * GROUPS)]
    assert len(host.ip.groups) == GROUPS and joined.count(True) < GROUPS
    assert host.dropped("mld_too_many_groups") == joined.count(False)


def test_a_report_fits_into_the_smallest_packet():
    host = Six()
    mld = host.interface.mld
    mld.pending = {GROUP[:15] + bytes((i,)): (2, 1) for i in range(GROUPS)}  # after a general query
    host.wire.sent = []
    mld.expire(host.now)
    sizes = [len(each[0]) for each in host.wire.sent]
    assert len(sizes) == 2 and max(sizes) <= 14 + 1280


def test_queries():  # MLD-1
    host = Six()
    host.interface.mld.join(GROUP, host.now)
    host.at(SECOND + 1)
    host.sent()
    assert host.hear(query()) == []
    host.at(SECOND + 1)
    assert sorted(records(host.sent())) == sorted([(2, GROUP), (2, solicited_node(OURS6))])
    host.hear(query(GROUP, dst=GROUP, code=1))  # RFC 3810 5.1.1: whatever the code
    host.at(SECOND + 1)
    assert records(host.sent()) == [(2, GROUP)]
    host.hear(query(parse_ipv6("ff05::9")))
    host.hear(query(OURS6))
    host.at(SECOND + 1)
    assert records(host.sent()) == []


def test_a_maximum_delay_of_nothing():  # MLD-1
    host = Six()
    host.hear(query(delay=0))
    host.at(2)
    assert len(records(host.sent())) == 1
    host.hear(query(delay=0xFFFF))  # 0x1fff << 10 ms
    host.at(8400 * SECOND)
    assert len(records(host.sent())) == 1


def test_queries_that_must_be_ignored():
    host = Six()
    for frame in (
        query(hop_limit=2),
        query(src=parse_ipv6("fd00::9")),
        query(before=b"\x3a\0\1\4" + bytes(4)),  # no router alert, RFC 3810 6.2
    ):
        host.hear(frame)
        assert host.dropped("mld_query") == 1
    host.hear(icmp6(130, 0, bytes(19), ROUTER, ALL_NODES, hop_limit=1))
    host.hear(icmp6(130, 0, bytes(22), ROUTER, ALL_NODES, hop_limit=1))
    assert host.dropped("mld_query") == 2
    host.at(20 * SECOND)
    assert host.sent() == []


def test_a_querier_of_version_1():  # RFC 3810 8.2.1, RFC 2710
    host = Six()
    host.hear(query(version=1))
    host.at(SECOND + 1)
    (report,) = host.sent()
    group = solicited_node(OURS6)
    assert (report.type, report.dst, report.rest) == (131, group, bytes(4) + group) and report.alert
    host.hear(query(version=1, delay=60000))  # RFC 2710 3.4: milliseconds, whatever the highest bits
    host.at(60 * SECOND + 1)
    assert [each.type for each in host.sent()] == [131]
    host.hear(query(version=1))
    other = bytes(4) + group
    host.hear(icmp6(131, 0, other, ROUTER, group, protocol=0, extensions=ALERT, hop_limit=1))
    host.at(SECOND + 1)
    assert host.sent() == []  # RFC 2710 section 4: one report of a group is enough
    host.interface.mld.join(GROUP, host.now)
    assert [each.type for each in host.sent()] == [131]
    host.interface.mld.leave(GROUP, host.now)
    (done,) = host.sent()
    assert (done.type, done.dst) == (132, parse_ipv6("ff02::2"))
    host.at(300 * SECOND)
    host.sent()
    host.interface.mld.join(GROUP, host.now)
    assert [each.type for each in host.sent()] == [143]
