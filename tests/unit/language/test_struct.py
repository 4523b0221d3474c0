# struct: formats, ranges and buffers. The same here as on CPython.
import struct

from support import raises

SIZES = (
    ("", 0), ("<bhilq", 19), ("@bhiq", 16), ("=bhilq", 19), ("3s x 2H", 8), (">e f d", 14), ("@nN", 16),
    ("10p", 10),
    ("0i", 0), ("@b0i", 4), ("<?c", 2), ("@cP", 16),
)  # fmt: skip
RANGES = (
    ("b", -128, 127), ("B", 0, 255), ("<h", -32768, 32767), (">H", 0, 65535), ("i", -(2**31), 2**31 - 1),
    ("<I", 0, 2**32 - 1), ("<l", -(2**31), 2**31 - 1), ("=L", 0, 2**32 - 1), ("q", -(2**63), 2**63 - 1),
    ("Q", 0, 2**64 - 1), ("n", -(2**63), 2**63 - 1), ("N", 0, 2**64 - 1),
)  # fmt: skip


class Number:
    def __index__(self):
        return 258


def test_sizes():
    for format, size in SIZES:
        assert struct.calcsize(format) == size == struct.Struct(format).size, format


def test_wrong_formats():
    for format in ("<n", "z", "3", "<P", "99999999999999999999b", "4611686018427387904q4611686018427387904q"):
        raises(struct.error, struct.calcsize, format)
    raises(TypeError, struct.calcsize, 5)


def test_ranges_are_checked():
    for format, low, high in RANGES:
        for value in (low, high, 0):
            assert struct.unpack(format, struct.pack(format, value)) == (value,)
        for value in (low - 1, high + 1, 2**70, -(2**70)):
            raises(struct.error, struct.pack, format, value)
    assert str(raises(struct.error, struct.pack, "B", 300)) == "ubyte format requires 0 <= number <= 255"
    assert issubclass(struct.error, Exception)


def test_what_is_no_number():
    assert struct.pack(">H", Number()) == b"\1\2"
    assert struct.pack("BB", True, False) == b"\1\0"
    for value in ("1", 1.5, None):
        raises(struct.error, struct.pack, "i", value)
    for value in ("1", None, b"1"):
        raises(struct.error, struct.pack, "d", value)


def test_byte_orders():
    assert struct.pack("<HI", 1, 2) == b"\1\0\2\0\0\0"
    assert struct.pack(">HI", 1, 2) == struct.pack("!HI", 1, 2) == b"\0\1\0\0\0\2"
    assert struct.unpack(">bq", b"\xff" + bytes(7) + b"\2") == (-1, 2)


def test_bytes_and_truth():
    assert struct.pack("4s", b"ab") == b"ab\0\0" and struct.pack("2s", b"abc") == b"ab"
    assert struct.pack("4p", b"abcdef") == b"\3abc" and struct.pack("p", b"") == b"\0"
    assert struct.unpack("4p", b"\xffabc") == (b"abc",) and struct.unpack("0s", b"") == (b"",)
    assert struct.pack("c?x?", b"a", 2, []) == b"a\1\0\0"
    assert struct.unpack("3?", b"\0\1\xff") == (False, True, True)
    for format, value in (("c", b"ab"), ("c", "a"), ("s", "a"), ("p", 1)):
        raises(struct.error, struct.pack, format, value)


def test_floats():
    for format in ("<d", ">f", "<e"):
        for value in (0.0, -0.0, 1.5, -2.0, float("inf")):
            assert repr(struct.unpack(format, struct.pack(format, value))[0]) == repr(value)
    assert struct.pack(">e", 65504.0) == b"\x7b\xff" and struct.pack(">e", 2.0**-24) == b"\0\1"
    assert struct.pack(">e", 2.0**-25) == b"\0\0" and struct.pack(">e", 1.0 + 2.0**-11) == b"\x3c\0"
    assert struct.pack(">e", 1.0 + 3 * 2.0**-11) == b"\x3c\2" and struct.pack(">e", 0.1) == b"\x2e\x66"
    nan = struct.unpack("<e", struct.pack("<e", float("nan")))[0]
    assert nan != nan
    raises(OverflowError, struct.pack, "<f", 1e39)
    raises(OverflowError, struct.pack, "<e", 65520.0)


def test_counts_are_checked():
    assert str(raises(struct.error, struct.pack, "2H", 1)) == "pack expected 2 items for packing (got 1)"
    raises(struct.error, struct.pack, "x", 1)
    assert str(raises(struct.error, struct.unpack, "H", b"abc")) == "unpack requires a buffer of 2 bytes"


def test_buffers():
    room = bytearray(6)
    struct.pack_into(">H", room, 1, 0x0102)
    struct.pack_into("B", room, -1, 9)
    assert room == b"\0\1\2\0\0\x09"
    assert (
        struct.unpack_from(">H", memoryview(room), offset=1)
        == (0x0102,)
        == struct.unpack_from(">H", room, -5)
    )
    for offset in (5, 6, 100, -1, -100):
        raises(struct.error, struct.unpack_from, "<H", room, offset)
        raises(struct.error, struct.pack_into, "<H", room, offset, 1)
    raises(TypeError, struct.pack_into, "B", b"a", 0, 1)


def test_iteration():
    assert list(struct.iter_unpack("<Hx", b"\1\0.\2\0.")) == [(1,), (2,)]
    assert list(struct.iter_unpack("B", b"")) == []
    raises(struct.error, struct.iter_unpack, "<H", b"abc")
    raises(struct.error, struct.iter_unpack, "", b"")


def test_struct_objects():
    header = struct.Struct("!BH")
    assert (header.size, header.format) == (3, "!BH")
    assert header.unpack(header.pack(1, 2)) == (1, 2)
    room = bytearray(5)
    header.pack_into(room, 2, 1, 2)
    assert header.unpack_from(room, 2) == (1, 2) == header.unpack_from(buffer=room, offset=2)
    assert list(header.iter_unpack(bytes(room[2:]) * 2)) == [(1, 2), (1, 2)]
    raises(struct.error, header.pack, 1)
