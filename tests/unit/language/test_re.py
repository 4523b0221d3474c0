# re: the methods and attributes of patterns and matches. The same here as on CPython. What patterns find is
# compared with CPython in tests/compat/test_re.py.
import re

from support import raises


def test_functions():
    assert re.match(r"a{2,3}$", "aaa") and not re.match("a", "ba") and re.search(r"\bcat\b", "a cat")
    assert re.fullmatch("a|ab", "ab").span() == (0, 2) and re.fullmatch("a", "ab") is None
    assert (
        re.findall(r"(\w)(\d)?", "a1b") == [("a", "1"), ("b", "")] and re.findall("a", "banana") == ["a"] * 3
    )
    assert [m.start() for m in re.finditer("é", "aébé")] == [1, 3]
    assert re.split(r"(,)\s*", "a, b,c", maxsplit=1) == ["a", ",", "b,c"] and re.split("x*", "axb") == [
        "",
        "a",
        "",
        "b",
        "",
    ]
    assert re.sub("a", lambda m: m.group().upper(), "banana", count=2) == "bAnAna"
    assert re.sub(r"(?P<x>\w)=(\w)", r"\2=\g<x>\n", "a=b") == "b=a\n" and re.subn("a", "", "aba") == ("b", 2)
    assert re.escape("a.b-c é") == r"a\.b\-c\ é" and re.escape(b"a.\xff") == b"a\\.\xff"
    re.purge()


def test_a_match():
    m = re.compile(r"(?P<year>\d+)-(?P<month>\d+)(-\d+)?").search("on 2024-05!", 1)
    assert m.group() == m[0] == "2024-05" and m.group("year", 2, 3) == ("2024", "05", None)
    assert m.groups() == ("2024", "05", None) and m.groups("") == ("2024", "05", "")
    assert m.groupdict() == {"year": "2024", "month": "05"} and m.groupdict(default=1)["year"] == "2024"
    assert (m.start(), m.end(), m.span("month"), m.span(3), m.start(3)) == (3, 10, (8, 10), (-1, -1), -1)
    assert (m.pos, m.endpos, m.string, m.lastindex, m.lastgroup) == (1, 11, "on 2024-05!", 2, "month")
    assert m.re.pattern.startswith("(?P") and m.regs[1] == (3, 7) and m.expand(r"\g<month>/\1") == "05/2024"
    assert repr(m) == "<re.Match object; span=(3, 10), match='2024-05'>"
    for wrong in (4, -1, "day"):
        raises(IndexError, m.group, wrong)
    assert bool(re.match("", "")) and isinstance(m, re.Match)


def test_a_pattern():
    p = re.compile("A+", re.IGNORECASE | re.MULTILINE)
    assert (p.pattern, p.groups, p.flags, dict(p.groupindex)) == ("A+", 0, 42, {})
    assert (
        repr(p) == "re.compile('A+', re.IGNORECASE|re.MULTILINE)"
        and repr(re.I | re.X) == "re.IGNORECASE|re.VERBOSE"
    )
    assert (
        p == re.compile("A+", re.I | re.M) and p != re.compile("A+") and len({p, re.compile("A+", 10)}) == 1
    )
    assert (
        p.match("baa", 1).span() == (1, 3) and p.search("baaa", 0, 2).end() == 2 and p.fullmatch("xaax", 1, 3)
    )
    assert re.compile(p) is p and isinstance(p, re.Pattern)
    raises(ValueError, re.compile, p, re.I)
    raises(TypeError, re.compile, 5)


def test_flags():
    assert re.findall(r"^\w+$", "ab\ncd", re.M) == ["ab", "cd"] and re.match("a.b", "a\nb", re.S)
    assert (
        re.match(r"a b # comment", "ab", re.X) and re.match("(?x) a  b", "ab") and re.match("(?i:A)b", "ab")
    )
    assert re.match(r"\w", "é") and not re.match(r"\w", "é", re.A) and not re.match(rb"\w", b"\xe9")
    assert re.match("É", "é", re.I) and not re.match("É", "é", re.I | re.A) and re.match("[Α-Ω]", "σ", re.I)
    assert re.findall(r"\d", "1٣") == ["1", "٣"] and re.match(r"\s", "\u2003")


def test_what_patterns_can_say():
    assert (
        re.match(r"(a)(?:b)(?P<n>c)\1(?P=n)", "abcac") and re.search(r"(?<=-)\w(?=!)", "a-b!").group() == "b"
    )
    assert re.match(r"(<)?a(?(1)>|$)", "<a>") and not re.match(r"(<)?a(?(1)>|$)", "<a")
    assert re.match(r"<.*?>", "<a><b>").group() == "<a>" and re.match(r"(?:a|ab)++c", "abc") is None
    assert (
        re.match(r"(?>a+)b", "aab") and not re.match(r"(?>a+)ab", "aab") and not re.search(r"(?<!a)b", "ab")
    )


def test_bytes():
    found = re.match(rb"GET (\S+) HTTP/(\d)\.(\d)\r\n", bytearray(b"GET /a HTTP/1.1\r\n"))
    assert found.groups() == (b"/a", b"1", b"1") and type(found.group(1)) is bytes
    assert re.sub(rb"(\d)", rb"<\1>", b"a1") == b"a<1>" and re.split(b",", b"a,b") == [b"a", b"b"]
    assert (
        re.findall(b"[\x80-\xff]+", b"a\xe9\xff") == [b"\xe9\xff"]
        and re.search(b"b", memoryview(b"ab")).start() == 1
    )
    raises(TypeError, re.match, b"a", "a")
    raises(TypeError, re.match, "a", b"a")
    raises(TypeError, re.match, "a", 5)


def test_errors():
    for pattern, message, position in (
        ("(a", "missing ), unterminated subpattern", 0),
        ("a)", "unbalanced parenthesis", 1),
        ("[a", "unterminated character set", 0),
        ("*a", "nothing to repeat", 0),
        ("a**", "multiple repeat", 2),
        (r"\1", "invalid group reference 1", 1),
        ("a{2,1}", "min repeat greater than max repeat", 2),
        ("(?P<1>a)", "bad character in group name '1'", 4),
        ("[b-a]", "bad character range b-a", 1),
        ("(?<=a+)", "look-behind requires fixed-width pattern", None),
        ("a\\", "bad escape (end of pattern)", 1),
    ):
        error = raises(re.error, re.compile, pattern)
        assert (error.msg, error.pos) == (message, position), pattern
    error = raises(re.error, re.compile, "a\n(")
    assert (error.lineno, error.colno) == (2, 1) and "(line 2, column 1)" in str(error)
    raises(re.error, re.sub, "a", r"\2", "a")
    raises(IndexError, re.sub, "a", r"\g<n>", "a")


def test_a_scanner():
    scanner = re.compile(r"\d|[a-z]").scanner("1a!")
    assert [scanner.match().group(), scanner.match().group(), scanner.match()] == ["1", "a", None]
    words = re.Scanner([(r"\d+", lambda s, text: int(text)), (r"\w+", "word"), (r"\s+", None)])
    assert words.scan("12 ab ?") == ([12, "word"], "?")


def test_long_texts_and_many_groups():
    assert (
        re.match("(?:a|b)*", "ab" * 20000).end() == 40000 and re.match("(a|b)*?$", "ab" * 5000).end() == 10000
    )
    assert re.sub("é", "e", "é" * 3000) == "e" * 3000 and len(re.findall("(?=(é))", "é" * 500)) == 500
    assert (
        re.match("".join(["(%s)" % letter for letter in "abcdefghij" * 12]), "abcdefghij" * 12).group(120)
        == "j"
    )
