"""Chains of extension headers, IPv4 options, and group messages: well-formed ones are read as they were
written, other bytes raise ParseError only."""

import struct

from hypothesis import given
from hypothesis import strategies as st
from mnet.limits import GROUPS
from mnet.wire import ndp
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.ip.test_ipv6 import DEST, ECHO, HBH, ROUTING, chain
from unit.mnet.ip.test_mld import ALERT, records
from unit.mnet.six import ALL_NODES, OURS6, ROUTER, SECOND, Six, icmp6, option

bytes_ = st.binary(max_size=40)
group = st.builds(
    lambda scope, rest: bytes((0xFF, scope)) + rest, st.integers(2, 14), st.binary(min_size=14, max_size=14)
)


@st.composite
def options_header(draw):
    """Return the body of a header of options that a receiver which does not recognise them skips (RFC 8200
    4.2)."""
    body = b""
    for kind, content in draw(st.lists(st.tuples(st.integers(2, 63), st.binary(max_size=12)), max_size=4)):
        body += bytes((kind, len(content))) + content
    return body + bytes(-(len(body) + 2) % 8)  # Pad1


@given(st.none() | options_header(), st.lists(options_header() | st.just(None), max_size=5))
def test_well_formed_chains_are_walked_through(first, others):
    headers = [] if first is None else [(HBH, first)]
    headers += [(ROUTING, bytes(6)) if each is None else (DEST, each) for each in others]
    host = Six()
    (answer,) = host.hear(icmp6(128, 0, ECHO, **chain(*headers)))
    assert answer.type == 129 and answer.rest == ECHO


@given(st.sampled_from((0, 43, 44, 58, 59, 60)), st.binary(max_size=80), st.sampled_from((OURS6, ALL_NODES)))
def test_a_stack_takes_any_chain(first, data, dst):
    host = Six()
    host.hear(icmp6(128, 0, ECHO, dst=dst, protocol=first, extensions=data))
    host.input(frames.ethernet(frames.ipv6(data, first, dst=OURS6), 0x86DD))


@given(st.integers(0, 255), st.integers(0, 2), st.binary(max_size=120), st.booleans())
def test_a_stack_takes_any_icmp6(kind, code, data, alert):
    host = Six()
    host.interface.mld.join(b"\xff\5" + bytes(13) + b"\7", host.now)
    more = {"protocol": 0, "extensions": ALERT} if alert else {}
    for src, hops in ((frames.PEER6, 255), (ROUTER, 255), (ROUTER, 1)):
        host.hear(icmp6(kind, code, data, src=src, hop_limit=hops, **more))
    for _ in range(4):
        host.at(SECOND)


@given(st.lists(st.tuples(st.integers(2, 255), st.binary(max_size=8)), max_size=4))
def test_options_of_ipv4_are_skipped(given_options):
    text = b"".join([bytes((kind, len(content) + 2)) + content for kind, content in given_options])
    text += bytes(-len(text) % 4)
    if len(text) > 40 or any([kind in (131, 137) for kind, _ in given_options]):
        return
    host = Host()
    host.input(frames.icmp(8, 0, b"\0\1\0\1hello", options=text))
    (answer,) = host.others
    assert (answer.kind, answer.type) == ("icmp", 0)


@given(st.binary(max_size=40).map(lambda data: data[: len(data) & ~3]))
def test_a_stack_takes_any_options_of_ipv4(text):
    host = Host()
    host.input(frames.icmp(8, 0, b"\0\1\0\1hello", options=text))
    assert set(host.drops) <= {"ipv4_options", "ipv4_source_route"}


@given(st.sets(group, min_size=1, max_size=GROUPS // 2))
def test_groups_are_reported_as_they_are(groups):
    host = Six()
    mld = host.interface.mld
    groups -= set(host.ip.groups)
    assert all([mld.join(each, host.now) for each in groups])
    assert {each for _, each in records(host.sent())} >= groups
    host.at(SECOND + 1)
    host.sent()
    query = struct.pack("!HH", 0, 0) + bytes(16) + bytes(4)
    host.hear(icmp6(130, 0, query, ROUTER, ALL_NODES, protocol=0, extensions=ALERT, hop_limit=1))
    host.at(2)
    assert set(records(host.sent())) == {(2, each) for each in set(host.ip.groups) - {ALL_NODES}}
    for each in groups:
        mld.leave(each, host.now)
    host.sent()
    host.at(SECOND + 1)
    assert set(records(host.sent())) <= {(3, each) for each in groups}


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 0xFFFF), *[st.integers(0, 0xFFFFFFFF)] * 2)
def test_router_advertisements_round_trip(hops, flags, lifetime, reachable, retransmit):
    body = struct.pack("!BBHBBHII", 134, 0, 0, hops, flags, lifetime, reachable, retransmit)
    assert ndp.router(body, 0) == (hops, flags, lifetime, reachable, retransmit)


@given(
    st.lists(st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=4), min_size=1, max_size=4),
    st.integers(0, 0xFFFFFFFF),
)
def test_domains_round_trip(names, lifetime):
    body = struct.pack("!HI", 0, lifetime)
    for labels in names:
        body += b"".join([bytes((len(each),)) + each for each in labels]) + b"\0"
    made = option(31, body)
    assert ndp.domains(made, 0, len(made)) == ([b".".join(labels) for labels in names], lifetime)
