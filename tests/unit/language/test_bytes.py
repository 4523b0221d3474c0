# Methods of bytes: the same here as on CPython.
import binascii


def test_hex_of_no_bytes_is_a_str():
    assert b"".hex() == bytearray().hex() == ""
    assert b"\x01\xff".hex() == "01ff"
    assert binascii.hexlify(b"") == b""
