"""IPv6, neighbor discovery, IGMP and ICMP errors: what is written is read again, and parsers take any bytes.
Addresses as text mean what Python's ipaddress says."""

import ipaddress
import struct

from hypothesis import given
from hypothesis import strategies as st
from mnet.address import parse_ipv4
from mnet.address6 import format_ipv6, parse_ipv6
from mnet.errors import ParseError
from mnet.packet import Packet
from mnet.wire import ethernet, icmp4, icmp6, igmp, ipv4, ipv6, ndp
from mnet.wire import tcp as wire_tcp
from mnet.wire.pure import Segment
from unit.mnet import frames
from unit.mnet.six import option

u8 = st.integers(0, 0xFF)
u16 = st.integers(0, 0xFFFF)
u32 = st.integers(0, 0xFFFFFFFF)
mac = st.binary(min_size=6, max_size=6)
host6 = st.binary(min_size=16, max_size=16)
few = st.binary(max_size=100)


def value_or_error(parse, *arguments):
    """Return the result, or None if it raised the one allowed exception."""
    try:
        return parse(*arguments)
    except ParseError as error:
        assert isinstance(error.args[0], str)
        return None


@given(mac, mac, u16)
def test_ethernet_round_trip(dst, src, ethertype):
    buf = bytearray(14)
    ethernet.write(buf, dst, src, ethertype)
    assert bytes(buf) == dst + src + struct.pack("!H", ethertype)


@given(host6, host6, u8, few, u8, u8)
def test_ipv6_round_trip(src, dst, protocol, data, hops, traffic_class):
    buf, packet = bytearray(54) + data, Packet()
    ipv6.write(buf, src, dst, protocol, len(data), hops, traffic_class)
    ipv6.parse(buf, len(buf), packet)
    assert (packet.src, packet.dst, packet.protocol, packet.ttl) == (src, dst, protocol, hops)
    assert (packet.off, packet.end) == (54, len(buf)) and buf[14] << 8 | buf[
        15
    ] == 0x6000 | traffic_class << 4


@given(few)
def test_ipv6(data):
    packet = Packet()
    value_or_error(ipv6.parse, data, len(data), packet)
    assert packet.frame is None or packet.off <= packet.end <= len(data)


@given(u8, st.integers(0, 0x1FFF), st.booleans(), u32)
def test_fragment_header_round_trip(protocol, units, more, identification):
    buf = bytearray(62)
    ipv6.write_fragment(buf, protocol, units << 3, more, identification)
    assert bytes(buf[54:]) == struct.pack("!BBHI", protocol, 0, units << 3 | more, identification)


@given(host6, host6, st.binary(min_size=8, max_size=100), u8, u8)
def test_icmp6_round_trip(src, dst, data, kind, code):
    packet = Packet()
    packet.frame, packet.end, packet.src, packet.dst = bytearray(data), len(data), src, dst
    icmp6.finish(packet.frame, 0, len(data), kind, code, src, dst)
    assert icmp6.check(packet) == kind and packet.frame[1] == code
    assert frames.checksum(frames.pseudo(src, dst, 58, len(data)) + packet.frame) == 0
    packet.frame[-1] ^= 1
    assert value_or_error(icmp6.check, packet) is None


@given(few, host6, host6)
def test_icmp6(data, src, dst):
    packet = Packet()
    packet.frame, packet.end, packet.src, packet.dst = data, len(data), src, dst
    value_or_error(icmp6.check, packet)


@given(st.lists(st.tuples(u8, st.binary(max_size=40)), max_size=6))
def test_options_round_trip(given_options):
    made = [option(kind, content) for kind, content in given_options]
    found = ndp.options(b"".join(made), 0, sum(map(len, made)))
    assert [(kind, size) for kind, _, size in found] == [(each[0], len(each)) for each in made]
    for kind, content in given_options:
        first = next(content for each, content in given_options if each == kind)
        assert ndp.find(found, kind, b"".join(made)).startswith(first)


@given(few)
def test_options(data):
    for _, off, size in value_or_error(ndp.options, data, 0, len(data)) or ():
        assert 8 <= size <= len(data) - off
        for parse in (ndp.prefix, ndp.servers, ndp.domains, ndp.mtu):
            parse(data, off, size)


@given(st.integers(0, 128), u8, u32, u32, host6, st.lists(host6, min_size=1, max_size=4))
def test_prefix_and_servers_round_trip(length, flags, valid, preferred, prefix, servers):
    made = option(3, struct.pack("!BBIII", length, flags, valid, preferred, 0) + prefix)
    assert ndp.prefix(made, 0, len(made)) == (prefix, length, flags, valid, preferred)
    made = option(25, struct.pack("!HI", 0, valid) + b"".join(servers))
    assert ndp.servers(made, 0, len(made)) == (servers, valid)


@given(u32, st.sampled_from((igmp.REPORT_V2, igmp.LEAVE, igmp.REPORT_V3)), u32, u8)
def test_igmp_round_trip(src, kind, group, record):
    buf, packet = bytearray(64), Packet()
    n = igmp.report(buf, src, group, kind, group, record)
    ipv4.parse(buf, n, packet)
    assert (packet.src, packet.dst, packet.protocol, packet.ttl, packet.off) == (src, group, 2, 1, 38)
    parsed = igmp.parse(buf, 38, n)
    assert parsed[0] == kind and (kind == igmp.REPORT_V3 or parsed[3] == group)


@given(few, u8, u8, u32)
def test_icmp_error_round_trip(quote, kind, code, rest):
    buf = bytearray(8) + quote
    icmp4.finish_error(buf, 0, len(buf), kind, code, rest)
    assert icmp4.check(buf, 0, len(buf)) == kind and (buf[1], buf[4:8]) == (code, rest.to_bytes(4, "big"))
    assert icmp4.next_hop_mtu(buf, 0) == rest & 0xFFFF


@given(u16, u16, u32, u32, u8, u16, few, u32, u32)
def test_tcp_round_trip(sport, dport, seq, ack, flags, window, data, src, dst):
    buf, pseudo = bytearray(20) + data, ipv4.pseudo(src, dst, 6)
    wire_tcp.write(buf, 0, sport, dport, seq, ack, flags, window, 20, len(buf), pseudo)
    seg = Segment(frames.OUR_MAC, bytes(72))
    assert seg.parse_tcp(buf, 0, len(buf), pseudo + len(buf)) == 0
    assert (seg.sport, seg.dport, seg.seq, seg.ack) == (sport, dport, seq, ack)
    assert (seg.flags, seg.wnd, seg.off, seg.len) == (flags, window, 20, len(data))


@given(host6)
def test_addresses6_round_trip(value):
    text = format_ipv6(value)
    assert parse_ipv6(text) == value and ipaddress.IPv6Address(text).packed == value


def understood(text, kind):
    """Return the result of ipaddress, or None."""
    try:
        return kind(text).packed
    except ValueError:
        return None


@given(
    st.text("0123456789abcdefABCDEF:.", max_size=24)
    | host6.map(lambda value: str(ipaddress.ip_address(value)))
)
def test_addresses6_are_those_of_ipaddress(text):
    try:
        ours = parse_ipv6(text)
    except ValueError:
        ours = None
    assert ours == understood(text, ipaddress.IPv6Address)


@given(st.text("0123456789.", max_size=16) | u32.map(lambda value: str(ipaddress.IPv4Address(value))))
def test_addresses4_are_those_of_ipaddress(text):
    try:
        ours = parse_ipv4(text).to_bytes(4, "big")
    except ValueError:
        ours = None
    assert ours == understood(text, ipaddress.IPv4Address)
