# The link goes down and up: RFC 5227 2.1, RFC 4862 5.4, RFC 4861 6.3.7; connections continue.
from mnet.errors import ECONNABORTED
from mnet.ip.v6.addresses import OPTIMISTIC, PREFERRED
from mnet.link.neighbors import STALE
from mnet.tcp.states import CLOSED, ESTABLISHED
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import OURS, OURS6, PEER, PEER6
from unit.mnet.ip.test_igmp import GROUP, REPORTERS, TO_EXCLUDE, said
from unit.mnet.six import OUR_LL, ROUTER, ROUTER_MAC, SECOND, Six, dad, option, prefix, ra

STRANGER = b"\2\0\0\0\0\x33"
PROBE, ANNOUNCEMENT = (1, 0, OURS), (1, OURS, OURS)


def back(host):
    """Signal link up. Returns the packets sent at once that are not TCP."""
    host.take()
    host.others = []
    host.interface.link_up(host.now)
    host.take()
    sent, host.others = host.others, []
    return sent


def asked(host):
    """Return (operation, sender, target) of the ARP frames sent since the last call."""
    host.take()
    arps, host.arps = host.arps, []
    return [(each.operation, each.sender, each.target) for each in arps]


def holder(host):
    """Let another host have our address, and answer the ARP request for it."""
    host.input(frames.arp(2, STRANGER, OURS, frames.OUR_MAC, 0))


def claimed(probe):
    """Return a host with a connection."""
    host = Host(configure=False)
    host.interface.ipv4.configure(OURS, 24, 0, host.now, probe)
    while OURS not in host.interface.ipv4.addresses:
        host.next()
    host.at(10 * SECOND)
    host.interface.arp.neighbors.learn(PEER, frames.PEER_MAC, host.now, True)
    peer = host.peer()
    tcb = peer.connect()
    asked(host)
    return host, peer, tcb


def test_address_in_use_is_probed_after_link_up():  # ARP-7
    for probe in (False, True):
        host, peer, tcb = claimed(probe)
        back(host)
        heard = []
        for _ in range(12):
            assert host.interface.ipv4.address == OURS and tcb.state == ESTABLISHED
            host.at(SECOND)
            heard += asked(host)
        assert heard == [PROBE] * 3 + [ANNOUNCEMENT] * 2
        assert peer.send("P.", b"still here") == [] and peer.read()[0] == b"still here"


def test_address_taken_during_link_down_is_a_conflict():  # ARP-7
    host, _, tcb = claimed(False)
    back(host)
    for _ in range(12):
        if PROBE in asked(host):
            holder(host)
        host.at(SECOND)
    assert host.interface.ipv4.address == OURS and tcb.state == ESTABLISHED  # 2.4 (c)
    assert host.log == ["net: 10.0.0.1 is also used by 02:00:00:00:00:33: defending it"]
    host, peer, tcb = claimed(True)
    back(host)
    while tcb.state != CLOSED:
        if PROBE in asked(host):
            holder(host)
        host.at(SECOND)
    assert tcb.error == ECONNABORTED and peer.last.flags == "R."  # 2.4 (b)
    assert host.interface.ipv4.addresses == [] and "giving it up" in host.log[-1]


def test_probing_restarts_after_link_up():
    host = Host(configure=False)
    host.interface.ipv4.configure(OURS, 24, 0, host.now, True)
    host.at(SECOND)
    host.at(2 * SECOND)
    assert asked(host) == [PROBE] * 2
    back(host)
    heard = []
    while OURS not in host.interface.ipv4.addresses:
        host.next()
        heard += asked(host)
    assert heard == [PROBE] * 3 + [ANNOUNCEMENT]


def test_groups_are_reported_after_link_up():  # MLD-1
    host = Host()
    host.interface.igmp.join(GROUP, host.now)
    host.at(2 * SECOND)
    said(host)
    host.interface.link_up(host.now)
    assert said(host) == [(0x22, REPORTERS, GROUP, TO_EXCLUDE)]
    host.at(SECOND)
    assert said(host) == [(0x22, REPORTERS, GROUP, TO_EXCLUDE)]


def test_neighbors_are_stale_after_link_up():
    host = Six()
    host.interface.arp.neighbors.learn(PEER, frames.PEER_MAC, host.now, True)
    back(host)
    for neighbors, address in (
        (host.interface.arp.neighbors, PEER),
        (host.ip.neighbors, PEER6),
    ):
        assert neighbors.table[address].state == STALE and neighbors.table[address].mac == frames.PEER_MAC


def test_addresses_of_ipv6_are_checked_again():  # ND-6, ND-8
    host = Six()
    peer = host.peer(address=PEER6, local=OURS6)
    tcb = peer.connect(host.listen(address=None))
    sent = back(host)
    assert host.kinds(sent) == [143, 135, 135, 133] and sent[3].src == bytes(16)
    assert [each.rest[4:20] for each in sent[1:3]] == [OUR_LL, OURS6]
    assert host.values() == {OUR_LL: OPTIMISTIC, OURS6: OPTIMISTIC}
    assert peer.send("P.", b"hello") == [] and peer.read()[0] == b"hello"
    host.at(SECOND)
    assert host.values() == {OUR_LL: PREFERRED, OURS6: PREFERRED} and tcb.state == ESTABLISHED
    back(host)
    host.hear(dad(OURS6))
    assert host.values() == {OUR_LL: OPTIMISTIC} and tcb.state == CLOSED and tcb.error == ECONNABORTED
    assert "fd00::1 is used by another host" in host.log[0]


def test_duplicate_address_is_tried_after_link_up():
    host = Six("eui64", known6=False)
    host.hear(ra(prefix()))
    (mine,) = set(host.values()) - {OUR_LL}
    host.hear(dad(mine))
    assert list(host.values()) == [OUR_LL]
    back(host)
    host.hear(ra(prefix()))
    assert mine in host.values()


def test_router_solicitation_restarts_after_link_up():
    host = Six("eui64", known6=False)
    host.hear(ra(option(1, ROUTER_MAC)))
    host.ip.routes.forget(ROUTER)
    back(host)
    assert not host.ip.routes.router(ROUTER).silent


def test_link_up_without_ipv6_sends_no_solicitation():
    host = Six(mode="off", ready=False)
    assert back(host) == []
