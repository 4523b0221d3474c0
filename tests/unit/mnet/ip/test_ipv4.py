# IPv4 input, ICMP echo and UDP: RFC 791, 1122 3.2 and 4.1, 792, 768.
from mnet.errors import EADDRINUSE
from mnet.limits import EPHEMERAL_FIRST, EPHEMERAL_LAST, UDP_QUEUE, UDP_QUEUE_BYTES, UDP_SOCKETS
from mnet.udp.endpoint import Endpoint
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import BROADCAST, OURS, PEER, PEER_MAC
from unit.mnet.sending import send_datagram

ECHO = b"\0\7\0\1" + bytes(range(56))


def ping(host, rest=ECHO, **ip):
    """Send an echo request and return the replies."""
    host.input(frames.icmp(8, 0, rest, **ip))
    answers, host.others = host.others, []
    return answers


def listening(host, port=7):
    endpoint = Endpoint()
    assert host.stack.udp.bind(endpoint, port) == port
    return endpoint


# IPv4


def test_malformed_headers_are_dropped_silently():  # BAD-6, BAD-8, BAD-10, V4-1, V4-2
    for ip, reason in (
        ({"version": 6}, "ipv4_version"),
        ({"version": 0}, "ipv4_version"),
        ({"ihl": 4}, "ipv4_length"),
        ({"ihl": 0}, "ipv4_length"),
        ({"ihl": 15, "total": 40}, "ipv4_length"),
        ({"total": 19}, "ipv4_length"),
        ({"total": 2000}, "ipv4_length"),
        ({"total": 0}, "ipv4_length"),
        ({"fragment": 0x2000, "total": 83}, "fragment_length"),
        ({"src": 0}, "ipv4_source"),
        ({"src": 0xFFFFFFFF}, "ipv4_source"),
        ({"src": 0x0A0000FF}, "ipv4_source"),
        ({"src": 0xE0000001}, "ipv4_source"),
        ({"src": 0xF0000001}, "ipv4_source"),
        ({"src": 0x7F000001}, "ipv4_source"),
        ({"src": 0x7FFFFFFE}, "ipv4_source"),
        ({"src": 0x00000001}, "ipv4_source"),
        ({"src": 0xFFFFFFFE}, "ipv4_source"),
        ({"dst": 0x7F000001}, "ipv4_not_ours"),
        ({"dst": 0}, "ipv4_not_ours"),
        ({"dst": 0xF0000001}, "ipv4_not_ours"),
        ({"src": OURS}, "ipv4_source"),  # LAND
        ({"dst": PEER}, "ipv4_not_ours"),
        ({"dst": 0x7F000001}, "ipv4_not_ours"),
        ({"dst": 0xE0000001}, "icmp_broadcast_echo"),
        ({"dst": 0xE0000002}, "ipv4_not_ours"),
        ({"dst": 0}, "ipv4_not_ours"),
    ):
        host = Host()
        assert ping(host, **ip) == [] and host.dropped(reason) == 1, ip


def test_a_wrong_header_checksum():  # V4-1
    host = Host()
    for at in range(14, 34):
        frame = bytearray(frames.icmp(8, 0, ECHO))
        frame[at] ^= 0x40
        host.input(frame)
    assert host.others == [] and sum(host.drops.values()) == 20
    assert set(host.drops) <= {"ipv4_checksum", "ipv4_length", "ipv4_version"}


def test_short_packets():  # BAD-8, BAD-10, V4-1
    host = Host()
    whole = frames.icmp(8, 0, ECHO)
    for n in range(14, len(whole)):
        host.input(whole[:n])
    assert host.others == [] and host.drops == {"ipv4_short": 20, "ipv4_length": len(whole) - 34}


def test_padding_and_ttl_do_not_matter():  # V4-3, V4-5
    host = Host()
    host.input(frames.icmp(8, 0, ECHO) + b"\xaa" * 30)
    assert host.others[0].rest == ECHO
    for ttl in (0, 1, 255):  # RFC 1122 3.2.1.7: not discarded because of it
        host.others = []
        assert len(ping(host, ttl=ttl)) == 1


def test_options_are_skipped_and_source_routes_refused():  # BAD-9, V4-4
    host = Host()
    for options in (
        b"\0\0\0\0",
        b"\1\1\1\0",
        b"\x07\x03\x04\0",
        b"\x44\x04\x05\0",
        b"\x94\x04\0\0",
        b"\x1e\x04\1\1",
    ):
        assert len(ping(host, options=options)) == 1, options
    for options in (b"\x83\x03\x04\0", b"\x89\x03\x04\0", b"\1\x83\x03\x04"):
        assert ping(host, options=options) == [] and host.dropped("ipv4_source_route") == 1
    for options in (b"\x07\0\0\0", b"\x07\1\0\0", b"\x07\x05\0\0", b"\1\1\1\x07"):  # malformed
        (answer,) = ping(host, options=options)
        assert host.dropped("ipv4_options") == 1
        assert (answer.type, answer.code, answer.rest[0]) == (12, 0, 23 if options[0] == 1 else 20)


def test_unknown_protocols_are_counted():  # BAD-7
    host = Host()
    for protocol in (0, 3, 41, 50, 58, 255):
        host.input(frames.ethernet(frames.ipv4(bytes(40), protocol)))
    assert host.dropped("ipv4_protocol") == 6


def test_a_link_broadcast_to_our_own_address_is_not_for_us():  # LNK-2, RFC 1122 3.3.6
    host = Host()
    host.input(BROADCAST + frames.icmp(8, 0, ECHO)[6:])
    assert host.others == [] and host.dropped("ipv4_not_ours") == 1


def test_without_an_address_nothing_is_accepted():
    host = Host(configure=False)
    for dst in (0, OURS):
        assert ping(host, dst=dst) == []
    assert host.dropped("ipv4_not_ours") == 2


# ICMP


def test_echo():  # ICMP-1
    host = Host()
    for n in (4, 5, 60, 552 - 24, 552 - 23, 1480 - 4):
        (answer,) = ping(host, bytes([i & 0xFF for i in range(n)]))
        assert bool(answer.fragment) == (
            n <= 552 - 24
        )  # a larger one may be fragmented: no path MTU discovery
        assert (answer.type, answer.code, answer.rest) == (0, 0, bytes([i & 0xFF for i in range(n)]))
        assert (answer.src, answer.dst, answer.dst_mac) == (OURS, PEER, PEER_MAC)


def test_broadcast_echo_is_not_answered():  # BAD-5, ICMP-7, RFC 1122 3.2.2.6 allows silence
    host = Host()
    for dst in (0xFFFFFFFF, 0x0A0000FF):
        assert ping(host, dst=dst) == [] and host.dropped("icmp_broadcast_echo") == 1


def test_other_messages_are_never_answered():  # ICMP-3
    host = Host()
    for kind in range(256):
        if kind != 8:
            host.input(frames.icmp(kind, 0, bytes(28)))
    assert host.others == [] and host.drops == {
        "icmp_ignored": 251,
        "icmp_quote": 3,
        "icmp_reply_for_nobody": 1,
    }


def test_short_and_damaged_messages():  # ICMP-2
    host = Host()
    for n in range(8):
        host.input(frames.ethernet(frames.ipv4(bytes(n), 1)))
    assert host.dropped("icmp_short") == 8
    for at in range(34, 40):
        frame = bytearray(frames.icmp(8, 0, ECHO))
        frame[at] ^= 1
        host.input(frame)
    assert host.others == [] and host.dropped("icmp_checksum") == 6


def test_echo_reply_is_sent_by_the_gateway():
    host = Host(gateway=PEER)
    (answer,) = ping(host, src=0x08080808)
    assert answer.dst == 0x08080808 and answer.dst_mac == PEER_MAC
    host = Host()
    assert ping(host, src=0x08080808) == [] and host.dropped("ipv4_no_route") == 1


# UDP


def test_datagrams_reach_their_port():  # UDP-8
    host = Host()
    endpoint, other = listening(host), listening(host, 8)
    told = []
    endpoint.on_readable = lambda: told.append(len(endpoint.queue))
    for data in (b"", b"x", b"odd", bytes(1472)):
        host.input(frames.udp(5000, 7, data))
        assert endpoint.take()[:3] == (data, PEER, 5000)
    assert endpoint.take() is None and other.take() is None and told == [1, 1, 1, 1]


def test_datagram_to_a_closed_port_gets_port_unreachable():
    host = Host()
    host.input(frames.udp(5000, 7, b"x"))
    assert host.dropped("udp_no_port") == 1 and len(host.others) == 1


def test_broadcasts_are_delivered():
    host = Host()
    endpoint = listening(host)
    for dst in (0xFFFFFFFF, 0x0A0000FF):
        host.input(BROADCAST + frames.udp(5000, 7, b"all", dst=dst)[6:])
        assert endpoint.take()[:3] == (b"all", PEER, 5000)


def test_a_checksum_of_zero_is_none():  # UDP-1, UDP-3
    host = Host()
    endpoint = listening(host)
    host.input(frames.udp(5000, 7, b"unsummed", sum=0))
    assert endpoint.take()[0] == b"unsummed"
    host.input(frames.udp(5000, 7, b"missummed", sum=1))
    assert endpoint.take() is None and host.dropped("udp_checksum") == 1
    frame = frames.udp(5000, 7, b"missummed", sum=1)
    assert host.input(frame, verify=False) == [] and endpoint.take()[0] == b"missummed"


def test_lengths():  # BAD-8, UDP-4
    host = Host()
    endpoint = listening(host)
    for length in (0, 7, 8 + 6, 0xFFFF):
        host.input(frames.udp(5000, 7, b"hello", length=length))
    assert host.dropped("udp_length") == 4 and endpoint.take() is None
    host.input(frames.udp(5000, 7, b"hello+padding", length=8 + 5, sum=0))
    assert endpoint.take()[0] == b"hello"
    for n in range(8):
        host.input(frames.ethernet(frames.ipv4(bytes(n), 17)))
    assert host.dropped("udp_short") == 8


def test_queues_are_bounded_in_number_and_bytes():
    host = Host()
    endpoint = listening(host)
    for _ in range(UDP_QUEUE + 7):
        host.input(frames.udp(5000, 7, b"x"))
    assert len(endpoint.queue) == UDP_QUEUE and host.dropped("udp_queue_full") == 7
    while endpoint.take():
        pass
    assert endpoint.queued == 0
    n = UDP_QUEUE_BYTES // 1472
    for _ in range(n + 3):
        host.input(frames.udp(5000, 7, bytes(1472)))
    assert len(endpoint.queue) == n and host.dropped("udp_queue_full") == 3


def test_connected_endpoint_receives_from_its_peer_only():
    host = Host()
    endpoint = listening(host)
    endpoint.peer = (PEER, 5000)
    host.input(frames.udp(5001, 7, b"x"))
    host.input(frames.udp(5000, 7, b"x", src=PEER + 1))
    assert endpoint.take() is None and host.dropped("udp_other_peer") == 2
    host.input(frames.udp(5000, 7, b"x"))
    assert endpoint.take()


def test_datagrams_out():
    host = Host()
    for data in (b"", b"x", bytes(1472)):
        assert send_datagram(host.stack, 7, PEER, 5000, data, host.now)
        host.take()
        frame = host.others.pop()
        assert (frame.sport, frame.dport, frame.data, frame.dst) == (7, 5000, data, PEER)
    assert host.stack.udp.largest == 65507
    assert not send_datagram(host.stack, 7, 0x08080808, 5000, b"x", host.now)
    assert send_datagram(host.stack, 7, 0x0A0000FF, 5000, b"all", host.now)
    host.take()
    assert host.others.pop().dst_mac == BROADCAST


def test_a_sum_of_zero_is_sent_as_ones():  # UDP-2
    host = Host()
    for i in range(65536):  # find the datagram whose sum comes out as zero
        data = bytes((i >> 8, i & 0xFF))
        head = frames.pseudo(OURS, PEER, 17, 10) + b"\0\7\x13\x88\0\x0a\0\0"
        if frames.checksum(head + data) == 0:
            break
    send_datagram(host.stack, 7, PEER, 5000, data, host.now)
    host.take()
    assert host.others[0].bytes[40:42] == b"\xff\xff"


def test_port_0():  # UDP-5
    host = Host()
    endpoint = listening(host)
    host.input(frames.udp(0, 7, b"no answer, please"))
    assert endpoint.take()[:3] == (b"no answer, please", PEER, 0)
    host.input(frames.udp(5000, 0, b"x"))
    assert host.dropped("udp_no_port") == 1


# Ports, RFC 6056


def test_udp_ports():
    host = Host()
    udp = host.stack.udp
    endpoint = listening(host)
    assert udp.bind(Endpoint(), 7) == -EADDRINUSE
    udp.unbind(Endpoint(), 7)  # not its own
    assert udp.ports[7] == [endpoint]
    udp.unbind(endpoint, 7)
    assert udp.ports == {}
    chosen = [udp.bind(Endpoint(), 0) for _ in range(200)]
    assert len(set(chosen)) == 200 and min(chosen) >= EPHEMERAL_FIRST and max(chosen) <= EPHEMERAL_LAST


def test_sockets_are_bounded():
    host = Host()
    for _ in range(UDP_SOCKETS):
        assert host.stack.udp.bind(Endpoint(), 0) > 0
    assert host.stack.udp.bind(Endpoint(), 0) == host.stack.udp.bind(Endpoint(), 5) == -EADDRINUSE


def test_ephemeral_ports_start_at_random():
    host = Host()
    env = host.stack.env
    size = EPHEMERAL_LAST - EPHEMERAL_FIRST + 1
    for start in (0, 5, size - 1):
        env.random_below = lambda n, start=start: start
        assert host.stack.udp.bind(Endpoint(), 0) == EPHEMERAL_FIRST + start
        assert host.connect(PEER, 80, 0, 2048, 2048, host.now).lport == EPHEMERAL_FIRST + start
    # what is taken is passed over, round the end of the range; another peer may have the same port
    assert host.stack.udp.bind(Endpoint(), 0) == EPHEMERAL_FIRST + 1
    assert host.connect(PEER, 80, 0, 2048, 2048, host.now).lport == EPHEMERAL_FIRST + 1
    assert host.connect(PEER, 81, 0, 2048, 2048, host.now).lport == EPHEMERAL_LAST


def test_a_listening_port_is_not_chosen():
    host = Host()
    host.stack.env.random_below = lambda n: 0
    host.listen(EPHEMERAL_FIRST)
    assert host.connect(PEER, 80, 0, 2048, 2048, host.now).lport == EPHEMERAL_FIRST + 1


def test_when_no_port_is_left():
    from mnet.tcp import binding

    host = Host()
    last, binding.EPHEMERAL_LAST = binding.EPHEMERAL_LAST, EPHEMERAL_FIRST + 2
    try:
        for _ in range(3):
            assert host.connect(PEER, 80, 0, 2048, 2048, host.now).lport
        assert host.connect(PEER, 80, 0, 2048, 2048, host.now) == -EADDRINUSE
        assert host.connect(PEER, 81, 0, 2048, 2048, host.now).rport == 81
    finally:
        binding.EPHEMERAL_LAST = last
