# Encodings that are not in C, by their names and by others, with all ways to deal with errors.

import codecs

TEXT = {
    "cp1250": "Žluťoučký kůň €",
    "cp1251": "Привет, мир",
    "cp1252": "naïve – “€”",
    "cp1253": "Ελληνικά",
    "windows-1254": "Türkçe ığş",
    "cp1255": "שלום",
    "cp1256": "مرحبا",
    "cp1257": "ąžuolas",
    "cp1258": "đ ơ ư",
    "iso8859-2": "Łódź",
    "iso-8859-3": "Ħ ħ ĝ",
    "iso8859-4": "ą ĸ ŗ",
    "iso8859-5": "Привет",
    "iso8859-6": "مرحبا",
    "iso8859-7": "Ελληνικά",
    "iso8859-8": "שלום",
    "iso8859-9": "ığş",
    "iso8859-10": "ąđ",
    "iso8859-13": "ąž",
    "iso8859-14": "ŵŷ",
    "iso-8859-15": "€ Šš œ",
    "cp437": "é ░▒▓ α",
    "cp850": "ñ ¿ ╬",
    "cp866": "Привет",
    "koi8-r": "Привет",
    "koi8-u": "Україна",
    "mac-roman": "é ∞ π",
}

for name, text in TEXT.items():
    data = text.encode(name)
    assert data.decode(name) == text and len(data) == len(text), name
    assert codecs.decode(codecs.encode(text, name), name) == text
    assert codecs.getincrementalencoder(name)().encode(text) == data
    assert codecs.getincrementaldecoder(name)().decode(data, True) == text
assert codecs.lookup("windows-1252").name == "cp1252" and codecs.lookup("CP1252").name == "cp1252"
assert "€".encode("cp1252") == b"\x80" and b"\xe9".decode("cp437") == "Θ" and "ф".encode("koi8_r") == b"\xc6"


def error_of(function, *args):
    try:
        function(*args)
    except ValueError as error:
        return type(error).__name__, error.args
    raise AssertionError(args)


assert error_of("a€→→b".encode, "iso8859-2") == (
    "UnicodeEncodeError",
    ("charmap", "a€→→b", 1, 4, "character maps to <undefined>"),
)
assert error_of(b"a\x81".decode, "cp1252") == (
    "UnicodeDecodeError",
    ("charmap", b"a\x81", 1, 2, "character maps to <undefined>"),
)
for errors, data in {
    "ignore": b"ab",
    "replace": b"a??b",
    "backslashreplace": b"a\\u2192\\u2192b",
    "xmlcharrefreplace": b"a&#8594;&#8594;b",
}.items():
    assert "a→→b".encode("cp1252", errors) == data, errors
assert b"a\x81b".decode("cp1252", "replace") == "a\ufffdb" and b"a\x81".decode("cp1252", "ignore") == "a"
assert b"a\x81".decode("cp1252", "surrogateescape") == "a\udc81"
assert "a\udc81".encode("cp1252", "surrogateescape") == b"a\x81"
assert b"\x81".decode("cp1252", "backslashreplace") == "\\x81"

# Escapes
assert "é€😀\\u".encode("raw-unicode-escape") == b"\xe9\\u20ac\\U0001f600\\u"
assert b"\xe9\\u20ac \\\\u20ac \\U0001f600 \\x41".decode("raw-unicode-escape") == "é€ \\\\u20ac 😀 \\x41"
assert "é\n\t\\'€😀".encode("unicode-escape") == b"\\xe9\\n\\t\\\\'\\u20ac\\U0001f600"
assert b"a\\n\\x41\\u20ac\\101\\U0001f600\\\\ \\q \xe9".decode("unicode-escape") == "a\nA€A😀\\ \\q é"
assert error_of(b"a\\x4".decode, "unicode-escape")[1][2:] == (1, 4, "truncated \\xXX escape")
assert error_of(b"\\u12".decode, "unicode-escape")[1][2:] == (0, 4, "truncated \\uXXXX escape")
assert error_of(b"\\U00110000".decode, "unicode-escape")[1][2:] == (0, 10, "illegal Unicode character")
assert error_of(b"ab\\".decode, "unicode-escape")[1][2:] == (2, 3, "\\ at end of string")
assert b"\\xg".decode("unicode-escape", "replace") == "\ufffdg"

# Names of hosts, and seven bits
assert "ü.example".encode("idna") == b"xn--tda.example" and b"xn--tda.example".decode("idna") == "ü.example"
assert "www.Python.org.".encode("idna") == b"www.Python.org." and "bücher".encode("punycode") == b"bcher-kva"
assert b"bcher-kva".decode("punycode") == "bücher" and "faß。de".encode("idna").endswith(b".de")
for wrong in ("a..b", "a" * 64, "ü" * 70):
    error_of(wrong.encode, "idna")
assert "1+1=2 £é~ ".encode("utf-7") == b"1+-1=2 +AKMA6QB+ " and "a€-b".encode("utf-7") == b"a+IKw--b"
assert b"1+-1=2 +AKMA6QB+ ".decode("utf-7") == "1+1=2 £é~ " and b"Hi +2D3eAA-".decode("utf-7") == "Hi 😀"
error_of(b"\xff".decode, "utf-7")

# Wide encodings and all ways to deal with errors
for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"):
    assert "a\ud800€😀".encode(name, "surrogatepass").decode(name, "surrogatepass") == "a\ud800€😀"
    assert "a\ud800b".encode(name, "ignore").decode(name) == "ab"
    assert "a\ud800b".encode(name, "replace").decode(name) == "a?b"
    assert "a\ud800b".encode(name, "backslashreplace").decode(name) == "a\\ud800b"
    assert "a\ud800b".encode(name, "xmlcharrefreplace").decode(name) == "a&#55296;b"
    error_of("\ud800".encode, name)
    for errors in ("ignore", "replace", "backslashreplace"):
        ("ab".encode(name) + b"\x00").decode(name, errors)
    error_of(("ab".encode(name) + b"\x00").decode, name)

for unknown in ("no-such-encoding", "cp99999"):
    try:
        "a".encode(unknown)
    except LookupError as error:
        assert str(error) == "unknown encoding: " + unknown
    else:
        raise AssertionError(unknown)
