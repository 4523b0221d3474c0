# codecs: encodings by name, in pieces, registered ones. The same here as on CPython.
import codecs

from support import raises


def test_by_name():
    assert codecs.lookup("UTF8").name == "utf-8" and codecs.lookup("latin_1").name == "iso8859-1"
    assert codecs.encode("é", "latin-1") == b"\xe9" and codecs.decode(b"\xe9", "l1") == "é"
    assert codecs.encode("Hello", "rot13") == "Uryyb" and codecs.encode(b"ab", "hex") == b"6162"
    assert codecs.decode(b"6162", "hex") == b"ab" and codecs.encode(b"ab", "base64") == b"YWI=\n"
    assert codecs.getencoder("utf-16-le")("a") == (b"a\0", 1) and codecs.getdecoder("ascii")(b"ab") == (
        "ab",
        2,
    )
    raises(LookupError, codecs.lookup, "no-such")
    raises(LookupError, "a".encode, "rot13")
    raises(LookupError, codecs.lookup_error, "no-such")


def test_in_pieces():
    for encoding in ("utf-8", "utf-16", "utf-16-be", "utf-32", "utf-8-sig", "utf-32-le"):
        data = "aé€😀b".encode(encoding)
        decoder = codecs.getincrementaldecoder(encoding)()
        assert "".join([decoder.decode(data[i : i + 1]) for i in range(len(data))]) == "aé€😀b", encoding
        assert decoder.decode(b"", True) == ""
        assert "".join(codecs.iterdecode([data[:3], data[3:4], data[4:]], encoding)) == "aé€😀b"
        assert b"".join(codecs.iterencode("aé€😀b", encoding)) == data
    decoder = codecs.getincrementaldecoder("utf-8")()
    assert decoder.decode(b"a\xe2\x82") == "a"
    raises(UnicodeDecodeError, decoder.decode, b"", True)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    assert decoder.decode(b"\xffa\xc3") == "\ufffda" and decoder.decode(b"", True) == "\ufffd"


def test_handlers_of_errors():
    codecs.register_error("test.stars", lambda error: ("*" * (error.end - error.start), error.end))
    assert (
        "aé€b".encode("ascii", "test.stars") == b"a**b" and b"a\xffb".decode("utf-8", "test.stars") == "a*b"
    )
    codecs.register_error("test.bytes", lambda error: (b"<>", error.end))
    assert "é".encode("ascii", "test.bytes") == b"<>"
    codecs.register_error("test.wrong", lambda error: ("", 99))
    raises(IndexError, "é".encode, "ascii", "test.wrong")
    codecs.register_error("test.mistake", lambda error: 5)
    raises(TypeError, "é".encode, "ascii", "test.mistake")
    assert codecs.lookup_error("ignore")(UnicodeDecodeError("x", b"abc", 0, 2, "y")) == ("", 2)


def test_registered_codecs():
    def search(name):
        if name == "test_upper":
            return codecs.CodecInfo(
                lambda text, errors="strict": (text.upper().encode(), len(text)),
                lambda data, errors="strict": (bytes(data).decode().lower(), len(data)),
                name=name,
            )

    codecs.register(search)
    assert "ab".encode("test-upper") == b"AB" and b"AB".decode("test_upper") == "ab"
    assert codecs.lookup("test-upper").name == "test_upper"
