# Attacks that have crashed other stacks in these layers and are in no other test: Ripple20, AMNESIA:33,
# smoltcp.
import struct

from mnet.address6 import parse_ipv6
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import OURS6, PEER6
from unit.mnet.ip.test_ipv6 import DEST, ECHO, HBH, NONE, ROUTING, chain, problem
from unit.mnet.six import ALL_NODES, Six, icmp6


def test_ip_in_ip_whose_lengths_differ():  # BAD-7; CVE-2020-11896, -11898, -11900, -11902
    """A packet within a packet, in fragments, the inner one shorter or longer than its buffer."""
    for total in (0, 19, 20, 40, 100, 2000, 0xFFFF):
        for protocol, ihl in ((17, 5), (1, 5), (4, 15), (6, 0)):
            host = Host()
            inner = frames.ipv4(bytes(60), protocol, total=total, ihl=ihl)
            for each in frames.fragments(frames.ethernet(frames.ipv4(inner + bytes(64), 4)), 48):
                host.input(each)
            assert host.dropped("ipv4_protocol") == 1
            assert [(each.type, each.code) for each in host.others] == [(3, 2)]
    for protocol, inner in ((4, frames.ipv4(bytes(8), 17)), (41, frames.ipv6(bytes(8), 17, length=2000))):
        host = Six()
        sent = host.hear(frames.ethernet(frames.ipv6(inner, protocol), 0x86DD))
        assert problem(sent, 1, 6) and host.dropped("ipv6_protocol") == 1


def test_short_packets_to_groups():  # BAD-7; CVE-2020-11899
    for protocol in (0, 6, 17, 43, 44, 58, 60):
        for n in range(24):
            host = Six()
            for length in (n, 0, 2000):
                packet = frames.ipv6(bytes(n), protocol, dst=ALL_NODES, length=length)
                frame = frames.ethernet(packet, 0x86DD, b"\x33\x33\0\0\0\1")
                assert host.hear(frame) == [] or protocol in (0, 43, 60)
            assert host.drops


def test_header_lengths_of_zero_or_beyond_the_end():  # BAD-8; AMNESIA:33
    """A length of 0 is 8 bytes; an option of length 0 moves on."""
    for number in (HBH, DEST):
        host = Six()
        (answer,) = host.hear(icmp6(128, 0, ECHO, **chain((number, b"\x1e\0\x1e\0\x1e\0"))))
        assert answer.rest == ECHO
    for number in (HBH, DEST, ROUTING):
        for size in (2, 16, 31, 127, 254, 255):
            host = Six()
            frame = icmp6(128, 0, ECHO, protocol=number, extensions=bytes((58, size)) + bytes(6))
            assert host.hear(frame) == [] and sum(host.drops.values()) == 1
    host = Six()
    headers = icmp6(128, 0, b"", protocol=NONE)[:54]
    for n in range(8):
        assert host.hear(headers[:18] + struct.pack("!HB", n, 58) + headers[21:] + bytes(n)) == []


def test_options_for_a_group():  # BAD-10; smoltcp
    host = Six()
    (answer,) = host.hear(icmp6(128, 0, ECHO, dst=ALL_NODES, **chain((HBH, b"\5\2\0\0\1\0"))))
    assert (answer.type, answer.src) == (129, OURS6)


def test_empty_packets():  # BAD-10; smoltcp
    for ethertype in (0x0800, 0x86DD, 0x0806):
        for data in (b"", b"\0", b"\x45", b"\x60", bytes(46)):
            host = Six()
            assert host.hear(frames.ethernet(data, ethertype)) == [] and sum(host.drops.values()) == 1


def test_a_source_route_in_a_fragment():  # BAD-7; CVE-2020-11897, -11909
    host = Six()
    route = bytes((58, 2, 0, 1)) + bytes(4) + parse_ipv6("fd00::99")
    frame = icmp6(128, 0, ECHO, protocol=44, extensions=bytes((43, 0, 0, 0, 0, 0, 0, 1)) + route)
    (answer,) = host.hear(frame)
    assert (answer.type, answer.code, answer.dst) == (4, 0, PEER6) and host.dropped("ipv6_routing") == 1
