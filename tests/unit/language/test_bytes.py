# Methods of bytes: the same here as on CPython.
import binascii

from support import raises


def test_hex_of_no_bytes_is_a_str():
    assert b"".hex() == bytearray().hex() == ""
    assert b"\x01\xff".hex() == "01ff"
    assert binascii.hexlify(b"") == b""


def test_a_number_is_looked_for_as_a_byte():
    for data in (b"abcb", bytearray(b"abcb")):
        assert (data.find(98), data.rfind(98), data.index(99), data.count(98), data.find(0)) == (
            1,
            3,
            2,
            2,
            -1,
        )
        assert data.find(98, 2) == 3
        for wrong in (256, -1):
            raises(ValueError, data.find, wrong)
    assert b"\xe9\xff".count(b"") == 3
    raises(TypeError, "abc".find, 98)
