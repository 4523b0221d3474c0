# IPv4 fragments, in and out: RFC 791 3.2, RFC 1122 3.3.2 and 3.3.3, RFC 6864.
from mnet.limits import LINK_QUEUE_BYTES, REASSEMBLY_DATAGRAMS, REASSEMBLY_TIME
from mnet.udp.endpoint import Endpoint
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import BROADCAST, OURS, PEER
from unit.mnet.sending import send_datagram, takes

LARGEST = 65507


def content(n):
    return bytes([i * 7 + (i >> 8) & 0xFF for i in range(n)])


def take(host):
    host.take()
    taken, host.others = host.others, []
    return taken


def bound(host, port=7):
    endpoint = Endpoint()
    assert host.stack.udp.bind(endpoint, port) == port
    return endpoint


# In


def test_pings_of_every_size_class_are_answered():  # ICMP-1, V4-6
    for n in (1473, 4000, LARGEST):
        host = Host()
        rest = b"\0\7\0\1" + content(n)
        for frame in frames.fragments(frames.icmp(8, 0, rest), 1480):
            host.input(frame)
        answer = frames.joined(take(host))
        assert (answer.type, answer.code, answer.rest) == (0, 0, rest)
        assert (answer.src, answer.dst) == (OURS, PEER) and not host.drops


def test_datagrams_in_any_order():  # V4-6, UDP-9
    data = content(LARGEST)
    pieces = frames.fragments(frames.udp(5000, 7, data), 1480)
    for order in (pieces, pieces[::-1], pieces[::2] + pieces[1::2]):
        host = Host()
        endpoint = bound(host)
        for frame in order:
            host.input(frame, verify=False)
        assert endpoint.take()[:3] == (data, PEER, 5000)
        assert not host.interface.ipv4.reassembly.table and not host.drops


def test_reassembled_datagram_is_verified():  # no device verifies the checksum of fragments
    host = Host()
    endpoint = bound(host)
    for frame in frames.fragments(frames.udp(5000, 7, content(3000), sum=1), 1480):
        host.input(frame, verify=False)
    assert endpoint.take() is None and host.dropped("udp_checksum") == 1


def test_a_segment_in_fragments():
    host = Host()
    peer = host.peer()
    peer.connect()
    sent = []
    for frame in frames.fragments(peer.frame("P.", b"hello" * 100), 200):
        sent += host.input(frame)
    assert peer.read()[0] == b"hello" * 100 and sent + host.at(40000) == [". 1:1(0) ack 501"]


def test_options_stay_with_the_first_fragment():
    host = Host()
    rest = b"\0\7\0\1" + content(100)
    for frame in frames.fragments(frames.icmp(8, 0, rest, options=b"\x94\4\0\0"), 48):
        host.input(frame)
    assert take(host)[0].rest == rest


def test_datagrams_with_different_keys_are_separate():
    host = Host()
    endpoint = bound(host)
    ours = frames.fragments(frames.udp(5000, 7, b"a" * 2000), 1480, ident=1)
    others = frames.fragments(frames.udp(5000, 7, b"b" * 2000), 1480, ident=2)
    third = frames.fragments(frames.udp(5000, 7, b"c" * 2000, src=PEER + 1), 1480, ident=1)
    for frame in (ours[0], others[1], third[0], third[1], others[0], ours[1]):
        host.input(frame)
    assert [endpoint.take()[0][:1] for _ in range(3)] == [b"c", b"b", b"a"]


def test_teardrop():  # BAD-1, V4-6: overlapping
    host = Host()
    first, second = frames.fragments(frames.udp(5000, 7, content(60)), 40)
    host.input(first)
    overlap = frames.ethernet(frames.ipv4(bytes(4), 17, fragment=3))
    host.input(overlap)
    assert host.dropped("fragment_overlap") == 1
    host.input(second)
    assert host.dropped("fragment_of_dropped") == 1
    assert host.at(REASSEMBLY_TIME) == [] and take(host) == [] and not host.drops


def test_ping_of_death():  # BAD-2
    host = Host()
    host.input(frames.ethernet(frames.ipv4(bytes(1000), 1, fragment=0x1FFE)))
    assert host.dropped("fragment_too_far") == 1
    # 65515 bytes are allowed, but not behind these headers: what is too long shows at the end
    whole = frames.icmp(8, 0, bytes(65515 - 4 - 20))
    pieces = frames.fragments(whole, 1480)
    head = frames.ipv4(pieces[0][34:], 1, options=b"\1" * 40, fragment=0x2000)
    for frame in [frames.ethernet(head)] + pieces[1:]:
        host.input(frame)
    assert host.dropped("fragment_too_far") == 1 and take(host) == []


def test_invalid_fragment_lengths_are_dropped():
    host = Host()
    for n in (1, 7, 9, 1479):
        host.input(frames.ethernet(frames.ipv4(bytes(n), 17, fragment=0x2000)))
    host.input(frames.ethernet(frames.ipv4(b"", 17, fragment=0x2000)))
    assert host.dropped("fragment_length") == 5 and not host.interface.ipv4.reassembly.table


def test_reassembly_timeout_sends_time_exceeded():  # V4-7
    host = Host()
    first, second = frames.fragments(frames.udp(5000, 7, content(2000)), 1480)
    host.input(first)
    host.at(REASSEMBLY_TIME)
    (answer,) = take(host)
    assert (answer.type, answer.code, answer.dst) == (11, 1, PEER)
    assert answer.rest[:4] == bytes(4) and answer.rest[4:] == first[14 : 14 + 548]
    assert host.dropped("fragment_timeout") == 1
    host.input(second)  # its first has not come
    host.at(REASSEMBLY_TIME)
    assert take(host) == [] and host.dropped("fragment_timeout") == 1
    broadcast = frames.fragments(frames.udp(5000, 7, content(2000), dst=0x0A0000FF), 1480)[0]
    host.input(BROADCAST + broadcast[6:])
    host.at(REASSEMBLY_TIME)
    assert take(host) == [] and host.dropped("fragment_timeout") == 1


def test_ten_thousand_first_fragments():  # V4-8
    host = Host()
    endpoint = bound(host)
    for i in range(10000):
        frame = frames.fragments(frames.udp(5000, 7, content(32)), 24, ident=i)[0]
        host.interface.receive(bytearray(frame), len(frame), True, host.now + i)
    assert len(host.interface.ipv4.reassembly.table) == REASSEMBLY_DATAGRAMS
    for frame in frames.fragments(frames.udp(5000, 7, content(3000)), 1480, ident=20000):
        host.input(frame)
    assert endpoint.take()[:3] == (content(3000), PEER, 5000)


# Out


def test_datagrams_larger_than_the_link_leave_in_fragments():  # UDP-9
    for mtu in (1500, 576, 9000):
        host = Host(mtu=mtu)
        for n in (mtu - 28, mtu - 27, mtu, 4000, 20000, LARGEST):
            assert send_datagram(host.stack, 7, PEER, 5000, content(n), host.now)
            sent = take(host)
            frame = sent[0] if n <= mtu - 28 else frames.joined(sent)
            assert frame.data == content(n) and (frame.sport, frame.dport) == (7, 5000)
            assert len(sent) == 1 or all(
                [len(each.data) + 20 in range(mtu - 7, mtu + 1) for each in sent[:-1]]
            )


def test_identifications_differ():  # V4-9
    host = Host()
    seen = set()
    for _ in range(200):
        send_datagram(host.stack, 7, PEER, 5000, content(2000), host.now)
        seen.add(take(host)[0].ident)
    assert len(seen) == 200


def test_fragments_that_find_no_room_in_the_device_go_later():
    host = Host()
    host.wire.without = lambda: len(host.wire.sent) >= 2
    assert takes(host, PEER, 9008)
    assert send_datagram(host.stack, 7, PEER, 5000, content(9000), host.now)
    assert not takes(host, PEER, 1)
    sent = take(host)
    while host.interface.link.queue:
        assert len(sent) % 2 == 0
        host.stack.tick(host.now)
        sent += take(host)
    assert frames.joined(sent).data == content(9000) and not host.drops
    assert takes(host, PEER, 1) and host.interface.link.queued == 0


def test_the_transmit_queue_is_bounded():
    host = Host()
    host.wire.full = True
    n = 0
    while send_datagram(host.stack, 7, PEER, 5000, content(60000), host.now):
        n += 1
    assert n and host.interface.link.queued <= LINK_QUEUE_BYTES and host.dropped("device_full") == 1


def test_fragments_wait_for_the_neighbor():
    host = Host(known=False)
    send_datagram(host.stack, 7, PEER, 5000, content(LARGEST), host.now)
    assert frames.joined(take(host)).data == content(LARGEST)
    assert host.interface.arp.neighbors.waiting == 0 and not host.drops
