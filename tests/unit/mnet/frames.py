# frames.py - frames in and out of the tests, made and read with `struct` alone, so that an error of mnet/wire
# is detected. read() asserts what must hold of every frame that a host sends.
import struct

OUR_MAC = b"\x02\0\0\0\0\x01"  # the stack under test
PEER_MAC = b"\x02\0\0\0\0\x02"
BROADCAST = b"\xff" * 6
OURS = 0x0A000001
PEER = 0x0A000002
OURS6 = b"\xfd" + bytes(14) + b"\1"
PEER6 = b"\xfd" + bytes(14) + b"\2"
FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
LETTERS = (("F", FIN), ("S", SYN), ("R", RST), ("P", PSH), (".", ACK), ("U", URG), ("E", 64), ("W", 128))


def checksum(data, total=0):
    """Return the checksum of RFC 1071, inverted."""
    if len(data) & 1:
        data = data + b"\0"
    total += sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo(src, dst, protocol, length):
    """Return the pseudo header; with IPv6 the addresses are bytes."""
    if isinstance(src, bytes):
        return src + dst + struct.pack("!II", length, protocol)
    return struct.pack("!IIBBH", src, dst, 0, protocol, length)


def ethernet(payload, ethertype=0x0800, dst=OUR_MAC, src=PEER_MAC):
    """Return an Ethernet frame, not padded."""
    return dst + src + struct.pack("!H", ethertype) + payload


def ipv4(
    payload,
    protocol,
    src=PEER,
    dst=OURS,
    ttl=64,
    options=b"",
    fragment=0,
    version=4,
    total=None,
    ihl=None,
    tos=0,
):
    """Return an IPv4 packet; fields that are not given are valid."""
    ihl = 5 + len(options) // 4 if ihl is None else ihl
    total = 20 + len(options) + len(payload) if total is None else total
    head = struct.pack("!BBHHHBBHII", version << 4 | ihl, tos, total, 7, fragment, ttl, protocol, 0, src, dst)
    head += options
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ipv6(
    payload, protocol, src=PEER6, dst=OURS6, hop_limit=64, extensions=b"", version=6, length=None, flow=0
):
    """Return an IPv6 packet; `protocol` is that of the first header, extension header or not."""
    length = len(extensions) + len(payload) if length is None else length
    head = struct.pack("!IHBB", version << 28 | flow, length, protocol, hop_limit) + src + dst
    return head + extensions + payload


def packet(payload, protocol, src, dst, **ip):
    """Return a frame with an IPv4 or IPv6 packet, by the type of the addresses."""
    if isinstance(src, bytes):
        return ethernet(ipv6(payload, protocol, src=src, dst=dst, **ip), 0x86DD)
    return ethernet(ipv4(payload, protocol, src=src, dst=dst, **ip))


def arp(operation, sender_mac, sender, target_mac, target, dst=OUR_MAC):
    """Return an ARP frame from `sender`."""
    body = struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation)
    body += sender_mac + struct.pack("!I", sender) + target_mac + struct.pack("!I", target)
    return ethernet(body, 0x0806, dst, sender_mac)


def icmp(kind, code, rest, **ip):
    """Return an ICMP message; `rest` begins with the identifier."""
    body = struct.pack("!BBH", kind, code, 0) + rest
    body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
    return ethernet(ipv4(body, 1, **ip))


def udp(sport, dport, data, src=PEER, dst=OURS, sum=None, length=None, **ip):
    """Return a UDP datagram; sum=0 sends it without a checksum."""
    length = 8 + len(data) if length is None else length
    head = struct.pack("!HHHH", sport, dport, length, 0)
    if sum is None:
        sum = checksum(pseudo(src, dst, 17, length) + head + data) or 0xFFFF
    return packet(head[:6] + struct.pack("!H", sum) + data, 17, src, dst, **ip)


def bits(text):
    """Convert tcpdump's letters: 'S.' gives SYN | ACK."""
    return sum([bit for letter, bit in LETTERS if letter in text])


def tcp(flags, seq, ack, win, data=b"", options=b"", sport=40000, dport=9000, src=PEER, dst=OURS, up=0, **ip):
    """Return a TCP segment; `flags` as bits() takes them, numbers absolute."""
    offset = 5 + len(options) // 4
    head = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, offset << 4, bits(flags), win, 0, up) + options
    sum = checksum(pseudo(src, dst, 6, len(head) + len(data)) + head + data)
    return packet(head[:16] + struct.pack("!H", sum) + head[18:] + data, 6, src, dst, **ip)


def fragments(frame, size, ident=7):
    """Cut the packet of `frame` into fragments with `size` bytes of payload each."""
    header = (frame[14] & 15) * 4
    payload = frame[14 + header :]
    made = []
    for at in range(0, len(payload), size):
        piece = payload[at : at + size]
        field = at >> 3 | (0x2000 if at + size < len(payload) else 0)
        head = frame[14:16] + struct.pack("!HHH", header + len(piece), ident, field)
        head += frame[22:24] + b"\0\0" + frame[26 : 14 + header]
        made.append(frame[:14] + head[:10] + struct.pack("!H", checksum(head)) + head[12:] + piece)
    return made


def joined(pieces):
    """Reassemble fragments that were sent in order, and read the frame. Their headers are equal."""
    assert pieces and len(set([(each.ident, each.src, each.dst, each.tos) for each in pieces])) == 1
    at = 0
    for each in pieces:
        assert each.kind == "fragment" and (each.fragment & 0x1FFF) << 3 == at
        assert bool(each.fragment & 0x2000) == (each is not pieces[-1])
        at += len(each.data)
    data = b"".join([each.data for each in pieces])
    first = pieces[0]
    head = first.bytes[14:16] + struct.pack("!HHH", 20 + len(data), 0, 0x4000) + first.bytes[22:24]
    head += b"\0\0" + first.bytes[26:34]
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return read(first.bytes[:14] + head + data)


class Frame:
    """A frame that was sent: its fields as attributes; `kind` is "arp", "icmp", "udp", "tcp", "fragment"."""


def read(data, csum_start=0, csum_offset=0, gso_size=0):
    """Read a frame as handed to a device."""
    frame = Frame()
    frame.bytes = data
    frame.gso = gso_size
    frame.dst_mac = data[:6]
    assert data[6:12] == OUR_MAC
    ethertype = struct.unpack("!H", data[12:14])[0]
    if ethertype == 0x0806:
        _read_arp(frame, data)
    elif ethertype == 0x86DD:
        _read_ipv6(frame, data, csum_start, csum_offset)
    else:
        assert ethertype == 0x0800
        _read_ipv4(frame, data, csum_start, csum_offset)
    return frame


def _read_arp(frame, data):
    assert len(data) == 42 and data[14:20] == b"\0\x01\x08\0\x06\x04" and data[22:28] == OUR_MAC
    frame.kind = "arp"
    frame.operation, frame.sender = struct.unpack("!H", data[20:22])[0], struct.unpack("!I", data[28:32])[0]
    frame.target_mac, frame.target = data[32:38], struct.unpack("!I", data[38:42])[0]


def _read_ipv6(frame, data, csum_start, csum_offset):
    head, length, protocol, frame.ttl = struct.unpack("!IHBB", data[14:22])
    assert head & ~0xFF00000 == 6 << 28 and length == len(data) - 54, "version, flow label, length"
    frame.tos = head >> 20 & 0xFF
    assert not frame.tos or protocol in (6, 17, 44)
    frame.src, frame.dst = data[22:38], data[38:54]
    assert frame.src[0] != 0xFF and frame.dst != bytes(16)
    if frame.dst[0] == 0xFF:
        assert frame.dst_mac == b"\x33\x33" + frame.dst[12:]
    body = data[54:]
    frame.alert = False
    if protocol == 0:  # of MLD only
        assert body[:8] == b"\x3a\0\5\2\0\0\1\0" and frame.ttl == 1
        frame.alert, protocol, body = True, 58, body[8:]
    if protocol == 44:
        frame.kind, frame.protocol, frame.data = "fragment", body[0], body[8:]
        frame.at, frame.ident = struct.unpack("!HI", body[2:8])
        frame.more, frame.at = frame.at & 1, frame.at & 0xFFF8
        return
    head = pseudo(frame.src, frame.dst, protocol, len(body))
    if protocol == 59:
        frame.kind, frame.data = "nothing", body
    elif protocol == 58:
        assert checksum(head + body) == 0, "ICMPv6 checksum"
        frame.kind, frame.type, frame.code, frame.rest = "icmp6", body[0], body[1], body[4:]
        assert frame.ttl == (1 if frame.alert else 255 if 133 <= body[0] <= 137 else 64), frame.ttl
    else:
        _read_transport(frame, protocol, head, body, csum_start, csum_offset, 54)


def _read_ipv4(frame, data, csum_start, csum_offset):
    frame.options = data[34 : 14 + (data[14] & 15) * 4]
    if data[14:16] + data[22:24] == b"\x46\xc0\1\2":
        return _read_igmp(frame, data)
    assert data[14] == 0x45 and struct.unpack("!H", data[16:18])[0] == len(data) - 14, "total length"
    assert checksum(data[14:34]) == 0, "header checksum"
    frame.tos, frame.ttl, frame.protocol = data[15], data[22], data[23]
    frame.ident, frame.fragment = struct.unpack("!HH", data[18:22])
    assert not frame.fragment & 0x4000 or frame.bytes[18:22] == b"\0\0\x40\0"  # RFC 6864 4.1
    frame.src, frame.dst = struct.unpack("!II", data[26:34])
    body, protocol = data[34:], frame.protocol
    if frame.fragment & 0x3FFF:
        frame.kind, frame.data = "fragment", body
        return
    assert frame.ttl == 64 or protocol in (2, 6, 17)
    if protocol == 1:
        assert checksum(body) == 0, "ICMP checksum"
        frame.kind, frame.type, frame.code, frame.rest = "icmp", body[0], body[1], body[4:]
        return
    head = pseudo(frame.src, frame.dst, protocol, len(body))
    _read_transport(frame, protocol, head, body, csum_start, csum_offset, 34)


def _read_transport(frame, protocol, head, body, csum_start, csum_offset, at):
    if csum_start:  # checksum offload: the field must hold the pseudo header's sum
        assert (csum_start, csum_offset, protocol) == (at, 16, 6)
        assert struct.unpack("!H", body[16:18])[0] == ~checksum(head) & 0xFFFF, "partial checksum"
    else:
        assert checksum(head + body) == 0, "checksum"
    frame.sport, frame.dport = struct.unpack("!HH", body[:4])
    if protocol == 17:
        assert struct.unpack("!H", body[4:6])[0] == len(body) and body[6:8] != b"\0\0"
        frame.kind, frame.data = "udp", body[8:]
    else:
        assert protocol == 6
        _read_tcp(frame, body)


def _read_igmp(frame, data):
    assert checksum(data[14:38]) == 0 and struct.unpack("!H", data[16:18])[0] == len(data) - 14
    assert frame.options == b"\x94\4\0\0", "router alert, RFC 2113"
    frame.kind, frame.data = "igmp", data[38:]
    frame.src, frame.dst = struct.unpack("!II", data[26:34])
    assert frame.dst_mac == b"\x01\x00\x5e" + bytes((data[31] & 0x7F, data[32], data[33]))
    assert checksum(frame.data) == 0, "IGMP checksum"


def _read_tcp(frame, body):
    frame.kind = "tcp"
    frame.seq, frame.ack, offset, frame.bits, frame.win, _, frame.up = struct.unpack("!IIBBHHH", body[4:20])
    frame.flags = "".join([letter for letter, bit in LETTERS if frame.bits & bit])
    frame.data = body[(offset >> 4) * 4 :]
    frame.options = options = {}
    off, end = 20, (offset >> 4) * 4
    while off < end and body[off]:
        if body[off] == 1:
            off += 1
            continue
        size = body[off + 1]
        assert size >= 2 and off + size <= end, "options"
        options[body[off]] = body[off + 2 : off + size]
        off += size
    frame.mss = struct.unpack("!H", options[2])[0] if 2 in options else None
    frame.wscale = options[3][0] if 3 in options else None
    frame.ts = struct.unpack("!II", options[8]) if 8 in options else None
    frame.sack_permitted = options.get(4) == b""
    edges = options.get(5, b"")
    assert len(edges) % 8 == 0 and (5 not in options or edges)
    edges = struct.unpack("!%dI" % (len(edges) // 4), edges)
    frame.sack = [(edges[i], edges[i + 1]) for i in range(0, len(edges), 2)]
    if frame.bits & RST:
        assert not frame.data
