# Neighbors over IPv6: RFC 4861 section 7 and appendix C, RFC 4862 5.4, RFC 4429, RFC 7527.
from mnet.address6 import UNSPECIFIED, parse_ipv6, solicited_node
from mnet.ip.v6.addresses import OPTIMISTIC, PREFERRED
from mnet.limits import NEIGHBORS
from mnet.link.neighbors import DELAY, INCOMPLETE, PROBE, REACHABLE, STALE
from unit.mnet import frames
from unit.mnet.frames import OUR_MAC, OURS6, PEER6, PEER_MAC
from unit.mnet.six import ALL_NODES, OUR_LL, SECOND, Six, dad, icmp6, na, ns, option

OTHER = parse_ipv6("fd00::77")
OTHER_MAC = b"\x02\0\0\0\0\x77"
NS, NA = 135, 136
TLLA = option(2, OUR_MAC)


# Packets at the start of a host


def test_host_starts_with_an_optimistic_address():  # ND-8
    host = Six(ready=False)
    kinds = host.kinds(host.first)
    assert kinds == [143, NS, NS, 133], kinds  # MLD, DAD for each address (of one group), a solicitation
    for probe, address in ((host.first[1], OUR_LL), (host.first[2], OURS6)):
        assert (probe.src, probe.dst) == (UNSPECIFIED, solicited_node(address))
        assert probe.rest[4:20] == address and probe.rest[20:22] == b"\x0e\1"  # a nonce
    assert host.first[3].src == UNSPECIFIED and host.first[3].rest == bytes(4)
    assert host.values() == {OUR_LL: OPTIMISTIC, OURS6: OPTIMISTIC}
    answer = host.hear(icmp6(128, rest=b"\0\1\0\1hello", src=PEER6))  # in use at once
    assert host.kinds(answer) == [129]
    host.at(SECOND - 1)
    assert host.values()[OURS6] == OPTIMISTIC
    host.at(1)
    assert host.values() == {OUR_LL: PREFERRED, OURS6: PREFERRED}


def test_dad_failure_removes_the_address():  # ND-8
    for answer in (na(OURS6, 0x20, dst=ALL_NODES), na(OURS6, 0), dad(OURS6), dad(OURS6, b"nonce6")):
        host = Six(ready=False)
        host.hear(answer)
        assert host.values() == {OUR_LL: OPTIMISTIC} and "fd00::1" in host.log[0]
        assert solicited_node(OURS6) in host.ip.groups  # the link-local address ends in the same
        host.at(SECOND)
        assert host.values() == {OUR_LL: PREFERRED}
        assert host.hear(ns(OURS6)) == []


def test_own_solicitation_looped_back_is_no_conflict():  # ND-8
    host = Six(ready=False)
    probe = bytearray(host.first[2].bytes)
    assert host.hear(probe) == [] and host.dropped("ethernet_source") == 1
    probe[6:12] = OTHER_MAC  # by a switch or an access point that puts its own MAC there
    assert host.hear(probe) == [] and host.dropped("ndp_looped") == 1
    host.at(SECOND)
    assert host.values()[OURS6] == PREFERRED


def test_address_after_dad_is_kept_on_conflict():  # ND-2
    host = Six()
    assert host.hear(na(OURS6, 0x20, dst=ALL_NODES)) == []
    assert host.dropped("ndp_conflict") == 1 and len(host.log) == 1 and OURS6 in host.values()
    (answer,) = host.hear(dad(OURS6))  # RFC 4861 7.2.4
    assert (answer.type, answer.dst, answer.rest) == (NA, ALL_NODES, b"\x20\0\0\0" + OURS6 + TLLA)


def test_advertisement_of_an_optimistic_address_does_not_override():
    host = Six(ready=False)
    (answer,) = host.hear(ns())
    assert (answer.dst, answer.rest[:4]) == (PEER6, b"\x40\0\0\0") and answer.rest[4:] == OURS6 + TLLA


def test_no_solicitation_from_an_optimistic_address():
    host = Six(ready=False, known6=False)
    assert host.ip.output(OURS6, PEER6, 59, 8, host.now)
    assert host.sent() == []
    host.at(SECOND)
    assert [each.dst for each in host.sent() if each.type == NS] == [solicited_node(PEER6)]


# Solicitations


def test_a_solicitation_is_answered():  # ND-2
    host = Six(known6=False)
    (answer,) = host.hear(ns())
    assert (answer.src, answer.dst, answer.dst_mac) == (OURS6, PEER6, PEER_MAC)
    assert answer.rest == b"\x60\0\0\0" + OURS6 + TLLA
    neighbor = host.interface.ipv6.ndp.neighbors.table[PEER6]
    # learnt from the solicitation, and used for the reply
    assert (neighbor.mac, neighbor.state) == (PEER_MAC, DELAY)
    assert len(host.hear(ns(dst=OURS6, options=b""))) == 1  # a unicast probe


def test_solicitations_that_must_be_ignored():  # ND-1
    host = Six()
    for frame, reason in (
        (ns(hop_limit=254), "ndp_hop_limit"),
        (ns(code=1), "ndp_message"),
        (ns(sum=0), "icmp6_checksum"),
        (ns(target=ALL_NODES, dst=OURS6), "ndp_message"),
        (ns(options=bytes(8)), "ndp_option_length"),
        (ns(options=b"\1\2" + bytes(6)), "ndp_option_length"),
        (ns(options=b"\1"), "ndp_option_length"),
        (ns(src=UNSPECIFIED), "ndp_message"),  # with a source option
        (ns(src=UNSPECIFIED, options=b"", dst=OURS6), "ndp_message"),
        (ns(src=OUR_LL), "ipv6_source"),
        (ns(target=OTHER, dst=OURS6), "ndp_not_ours"),
        (icmp6(NS, rest=bytes(4), dst=OURS6, hop_limit=255), "ndp_message"),
        (icmp6(NS, rest=bytes(4) + OURS6[:15], dst=OURS6, hop_limit=255), "ndp_message"),
    ):
        assert host.hear(frame) == [] and host.dropped(reason) == 1, reason
    assert list(host.interface.ipv6.ndp.neighbors.table) == [PEER6]


def test_unsolicited_neighbors_fill_no_table():  # ND-4, ND-10
    host = Six()
    for i in range(3 * NEIGHBORS):
        mac = b"\x02\0\0\0" + bytes((i >> 8, i & 255))
        src = PEER6[:14] + bytes((1 + (i >> 8), i & 255))
        host.hear(ns(options=option(1, mac), src=src))
        host.ip.neighbor(PEER6, host.now)  # an old peer that is served
        host.now += 1
    table = host.interface.ipv6.ndp.neighbors.table
    assert len(table) == NEIGHBORS and PEER6 in table and len(host.stack.deadlines.heap) == NEIGHBORS
    host.drops.clear()
    assert host.hear(na(OTHER)) == [] and OTHER not in table and host.dropped("ndp_unsolicited") == 1


# The states of a neighbor


def asked(host):
    """Make the host solicit PEER6."""
    host.ip.output(OURS6, PEER6, 59, 8, host.now)
    return host.interface.ipv6.ndp.neighbors.table[PEER6]


def test_neighbor_is_unreachable_after_three_solicitations():  # ND-3
    host = Six(known6=False)
    neighbor = asked(host)
    for _ in range(3):
        (question,) = host.sent()
        assert (question.src, question.dst, question.rest[4:20]) == (OURS6, solicited_node(PEER6), PEER6)
        assert question.rest[20:] == option(1, OUR_MAC) and neighbor.state == INCOMPLETE
        host.at(SECOND)
    assert host.sent() == [] and PEER6 not in host.interface.ipv6.ndp.neighbors.table
    assert host.dropped("neighbor_unreachable") == 1


def test_queued_packets_leave_with_the_advertisement():  # ND-3, ND-5
    host = Six(known6=False)
    neighbor = asked(host)
    host.sent()
    (packet,) = host.hear(na())
    assert (packet.dst, packet.dst_mac) == (PEER6, PEER_MAC)
    assert neighbor.state == REACHABLE
    host.at(15 * SECOND)
    assert neighbor.state == REACHABLE
    host.at(30 * SECOND)
    assert neighbor.state == STALE and host.sent() == []  # used, and then no more
    host.ip.neighbor(PEER6, host.now)
    assert neighbor.state == DELAY
    host.at(5 * SECOND - 1)
    assert host.sent() == []
    host.at(1)
    for _ in range(3):
        (question,) = host.sent()
        assert (question.dst, question.dst_mac) == (PEER6, PEER_MAC) and neighbor.state == PROBE
        host.at(SECOND)
    assert neighbor.mac is None and PEER6 not in host.interface.ipv6.ndp.neighbors.table


def test_unused_neighbor_expires_without_a_probe():
    host = Six(known6=False)
    asked(host)
    host.hear(na())
    host.at(46 * SECOND)
    for _ in range(20):
        host.at(5 * SECOND)
    assert not host.interface.ipv6.ndp.neighbors.table and host.sent() == [] and not host.stack.deadlines.heap


def known(state, host):
    """Bring PEER6 into this state."""
    neighbor = host.interface.ipv6.ndp.neighbors.table[PEER6]
    neighbor.state = state
    return neighbor


def test_advertisements():  # ND-4; appendix C
    new = option(2, OTHER_MAC)
    old = option(2, PEER_MAC)
    for state, flags, options, expected in (
        (REACHABLE, 0x40, old, (REACHABLE, PEER_MAC)),
        (STALE, 0x40, old, (REACHABLE, PEER_MAC)),
        (PROBE, 0x40, b"", (REACHABLE, PEER_MAC)),
        (PROBE, 0x60, new, (REACHABLE, OTHER_MAC)),
        (REACHABLE, 0x00, old, (REACHABLE, PEER_MAC)),
        (REACHABLE, 0x00, new, (STALE, PEER_MAC)),
        (REACHABLE, 0x40, new, (STALE, PEER_MAC)),
        (PROBE, 0x40, new, (PROBE, PEER_MAC)),
        (STALE, 0x00, new, (STALE, PEER_MAC)),
        (REACHABLE, 0x20, new, (STALE, OTHER_MAC)),
        (STALE, 0x20, old, (STALE, PEER_MAC)),
        (STALE, 0x00, b"", (STALE, PEER_MAC)),
    ):
        host = Six()
        neighbor = known(state, host)
        host.hear(na(PEER6, flags, options))
        assert (neighbor.state, neighbor.mac) == expected, (state, flags, options)


def test_invalid_advertisement_does_not_clear_the_router_flag():  # ND-4
    """7.2.5: an advertisement without the override flag and with another MAC changes nothing else."""
    host = Six()
    host.ip.routes.add_router(PEER6, host.now + SECOND, 0, host.now)
    host.hear(na(PEER6, 0x00, option(2, OTHER_MAC)))
    assert host.ip.routes.router(PEER6) is not None
    host.hear(na(PEER6, 0x20, option(2, OTHER_MAC)))
    assert host.ip.routes.router(PEER6) is None


def test_none_in_fragments_not_even_in_one():  # ND-1; RFC 6980
    host = Six()
    lone = b"\x3a\0\0\0\0\0\0\7"
    for frame in (ns(extensions=lone, protocol=44), na(extensions=lone, protocol=44)):
        assert host.hear(frame) == [] and host.dropped("ndp_message") == 1


def test_advertisements_for_what_is_being_asked():
    for flags, options, state in (
        (0x60, option(2, PEER_MAC), REACHABLE),
        (0x00, option(2, PEER_MAC), STALE),
        (0x40, b"", INCOMPLETE),
        (0x60, option(2, b"\x03" + PEER_MAC[1:]), INCOMPLETE),  # a group's
    ):
        host = Six(known6=False)
        neighbor = asked(host)
        host.sent()
        sent = host.hear(na(PEER6, flags, options))
        assert neighbor.state == state and len(sent) == (state != INCOMPLETE)


def test_advertisements_that_must_be_ignored():  # ND-1
    host = Six()
    neighbor = known(STALE, host)
    for frame, reason in (
        (na(hop_limit=64), "ndp_hop_limit"),
        (na(code=3), "ndp_message"),
        (na(ALL_NODES, src=PEER6), "ndp_message"),
        (na(dst=ALL_NODES), "ndp_message"),  # solicited, to a group
        (na(options=bytes(8)), "ndp_option_length"),
    ):
        assert host.hear(frame) == [] and host.dropped(reason) == 1 and neighbor.state == STALE


def test_a_neighbor_that_speaks_first_may_be_answered_at_once():
    host = Six(known6=False)
    host.hear(ns())
    (answer,) = host.hear(icmp6(128, rest=b"\0\1\0\1"))
    assert (answer.type, answer.dst_mac) == (129, PEER_MAC)
    host.hear(ns(options=option(1, OTHER_MAC)))
    (answer,) = host.hear(icmp6(128, rest=b"\0\1\0\1"))
    assert answer.dst_mac == OTHER_MAC


def test_ipv6_can_be_off():
    host = Six(mode="off", ready=False)
    assert host.first == [] and host.hear(ns()) == [] and host.dropped("ipv6_off") == 1
    assert host.hear(icmp6(128, dst=ALL_NODES)) == [] and host.hear(frames.ethernet(bytes(40), 0x86DD)) == []
