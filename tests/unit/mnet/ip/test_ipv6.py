# IPv6 packets: RFC 8200, RFC 4443, RFC 5722, RFC 6946, RFC 7112, RFC 8201.
import struct

from mnet.address6 import UNSPECIFIED, parse_ipv6
from mnet.errors import ECONNREFUSED, EHOSTUNREACH, EMSGSIZE, EPROTO
from mnet.limits import EXTENSIONS, ICMP_BURST, PATH_LIFE, REASSEMBLY_DATAGRAMS, REASSEMBLY_TIME
from mnet.udp.endpoint import Endpoint
from unit.mnet import frames
from unit.mnet.frames import BROADCAST, OUR_MAC, OURS6, PEER6, PEER_MAC
from unit.mnet.sending import send_datagram
from unit.mnet.six import ALL_NODES, OUR_LL, Six, icmp6

ECHO = b"\0\7\0\1" + bytes(range(56))
LOOPBACK = parse_ipv6("::1")
FAR = parse_ipv6("2001:db8::9")
HBH, ROUTING, FRAGMENT, DEST, NONE = 0, 43, 44, 60, 59
PAD = b"\1\4\0\0\0\0"  # fills an extension header of 8 bytes


def ping(host, rest=ECHO, **ip):
    """Receive an echo request. Returns the packets sent in reply."""
    return host.hear(icmp6(128, 0, rest, **ip))


def listening(host, port=7, local=None):
    endpoint = Endpoint()
    endpoint.local = local
    assert host.stack.udp.bind(endpoint, port) == port
    return endpoint


def chain(*headers, last=58):
    """Build extension headers (number, contents behind the length). Returns the bytes before the payload,
    and the number of the first."""
    text = b""
    numbers = [number for number, _ in headers] + [last]
    for (_, body), following in zip(headers, numbers[1:]):
        assert (len(body) + 2) % 8 == 0
        text += bytes((following, (len(body) + 2 >> 3) - 1)) + body
    return {"extensions": text, "protocol": numbers[0]}


def problem(sent, code, pointer):
    """Assert that the one frame sent is this parameter problem, and quotes the packet received."""
    (frame,) = sent
    assert (frame.kind, frame.type, frame.code) == ("icmp6", 4, code)
    assert struct.unpack("!I", frame.rest[:4])[0] == pointer, frame.rest[:4]
    return True


# Input


def test_echo():  # V6-13
    host = Six()
    for size in (0, 1, 56, 1448):
        rest = b"\0\7\0\1" + bytes(range(256)) * 6
        (answer,) = ping(host, rest[: size + 4])
        assert (answer.type, answer.src, answer.dst, answer.dst_mac) == (129, OURS6, PEER6, PEER_MAC)
        assert answer.rest == rest[: size + 4]
    (answer,) = ping(host, dst=ALL_NODES)  # from an address of ours
    assert (answer.src, answer.dst) == (OURS6, PEER6)
    assert host.hear(icmp6(128, 0, ECHO) + b"padding")[0].rest == ECHO


def test_malformed_headers_are_dropped_silently():  # V6-1
    host = Six()
    for what, reason in (
        ({"version": 4}, "ipv6_version"),
        ({"length": 2000}, "ipv6_length"),
        ({"src": ALL_NODES}, "ipv6_source"),
        ({"src": LOOPBACK}, "ipv6_source"),
        ({"src": parse_ipv6("::ffff:10.0.0.9")}, "ipv6_source"),  # a program would treat it as an IPv4 peer
        ({"src": OURS6}, "ipv6_source"),
        ({"src": UNSPECIFIED}, "ipv6_source"),
        ({"dst": LOOPBACK}, "ipv6_source"),
        ({"dst": FAR}, "ipv6_not_ours"),
        ({"dst": UNSPECIFIED}, "ipv6_not_ours"),
        ({"dst": parse_ipv6("ff02::9")}, "ipv6_not_ours"),
        ({"dst": parse_ipv6("ff01::1")}, "ipv6_not_ours"),
        ({"mac": BROADCAST}, "ipv6_link_multicast"),
        ({"mac": b"\x33\x33\0\0\0\1"}, "ipv6_link_multicast"),
        ({"sum": 0}, "icmp6_checksum"),
        ({"length": 8}, "icmp6_checksum"),
        ({"length": 4}, "icmp6_short"),
        ({"protocol": NONE}, "ipv6_no_payload"),
    ):
        assert ping(host, **what) == [] and host.dropped(reason) == 1, what
    whole = icmp6(128, 0, ECHO)
    for n in range(14, len(whole)):
        assert host.hear(whole[:n]) == []
    assert host.drops == {"ipv6_short": 40, "ipv6_length": len(whole) - 54}


def test_unknown_icmpv6_messages_are_dropped():
    host = Six()
    for kind in (150, 200, 255, 133, 143):
        assert host.hear(icmp6(kind, 0, bytes(20), hop_limit=255)) == []
        assert host.dropped("icmp6_ignored") == 1


def test_packets_from_the_unspecified_address_are_dropped():
    """ICMPv6 messages from it are accepted, as in DAD: RFC 4291 2.5.2."""
    host = Six()
    endpoint = listening(host)
    peer = host.peer(address=UNSPECIFIED, local=OURS6)
    host.listen(address=None)
    assert host.hear(frames.udp(5, 7, b"x", src=UNSPECIFIED, dst=OURS6)) == [] and endpoint.take() is None
    assert peer.send("S") == [] and host.dropped("ipv6_source") == 2


# Extension headers


def test_known_options_and_a_routing_header_that_is_done():  # V6-4
    host = Six()
    for headers in (
        [(HBH, PAD)],
        [(HBH, b"\0" * 6)],
        [(HBH, b"\5\2\0\0\1\0")],
        [(DEST, PAD), (DEST, PAD)],
        [(HBH, b"\x1e\4\1\2\3\4"), (ROUTING, b"\0\0" + bytes(4)), (DEST, b"\x1e\x0c" + bytes(12))],
    ):
        (answer,) = ping(host, **chain(*headers))
        assert answer.rest == ECHO


def test_unknown_options():  # V6-3; RFC 8200 4.2, packetimpact's ipv6_unknown_options_action
    for number in (HBH, DEST):
        for dst in (OURS6, ALL_NODES):
            for action in range(4):
                host = Six()
                kind = action << 6 | 0x1E
                sent = ping(host, dst=dst, **chain((number, bytes((0, kind, 3)) + bytes(3))))
                if action == 0:
                    assert [each.type for each in sent] == [129]
                elif action == 2 or (action == 3 and dst == OURS6):
                    assert problem(sent, 2, 43) and sent[0].src == OURS6 and sent[0].dst == PEER6
                else:
                    assert sent == []
                if action:
                    assert host.dropped("ipv6_option") == 1


def test_malformed_extension_headers():  # V6-3
    host = Six()
    for body, extra in ((b"\1\5" + bytes(4), {}), (b"\0\0\0\0\0\1", {}), (b"\x1e\xff" + bytes(4), {})):
        assert ping(host, **chain((DEST, body)), **extra) == []
        assert host.dropped("ipv6_option_length") == 1
    for number in (HBH, DEST, ROUTING):
        frame = icmp6(128, 0, ECHO, protocol=number, extensions=b"\x3a\x50" + bytes(6))
        assert host.hear(frame) == [] and host.dropped("ipv6_extension_short") == 1
    assert ping(host, b"", protocol=FRAGMENT, length=4) == [] and host.dropped("ipv6_extension_short") == 1


def test_too_many_extension_headers():  # V6-11
    host = Six()
    assert len(ping(host, **chain(*[(DEST, PAD)] * (EXTENSIONS - 1)))) == 1
    for n in (EXTENSIONS, 128):
        assert ping(host, **chain(*[(DEST, PAD)] * n)) == []
        assert host.dropped("ipv6_too_many_extensions") == 1


def test_next_headers_that_are_wrong():  # V6-2
    host = Six()
    assert problem(ping(host, **chain((DEST, PAD), (HBH, PAD))), 1, 40)  # hop-by-hop only at first
    assert host.dropped("ipv6_next_header") == 1
    for protocol in (4, 41, 50, 51, 132, 253, 255):
        assert problem(ping(host, protocol=protocol), 1, 6)
        assert problem(ping(host, **chain((HBH, PAD), (DEST, PAD), last=protocol)), 1, 48)
        assert host.dropped("ipv6_protocol") == 2


def test_routing_headers_that_are_not_done():  # V6-4; RFC 5095
    host = Six()
    for kind in (0, 2, 3, 253):
        sent = ping(host, **chain((ROUTING, bytes((kind, 1)) + bytes(20))))
        assert problem(sent, 0, 42) and host.dropped("ipv6_routing") == 1


# Errors: when none is sent, their format, their rate


def test_packets_that_cause_no_icmp_error():  # V6-12; RFC 4443 2.4 (e)
    host = Six()
    bad = {"protocol": 253}
    for frame in (
        ping_to(ALL_NODES, **bad),
        ping_to(OURS6, src=UNSPECIFIED, **bad),
        ping_to(OURS6, mac=b"\x33\x33\0\0\0\1", **bad),
        icmp6(1, 4, bytes(60), **chain((ROUTING, b"\0\1" + bytes(4)))),
        icmp6(137, 0, bytes(60), **chain((ROUTING, b"\0\1" + bytes(4)))),
    ):
        assert host.hear(frame) == []


def ping_to(dst, **what):
    return icmp6(128, 0, ECHO, dst=dst, **what)


def test_an_error_quotes_what_fits_into_1280_bytes():  # V6-10
    host = Six()
    frame = icmp6(128, 0, bytes(1400), protocol=253)
    (error,) = host.hear(frame)
    assert len(error.bytes) == 14 + 1280 and error.rest[4:] == frame[14 : 14 + 1232]
    (error,) = host.hear(icmp6(128, 0, ECHO, protocol=253))
    assert error.rest[4:] == icmp6(128, 0, ECHO, protocol=253)[14:]


def test_icmpv6_errors_are_rate_limited():  # V6-12
    host = Six()
    sent = [host.hear(ping_to(OURS6, protocol=253)) for _ in range(1000)]
    assert 0 < sum([len(each) for each in sent]) <= ICMP_BURST
    host.at(10 * 1000000)
    assert len(host.hear(ping_to(OURS6, protocol=253))) == 1


# Fragments


def fragment(at, more, data, ident=7, protocol=58, src=PEER6, dst=OURS6, before=b"", first=FRAGMENT, **ip):
    """Return a frame with a fragment of a packet."""
    text = before + struct.pack("!BBHI", protocol, 0, at | more, ident) + data
    mac = OUR_MAC if dst[0] != 0xFF else b"\x33\x33" + dst[12:]
    return frames.ethernet(frames.ipv6(text, first, src=src, dst=dst, **ip), 0x86DD, mac)


def message(size=3000, src=PEER6, dst=OURS6):
    """Return an echo request of `size` bytes."""
    return icmp6(128, 0, b"\0\7\0\1" + bytes([i * 7 & 0xFF for i in range(size - 8)]), src, dst)[54:]


def pieces(body, size=1000, **what):
    return [
        fragment(at, int(at + size < len(body)), body[at : at + size], **what)
        for at in range(0, len(body), size)
    ]


def whole(sent, body):
    """Assert that the fragments sent are the echo of `body`."""
    assert all([each.kind == "fragment" and each.protocol == 58 for each in sent])
    assert len({each.ident for each in sent}) == 1 and [each.more for each in sent][-1] == 0
    got = b"".join([each.data for each in sorted(sent, key=lambda each: each.at)])
    assert all([len(each.bytes) <= 1514 for each in sent])
    assert got[0] == 129 and got[4:] == body[4:]
    return True


def test_reassembly_and_fragmentation():  # V6-10
    host = Six()
    body = message()
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 0, 1, 1, 2)):
        sent = []
        frames_ = pieces(body)
        for i in order:
            assert sent == []
            sent = host.hear(frames_[i])
        assert whole(sent, body)
    for size in (1480, 2000, 10000, 65527):
        body = message(size)
        sent = []
        for each in pieces(body, 1448):
            sent = host.hear(each)
        assert whole(sent, body)
    assert not host.ip.reassembly.table and host.ip.reassembly.bytes == 0


def test_fragments_behind_other_headers():
    host = Six()
    body = message(2000)
    before = bytes((FRAGMENT, 0)) + PAD
    sent = []
    for each in pieces(body, first=HBH, before=before):
        sent = host.hear(each)
    assert whole(sent, body)
    body = bytes((58, 0)) + PAD + body  # destination options in the fragmented part
    for each in pieces(body, protocol=DEST):
        sent = host.hear(each)
    assert whole(sent, body[8:])
    for each in pieces(bytes((58, 0)) + PAD + message(2000), protocol=HBH):
        assert problem(host.hear(each), 1, 40)


def test_atomic_fragments_stand_alone():  # V6-9; RFC 6946
    host = Six()
    body = message(2000)
    host.hear(fragment(0, 1, body[:1000]))
    (answer,) = host.hear(fragment(0, 0, message(100)))
    assert answer.rest == message(100)[4:]
    assert whole(host.hear(fragment(1000, 0, body[1000:])), body)


def test_overlapping_fragments_drop_the_datagram_silently():  # V6-7; RFC 5722
    body = message(3000)
    for at, more, data in (
        (992, 1, body[992:2000]),
        (0, 1, body[:1008]),
        (8, 1, body[8:16]),
        (0, 1, bytes(1000)),
    ):
        host = Six()
        host.hear(fragment(0, 1, body[:1000]))
        assert host.hear(fragment(at, more, data)) == [] and host.dropped("fragment_overlap") == 1
        for each in pieces(body):
            assert host.hear(each) == []
        host.at(REASSEMBLY_TIME)
        assert host.sent() == []


def test_fragments_of_wrong_lengths():  # V6-5
    host = Six()
    sent = host.hear(fragment(0, 1, message(100)[:99]))
    assert problem(sent, 0, 4) and host.dropped("fragment_length") == 1
    sent = host.hear(fragment(65528, 0, bytes(100)))
    assert problem(sent, 0, 42) and host.dropped("fragment_too_far") == 1
    assert host.hear(fragment(8, 0, b"")) == [] and host.dropped("fragment_length") == 1


def test_a_first_fragment_has_all_headers():  # V6-6; RFC 7112
    host = Six()
    tcp = frames.tcp("S", 1, 0, 100, src=PEER6, dst=OURS6)[54:]
    for data, protocol in (
        (b"", 17),
        (tcp[:8], 6),
        (tcp[:16], 6),
        (bytes((17, 0)) + PAD, DEST),
        (bytes((17, 3)) + PAD, DEST),
        (bytes((DEST, 0)) + PAD + bytes((6, 0)) + PAD + tcp[:16], DEST),
    ):
        sent = host.hear(fragment(0, 1, data, protocol=protocol))
        assert problem(sent, 3, 0) and host.dropped("ipv6_first_fragment") == 1, data
    assert not host.ip.reassembly.table


def test_incomplete_datagrams_time_out():  # V6-8
    host = Six()
    body = message(2000)
    host.hear(fragment(0, 1, body[:1000]))
    host.hear(fragment(1000, 0, body[1000:], ident=8))
    host.at(REASSEMBLY_TIME - 1)
    assert host.sent() == []
    host.at(1)
    (error,) = [
        each for each in host.sent() if each.type != 135
    ]  # only the sender of the first gets an error
    assert (error.type, error.code, error.dst) == (3, 1, PEER6)
    assert error.rest[4:] == fragment(0, 1, body[:1000])[14:]
    assert not host.ip.reassembly.table


def test_a_flood_of_first_fragments():  # FragmentSmack, Rose
    host = Six()
    for i in range(10000):
        host.hear(fragment(0, 1, message(40)[:32], ident=i))
    assert len(host.ip.reassembly.table) == REASSEMBLY_DATAGRAMS
    assert len(ping(host)) == 1


def test_neighbor_discovery_in_fragments():  # RFC 6980
    host = Six(known6=False)
    body = icmp6(135, 0, bytes(4) + OURS6 + b"\1\1" + PEER_MAC, hop_limit=255)[54:]
    host.hear(fragment(0, 1, body[:24], hop_limit=255))
    assert host.hear(fragment(24, 0, body[24:], hop_limit=255)) == [] and host.dropped("ndp_message") == 1


# UDP


def test_datagrams_of_both_kinds_of_sockets():
    host = Six()
    both = listening(host, 7)
    four = listening(host, 8, 0)
    host.hear(frames.udp(5, 7, b"x", src=PEER6, dst=OURS6))
    assert both.take()[:3] == (b"x", PEER6, 5)
    (error,) = host.hear(frames.udp(5, 8, b"x", src=PEER6, dst=OURS6))
    assert (error.type, error.code, error.src) == (1, 4, OURS6) and four.take() is None
    assert send_datagram(host.stack, 7, PEER6, 5, b"answer", host.now)
    (answer,) = host.sent()
    assert (answer.kind, answer.data, answer.src, answer.dst) == ("udp", b"answer", OURS6, PEER6)


def test_a_datagram_without_a_sum():  # UDP-1
    host = Six()
    endpoint = listening(host)
    assert host.hear(frames.udp(5, 7, b"x", src=PEER6, dst=OURS6, sum=0)) == []
    assert host.dropped("udp_no_checksum") == 1 and endpoint.take() is None


def test_datagrams_in_fragments():  # UDP-9
    host = Six()
    endpoint = listening(host)
    data = bytes(range(256)) * 255
    for each in pieces(frames.udp(5, 7, data, src=PEER6, dst=OURS6)[54:], 1448, protocol=17):
        host.hear(each)
    assert endpoint.take()[:3] == (data, PEER6, 5)
    assert send_datagram(host.stack, 7, PEER6, 5, data, host.now)
    sent = host.sent()
    assert len(sent) == 46 and b"".join([each.data for each in sent])[8:] == data


# Errors received


def quote(host, kind, code, rest, packet, **what):
    """Receive an error about a frame of ours."""
    return host.hear(icmp6(kind, code, rest + packet.bytes[14 : 14 + 1232], **what))


def test_errors_reach_the_socket_they_concern():  # UDP-7
    host = Six()
    endpoint = listening(host)
    endpoint.peer = (PEER6, 5)
    send_datagram(host.stack, 7, PEER6, 5, b"x", host.now)
    (packet,) = host.sent()
    for kind, code, error in (
        (1, 4, ECONNREFUSED),
        (1, 3, EHOSTUNREACH),
        (3, 0, EHOSTUNREACH),
        (4, 0, EPROTO),
        (100, 0, EPROTO),  # an unknown error (RFC 4443 2.4 (a))
    ):
        quote(host, kind, code, bytes(4), packet)
        assert endpoint.error == error
        endpoint.error = 0
    for rest in (bytes(4), bytes(4) + bytes(60), bytes(4) + packet.bytes[14:60]):
        host.hear(icmp6(1, 4, rest))
    other = icmp6(1, 4, bytes(4) + frames.udp(7, 5, b"x", src=FAR, dst=PEER6)[14:])
    host.hear(other)
    assert endpoint.error == 0
    assert host.drops == {"icmp6_quote": 3, "icmp6_quote_not_ours": 1}


def test_path_mtu():  # V6-10; RFC 8201
    host = Six()
    endpoint = listening(host)
    endpoint.peer = (PEER6, 5)
    send_datagram(host.stack, 7, PEER6, 5, bytes(1400), host.now)
    (packet,) = host.sent()
    for mtu in (0, 1279, 1500, 9000):
        quote(host, 2, 0, struct.pack("!I", mtu), packet)
        assert host.dropped("icmp6_mtu") == 1
    assert endpoint.error == 0
    quote(host, 2, 0, struct.pack("!I", 1300), packet)
    assert endpoint.error == EMSGSIZE  # that one is lost (RFC 1122 4.1.3.3); Linux reports this, too
    send_datagram(host.stack, 7, PEER6, 5, bytes(1400), host.now)
    sent = host.sent()
    assert [each.kind for each in sent] == ["fragment"] * 2 and len(sent[0].bytes) <= 14 + 1300
    host.now += PATH_LIFE
    host.meet(PEER6, PEER_MAC)
    send_datagram(host.stack, 7, PEER6, 5, bytes(1400), host.now)
    assert [each.kind for each in host.sent()] == ["udp"]


# Routes


def test_route_by_the_gateway_or_none():
    host = Six()
    assert not send_datagram(host.stack, 7, FAR, 5, b"x", host.now) and host.sent() == []
    gateway = parse_ipv6("fe80::1")
    host = Six(gateway6=gateway)
    host.meet(gateway, b"\x02\0\0\0\0\x31")
    assert send_datagram(host.stack, 7, FAR, 5, b"x", host.now)
    (packet,) = host.sent()
    assert (packet.src, packet.dst, packet.dst_mac) == (OURS6, FAR, b"\x02\0\0\0\0\x31")
    assert send_datagram(host.stack, 7, parse_ipv6("fe80::2"), 5, b"x", host.now)
    assert host.ip.source(parse_ipv6("fe80::2"), host.now) == OUR_LL


# TCP


def test_a_connection():
    host = Six()
    peer = host.peer(address=PEER6, local=OURS6, ts=7)
    tcb = peer.connect(host.listen(address=None))
    assert (tcb.remote, tcb.local, tcb.snd_mss) == (PEER6, OURS6, 1428)
    assert peer.send("P.", b"hello") == [] and peer.read()[0] == b"hello"
    assert peer.write(b"x" * 2000) == [". 1:1429(1428) ack 6"]
    assert peer.send(".", ack=1429) == ["P. 1429:2001(572) ack 6"]
    assert peer.send("F.", ack=2001) == [". 2001:2001(0) ack 7"]
    assert peer.close() == ["F. 2001:2001(0) ack 7"]
    assert peer.send(".", ack=2002) == [] and peer.gone()


def test_checksums_are_verified_unless_the_device_has():  # MUST-3
    host = Six()
    peer = host.peer(address=PEER6, local=OURS6)
    peer.connect(host.listen(address=None))
    for options in (None, b"\1\1\1\1"):
        frame = bytearray(peer.frame("P.", b"text", seq=1, options=options))
        frame[-1] ^= 1
        assert host.input(frame) == [] and host.dropped("tcp_checksum") == 1
    assert host.input(frame, verify=False) == [] and peer.read()[0] == b"texu"


def test_active_open_and_refusal():
    host = Six()
    peer = host.peer(address=PEER6, local=OURS6, rport=80)
    tcb = peer.accept()
    assert tcb.local == OURS6
    stranger = host.peer(address=PEER6, local=OURS6, rport=81, lport=99)
    stranger.send("S")
    assert stranger.last.flags == "R."
    assert host.dropped("tcp_no_port") == 1


def test_listeners_of_one_family_or_both():
    host = Six()
    host.listen(port=1, address=0)
    host.listen(port=2, address=bytes(16))
    host.listen(port=3, address=OURS6)
    host.listen(port=4, address=OUR_LL)
    for port, taken in ((1, False), (2, True), (3, True), (4, False)):
        peer = host.peer(address=PEER6, local=OURS6, lport=port)
        peer.send("S")
        assert (peer.last.flags == "S.") == taken, port


def test_hash_collision_matches_no_other_connection():
    host = Six()
    host.ip.key = lambda remote, local: 1 << 32 | 5
    host.interface.segment = host.ip.segment = Same(host.ip.segment)
    peer = host.peer(address=PEER6, local=OURS6)
    peer.connect(host.listen(address=None))
    other = host.peer(address=parse_ipv6("fd00::3"), local=OURS6)
    assert other.send("S") == [] and other.send("P.", b"x") == []
    assert host.dropped("tcp_same_key") == 2
    assert peer.send("P.", b"mine") == [] and peer.read()[0] == b"mine"


class Same:
    """A Segment that hashes all addresses to one value."""

    def __init__(self, segment):
        self.segment = segment

    def __getattr__(self, name):
        return getattr(self.segment, name)

    def parse(self, frame, n, verify):
        key = self.segment.parse(frame, n, verify)
        return -1 if key < 0 else (1 << 32 | 5) << 16 | self.segment.sport
