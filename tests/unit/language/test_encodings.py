# Encodings and their errors. The same here as on CPython.
from support import raises

ROUND_TRIPS = (
    ("aé€😀", "utf-8", b"a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
    ("aé€😀", "utf-16-le", b"a\0\xe9\0\xac\x20\x3d\xd8\x00\xde"),
    ("aé€😀", "UTF_16_BE", b"\0a\0\xe9\x20\xac\xd8\x3d\xde\x00"),
    ("a€", "utf-16", b"\xff\xfea\0\xac\x20"),
    ("a😀", "utf-32-be", b"\0\0\0a\0\1\xf6\0"),
    ("a", "utf-32", b"\xff\xfe\0\0a\0\0\0"),
    ("aé\xff", "latin-1", b"a\xe9\xff"),
    ("aé", "ISO-8859-1", b"a\xe9"),
    ("az", "ascii", b"az"),
    ("é", "utf-8-sig", b"\xef\xbb\xbf\xc3\xa9"),
)
WRONG = (
    (b"ab\xff", "utf-8", 2, 3, "invalid start byte"),
    (b"\xc3(", "utf8", 0, 1, "invalid continuation byte"),
    (b"a\xe2\x82", "utf-8", 1, 3, "unexpected end of data"),
    (b"\xed\xa0\x80", "utf-8", 0, 1, "invalid continuation byte"),
    (b"\xc0\x80", "utf-8", 0, 1, "invalid start byte"),
    (b"\xf4\x90\x80\x80", "utf-8", 0, 1, "invalid continuation byte"),
    (b"a\x80", "ascii", 1, 2, "ordinal not in range(128)"),
    (b"a", "utf-16-le", 0, 1, "truncated data"),
    (b"\0\xdca\0", "utf-16-le", 0, 2, "illegal encoding"),
    (b"\0\xd8a\0", "utf-16-le", 0, 2, "illegal UTF-16 surrogate"),
)


def test_round_trips():
    for text, encoding, data in ROUND_TRIPS:
        assert text.encode(encoding) == data == bytes(text, encoding) == bytearray(text, encoding), encoding
        assert data.decode(encoding) == text == str(data, encoding) == bytearray(data).decode(encoding)
    assert "é".encode() == b"\xc3\xa9" and b"\xc3\xa9".decode() == "é" == str(
        memoryview(b"\xc3\xa9"), "utf-8"
    )
    assert "é".encode(encoding="latin-1", errors="strict") == b"\xe9" == bytes("é", encoding="latin-1")
    assert b"\xfe\xff\0a".decode("utf-16") == "a"


def test_wrong_bytes():
    for data, encoding, start, end, reason in WRONG:
        error = raises(UnicodeDecodeError, data.decode, encoding)
        assert (error.object, error.start, error.end, error.reason) == (data, start, end, reason), (
            data,
            error.args,
        )
        assert isinstance(error, ValueError)
    error = raises(UnicodeDecodeError, b"a\xff".decode)
    assert str(error) == "'utf-8' codec can't decode byte 0xff in position 1: invalid start byte"
    assert error.encoding == "utf-8" and error.args == ("utf-8", b"a\xff", 1, 2, "invalid start byte")
    error = raises(UnicodeDecodeError, b"\xe2\x82".decode)
    assert str(error) == "'utf-8' codec can't decode bytes in position 0-1: unexpected end of data"


def test_wrong_text():
    error = raises(UnicodeEncodeError, "aéb".encode, "ascii")
    assert (
        str(error) == "'ascii' codec can't encode character '\\xe9' in position 1: ordinal not in range(128)"
    )
    assert (error.encoding, error.object, error.start, error.end) == ("ascii", "aéb", 1, 2)
    error = raises(UnicodeEncodeError, "é€€a".encode, "latin-1")
    assert str(error) == "'latin-1' codec can't encode characters in position 1-2: ordinal not in range(256)"
    error = raises(UnicodeEncodeError, "\ud800".encode)
    assert error.reason == "surrogates not allowed" and "'\\ud800'" in str(error)


def test_ways_to_treat_wrong_bytes():
    data = b"a\xff\xe2\x82b"
    assert data.decode("utf-8", "replace") == "a\ufffd\ufffdb"
    assert data.decode("utf-8", "ignore") == "ab" == data.decode(errors="ignore")
    assert data.decode("ascii", "backslashreplace") == "a\\xff\\xe2\\x82b"
    escaped = data.decode("utf-8", "surrogateescape")
    assert escaped == "a\udcff\udce2\udc82b" and escaped.encode("utf-8", "surrogateescape") == data
    assert b"\xed\xa0\x80".decode("utf-8", "surrogatepass") == "\ud800"


def test_ways_to_treat_wrong_text():
    text = "aé€😀"
    assert text.encode("ascii", "replace") == b"a???"
    assert text.encode("ascii", "ignore") == b"a"
    assert text.encode("ascii", "backslashreplace") == b"a\\xe9\\u20ac\\U0001f600"
    assert text.encode("latin-1", "xmlcharrefreplace") == b"a\xe9&#8364;&#128512;"
    assert "\ud800".encode("utf-8", "surrogatepass") == b"\xed\xa0\x80"


def test_unknown_names():
    raises(LookupError, "a".encode, "no-such-encoding")
    raises(LookupError, b"a".decode, "no-such-encoding")
    raises(LookupError, "é".encode, "ascii", "no-such-way")
    raises(TypeError, bytes, "a")
    raises(TypeError, bytes, 1, "ascii")
    raises(TypeError, str, "a", "ascii")
