# Ethernet, ARP and the neighbor cache: RFC 826, RFC 1122 2.3.2, RFC 5227 2.3 and 2.4.
from mnet.limits import NEIGHBOR_BYTES, NEIGHBOR_DELAY, NEIGHBOR_LIFE, NEIGHBOR_QUEUE, NEIGHBORS, SECOND
from mnet.timers import NEVER
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import BROADCAST, OUR_MAC, OURS, PEER, PEER_MAC
from unit.mnet.sending import send_datagram, takes

OTHER = PEER + 1
OTHER_MAC = b"\x02\0\0\0\0\x03"
NOBODY = b"\0" * 6


def silent():
    """Return a host without neighbors, on a link without automatic replies."""
    host = Host(known=False)
    host.answers_arp = False
    return host


def send(host, dst=PEER, data=b"x"):
    """Send a datagram from the host."""
    return send_datagram(host.stack, 5000, dst, 7, data, host.now)


def asked(host):
    """Return the targets of the ARP frames sent since the last call, with their destination MACs."""
    host.take()
    taken, host.arps = host.arps, []
    return [(frame.target, frame.dst_mac) for frame in taken if frame.operation == 1]


def data(host):
    """Return the datagrams sent since the last call."""
    host.take()
    taken, host.others = host.others, []
    return [frame.data for frame in taken]


def reply(host, sender=PEER, mac=PEER_MAC, dst=OUR_MAC, operation=2, target=OURS):
    host.input(frames.arp(operation, mac, sender, OUR_MAC, target, dst=dst))


# Our address


def test_an_address_is_announced():  # RFC 5227 2.3
    host = Host(known=False, configure=False)
    host.interface.ipv4.configure(OURS, 24, 0)
    host.take()
    (frame,) = host.arps
    assert (frame.operation, frame.sender, frame.target) == (1, OURS, OURS)
    assert frame.dst_mac == BROADCAST and frame.target_mac == NOBODY


def test_arp_request_for_our_address_is_answered():  # ARP-1
    host = silent()
    for dst in (BROADCAST, OUR_MAC):
        reply(host, operation=1, dst=dst)
        (frame,) = host.arps
        assert (frame.operation, frame.sender, frame.target) == (2, OURS, PEER)
        assert frame.dst_mac == frame.target_mac == PEER_MAC
        host.arps = []


def test_arp_requests_for_other_addresses_are_not_answered():  # ARP-2
    host = silent()
    for target in (OTHER, 0, 0xFFFFFFFF):
        reply(host, operation=1, dst=BROADCAST, target=target)
    assert host.arps == [] and not host.interface.arp.neighbors.table
    unconfigured = Host(known=False, configure=False)
    reply(unconfigured, operation=1, target=0)
    assert unconfigured.arps == []


def test_address_of_no_host_is_not_resolved():
    host = silent()
    for sender in (0, 0x00000001, 0x7F000001, 0xE0000001, 0xFFFFFFFF, 0xF0000001):
        reply(host, operation=1, sender=sender, dst=BROADCAST)
    assert not host.interface.arp.neighbors.table


def test_a_probe_is_answered_and_teaches_nothing():  # ARP-7, RFC 5227 2.1.1
    host = silent()
    reply(host, operation=1, sender=0, dst=BROADCAST)
    assert host.arps[0].operation == 2 and not host.interface.arp.neighbors.table


def test_our_address_is_defended_once_in_ten_seconds():  # ARP-6, RFC 5227 2.4 (b)
    host = silent()
    for operation in (1, 2):
        reply(host, sender=OURS, mac=OTHER_MAC, operation=operation, dst=BROADCAST)
    assert asked(host) == [(OURS, BROADCAST)] and len(host.log) == 1
    assert "10.0.0.1" in host.log[0] and "02:00:00:00:00:03" in host.log[0]
    assert host.dropped("arp_conflict") == 2
    host.at(10 * SECOND)
    reply(host, sender=OURS, mac=OTHER_MAC, dst=BROADCAST)
    assert asked(host) == [(OURS, BROADCAST)]
    assert OURS not in host.interface.arp.neighbors.table


def test_malformed_arp():  # ARP-6
    host = silent()
    good = frames.arp(1, PEER_MAC, PEER, NOBODY, OURS)
    for n in range(14, 42):
        assert host.input(good[:n]) == [] and host.dropped("arp_short") == 1
    for at, value in ((14, 9), (15, 6), (16, 0x86), (17, 1), (18, 8), (19, 16)):
        wrong = bytearray(good)
        wrong[at] = value
        host.input(wrong)
        assert host.dropped("arp_other_hardware") == 1
    for mac, reason in ((b"\x03\0\0\0\0\1", "arp_multicast_sender"), (OUR_MAC, "arp_own")):
        frame = frames.arp(1, mac, PEER, NOBODY, OURS)
        host.input(frame[:6] + PEER_MAC + frame[12:])
        assert host.dropped(reason) == 1
    assert host.arps == [] and not host.interface.arp.neighbors.table
    host.input(good + b"\xee" * 18)  # padded to 60 bytes
    assert len(host.arps) == 1


# Resolution


def test_packet_is_queued_until_arp_resolves():
    host = silent()
    assert send(host)
    assert asked(host) == [(PEER, BROADCAST)] and data(host) == []
    reply(host)
    assert data(host) == [b"x"]
    assert send(host) and data(host) == [b"x"] and asked(host) == []


def test_arp_requests_are_sent_once_a_second_and_three_times():  # ARP-4, RFC 1122 2.3.2.1
    host = silent()
    for _ in range(5):
        send(host)
    assert asked(host) == [(PEER, BROADCAST)]
    assert host.next()[0] == SECOND and asked(host) == [(PEER, BROADCAST)]
    assert host.next()[0] == SECOND and asked(host) == [(PEER, BROADCAST)]
    assert host.next()[0] == SECOND and asked(host) == []
    assert not host.interface.arp.neighbors.table and not host.stack.deadlines.heap
    assert host.drops["neighbor_unreachable"] == 5


def test_what_waits_is_bounded_and_the_newest_stays():  # ARP-4, 2.3.2.2
    host = silent()
    for i in range(NEIGHBOR_QUEUE + 3):
        send(host, data=bytes((i,)))
    assert host.drops["neighbor_queue_full"] == 3
    reply(host)
    assert data(host) == [bytes((i,)) for i in range(3, NEIGHBOR_QUEUE + 3)]


def test_arp_replies_take_no_room_from_datagrams():
    """Echo replies to absent hosts: half of the queue is reserved for datagrams of users."""
    host = silent()
    assert takes(host, PEER, 1472) and send(host, data=b"kept")
    for i in range(2 * NEIGHBOR_QUEUE):  # no reply evicts a datagram
        host.input(frames.icmp(8, 0, b"\0\1\0\1" + bytes((i & 0xFF,))))
    for i in range(200):
        host.input(frames.icmp(8, 0, b"\0\1\0\1" + bytes(1400), src=PEER + 2 + i))
    neighbors = host.interface.arp.neighbors
    assert NEIGHBOR_BYTES // 2 - 1500 < neighbors.waiting <= NEIGHBOR_BYTES // 2
    assert takes(host, PEER + 1, 60000) and not host.interface.link.queue
    reply(host)
    host.take()
    assert host.others[0].kind == "udp" and host.others[0].data == b"kept"


def test_requester_of_our_address_is_cached_and_others_are_not():  # ARP-3
    host = silent()
    reply(host, operation=1, dst=BROADCAST)
    assert list(host.interface.arp.neighbors.table) == [PEER]
    host.arps = []
    assert send(host) and data(host) == [b"x"] and asked(host) == []
    reply(host, sender=OTHER, mac=OTHER_MAC)
    reply(host, sender=OTHER, mac=OTHER_MAC, operation=1, target=PEER, dst=BROADCAST)
    assert list(host.interface.arp.neighbors.table) == [PEER]


def test_new_mac_of_a_neighbor_is_used():  # ARP-5
    host = Host()
    # an announcement of a cached neighbor
    reply(host, mac=OTHER_MAC, operation=1, target=PEER, dst=BROADCAST)
    assert send(host)
    host.take()
    assert host.others[0].dst_mac == OTHER_MAC


def test_the_same_mac_stays_the_same_object():
    # connections compare by identity: a new object would cost each of them a new template
    host = Host()
    mac = host.interface.arp.neighbors.table[PEER].mac
    reply(host)
    assert host.interface.arp.neighbors.table[PEER].mac is mac


# Ageing


def test_neighbor_in_use_is_probed_by_unicast():  # ARP-5
    host = Host()
    host.answers_arp = False
    host.at(NEIGHBOR_LIFE // 2)
    send(host)
    host.at(NEIGHBOR_LIFE // 2)
    assert send(host) and asked(host) == []
    host.at(NEIGHBOR_DELAY)
    assert asked(host) == [(PEER, PEER_MAC)]
    assert send(host) and data(host)  # no packet is queued while it is probed
    reply(host)
    assert host.at(NEIGHBOR_LIFE - 1) == [] and asked(host) == []


def test_a_neighbor_in_use_that_has_gone_is_forgotten():
    host = Host()
    host.answers_arp = False
    neighbor = host.interface.arp.neighbors.table[PEER]
    host.at(NEIGHBOR_LIFE // 2)
    send(host)
    host.at(NEIGHBOR_LIFE // 2)
    send(host)
    for _ in range(4):
        host.next()
    assert asked(host) == [(PEER, PEER_MAC)] * 3
    assert neighbor.mac is None and neighbor.due == NEVER
    send(host)
    assert asked(host) == [(PEER, BROADCAST)]


def test_unused_neighbor_is_evicted_silently():
    host = Host()
    host.at(NEIGHBOR_LIFE)
    assert asked(host) == [] and not host.interface.arp.neighbors.table and not host.stack.deadlines.heap


def test_the_cache_is_bounded_and_the_one_unused_longest_goes():  # BAD-11
    host = Host()
    host.answers_arp = False
    for i in range(NEIGHBORS):
        host.now += 1
        send(host, OURS + 0 if i == 200 else PEER)  # PEER is in use all the time
        reply(host, sender=0x0A000100 + i, mac=OTHER_MAC, operation=1, dst=BROADCAST)
        assert len(host.interface.arp.neighbors.table) <= NEIGHBORS
    table = host.interface.arp.neighbors.table
    assert len(table) == len(host.stack.deadlines.heap) == NEIGHBORS
    assert PEER in table and 0x0A000100 not in table
    assert host.drops["neighbor_table_full"] >= 1


# Ethernet


def test_frames_for_others_and_runts_are_dropped():  # BAD-7, BAD-9, LNK-1
    host = silent()
    for n in range(14):
        host.input(bytes(n))
    assert host.dropped("ethernet_runt") == 14
    for dst in (OTHER_MAC, NOBODY):
        host.input(frames.icmp(8, 0, b"\0\1\0\1", dst=OURS)[:0] + dst + PEER_MAC + b"\x08\0" + bytes(46))
    assert host.dropped("ethernet_other_host") == 2
    for kind, reason in (
        (b"\0\x2e", "ethernet_802_3"),
        (b"\5\xdc", "ethernet_802_3"),
        (b"\x81\0", "ethernet_vlan"),
        (b"\x88\xa8", "ethernet_vlan"),
        (b"\x88\xcc", "ethernet_type"),
        (b"\x80\x35", "ethernet_type"),  # RARP (URGENT/11)
        (b"\xff\xff", "ethernet_type"),
    ):
        host.input(OUR_MAC + PEER_MAC + kind + bytes(46))
        assert host.dropped(reason) == 1
    for src in (OUR_MAC, BROADCAST, b"\x01\0\x5e\0\0\1"):
        host.input(OUR_MAC + src + b"\x08\0" + bytes(46))
        assert host.dropped("ethernet_source") == 1


def test_a_device_without_room_loses_echo_replies_and_counts():
    host = Host()
    host.wire.full = True
    host.input(frames.icmp(8, 0, b"\0\1\0\1"))
    assert host.dropped("device_full") == 1 and not host.interface.link.queue
