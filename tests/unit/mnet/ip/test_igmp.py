# Multicast: RFC 1112, IGMPv2 (RFC 2236) and IGMPv3 (RFC 3376).
import struct

from mnet.limits import IGMP_GROUPS, SECOND
from mnet.udp.endpoint import Endpoint
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import OURS, PEER
from unit.mnet.sending import send_datagram

GROUP = 0xE8010203
ALL = 0xE0000001
REPORTERS = 0xE0000016
MAC = b"\x01\x00\x5e\x01\x02\x03"
IS_EXCLUDE, TO_INCLUDE, TO_EXCLUDE = 2, 3, 4


def joined():
    host = Host()
    assert host.interface.igmp.join(GROUP, host.now)
    return host


def said(host):
    """Return (type, destination, group, record type or 0) of the messages sent since the last call."""
    host.take()
    taken, host.others = host.others, []
    messages = []
    for frame in taken:
        assert frame.kind == "igmp"
        data = frame.data
        if data[0] == 0x22:
            assert len(data) == 16 and data[4:8] == b"\0\0\0\1" and data[9:12] == b"\0\0\0"
            messages.append((0x22, frame.dst, struct.unpack("!I", data[12:])[0], data[8]))
        else:
            assert len(data) == 8 and data[1] == 0
            messages.append((data[0], frame.dst, struct.unpack("!I", data[4:])[0], 0))
    return messages


def message(kind, code, group, more=b"", dst=ALL, **ip):
    body = struct.pack("!BBHI", kind, code, 0, group) + more
    body = body[:2] + struct.pack("!H", frames.checksum(body)) + body[4:]
    return frames.ethernet(frames.ipv4(body, 2, dst=dst, ttl=1, **ip), dst=b"\x01\0\x5e\0\0\1")


def later(host, seconds):
    host.at(int(seconds * SECOND))
    return said(host)


def test_join_and_leave_are_reported_twice():
    host = joined()
    change = (0x22, REPORTERS, GROUP, TO_EXCLUDE)
    assert said(host) == [change] and later(host, 1) == [change] and later(host, 1000) == []
    host.interface.igmp.join(GROUP, host.now)
    host.interface.igmp.leave(GROUP, host.now)
    assert said(host) == [] and GROUP in host.interface.ipv4.groups
    host.interface.igmp.leave(GROUP, host.now)
    change = (0x22, REPORTERS, GROUP, TO_INCLUDE)
    assert said(host) == [change] and GROUP not in host.interface.ipv4.groups
    host.interface.igmp.leave(GROUP, host.now)
    assert said(host) == [] and later(host, 1) == [change] and later(host, 1000) == []
    assert not [each for each in host.stack.deadlines.heap if hasattr(each, "unsolicited")]


def test_rejoin_cancels_the_leave():
    host = joined()
    later(host, 2)
    host.interface.igmp.leave(GROUP, host.now)
    assert host.interface.igmp.join(GROUP, host.now)
    assert [each[3] for each in said(host)] == [TO_INCLUDE, TO_EXCLUDE]
    assert [each[3] for each in later(host, 5)] == [TO_EXCLUDE]
    for i in range(3 * IGMP_GROUPS):
        assert host.interface.igmp.join(GROUP + 1 + i, host.now)
        host.interface.igmp.leave(GROUP + 1 + i, host.now)
    assert len([each for each in host.stack.deadlines.heap if hasattr(each, "unsolicited")]) <= IGMP_GROUPS


def test_queries_of_version_3_are_answered_in_time():
    for group, more in ((0, bytes(4)), (GROUP, bytes(4)), (GROUP, b"\0\0\0\1\x0a\0\0\2")):
        host = joined()
        later(host, 2)
        host.input(message(0x11, 100, group, more))
        assert later(host, 10) == [(0x22, REPORTERS, GROUP, IS_EXCLUDE)]
    host.input(message(0x11, 100, GROUP + 1, bytes(4)))
    assert later(host, 30) == [] and host.dropped("igmp_other_group") == 1
    host.input(message(0x11, 0xFF, 0, bytes(4)))  # 3174.4 s, RFC 3376 4.1.1
    assert later(host, 3175) == [(0x22, REPORTERS, GROUP, IS_EXCLUDE)]


def test_older_queriers_get_reports_of_their_version():  # BAD-10
    for code, report in ((100, 0x16), (0, 0x12)):  # 0: version 1; smoltcp divided by it
        host = joined()
        later(host, 2)
        host.input(message(0x11, code, 0))
        assert later(host, 10) == [(report, GROUP, GROUP, 0)]
        host.interface.igmp.leave(GROUP, host.now)
        assert said(host) == ([] if code == 0 else [(0x17, 0xE0000002, GROUP, 0)])
        host.at(260 * SECOND)
        host.interface.igmp.join(GROUP, host.now)
        assert said(host) == [(0x22, REPORTERS, GROUP, TO_EXCLUDE)]


def test_in_version_2_one_report_is_enough():
    host = joined()
    later(host, 2)
    host.input(message(0x11, 100, 0))
    host.input(message(0x16, 0, GROUP, dst=GROUP))
    assert later(host, 20) == []
    host.input(message(0x11, 0, 0))
    host.input(message(0x12, 0, GROUP, dst=GROUP))
    assert later(host, 20) == []


def test_queries_from_the_unspecified_address_are_accepted():
    """RFC 4541 2.1.1: its queries come from 0.0.0.0."""
    host = joined()
    later(host, 2)
    host.input(message(0x11, 100, 0, bytes(4), src=0))
    assert later(host, 10) == [(0x22, REPORTERS, GROUP, IS_EXCLUDE)]
    host.input(frames.icmp(8, 0, bytes(4), src=0))
    assert host.dropped("ipv4_source") == 1


def test_all_hosts_is_never_reported():
    host = Host()
    assert host.interface.igmp.join(ALL, host.now)
    host.interface.igmp.leave(ALL, host.now)
    host.input(message(0x11, 100, ALL, bytes(4)))
    host.input(message(0x11, 100, 0, bytes(4)))
    assert later(host, 100) == [] and ALL in host.interface.ipv4.groups


def test_malformed_messages():  # BAD-9, URGENT/11
    host = joined()
    later(host, 2)
    good = message(0x11, 100, 0, bytes(4))
    for n in range(8):
        host.input(frames.ethernet(frames.ipv4(good[34 : 34 + n], 2, dst=ALL)))
    assert host.dropped("igmp_short") == 8
    bad = bytearray(good)
    bad[-1] ^= 1
    host.input(bad)
    assert host.dropped("igmp_checksum") == 1
    for n in (9, 10, 11):
        body = b"\x11\0" + struct.pack("!H", frames.checksum(b"\x11" + bytes(n - 1))) + bytes(n - 4)
        host.input(frames.ethernet(frames.ipv4(body, 2, dst=ALL)))
    assert host.dropped("igmp_length") == 3
    for kind in (0, 0x12, 0x13, 0x16, 0x17, 0x22, 0xFF):
        host.input(message(kind, 0, GROUP, bytes(20)))
    assert host.dropped("igmp_ignored") == 7
    pieces = frames.fragments(message(0x11, 0, 0, struct.pack("!BBH", 0, 0, 0xFFFF) + bytes(64)), 16)
    for frame in pieces:  # an IGMPv3 query in fragments, with more sources than there are
        host.input(frame)
    assert len(later(host, 1)) == 1 and not host.drops


def test_groups_are_bounded():
    host = Host()
    for i in range(IGMP_GROUPS):
        assert host.interface.igmp.join(GROUP + i, host.now)
    assert not host.interface.igmp.join(GROUP + 1000, host.now)
    assert len(host.interface.ipv4.groups) == IGMP_GROUPS + 1


def test_datagrams_to_groups():  # BAD-5
    host = joined()
    later(host, 2)
    first, second, elsewhere = Endpoint(), Endpoint(), Endpoint()
    for endpoint, local in ((first, 0), (second, GROUP), (elsewhere, OURS)):
        endpoint.shared = True
        endpoint.local = local
        assert host.stack.udp.bind(endpoint, 7) == 7
    host.input(MAC + frames.udp(5000, 7, b"to all", dst=GROUP)[6:])
    assert first.take()[:3] == second.take()[:3] == (b"to all", PEER, 5000) and elsewhere.take() is None
    host.input(MAC + frames.udp(5000, 7, b"to others", dst=GROUP + 1)[6:])
    assert first.take() is None and host.dropped("ipv4_not_ours") == 1
    host.input(MAC + frames.udp(5000, 8, b"nobody", dst=GROUP)[6:])
    host.input(MAC + frames.tcp("S", 1, 0, 1000, dst=GROUP)[6:])
    host.input(MAC + frames.icmp(8, 0, b"\0\1\0\1", dst=GROUP)[6:])
    host.input(frames.udp(5000, 7, b"from a group", src=GROUP))
    assert said(host) == []  # V4-11: no answer, no error
    assert host.drops == {"udp_no_port": 1, "tcp_broadcast": 1, "icmp_broadcast_echo": 1, "ipv4_source": 1}


def test_datagrams_to_groups_leave_with_the_groups_mac():
    host = Host()
    send_datagram(host.stack, 7, 0xEFFF1234, 5000, b"x", host.now, None, 5)
    host.take()
    (frame,) = host.others
    assert (frame.dst_mac, frame.ttl, frame.src) == (b"\x01\x00\x5e\x7f\x12\x34", 5, OURS)
