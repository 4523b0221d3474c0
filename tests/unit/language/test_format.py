# Floats as text and back, format specifications and the % operator: the same here as on CPython.
from support import raises


def same(pairs):
    for got, expected in pairs:
        assert got == expected, (got, expected)


def test_repr_is_the_shortest_text_that_reads_back():
    same(
        [
            (repr(0.1 + 0.2), "0.30000000000000004"),
            (repr(5e-324), "5e-324"),
            (repr(1e22), "1e+22"),
            (repr(1e16), "1e+16"),
            (repr(123456789.123), "123456789.123"),
            (repr(1465749866035517.25), "1465749866035517.2"),
            (repr(1.7976931348623157e308), "1.7976931348623157e+308"),
            (str(-0.0), "-0.0"),
            (repr(complex(1, -0.5)), "(1-0.5j)"),
        ]
    )
    state = 1
    for _ in range(500):
        state = state * 6364136223846793005 + 1442695040888963407 & 0xFFFFFFFFFFFFFFFF
        value = (state >> 11) * 2.0 ** (state % 2000 - 1000)
        assert float(repr(value)) == value


def test_float_reads_digits_and_underscores_strictly():
    assert float(" 1_000.5_5e-2 ") == 10.0055
    assert float("9007199254740993.0000000000000000000001") == 9007199254740994.0
    assert float("1" + "0" * 400 + "e-400") == 1.0
    for text in ("", ".", "e5", "1e", "1__0", "_1", "1_", "1._5", "1x"):
        raises(ValueError, float, text)


def test_specifications_of_numbers():
    same(
        [
            (f"{1234567.891:,.2f}", "1,234,567.89"),
            (f"{1234:010,}", "00,001,234"),
            (f"{255:#010x}", "0x000000ff"),
            (f"{0xFFFFFFFF:_x}", "ffff_ffff"),
            (f"{-5:=+5}", "-   5"),
            (f"{0.125:.1%}", "12.5%"),
            (f"{100.0:.2}", "1e+02"),
            (f"{3.0:.3}", "3.0"),
            (f"{2.5:.0f}", "2"),
            (f"{-0.001:z.1f}", "0.0"),
            (f"{8364:c}", "€"),
            (f"{True:d}{True}", "1True"),
            (f"{1e300:.0f}"[:4], "1000"),
            (format(10**20, ","), "100,000,000,000,000,000,000"),
        ]
    )


def test_specifications_of_text_count_characters():
    same([(f"{'é':€>3}|{'héllo':.2}|{'a':^4}", "€€é|hé| a  "), ("%-3s|%3s" % ("é", "é"), "é  |  é")])


def test_specifications_that_are_wrong_are_value_errors():
    for value, spec in (
        (1, "zz"),
        (1, ".3"),
        ("a", "+"),
        ("a", "=5"),
        (1, ",_"),
        (255, ",x"),
        (1.5, "d"),
        (1, "."),
    ):
        raises(ValueError, format, value, spec)
    raises(TypeError, format, [], "5")


class Money:
    currency = "EUR"

    def __format__(self, spec):
        return "<" + spec + ">"


def test_fields_have_attributes_indices_and_nested_specifications():
    same(
        [
            ("{0.currency} {1[0]} {a[x]}".format(Money(), [6], a={"x": 7}), "EUR 6 7"),
            ("{:{w}.{p}f}|".format(3.14159, w=7, p=2), "   3.14|"),
            ("{:5}".format(Money()), "<5>"),
            ("{}".format(Money()), "<>"),
            ("{a}{b}".format_map({"a": 1, "b": 2}), "12"),
            ("{!a}".format("é€😀"), r"'\xe9\u20ac\U0001f600'"),
            (ascii("é"), r"'\xe9'"),
        ]
    )


def test_fields_that_are_wrong():
    for pattern in ("{", "}", "{0", "{!x}", "{:{}", "{}{0}", "{0[]}", "{0.}", "{:{:{}}}", "{0[0]a}"):
        raises(ValueError, pattern.format, [1], 2, 3)
    raises(IndexError, "{}".format)
    raises(KeyError, "{a}".format)


def test_percent():
    same(
        [
            ("%08.3f|%+.2e|%g" % (-3.14, 1.5, 1e10), "-003.140|+1.50e+00|1e+10"),
            ("%#x %#o %.3d %-5d|" % (-255, 8, 5, 3), "-0xff 0o10 005 3    |"),
            ("%(a)s %(b)5.1f" % {"a": 1, "b": 2.25}, "1   2.2"),
            ("%*d|%.*f" % (4, 7, 2, 3.14159), "   7|3.14"),
            ("%c%c%i%%" % (8364, "x", 1.9), "€x1%"),
            (b"%s-%b-%d" % (b"a", bytearray(b"b"), 5), b"a-b-5"),
        ]
    )
    for pattern, value in (
        ("%d", "x"),
        ("%x", 1.5),
        ("%s %s", 1),
        ("%s", (1, 2)),
        ("%(a)s", 1),
        ("%(a)s %s", {"a": 1}),
        (b"%s", "a"),
    ):
        raises(TypeError, lambda pattern=pattern, value=value: pattern % value)
    for pattern, value in (("%", ()), ("%y", 1), ("%(a", {})):
        raises(ValueError, lambda pattern=pattern, value=value: pattern % value)
