"""Parsers take any bytes: they return a value or raise ParseError; primitives raise ValueError only."""

import struct

from hypothesis import given
from hypothesis import strategies as st
from mnet.address import format_ipv4, parse_cidr, parse_ipv4
from mnet.cli import UsageError
from mnet.cli import parse as parse_arguments
from mnet.errors import ParseError
from mnet.packet import Packet
from mnet.wire import arp, icmp4, igmp, ipv4, pure, tcp, udp
from unit.mnet import frames
from unit.mnet.builders import Host

anything = st.binary(max_size=200)
u16 = st.integers(0, 0xFFFF)
u32 = st.integers(0, 0xFFFFFFFF)


def value_or_error(parse, *arguments):
    """Return the result, or None if it raised the one allowed exception."""
    try:
        return parse(*arguments)
    except ParseError as error:
        assert isinstance(error.args[0], str)
        return None


@given(anything)
def test_arp(frame):
    result = value_or_error(arp.parse, frame, len(frame))
    assert result is None or len(result) == 4


@given(u16, st.binary(min_size=6, max_size=6), u32, st.binary(min_size=6, max_size=6), u32)
def test_arp_round_trip(operation, mac, sender, target_mac, target):
    buf = bytearray(60)
    n = arp.write(buf, operation, mac, sender, target_mac, target)
    assert arp.parse(buf, n) == (operation, mac, sender, target)


@given(anything, st.booleans())
def test_ipv4(data, summed):
    frame = bytearray(14) + data
    if summed and len(data) >= 20:
        frame[14] = 0x45
        frame[16:18] = struct.pack("!H", len(data))
        frame[24:26] = b"\0\0"
        frame[24:26] = struct.pack("!H", frames.checksum(bytes(frame[14:34])))
    packet = Packet()
    value_or_error(ipv4.parse, frame, len(frame), packet)
    if packet.frame is not None:
        assert 34 <= packet.off <= packet.end <= len(frame)
    else:
        assert not (summed and len(data) >= 20)


@given(u32, u32, st.integers(0, 255), st.integers(0, 1480), st.integers(1, 255))
def test_ipv4_round_trip(src, dst, protocol, length, ttl):
    buf, packet = bytearray(1514), Packet()
    ipv4.write(buf, src, dst, protocol, length, ttl)
    ipv4.parse(buf, 34 + length, packet)
    assert (packet.src, packet.dst, packet.protocol, packet.ttl) == (src, dst, protocol, ttl)
    assert (packet.off, packet.end) == (34, 34 + length) and not ipv4.is_fragment(buf)


@given(anything, st.integers(0, 50), st.integers(-1, 1 << 17))
def test_udp(data, off, pseudo):
    off = min(off, len(data))
    result = value_or_error(udp.parse, data, off, len(data), pseudo)
    if result is not None:
        assert off + 8 <= result[2] <= len(data)


@given(u16, u16, st.binary(max_size=100), u32, u32)
def test_udp_round_trip(sport, dport, data, src, dst):
    buf = bytearray(8) + data
    pseudo = ipv4.pseudo(src, dst, 17)
    udp.write(buf, 0, sport, dport, len(data), pseudo)
    assert udp.parse(buf, 0, len(buf), pseudo) == (sport, dport, len(buf))


@given(anything, st.integers(0, 50))
def test_icmp(data, off):
    value_or_error(icmp4.check, data, min(off, len(data)), len(data))


@given(st.binary(min_size=8, max_size=100), st.integers(0, 255))
def test_icmp_round_trip(data, kind):
    buf = bytearray(data)
    icmp4.finish(buf, 0, len(buf), kind)
    assert icmp4.check(buf, 0, len(buf)) == kind


@given(st.binary(max_size=40))
def test_tcp_options(data):
    options = tcp.Options()
    options.tsval = "what stood here before"
    assert options.parse(data, 0, len(data)) in (True, False)
    for value, top in ((options.mss, 0xFFFF), (options.window_scale, 255), (options.tsval, 0xFFFFFFFF)):
        assert value is None or 0 <= value <= top


@given(u16, st.none() | st.integers(0, 255), st.booleans(), st.none() | u32, u32)
def test_tcp_options_round_trip(mss, scale, sack, tsval, tsecr):
    buf, options = bytearray(40), tcp.Options()
    n = tcp.write_options(buf, 0, mss, scale, sack, tsval, tsecr)
    assert n % 4 == 0 and options.parse(buf, 0, n)
    assert (options.mss, options.window_scale, options.tsval) == (mss, scale, tsval)
    assert options.tsecr == (None if tsval is None else tsecr) and options.sack_permitted == sack


@given(st.lists(st.tuples(u32, u32), min_size=1, max_size=4))
def test_tcp_sack_round_trip(blocks):
    buf, options = bytearray(40), tcp.Options()
    n = tcp.write_sack(buf, 0, blocks)
    assert n % 4 == 0 and options.parse(buf, 0, n) and options.blocks == len(blocks)
    edges = options.edges
    assert [(edges[2 * i], edges[2 * i + 1]) for i in range(options.blocks)] == blocks


@given(anything, st.integers(-5, 250), st.booleans())
def test_segment_parse(data, n, verify):
    seg = pure.Segment(frames.OUR_MAC, bytes(72))
    try:
        key = seg.parse(data, n, verify)
    except ValueError:
        assert not 0 <= n <= len(data)
        return
    assert key >= -1


@given(st.binary(min_size=20, max_size=200), st.booleans())
def test_segment_parse_tcp(data, verify):
    seg = pure.Segment(frames.OUR_MAC, bytes(72))
    before = dict(seg.__dict__)
    result = seg.parse_tcp(data, 0, len(data), 0 if verify else -1)
    if result:
        assert seg.__dict__ == before
    else:
        assert 20 <= seg.off <= len(data) and seg.off + seg.len == len(data)


@given(st.binary(max_size=120), st.sampled_from((b"", b"\x08\0", b"\x08\x06")), st.booleans())
def test_a_stack_takes_any_frame(data, ethertype, ours):
    host = Host()
    frame = (frames.OUR_MAC + frames.PEER_MAC + ethertype if ours else b"") + data
    host.input(frame)
    host.check()


@given(st.text(max_size=20))
def test_addresses(text):
    for parse in (parse_ipv4, parse_cidr):
        try:
            parse(text)
        except ValueError:
            pass


@given(u32)
def test_addresses_round_trip(value):
    assert parse_ipv4(format_ipv4(value)) == value


@given(st.lists(st.text(max_size=10) | st.sampled_from(("--ipv4", "--ipv4=", "10.0.0.1/8", "--ipv6", "-v"))))
def test_arguments(arguments):
    try:
        options = parse_arguments(arguments)
    except UsageError as error:
        assert len(error.args) == 1
    else:
        assert len(options.rest) <= len(arguments)


@given(anything, st.integers(0, 50))
def test_igmp(data, off):
    result = value_or_error(igmp.parse, data, min(off, len(data)), len(data))
    assert result is None or result[1] in (1, 2, 3)


@given(anything, st.integers(0, 50))
def test_quotes(data, off):
    result = value_or_error(ipv4.quoted, data, min(off, len(data)), len(data))
    assert result is None or result[3] + 8 <= len(data)


@given(st.integers(0, 255), st.binary(max_size=120), st.booleans())
def test_a_stack_takes_any_icmp_and_igmp(kind, data, whole):
    host = Host()
    host.interface.igmp.join(0xE8010203, host.now)
    if whole:
        host.input(frames.icmp(kind, data[0] if data else 0, data))
    host.input(frames.ethernet(frames.ipv4(bytes((kind,)) + data, 2)))
    host.input(frames.ethernet(frames.ipv4(data, kind, fragment=int.from_bytes(data[:2] or b"\0", "big"))))
    host.check()
