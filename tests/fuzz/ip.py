"""`invoke fuzz ip`: the parsers of mnet.wire on any bytes, and a dual-stack host on any frames.

The first byte says which. A frame is cut from the bytes in a form that gets deep: addresses, lengths and sums
are right unless the bytes say otherwise.
"""

import struct

from mnet.address6 import ALL_NODES, solicited_node
from mnet.errors import ParseError
from mnet.packet import Packet
from mnet.udp.endpoint import Endpoint
from mnet.wire import arp, icmp4, icmp6, igmp, ipv4, ipv6, ndp, tcp, udp
from unit.mnet import frames
from unit.mnet.frames import OUR_MAC, OURS, OURS6, PEER, PEER6, PEER_MAC
from unit.mnet.six import icmp6 as message6

from fuzz.lab import ROUTER, START, STEPS, Bytes, arrive, bounded, make

GROUP = 0xE8010203
SOURCES6 = (PEER6, ROUTER, bytes(16), OURS6, b"\xfe\x80" + bytes(13) + b"\7", ALL_NODES)
TARGETS6 = (OURS6, ALL_NODES, solicited_node(OURS6), PEER6)
SOURCES4 = (PEER, 0x0A000063, 0, OURS, 0x08080808, 0xFFFFFFFF, GROUP)
TARGETS4 = (OURS, OURS, OURS, GROUP, 0xE0000001, 0xFFFFFFFF, 0x0A0000FF, PEER)


def parsers(data):
    """Call each parser: it returns a value or raises ParseError."""
    kind, body = data[0] & 15, bytearray(data[1:])
    n, packet = len(body), Packet()
    if kind == 0:
        arp.parse(body, n)
    elif kind == 1:
        ipv4.parse(body, n, packet)
        assert 34 <= packet.off <= packet.end <= n
    elif kind == 2:
        ipv6.parse(body, n, packet)
        assert packet.off <= packet.end <= n
    elif kind == 3:
        udp.parse(body, 0, n, -1)
    elif kind == 4:
        options = tcp.Options()
        options.parse(body, 0, n)
        assert 0 <= options.blocks <= 4
    elif kind == 5:
        for each, off, size in ndp.options(body, 0, n):
            assert off + size <= n
            ndp.prefix(body, off, size), ndp.servers(body, off, size), ndp.domains(body, off, size)
            ndp.mtu(body, off, size), ndp.find([(each, off, size)], each, body)
    elif kind == 6:
        igmp.parse(body, 0, n)
    elif kind == 7:
        icmp4.check(body, 0, n)
    elif kind == 8:
        ipv4.quoted(body, 0, n)
    else:
        packet.frame, packet.end, packet.src, packet.dst = body, n, PEER6, OURS6
        icmp6.check(packet)


def four(source, kind):
    """Return an IPv4 packet; its fields are mostly valid."""
    src, dst = source.choice(SOURCES4), source.choice(TARGETS4)
    if kind == 0:
        made = frames.icmp(source.byte(), source.byte(), source.some(), src=src, dst=dst)
    elif kind == 1:
        made = frames.udp(source.number(), source.choice((7, 7, 9)), source.some(), src=src, dst=dst)
    elif kind == 2:
        body = b"\0\0" + source.some()
        body = bytes((source.choice((0x11, 0x16, 0x17, 0x22)), source.byte())) + body
        body = body[:2] + struct.pack("!H", frames.checksum(body)) + body[4:]
        made = frames.ethernet(frames.ipv4(body, 2, src=src, dst=dst, ttl=1))
    elif kind == 3:
        quote = struct.pack("!HHI", 7, source.number(), 0)
        quote = struct.pack("!I", source.number()) + frames.ipv4(quote, 17, src=OURS, dst=src)
        made = frames.icmp(source.choice((3, 3, 11, 12, 5)), source.byte() & 15, quote, src=src, dst=dst)
    elif kind == 4:
        field = source.number() & 0x2007
        made = frames.ethernet(frames.ipv4(source.some(), source.choice((1, 17, 6)), fragment=field))
    else:
        options = source.some()[:40]
        options += bytes(-len(options) % 4)
        payload = source.some()
        made = frames.ethernet(frames.ipv4(payload, source.byte(), src=src, dst=dst, options=options))
    return made


def six(source, kind):
    """Return an IPv6 packet; its fields are mostly valid."""
    src, dst = source.choice(SOURCES6), source.choice(TARGETS6)
    if kind == 0:
        number = source.choice((1, 2, 3, 4, 128, 130, 131, 132, 133, 143))
        return message6(number, source.byte(), bytes(4) + source.some(), src, dst)
    if kind == 1:
        number = source.choice((133, 134, 134, 135, 136, 137))
        rest = {133: bytes(4), 134: struct.pack("!BBHII", 64, source.byte(), source.number(), 0, 0)}.get(
            number, bytes((source.byte(), 0, 0, 0)) + source.choice((OURS6, PEER6, ROUTER))
        )
        if number == 137:
            rest += source.choice((PEER6, OURS6))
        while source.more() and len(rest) < 300:
            size = source.byte() & 7
            content = (source.some() + bytes(56))[: size * 8 - 2] if size else b""
            rest += bytes((source.choice((1, 2, 3, 5, 14, 25, 31)), size)) + content
            if source.byte() & 1:
                break
        return message6(number, 0, rest, src, dst, hop_limit=255)
    if kind == 2:
        return frames.udp(source.number(), 7, source.some(), src=src, dst=OURS6)
    if kind == 3:
        quote = struct.pack("!HHI", 7, source.number(), 0)
        quote = frames.ipv6(quote, source.choice((17, 6, 44, 60)), src=OURS6, dst=PEER6)
        return message6(
            source.choice((1, 2, 3, 4)), source.byte(), struct.pack("!I", source.number()) + quote
        )
    if kind == 4:
        head = bytes((source.choice((58, 17, 6, 60)), 0)) + struct.pack("!HI", source.number() & 0x3F, 1)
        return frames.ethernet(frames.ipv6(head + source.some(), 44, dst=dst), 0x86DD)
    chain, numbers = b"", [source.choice((0, 60, 43, 44, 60)) for _ in range(1 + (source.byte() & 15))]
    for following in numbers[1:] + [source.choice((58, 17, 59, 99))]:
        chain += bytes((following, 0)) + (source.some() + b"\1\4\0\0\0\0")[:6]
    return frames.ethernet(frames.ipv6(chain + source.some(), numbers[0], src=src, dst=dst), 0x86DD)


def other(source, kind):
    """Return an ARP frame, or random bytes behind an Ethernet header, or none."""
    if kind == 0:
        target = source.choice((OURS, PEER, 0x0A000005))
        return frames.arp(source.byte() & 3, PEER_MAC, source.choice(SOURCES4), OUR_MAC, target)
    if kind == 1:
        return source.some()
    return frames.ethernet(source.some(), source.choice((0x0800, 0x0806, 0x86DD, 0x8100)))


def host(source):
    """Receive a few frames, with time between them."""
    stack, _ = make(True)
    stack.udp.bind(Endpoint(), 7)
    stack.interfaces[0].igmp.join(GROUP, START)
    now = START
    for _ in range(16):
        if not source.more():
            break
        what = source.byte()
        if what & 15 == 15:
            now += source.choice(STEPS)
            stack.tick(now)
        elif what & 15 < 6:
            arrive(stack, four(source, what & 15), now)
        elif what & 15 < 12:
            arrive(stack, six(source, (what & 15) - 6), now)
        else:
            arrive(stack, other(source, (what & 15) - 12), now)
    bounded(stack)


def target(data):
    """Run one execution."""
    if not data:
        return
    if data[0] < 128:
        try:
            parsers(data)
        except ParseError as error:
            assert isinstance(error.args[0], str)
    else:
        host(Bytes(data[1:]))
