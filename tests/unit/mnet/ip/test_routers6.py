# Router advertisements and their effects: RFC 4861 section 6 and 8, RFC 4862 5.5, RFC 4191, RFC 8106, RFC
# 7217, RFC 8981.
import struct

from mnet.address6 import UNSPECIFIED, parse_ipv6
from mnet.ip.v6.addresses import DEPRECATED, OPTIMISTIC, PREFERRED
from mnet.limits import ADDRESSES, NAMESERVERS, PREFIXES, ROUTERS, SEARCH_DOMAINS
from mnet.link.neighbors import STALE
from mnet.timers import NEVER
from mnet.udp.endpoint import Endpoint
from unit.mnet.frames import OUR_MAC, OURS6, PEER_MAC
from unit.mnet.six import (
    ALL_NODES,
    OUR_LL,
    ROUTER,
    ROUTER_MAC,
    SECOND,
    Six,
    dad,
    icmp6,
    na,
    option,
    prefix,
    ra,
)

ROUTER2 = parse_ipv6("fe80::98")
MINE = parse_ipv6("fd01::ff:fe00:1")  # EUI-64 of OUR_MAC
FAR = parse_ipv6("2001:db8::9")
HOUR = 3600 * SECOND
SLLA = option(1, ROUTER_MAC)


def auto(mode="eui64", **what):
    """A host that makes addresses of its own, with its link-local address checked."""
    return Six(mode, known6=False, **what)


def hop(host, dst=FAR):
    return host.ip.routes.next_hop(dst, host.now)


# Solicitations


def test_router_solicitations_are_sent_three_times():  # ND-6
    host = Six("eui64", ready=False, known6=False)
    assert [each.type for each in host.first] == [143, 135, 133]
    times = [host.now]
    while host.stack.deadline() != NEVER:
        host.next()
        for each in host.sent():
            if each.kind == "icmp6" and each.type == 133:
                assert each.src == OUR_LL and each.rest[4:] == option(1, OUR_MAC)
                times.append(host.now)
    assert [b - a for a, b in zip(times, times[1:])] == [4 * SECOND, 4 * SECOND]


def test_advertisement_ends_router_solicitations():  # ND-6
    host = Six("eui64", ready=False, known6=False)
    host.at(SECOND)
    host.hear(ra(SLLA))
    host.at(60 * SECOND)
    assert 133 not in host.kinds(host.sent())
    host = Six("eui64", ready=False, known6=False)
    host.hear(ra(SLLA, lifetime=0))  # no default router: soliciting continues
    host.at(4 * SECOND)
    assert 133 in host.kinds(host.sent())


# Advertisements


def test_advertisements_that_must_be_ignored():  # ND-1
    host = auto()
    for frame, reason in (
        (ra(ttl=254), "ndp_hop_limit"),
        (ra(src=parse_ipv6("fd00::9")), "ndp_message"),
        (ra(code=1), "ndp_message"),
        (ra(bytes(8)), "ndp_option_length"),
        (ra(b"\3\4" + bytes(22)), "ndp_option_length"),
        (ra(sum=1), "icmp6_checksum"),
        (icmp6(134, 0, bytes(8), src=ROUTER, dst=OUR_LL, hop_limit=255), "ndp_message"),
    ):
        assert host.hear(frame) == [] and host.dropped(reason) == 1
    assert hop(host) is None and not host.interface.ipv6.ndp.neighbors.table


def test_what_an_advertisement_sets():  # ND-7
    host = auto()
    host.hear(ra(SLLA + option(5, struct.pack("!HI", 0, 1400)) + prefix(), hop_limit=33, reachable=1000))
    assert (host.ip.hop_limit, host.ip.mtu) == (33, 1400)
    assert 500000 <= host.interface.ipv6.ndp.neighbors.reachable_time <= 1500000
    neighbor = host.interface.ipv6.ndp.neighbors.table[ROUTER]
    assert (neighbor.mac, neighbor.state) == (ROUTER_MAC, STALE)
    assert hop(host) == ROUTER and hop(host, parse_ipv6("fd01::5")) == parse_ipv6("fd01::5")
    assert host.values()[MINE] == OPTIMISTIC
    host.hear(ra(hop_limit=0))
    assert host.ip.hop_limit == 33
    for mtu in (0, 1279, 1501, 65536):
        host.hear(ra(option(5, struct.pack("!HI", 0, mtu))))
        assert host.ip.mtu == 1400 and host.dropped("ndp_mtu") == 1
    host.at(SECOND)
    assert host.values() == {OUR_LL: PREFERRED, MINE: PREFERRED}


def test_router_lifetimes_and_preferences():  # ND-7
    host = auto()
    host.hear(ra(lifetime=100))
    assert hop(host) == ROUTER
    host.hear(ra(src=ROUTER2, flags=0x08, lifetime=50))  # high
    assert hop(host) == ROUTER2
    host.now += 50 * SECOND
    assert hop(host) == ROUTER
    host.hear(ra(src=ROUTER2, flags=0x18))  # low
    assert hop(host) == ROUTER
    host.hear(ra(lifetime=0))
    assert hop(host) == ROUTER2
    host.hear(ra(src=ROUTER2, lifetime=0))
    assert hop(host) is None
    for flags, other, better in ((0x10, 0x00, False), (0x18, 0x10, False), (0x08, 0x10, True)):
        host = auto()  # the reserved preference is the medium one
        host.hear(ra(flags=other))
        host.hear(ra(src=ROUTER2, flags=flags))
        assert (hop(host) == ROUTER2) == better


def test_a_router_that_dies():
    host = auto()
    host.hear(ra(SLLA, flags=0x08))
    host.hear(ra(option(1, PEER_MAC), src=ROUTER2))
    assert hop(host) == ROUTER
    host.ip.neighbor(FAR, host.now)
    for _ in range(12):
        host.at(SECOND)
    assert ROUTER not in host.interface.ipv6.ndp.neighbors.table and hop(host) == ROUTER2
    host.hear(na(ROUTER, 0xA0, option(2, ROUTER_MAC), dst=ALL_NODES))  # unsolicited: no proof of reachability
    assert hop(host) == ROUTER2
    host.hear(na(ROUTER, 0xE0, option(2, ROUTER_MAC), dst=OUR_LL))
    assert hop(host) == ROUTER


def test_a_better_router_that_comes_back():
    """RFC 4191 3.2: while another router is used instead it is probed, at most once a minute."""
    host = auto()
    host.hear(ra(SLLA, flags=0x08))
    host.hear(ra(option(1, PEER_MAC), src=ROUTER2))
    host.ip.routes.forget(ROUTER)
    host.interface.ipv6.ndp.neighbors.remove(host.interface.ipv6.ndp.neighbors.table[ROUTER])
    asked = []
    for _ in range(150):
        assert hop(host) == ROUTER2  # useful traffic
        asked += [each.rest[4:20] for each in host.sent() if each.type == 135]
        host.at(SECOND)
    assert asked == [ROUTER] * 3
    host.hear(ra(SLLA, flags=0x08))  # no proof of reachability (RFC 4861 7.3.1)
    assert hop(host) == ROUTER2
    while hop(host) == ROUTER2 and 135 not in host.kinds(questions := host.sent()):
        host.at(SECOND)
    assert [(each.rest[4:20], each.dst_mac) for each in questions] == [(ROUTER, ROUTER_MAC)]
    host.hear(na(ROUTER, 0xE0, option(2, ROUTER_MAC), dst=OUR_LL))
    assert hop(host) == ROUTER
    for _ in range(100):
        assert hop(host) == ROUTER and host.sent() == []
        host.at(SECOND)


def test_advertised_retransmission_timer_is_used():  # ND-3, ND-7
    """RetransTimer is the advertised value (RFC 4861 6.3.4), within bounds."""
    for said, taken in ((0, SECOND), (200, SECOND // 5), (1, 10000), (1 << 31, 10 * SECOND)):
        host = auto()
        host.hear(ra(prefix(), retransmit=said))
        host.at(taken - 1)
        assert host.values()[MINE] == OPTIMISTIC
        host.at(1)
        assert host.values()[MINE] == PREFERRED
        host.sent()
        host.ip.neighbor(parse_ipv6("fd01::77"), host.now)
        for _ in range(3):
            assert host.kinds(host.sent()) == [135]
            host.at(taken)
        assert host.sent() == [] and parse_ipv6("fd01::77") not in host.interface.ipv6.ndp.neighbors.table


def test_neighbor_that_ceases_to_be_a_router():
    host = auto()
    host.hear(ra(SLLA))
    host.hear(na(ROUTER, 0x60, option(2, ROUTER_MAC), dst=OUR_LL))
    assert hop(host) is None


def test_a_thousand_routers_and_prefixes():  # ND-10
    host = auto()
    host.hear(ra(SLLA + prefix()))
    for i in range(1000):
        src = parse_ipv6("fe80::1:%x" % i)
        host.hear(ra(prefix("fd02:%x::" % i) + prefix("fd03:%x::" % i), src=src))
    assert len(host.ip.routes.routers) == ROUTERS and hop(host) == ROUTER
    assert len(host.ip.routes.prefixes) == PREFIXES and host.ip.routes.on_link(MINE, host.now)
    assert len(host.ip.addresses.list) == ADDRESSES and MINE in host.values()
    assert host.drops["ndp_too_many_routers"] == 1000 - ROUTERS + 1
    assert len(host.stack.deadlines.heap) < 3 * ADDRESSES


HIGH, LOW = 0x08, 0x18


def false_routers(host, n=ROUTERS, flags=0):
    """So many routers, each with prefixes of its own."""
    for i in range(n):
        prefixes = prefix("fd02:%x::" % i) + prefix("fd03:%x::" % i)
        host.hear(ra(prefixes, src=parse_ipv6("fe80::1:%x" % i), flags=flags))


def test_a_hop_limit_that_would_cut_the_host_off_is_refused():  # RFC 4861 6.3.4, CVE-2015-2922
    host = auto()
    for limit in (1, 2, 31):
        host.hear(ra(hop_limit=limit))
        assert host.ip.hop_limit == 64 and host.dropped("ndp_hop_limit_low") == 1
    for limit in (32, 64, 255):
        host.hear(ra(hop_limit=limit))
        assert host.ip.hop_limit == limit and not host.drops


def test_a_better_router_takes_the_place_of_a_false_one():
    host = auto()
    false_routers(host)
    assert len(host.ip.routes.routers) == ROUTERS and len(host.ip.addresses.list) == ADDRESSES
    host.hear(ra(SLLA + prefix(), flags=HIGH))
    assert hop(host) == ROUTER and len(host.ip.routes.routers) == ROUTERS
    assert host.ip.routes.on_link(MINE, host.now) and len(host.ip.routes.prefixes) == PREFIXES
    assert MINE in host.values() and len(host.ip.addresses.list) == ADDRESSES
    assert OUR_LL in host.values()


def test_router_with_false_prefixes_is_evicted_for_a_better_one():
    host = auto()
    many = b"".join([prefix("fd02:%x::" % i) for i in range(PREFIXES)])
    host.hear(ra(many, src=ROUTER2, lifetime=0))  # no default router even
    assert len(host.ip.addresses.list) == ADDRESSES
    host.hear(ra(prefix()))
    assert MINE in host.values() and host.ip.routes.on_link(MINE, host.now)


def test_unreachable_routers_are_evicted():
    host = auto()
    false_routers(host)
    host.hear(ra(prefix()))  # equally useful, as far as known
    assert host.ip.routes.router(ROUTER) is None and MINE not in host.values()
    host.ip.neighbor(FAR, host.now)
    for _ in range(4):
        host.at(SECOND)  # the first of them does not answer
    host.hear(ra(prefix()))
    assert host.ip.routes.router(ROUTER) is not None and MINE in host.values()


def test_a_router_that_answers_is_kept():
    host = auto()
    host.hear(ra(SLLA + prefix()))
    host.ip.neighbor(FAR, host.now)
    host.hear(na(ROUTER, 0xE0, option(2, ROUTER_MAC), dst=OUR_LL))
    false_routers(host, 1000, HIGH)
    assert host.ip.routes.router(ROUTER) is not None and host.ip.routes.on_link(MINE, host.now)
    assert MINE in host.values() and len(host.ip.routes.routers) == ROUTERS


def test_configured_addresses_and_routers_are_kept():
    host = Six("static", known6=False, gateway6=ROUTER)
    false_routers(host, 1000, HIGH)
    assert hop(host) == ROUTER and host.ip.routes.on_link(OURS6, host.now)
    assert OURS6 in host.values() and OUR_LL in host.values()


def test_an_address_in_use_is_kept():
    host = auto()
    host.hear(ra(prefix(), flags=LOW))
    host.at(SECOND)
    endpoint = Endpoint()
    endpoint.local = MINE
    assert host.stack.udp.bind(endpoint, 7) == 7
    for i in range(PREFIXES):
        host.hear(ra(prefix("fd02:%x::" % i), src=ROUTER2, flags=LOW))
    for i in range(100):
        host.hear(ra(prefix("fd03:%x::" % i), src=parse_ipv6("fe80::77"), flags=HIGH))
    assert MINE in host.values() and len(host.ip.addresses.list) == ADDRESSES
    host.stack.udp.unbind(endpoint, 7)


def test_an_address_of_a_connection_is_in_use():
    host = auto()
    host.hear(ra(prefix()))
    peer = host.peer(address=parse_ipv6("fd01::2"), local=MINE)
    host.meet(parse_ipv6("fd01::2"), PEER_MAC)
    assert not host.stack.in_use(MINE)
    host.listen(address=None)
    peer.connect()
    assert host.stack.in_use(MINE) and not host.stack.in_use(OUR_LL)
    host.tcp.listen(OUR_LL, 80, 1, host.tcp.settings)
    assert host.stack.in_use(OUR_LL)


# Prefixes


def test_prefixes_that_make_no_address():  # ND-7
    host = auto()
    for text in (
        prefix(flags=0x80),
        prefix(length=63),
        prefix(length=80),
        prefix("fe80::"),
        prefix("ff02::"),
        prefix(valid=100, preferred=101),
        prefix(valid=0, preferred=0),
        option(3, bytes(6)),
        option(3, bytes((129, 0xC0)) + bytes(28)),
    ):
        host.hear(ra(text))
    assert list(host.values()) == [OUR_LL] and host.drops == {"ndp_prefix": 2}


def test_prefix_without_the_flag_is_not_on_link():  # RFC 5942
    host = auto()
    host.hear(ra(prefix(flags=0x40)))
    host.hear(ra(prefix("fd05::", flags=0x80, length=48)))
    assert hop(host, parse_ipv6("fd01::5")) == ROUTER
    assert hop(host, parse_ipv6("fd05::7:0:0:0:5")) == parse_ipv6("fd05::7:0:0:0:5")
    host.hear(ra(prefix("fd05::", flags=0x80, length=48, valid=0, preferred=0)))
    assert hop(host, parse_ipv6("fd05::5")) == ROUTER


def test_advertisements_do_not_remove_configured_prefixes():
    host = Six()
    host.hear(ra(prefix("fd00::", valid=0, preferred=0)))
    assert host.ip.routes.on_link(parse_ipv6("fd00::9"), host.now)


def lifetimes(host, value=MINE):
    address = host.ip.addresses.get(value)
    return tuple([(each - host.now) // SECOND for each in (address.valid_until, address.preferred_until)])


def test_valid_lifetime_is_not_reduced_below_two_hours():  # ND-7; RFC 4862 5.5.3 (e)
    host = auto()
    host.hear(ra(prefix(valid=20000, preferred=10000)))
    assert lifetimes(host) == (20000, 10000)
    host.hear(ra(prefix(valid=30000, preferred=20000)))
    assert lifetimes(host) == (30000, 20000)
    host.hear(ra(prefix(valid=10000, preferred=10)))  # more than two hours
    assert lifetimes(host) == (10000, 10)
    host.hear(ra(prefix(valid=10, preferred=5)))
    assert lifetimes(host) == (7200, 5)
    host.hear(ra(prefix(valid=10, preferred=5)))
    assert lifetimes(host) == (7200, 5)
    host.now += 100 * SECOND
    host.hear(ra(prefix(valid=0, preferred=0)))
    assert lifetimes(host) == (7100, 0)
    host.hear(ra(prefix(valid=0xFFFFFFFF, preferred=0xFFFFFFFF)))
    assert host.ip.addresses.get(MINE).valid_until == NEVER


def test_address_is_deprecated_and_expires():
    host = auto()
    host.hear(ra(prefix(valid=7200, preferred=100)))
    host.at(SECOND)
    assert host.values()[MINE] == PREFERRED
    host.at(99 * SECOND)
    assert host.values()[MINE] == DEPRECATED and host.ip.is_ours(MINE)
    assert host.ip.source(FAR, host.now) == MINE  # better than none of that scope
    host.hear(ra(prefix(valid=7200, preferred=7200)))
    assert host.values()[MINE] == PREFERRED
    host.at(7200 * SECOND)
    assert list(host.values()) == [OUR_LL]


def test_slaac_address_with_dad_failure_is_removed():
    host = auto()
    host.hear(ra(prefix()))
    host.hear(dad(MINE))
    assert list(host.values()) == [OUR_LL] and "fd01::ff:fe00:1" in host.log[0]
    host.hear(ra(prefix() + prefix("fd02::")))  # it is not tried again with each advertisement
    assert set(host.values()) == {OUR_LL, parse_ipv6("fd02::ff:fe00:1")} and len(host.log) == 1


# Stable and temporary


def test_stable_addresses_are_constant_and_hide_the_mac():
    made = []
    for _ in range(2):
        host = auto("stable")
        host.hear(ra(prefix() + prefix("fd02::")))
        made.append(list(host.values()))
    assert made[0] == made[1] and len(set(made[0])) == 3
    assert len({each[8:] for each in made[0]}) == 3 and not any([b"\xff\xfe" in each for each in made[0]])


def test_stable_address_changes_after_dad_failure():
    host = Six("stable", ready=False, known6=False)
    tried = []
    for _ in range(3):
        (mine,) = host.values()
        tried.append(mine)
        host.hear(dad(mine))
    assert host.values() == {} and len(set(tried)) == 3  # RFC 7217 section 6: IDGEN_RETRIES


def temporary():
    host = auto("temporary")
    host.stack.env.random = host.dice()
    host.hear(ra(prefix(valid=10 * 86400, preferred=9 * 86400)))
    host.at(SECOND)
    return host


def test_temporary_addresses():
    host = temporary()
    (ll, public, passing) = host.ip.addresses.list
    assert (ll.temporary, public.temporary, passing.temporary) == (False, False, True)
    assert host.ip.source(FAR, host.now) == passing.value
    assert lifetimes(host, passing.value)[0] == 2 * 86400 - 1
    first_ends = passing.preferred_until
    assert first_ends <= host.now + 86400 * SECOND
    host.at(first_ends - host.now - 5 * SECOND)
    host.at(SECOND)
    successor = host.ip.addresses.list[3]
    assert successor.temporary and successor.value != passing.value and len(host.ip.addresses.list) == 4
    assert passing.state == PREFERRED
    host.at(5 * SECOND)
    assert passing.state == DEPRECATED and host.ip.source(FAR, host.now) == successor.value
    for _ in range(200):
        host.at(HOUR)
        assert len(host.ip.addresses.list) <= 5
    assert passing.value not in host.values() and public.value in host.values()


def test_a_prefix_cannot_prolong_a_temporary_address():
    host = temporary()
    passing = host.ip.addresses.list[2]
    ends = passing.valid_until
    host.at(HOUR)
    host.hear(ra(prefix(valid=10 * 86400, preferred=9 * 86400)))
    assert passing.valid_until == ends and passing.preferred_until <= passing.last_preferred


def test_static_addresses_stay_and_make_no_others():
    host = Six()
    host.hear(ra(prefix()))
    assert len(host.values()) == 2
    host.at(10 * 86400 * SECOND)
    assert len(host.values()) == 2


# Servers


def rdnss(*texts, lifetime=600, size=None):
    body = struct.pack("!HI", 0, lifetime) + b"".join([parse_ipv6(text) for text in texts])
    made = option(25, body)
    return made if size is None else bytes((25, size)) + made[2:] + bytes(8)


def dnssl(*names, lifetime=600):
    body = b""
    for name in names:
        for text in name.split("."):
            body += bytes((len(text),)) + text.encode()
        body += b"\0"
    return option(31, struct.pack("!HI", 0, lifetime) + body)


def test_nameservers_and_domains():  # ND-7
    host = auto()
    host.hear(ra(rdnss("fd01::53", "fd01::54") + dnssl("example.org", "a.b")))
    assert list(host.interface.routers.nameservers) == [parse_ipv6("fd01::53"), parse_ipv6("fd01::54")]
    assert sorted(host.interface.routers.search) == [b"a.b", b"example.org"]
    host.hear(ra(rdnss("fd01::53", lifetime=0) + dnssl("a.b", lifetime=0)))
    assert list(host.interface.routers.nameservers) == [parse_ipv6("fd01::54")]
    for i in range(100):
        host.hear(ra(rdnss("fd01::%x" % i) + dnssl("n%d" % i)))
    assert len(host.interface.routers.nameservers) == NAMESERVERS
    assert len(host.interface.routers.search) == SEARCH_DOMAINS


def test_bad_neighbor():  # BAD-13, ND-1; CVE-2020-16898: an even length
    host = auto()
    for size in (2, 4):
        host.hear(ra(rdnss("fd01::53", "fd01::54", size=size)[: 8 * size]))
        assert host.dropped("ndp_rdnss") == 1
    host.hear(ra(option(25, bytes(6))))
    assert host.dropped("ndp_rdnss") == 1 and not host.interface.routers.nameservers


def test_domains_that_are_malformed():
    host = auto()
    head = struct.pack("!HI", 0, 600)
    for body in (b"\x40" + bytes(7), b"\xc0\x0c" + bytes(6), b"\x07abc", b"\x3fabcdefg", b"\3abc\5def"):
        host.hear(ra(bytes((31, 2)) + head + (body + b"\xff" * 8)[:8]))
        assert host.dropped("ndp_dnssl") == 1, body
    host.hear(ra(option(31, bytes(6))))
    assert host.dropped("ndp_dnssl") == 1
    long = ".".join(["a" * 63] * 4)
    host.hear(ra(dnssl(long)))
    assert host.dropped("ndp_dnssl") == 1 and not host.interface.routers.search


# Redirects


def redirect(target, dst=FAR, src=ROUTER, options=b"", **what):
    what.setdefault("hop_limit", 255)
    return icmp6(137, what.pop("code", 0), bytes(4) + target + dst + options, src=src, dst=OUR_LL, **what)


def test_redirects():  # ND-9; RFC 4861 8.3
    host = auto()
    host.hear(ra(SLLA))
    host.hear(redirect(ROUTER2, options=option(2, PEER_MAC)))
    assert hop(host) == ROUTER2 and host.interface.ipv6.ndp.neighbors.table[ROUTER2].mac == PEER_MAC
    assert hop(host, parse_ipv6("2001:db8::8")) == ROUTER
    host.hear(redirect(FAR, src=ROUTER2))
    assert hop(host) == FAR  # on the link
    for i in range(1000):
        host.hear(redirect(ROUTER2, dst=parse_ipv6("2001:db8::1:%x" % i)))
    assert len(host.ip.routes.redirects) <= 64


def test_redirects_that_must_be_ignored():  # ND-9
    host = auto()
    host.hear(ra(SLLA))
    for frame, reason in (
        (redirect(ROUTER2, src=ROUTER2), "ndp_redirect"),
        (redirect(ROUTER2, hop_limit=254), "ndp_hop_limit"),
        (redirect(ROUTER2, code=1), "ndp_message"),
        (redirect(parse_ipv6("fd01::9")), "ndp_message"),
        (redirect(ROUTER2, dst=parse_ipv6("ff02::1")), "ndp_message"),
        (redirect(ROUTER2, src=parse_ipv6("fd01::9")), "ndp_message"),
        (redirect(OUR_LL), "ndp_redirect"),
        (redirect(ROUTER2, options=bytes(8)), "ndp_option_length"),
        (redirect(ROUTER2)[:-8], "ipv6_length"),
    ):
        host.hear(frame)
        assert host.dropped(reason) == 1 and hop(host) == ROUTER
    assert UNSPECIFIED not in host.ip.routes.redirects
