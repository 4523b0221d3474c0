# The wire primitives: their results, and that C and its twin in Python agree. Without C only the twin is
# tested; in an image, without the twin, only C.
import array
import random
import struct

from mnet.wire import primitives
from support import raises
from unit.mnet import frames
from unit.mnet.frames import OUR_MAC, OURS, OURS6, PEER, PEER6

try:
    import _wire
    from mnet.wire import pure

    TWINS = (_wire, pure)
except ImportError:
    TWINS = (primitives,)

# The twin in Python needs CPython's memoryview for items wider than a byte.
WIDE = TWINS if hasattr(memoryview, "cast") else TWINS[:1]
SECRET = bytes(range(1, 73))
KEY = 81 << 49 | PEER << 16 | 40000  # 81: seven bits of OURS
FIELDS = "sport dport seq ack flags wnd up header off len layout tsval tsecr".split()
TIMESTAMPS = struct.pack("!BBBBII", 1, 1, 8, 10, 0xDEADBEEF, 77)


def noise(n):
    return bytearray([random.getrandbits(8) for _ in range(n)])


def outcome(fun, *args):
    """Return the value, or the name of the exception."""
    try:
        return fun(*args)
    except ValueError as error:
        return "ValueError " + str(error)


def agree(name, *args):
    """Call all twins with copies of the buffers, and assert that they agree. Returns (result, the buffers
    afterwards)."""
    results = []
    for twin in TWINS:
        own = [bytearray(arg) if isinstance(arg, bytearray) else arg for arg in args]
        result = outcome(getattr(twin, name), *own)
        results.append((result, [arg for arg in own if isinstance(arg, bytearray)]))
    assert all([result == results[0] for result in results]), (name, args, results)
    return results[0]


def segment(method, *args):
    """Return the result of parse() or parse_tcp() of all twins, and the attributes after it."""
    results = []
    for twin in TWINS:
        seg = twin.Segment(OUR_MAC, SECRET)
        result = outcome(getattr(seg, method), *args)
        names = FIELDS + (["src", "dst"] if method == "parse" and result != -1 else [])
        results.append((result, [getattr(seg, name) for name in names]))
    assert all([result == results[0] for result in results]), (method, args, results)
    return results[0][0], dict(zip(names, results[0][1]))


# Numbers and copies


def test_numbers():
    buf = bytearray(b"\x01\x02\x03\x04\xff\xfe\xfd\xfc")
    assert agree("u16", buf, 1)[0] == 0x0203 and agree("u32", buf, 4)[0] == 0xFFFEFDFC
    assert agree("put16", buf, 2, 0x1ABCD)[1] == [bytearray(b"\x01\x02\xab\xcd\xff\xfe\xfd\xfc")]
    assert agree("put32", buf, 4, -2)[1] == [bytearray(b"\x01\x02\x03\x04\xff\xff\xff\xfe")]


def test_bounds_of_numbers():
    buf = bytearray(8)
    for name, size in (("u16", 2), ("u32", 4)):
        for off in (-1, -8, 9 - size, 8, 1 << 40, -(1 << 40)):
            assert agree(name, buf, off)[0] == "ValueError bounds"
    for name, size in (("put16", 2), ("put32", 4)):
        for off in (-1, 9 - size, 1 << 40):
            assert agree(name, buf, off, 0xFFFFFFFF) == ("ValueError bounds", [buf])


def test_copy():
    src, dst = bytearray(range(16)), bytearray(16)
    assert agree("copy", dst, 3, src, 5, 4)[1][0] == bytearray(3) + src[5:9] + bytearray(9)
    assert agree("copy", dst, 16, src, 16, 0)[0] is None
    for dst_off, src_off, n in ((13, 0, 4), (0, 13, 4), (-1, 0, 2), (0, -1, 2), (0, 0, -1), (0, 0, 17)):
        assert agree("copy", dst, dst_off, src, src_off, n) == ("ValueError bounds", [dst, src])
    for start, to in ((0, 2), (2, 0)):  # in itself, overlapping
        for twin in TWINS:
            buf = bytearray(range(8))
            twin.copy(buf, to, buf, start, 6)
            assert buf[to : to + 6] == bytes(range(start, start + 6))


# Sums


def test_sums():
    for n in list(range(20)) + [59, 60, 1447, 1448]:
        data = noise(n)
        for initial in (0, 1, 0xFFFF, 0x12345):
            expected = ~frames.checksum(bytes(data), initial) & 0xFFFF
            assert agree("sum16", data, 0, n, initial)[0] == expected
    data = noise(50)
    assert agree("sum16", data, 7, 31)[0] == ~frames.checksum(bytes(data[7:38])) & 0xFFFF
    assert agree("sum16", bytearray(b"\xff" * 64), 0, 64)[0] == 0xFFFF and agree("sum16", data, 50, 0)[0] == 0
    for off, n in ((-1, 2), (0, 51), (50, 1), (0, -1), (1 << 40, 1)):
        assert agree("sum16", data, off, n)[0] == "ValueError bounds"


# Rings


def test_rings_wrap():
    for size in (1, 2, 7, 64):
        for pos in (0, 1, size - 1, size, 3 * size + 2, (1 << 61) + 3):
            for n in range(size + 1):
                src = noise(size + 3)
                _, (ring, _) = agree("ring_put", bytearray(size), pos, src, 2, n)
                assert all([ring[(pos + i) % size] == src[2 + i] for i in range(n)])
                _, (_, out) = agree("ring_get", ring, pos, bytearray(size + 3), 2, n)
                assert out[2 : 2 + n] == src[2 : 2 + n] and not any(out[2 + n :]) and not any(out[:2])


def test_bounds_of_rings():
    ring, buf = bytearray(8), bytearray(range(20))
    for name, first, second in (("ring_put", ring, buf), ("ring_get", ring, buf)):
        for pos, off, n in ((0, 0, 9), (0, 18, 3), (0, -1, 2), (0, 0, -1), (5, 1 << 40, 1)):
            assert agree(name, first, pos, second, off, n) == ("ValueError bounds", [first, second])


# Headers out


def template(size):
    made = bytearray(frames.tcp("S.", 1, 2, 3, b"", TIMESTAMPS if size == 66 else b"")[:size])
    made[24:26] = made[50:52] = b"\0\0"
    return bytes(made)


def test_headers():
    for size in (54, 66):
        for n in (0, 1, 2, 99, 1448):
            data = noise(n)
            buf = bytearray(size) + data + bytearray(5)
            result, (out,) = agree(
                "tcp_header", buf, template(size), n, 0xFFFFFFFE, 7, 0x18, 0xABCD, 0xDEADBEEF, 77, True
            )
            assert result == size + n and out[size + n :] == bytes(5)
            whole = frames.tcp("P.", 0xFFFFFFFE, 7, 0xABCD, bytes(data), TIMESTAMPS if size == 66 else b"")
            assert bytes(out[: size + n]) == whole
            _, (out,) = agree(
                "tcp_header", buf, template(size), n, 0xFFFFFFFE, 7, 0x18, 0xABCD, 0xDEADBEEF, 77, False
            )
            head = frames.pseudo(PEER, OURS, 6, size - 34 + n)
            assert struct.unpack("!H", out[50:52])[0] == ~frames.checksum(head) & 0xFFFF
            assert bytes(out[:50]) == whole[:50]


def test_bounds_of_headers():
    buf = bytearray(100)
    for made, n in ((template(54), 47), (template(54), -1), (template(66), 65536), (bytes(60), 0), (b"", 0)):
        assert agree("tcp_header", buf, made, n, 0, 0, 0, 0, 0, 0, True) == ("ValueError bounds", [buf])


def template6(size):
    options = TIMESTAMPS if size == 86 else b""
    made = bytearray(frames.tcp("S.", 1, 2, 3, b"", options, src=PEER6, dst=OURS6)[:size])
    made[18:20] = made[70:72] = b"\0\0"
    return bytes(made)


def test_headers_with_ipv6():
    for size in (74, 86):
        for n in (0, 1, 2, 99, 1428):
            data = noise(n)
            buf = bytearray(size) + data + bytearray(5)
            rest = (n, 0xFFFFFFFE, 7, 0x18, 0xABCD, 0xDEADBEEF, 77)
            result, (out,) = agree("tcp_header", buf, template6(size), *rest, True)
            assert result == size + n and out[size + n :] == bytes(5)
            options = TIMESTAMPS if size == 86 else b""
            whole = frames.tcp(
                "P.", 0xFFFFFFFE, 7, 0xABCD, bytes(data), options, src=PEER6, dst=OURS6, hop_limit=64
            )
            assert bytes(out[: size + n]) == whole
            _, (out,) = agree("tcp_header", buf, template6(size), *rest, False)
            head = frames.pseudo(PEER6, OURS6, 6, size - 54 + n)
            assert struct.unpack("!H", out[70:72])[0] == ~frames.checksum(head) & 0xFFFF
            assert bytes(out[:70]) == whole[:70]


def test_headers_of_other_sizes():
    buf = bytearray(200)
    for size in range(120):
        result = agree("tcp_header", buf, bytes(size), 1, 0, 0, 0, 0, 0, 0, True)[0]
        assert result == (size + 1 if size in (54, 66, 74, 86) else "ValueError bounds")
    assert agree("tcp_header", buf, template6(74), 65536, 0, 0, 0, 0, 0, 0, True)[0] == "ValueError bounds"


# Headers in


def test_segments():
    for options, layout in ((b"", 1), (TIMESTAMPS, 2), (b"\1\1\1\0", 0), (TIMESTAMPS[2:] + b"\0\0", 0)):
        for data in (b"", b"x", b"text"):
            frame = frames.tcp("P.", 0xFFFFFFF0, 77, 1234, data, options) + b"padding"
            key, seg = segment("parse", frame, len(frame), True)
            assert key == KEY and (seg["src"], seg["dst"]) == (PEER, OURS)
            assert (seg["sport"], seg["dport"], seg["seq"], seg["ack"]) == (40000, 9000, 0xFFFFFFF0, 77)
            assert (seg["flags"], seg["wnd"], seg["up"], seg["header"]) == (0x18, 1234, 0, 34)
            assert frame[seg["off"] : seg["off"] + seg["len"]] == data and seg["layout"] == layout
            assert (seg["tsval"], seg["tsecr"]) == ((0xDEADBEEF, 77) if layout == 2 else (0, 0))


def test_keys_have_the_number_of_the_interface():
    for twin in TWINS:
        seg = twin.Segment(OUR_MAC, SECRET, 31)
        frame = frames.tcp("P.", 1, 2, 3)
        assert seg.parse(frame, len(frame), True) == 31 << 56 | KEY
        frame = frames.tcp("P.", 1, 2, 3, src=PEER6, dst=OURS6)
        assert seg.parse(frame, len(frame), True) == 31 << 56 | seg.hash6(frame, 22) << 16 | 40000


def segment6(frame, n, verify=True):
    """Check segment(), and that hash6() and between() use the addresses."""
    result, seg = segment("parse", frame, n, verify)
    ends = bytes(frame[22:54])
    for twin in TWINS:
        one = twin.Segment(OUR_MAC, SECRET)
        if one.parse(frame, n, verify) >= 0:
            assert result == one.hash6(frame, 22) << 16 | one.sport and one.hash6(ends, 0) >> 32 == 1
            assert one.between(ends) and not one.between(ends[16:] + ends[:16]) and not one.between(b"")
            one.parse(frames.tcp("P.", 1, 2, 3), 54, True)
            assert not one.between(ends)
    return result, seg


def test_segments_with_ipv6():
    for options, layout in ((b"", 1), (TIMESTAMPS, 2), (b"\1\1\1\0", 0)):
        for data in (b"", b"x", b"text"):
            frame = frames.tcp("P.", 0xFFFFFFF0, 77, 1234, data, options, src=PEER6, dst=OURS6) + b"padding"
            key, seg = segment6(frame, len(frame))
            assert key >> 48 == 1 and key & 0xFFFF == 40000 and (seg["src"], seg["dst"]) == (0, 0)
            assert (seg["sport"], seg["dport"], seg["seq"], seg["ack"]) == (40000, 9000, 0xFFFFFFF0, 77)
            assert (seg["flags"], seg["wnd"], seg["header"], seg["layout"]) == (0x18, 1234, 54, layout)
            assert frame[seg["off"] : seg["off"] + seg["len"]] == data


def test_other_ipv6_frames_are_left_to_the_layers():
    good = frames.tcp("P.", 1, 2, 3, b"text", src=PEER6, dst=OURS6)
    for at in range(74):  # no sum protects the traffic class, the flow label and the hop limit
        for bit in range(8):
            wrong = bytearray(good)
            wrong[at] ^= 1 << bit
            passes = 6 <= at < 12 or (at == 14 and bit < 4) or 15 <= at < 18 or at == 21
            assert (segment6(wrong, len(wrong))[0] >= 0) == passes, (at, bit)
    for n in range(len(good)):
        assert segment6(good, n)[0] == -1
    wrong = bytearray(good)
    wrong[-1] ^= 1
    assert segment6(wrong, len(wrong), False)[0] >= 0


def test_the_hash_of_addresses():
    for twin in TWINS:
        seg = twin.Segment(OUR_MAC, SECRET)
        ends = PEER6 + OURS6
        others = [bytes([byte ^ (i == at) for i, byte in enumerate(ends)]) for at in range(32)]
        assert len({seg.hash6(each, 0) for each in others + [ends]}) == 33
        assert seg.hash6(ends, 0) != twin.Segment(OUR_MAC, SECRET[36:] + SECRET[:36]).hash6(ends, 0)
        for off in (-1, 1, 1 << 40):
            assert outcome(seg.hash6, ends, off) == "ValueError bounds"
        raises(Exception, twin.Segment, OUR_MAC, SECRET[1:])


def test_other_frames_are_left_to_the_layers():
    good = frames.tcp("P.", 1, 2, 3, b"text")
    for at in range(54):  # each bit of the headers: covered by the checksums, the addresses or the types
        if at not in range(6, 12):
            for bit in range(8):
                wrong = bytearray(good)
                wrong[at] ^= 1 << bit
                assert segment("parse", wrong, len(wrong), True)[0] == -1, (at, bit)
    for n in range(len(good)):
        assert segment("parse", good, n, True)[0] == -1
    for ip in ({"fragment": 0x2000}, {"fragment": 5}, {"ihl": 6}, {"version": 6}):
        frame = frames.tcp("P.", 1, 2, 3, b"text", **ip)
        assert segment("parse", frame, len(frame), True)[0] == -1
    assert segment("parse", good, len(good) + 1, True)[0] == "ValueError bounds"
    assert segment("parse", good, -1, True)[0] == "ValueError bounds"


def test_sums_are_left_to_a_device_that_has_checked():
    frame = bytearray(frames.tcp("P.", 1, 2, 3, b"text"))
    frame[-1] ^= 1
    assert segment("parse", frame, len(frame), True)[0] == -1
    assert segment("parse", frame, len(frame), False)[0] == KEY


def test_headers_of_every_length():
    frame = bytearray(frames.tcp("P.", 1, 2, 3, bytes(60)))
    for offset in range(16):
        frame[46] = offset << 4
        result, seg = segment("parse_tcp", frame, 34, len(frame), -1)
        assert result == (-1 if offset < 5 else 0)
        if not result:
            assert (seg["off"], seg["len"]) == (34 + 4 * offset, 80 - 4 * offset)
    assert segment("parse_tcp", frame, 34, len(frame), 5)[0] == -2
    for off, end in ((34, 33), (-1, 20), (0, len(frame) + 1), (0, 1 << 40)):
        assert segment("parse_tcp", frame, off, end, -1)[0] == "ValueError bounds"


# Random bytes


def test_twins_agree_on_noise():
    random.seed(7)
    good = [frames.tcp("P.", 1, 2, 3, bytes(40), options) for options in (b"", TIMESTAMPS, b"\1" * 8)]
    good += [frames.tcp("P.", 1, 2, 3, bytes(40), TIMESTAMPS, src=PEER6, dst=OURS6)]
    for i in range(3000):
        frame = bytearray(random.choice(good))
        for _ in range(random.randrange(4)):
            frame[random.randrange(len(frame))] = random.getrandbits(8)
        n = random.choice((len(frame), random.randrange(len(frame))))
        segment("parse", frame, n, bool(i & 1))
        segment("parse_tcp", frame, 34, n if n >= 34 else 34, random.choice((-1, 0, 0x1234)))
        buf, other = noise(random.randrange(40)), noise(random.randrange(1, 40))
        a, b, n = [random.randrange(-2, 45) for _ in range(3)]
        agree("sum16", buf, a, n, random.getrandbits(20))
        agree("copy", buf, a, other, b, n)
        agree("ring_put", other, abs(a), buf, b, n)
        agree("ring_get", other, abs(a), buf, b, n)
        agree("u16", buf, a)
        agree("put32", buf, b, random.getrandbits(32))


def test_primitives_allocate_nothing_but_bytes():
    for twin in TWINS:
        raises((TypeError, ValueError, AttributeError), twin.put16, b"frozen", 0, 1)


def test_lengths_in_bytes():
    for obj, expected in (
        (b"abc", 3),
        (bytearray(4), 4),
        (array.array("H", [1, 2, 3]), 6),
        (memoryview(array.array("I", [1, 2]))[1:], 4),
        ("text", -1),
        (5, -1),
        (None, -1),
        ([1], -1),
    ):
        for twin in WIDE:
            assert twin.nbytes(obj) == expected, obj
            writable = not isinstance(obj, bytes)
            assert twin.nbytes(obj, True) == (expected if writable else -1), obj


def test_copies_of_wide_items():
    for twin in WIDE:
        wide = array.array("H", [0] * 3)
        twin.copy(wide, 1, b"abcd", 0, 4)
        assert bytes(wide) == b"\0abcd\0"
        ring = bytearray(8)
        twin.ring_put(ring, 6, wide, 1, 4)
        assert ring == b"cd\0\0\0\0ab"
        twin.ring_get(ring, 6, wide, 2, 4)
        assert bytes(wide) == b"\0aabcd"


# The way out of an interface, and the counters of both directions


class Device:
    """Keeps the arguments of write(); `full` refuses."""

    def __init__(self):
        self.written = []
        self.full = False

    def write(self, frame, n, csum_start=0, csum_offset=0, gso_size=0):
        if self.full:
            return False
        self.written.append((bytes(frame[:n]), csum_start, csum_offset, gso_size))
        return True


class Hook:
    """Records its arguments, without the frame."""

    def __init__(self, calls):
        self.calls = calls

    def __call__(self, frame, *args):
        self.calls.append(args)
        return "taken"


COUNTERS = "packets bytes ipv4 ipv6 segments".split()


def counts(transmit):
    return [getattr(transmit, name) for name in COUNTERS]


def ways_out():
    """A Transmit of each twin, with its device."""
    for twin in TWINS:
        device = Device()
        yield twin.Transmit(device), device


def test_transmit_passes_its_arguments_on():
    frame = bytearray(range(100))
    for transmit, device in ways_out():
        assert transmit(frame, 60) is True and transmit(frame, 100, 34, 16, 50) is True
        assert device.written == [(bytes(frame[:60]), 0, 0, 0), (bytes(frame), 34, 16, 50)]
        assert counts(transmit)[:2] == [2, 160]


def test_transmit_counts_only_what_the_device_has_taken():
    for transmit, device in ways_out():
        device.full = True
        assert transmit(bytearray(60), 60) is False and counts(transmit) == [0, 0, 0, 0, 0]
        device.full = False
        raises(ValueError, transmit, bytearray(60), 61)
        raises(ValueError, transmit, bytearray(60), -1)
        assert counts(transmit) == [0, 0, 0, 0, 0] and not device.written


def test_transmit_calls_its_hook():
    for transmit, device in ways_out():
        hooked = []
        transmit.hook = Hook(hooked)
        assert transmit(bytearray(60), 60, 34, 16) == "taken" and hooked == [(60, 34, 16)]
        assert not device.written and counts(transmit)[0] == 0
        assert transmit.write(bytearray(60), 60) is True and counts(transmit)[:2] == [1, 60]
        transmit.hook = None
        assert transmit(bytearray(60), 60) is True and len(hooked) == 1


def test_transmit_counts_by_protocol():
    tcp = frames.tcp("P.", 1, 1, 100, b"data")
    for transmit, _ in ways_out():
        transmit(bytearray(tcp), len(tcp))
        transmit(bytearray(frames.ethernet(frames.ipv4(bytes(8), 17))), 42)
        transmit(bytearray(frames.ethernet(frames.ipv6(bytes(20), 6), 0x86DD)), 74)
        transmit(bytearray(frames.ethernet(bytes(46), 0x0806)), 60)
        assert counts(transmit) == [4, len(tcp) + 42 + 74 + 60, 2, 1, 2]


def test_transmit_counts_segments_as_the_device_cuts_them():
    for n, gso, segments in ((1460, 1460, 1), (1461, 1460, 2), (2920, 1460, 2), (14600, 1460, 10), (5, 0, 1)):
        frame = frames.tcp("P.", 1, 1, 100, bytes(n))
        for transmit, _ in ways_out():
            transmit(bytearray(frame), len(frame), 34, 16, gso)
            assert counts(transmit)[4] == segments


def test_counters_agree_on_arbitrary_frames():
    pairs = [(transmit, twin.Segment(OUR_MAC, SECRET)) for (transmit, _), twin in zip(ways_out(), TWINS)]
    for _ in range(500):
        frame = noise(random.randrange(120))
        if len(frame) > 24:
            frame[0:6] = OUR_MAC
            frame[12:14] = random.choice((b"\x08\0", b"\x86\xdd", b"\x08\6"))
            frame[14] = random.choice((0x45, 0x46, 0x60))
            frame[random.choice((20, 23))] = 6
        gso = random.choice((0, 1, 7, 100))
        for transmit, segment in pairs:
            transmit(frame, len(frame), 34, 16, gso)
            segment.parse(frame, len(frame), True)
        assert all([counts(transmit) == counts(pairs[0][0]) for transmit, _ in pairs])
        received = [[getattr(segment, name) for name in COUNTERS[:4]] for _, segment in pairs]
        assert all([each == received[0] for each in received]) and received[0][0] == counts(pairs[0][0])[0]
