# Address conflicts: RFC 5227.
from mnet import cli
from mnet.errors import ECONNABORTED
from mnet.limits import SECOND
from mnet.tcp.states import CLOSED
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import BROADCAST, OURS, PEER, PEER_MAC
from unit.mnet.sending import send_datagram

OTHER_MAC = b"\x02\0\0\0\0\x09"
NOBODY = b"\0" * 6


def said(host):
    """Return (operation, sender, target) of the ARP frames sent since the last call; none is answered."""
    host.take()
    taken, host.arps = host.arps, []
    return [(frame.operation, frame.sender, frame.target) for frame in taken]


def claiming(probe, **what):
    host = Host(known=False, configure=False, **what)
    host.answers_arp = False
    host.interface.ipv4.configure(OURS, 24, 0, host.now, probe)
    return host


def hear(host, operation=1, mac=OTHER_MAC, sender=OURS, target=OURS):
    host.input(frames.arp(operation, mac, sender, NOBODY, target, dst=BROADCAST))


def ready(host, limit=40):
    host.until(lambda: host.interface.ipv4.address == OURS, limit=limit)


PROBE = (1, 0, OURS)
ANNOUNCEMENT = (1, OURS, OURS)


def test_an_address_is_probed_three_times_and_announced_twice():  # ARP-7
    host = claiming(True)
    assert said(host) == [] and host.interface.ipv4.address == 0
    times = []
    for _ in range(3):
        times.append(host.next()[0])
        assert said(host) == [PROBE] and host.interface.ipv4.address == 0
    assert 0 <= times[0] <= SECOND and all([SECOND <= time <= 2 * SECOND for time in times[1:]])
    assert (
        host.next()[0] == 2 * SECOND and said(host) == [ANNOUNCEMENT] and host.interface.ipv4.address == OURS
    )
    assert host.next()[0] == 2 * SECOND and said(host) == [ANNOUNCEMENT] and not host.stack.deadlines.heap


def test_address_without_probing_is_used_at_once():
    host = claiming(False)
    assert said(host) == [ANNOUNCEMENT] and host.interface.ipv4.address == OURS
    assert host.next()[0] == 2 * SECOND and said(host) == [ANNOUNCEMENT] and not host.stack.deadlines.heap


def test_address_is_not_used_while_probing():
    host = claiming(True)
    host.next()
    said(host)
    hear(host, sender=PEER)  # an ARP request for it
    host.input(frames.icmp(8, 0, b"\0\1\0\1"))
    assert said(host) == [] and host.others == [] and not host.interface.arp.neighbors.table
    assert host.drops == {"ipv4_not_ours": 1}


def test_probe_answered_by_another_host_stops_the_address():
    for operation in (1, 2):
        host = claiming(True)
        host.next()
        hear(host, operation)
        assert host.interface.ipv4.address == 0 and "02:00:00:00:00:09" in host.log[-1]
        assert "10.0.0.1" in host.log[-1] and len(host.log) == 1
        ready(host)  # the other host is gone: probing starts from the beginning
        assert said(host).count(PROBE) == 4


def test_probe_from_another_host_for_the_address_is_a_conflict():  # 2.1.1: a probe for it, while we probe
    host = claiming(True)
    host.next()
    hear(host, sender=0)
    assert host.dropped("arp_conflict") == 1 and len(host.log) == 1
    host.input(frames.arp(1, host.wire.mac, 0, NOBODY, OURS, dst=BROADCAST))  # our own comes back
    assert host.dropped("ethernet_source") == 1 and len(host.log) == 1


def test_probing_is_rate_limited_after_ten_conflicts():  # MAX_CONFLICTS, RATE_LIMIT_INTERVAL
    host = claiming(True)
    for _ in range(10):
        while not said(host):
            assert host.next()[0] <= 2 * SECOND
        hear(host)
    assert host.next()[0] == 60 * SECOND and said(host) == [PROBE]


def test_a_probed_address_is_defended_once_and_then_given_up():  # 2.4 (b)
    host = claiming(True)
    ready(host)
    host.interface.arp.neighbors.learn(PEER, PEER_MAC, host.now, True)
    peer = host.peer()
    tcb = peer.connect()
    said(host)
    hear(host)
    assert said(host)[-1:] == [ANNOUNCEMENT] and host.interface.ipv4.address == OURS
    host.now += 10 * SECOND
    hear(host)
    assert said(host)[-1:] == [ANNOUNCEMENT] and host.interface.ipv4.address == OURS
    hear(host)
    assert host.interface.ipv4.address == 0 and "giving it up" in host.log[-1]
    assert tcb.state == CLOSED and tcb.error == ECONNABORTED and peer.last.flags == "R."
    assert host.stack.routes.entries == []
    said(host)
    hear(host, sender=PEER)
    assert said(host) == []
    ready(host)
    assert host.interface.ipv4.addresses == [OURS]


def test_unprobed_address_is_defended_without_limit():  # 2.4 (c)
    host = claiming(False)
    said(host)
    for _ in range(5):
        hear(host)
        assert said(host)[-1:] == [ANNOUNCEMENT]
        for _ in range(5):
            hear(host)
        assert ANNOUNCEMENT not in said(host) and host.interface.ipv4.address == OURS
        host.now += 10 * SECOND


def test_acd_option_of_the_image():
    assert cli.parse(["--ipv4=10.0.0.2/24", "--acd"]).acd and not cli.parse([]).acd


def test_two_addresses_with_two_prefixes():  # UDP-6
    host = Host()
    ipv4 = host.interface.ipv4
    host.answers_arp = False
    ipv4.configure(0x0A010001, 16, 0)
    assert said(host) == [(1, 0x0A010001, 0x0A010001)]
    host.answers_arp = True
    for dst, src in ((PEER, OURS), (0x0A010203, 0x0A010001)):
        assert send_datagram(host.stack, 7, dst, 5000, b"x", host.now)
        host.take()
        assert host.others[-1].src == src
    assert [(frame.sender, frame.target) for frame in host.arps] == [(0x0A010001, 0x0A010203)]
    host.others = []
    for dst in (OURS, 0x0A010001):
        host.input(frames.icmp(8, 0, b"\0\1\0\1", dst=dst))
        assert host.others.pop().src == dst  # UDP-6's rule, for all
        hear(host, sender=PEER, mac=PEER_MAC, target=dst)
        assert host.arps.pop().sender == dst
    peer = host.peer()
    peer.connect()
    host.input(frames.icmp(8, 0, b"\0\1\0\1", src=0x0A010001))
    assert host.dropped("ipv4_source") == 1
    ipv4.unconfigure(0x0A010001, host.now)
    host.input(frames.icmp(8, 0, b"\0\1\0\1", dst=0x0A010001))
    assert host.dropped("ipv4_not_ours") == 1 and ipv4.addresses == [OURS] and host.tcp.count == 1
