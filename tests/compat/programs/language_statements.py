"""Statements and scopes, section by section, with asserts of our own."""

# scopes ------------------------------------------------------------

x = "global"


def outer():
    x = "outer"

    def inner():
        return x

    class C:
        x = "class"

        def m(self):
            return x

        y = [x for _ in range(1)]
        z = (lambda: x)()

    return inner(), C().m(), C.x, C.y, C.z


assert outer() == ("outer", "outer", "class", ["outer"], "outer")


def late():
    fs = []
    for i in range(3):
        fs.append(lambda: i)
    return [f() for f in fs]


assert late() == [2, 2, 2]


def unbound():
    try:
        v
    except UnboundLocalError as e:
        r = str(e)
    v = 1
    return r


assert "variable" in unbound()


def dele():
    y = 1
    del y
    try:
        return y
    except NameError:
        return "gone"


assert dele() == "gone"


def glob():
    global newg
    newg = 7


glob()
assert newg == 7 and globals()["newg"] == 7


def cell():
    n = 0

    def inc():
        nonlocal n
        n += 1
        return n

    return inc


c = cell()
c()
assert c() == 2


class Q:
    a = 1
    b = [a for _ in "x"] if False else a

    def f(self, z=a):
        return z


assert Q().f() == 1
[i for i in range(3)]
try:
    i
except NameError:
    pass
else:
    assert 0
try:
    raise ValueError
except ValueError as err:
    pass
try:
    err
except NameError:
    pass
else:
    assert 0
assert (lambda a, *b, c=3, **d: (a, b, c, d))(1, 2, c=4, e=5) == (1, (2,), 4, {"e": 5})
exec("zz = 5")
assert zz == 5
ns = {}
exec("def k(): return 8", ns)
assert ns["k"]() == 8 and eval("1 + q", {"q": 2}) == 3

# with ------------------------------------------------------------

log = []


class CM:
    def __init__(self, n, swallow=False):
        self.n, self.s = n, swallow

    def __enter__(self):
        log.append(f"enter {self.n}")
        return self.n

    def __exit__(self, t, v, tb):
        log.append(f"exit {self.n} {t and t.__name__}")
        return self.s


with CM(1) as a, CM(2) as b:
    log.append(a + b)
with CM(3, True):
    raise ValueError
try:
    with CM(4), CM(5, True):
        1 / 0
    with CM(6):
        raise KeyError(1)
except KeyError:
    log.append("caught")
assert log == [
    "enter 1",
    "enter 2",
    3,
    "exit 2 None",
    "exit 1 None",
    "enter 3",
    "exit 3 ValueError",
    "enter 4",
    "enter 5",
    "exit 5 ZeroDivisionError",
    "exit 4 None",
    "enter 6",
    "exit 6 KeyError",
    "caught",
]


def r():
    for i in range(3):
        with CM(i):
            if i == 1:
                return "ret"


log.clear()
assert r() == "ret" and log[-1] == "exit 1 None"
try:
    with object():
        pass
except TypeError as e:
    assert "context manager protocol" in str(e), e
import contextlib


@contextlib.contextmanager
def tag(n):
    log.append(n)
    try:
        yield n
    except KeyError:
        log.append("ke")
    finally:
        log.append("/" + n)


log.clear()
with tag("a") as t:
    raise KeyError
assert log == ["a", "ke", "/a"] and t == "a"
with contextlib.ExitStack() as st:
    st.enter_context(CM(9))
    st.callback(log.append, "cb")
assert log[-2:] == ["cb", "exit 9 None"]
with contextlib.suppress(FileNotFoundError):
    raise FileNotFoundError
with contextlib.redirect_stdout(__import__("io").StringIO()) as out:
    print("hi")
assert out.getvalue() == "hi\n"


class Both:
    def __enter__(self):
        return [1, 2]

    def __exit__(self, *a):
        pass


with Both() as (p, q):
    assert p + q == 3
with Both() as [p, *q]:
    assert q == [2]

# assign ------------------------------------------------------------

a = b = c = []
a.append(1)
assert b == [1] and c is a
x, y = 1, 2
x, y = y, x
assert (x, y) == (2, 1)
(a, b), [c, *d] = (1, 2), "xyz"
assert (a, b, c, d) == (1, 2, "x", ["y", "z"])
(*a,) = range(3)
assert a == [0, 1, 2]
a, *b, c = 1, 2
assert b == []
for i, (j, *k) in enumerate([(1, 2, 3)]):
    assert (i, j, k) == (0, 1, [2, 3])
l = [0, 1, 2]
i = 0
i, l[i] = 1, 9
assert l == [0, 9, 2]


class A:
    pass


o = A()
o.x, o.y = 1, 2
o.x += 5
assert o.x == 6
d = {}
d["a"], d["b"] = d.setdefault("q", 1), 2
assert d == {"q": 1, "a": 1, "b": 2}
t = ([1],)
try:
    t[0] += [2]
except TypeError:
    pass
assert t == ([1, 2],)
l = [1, 2, 3, 4, 5, 6]
l[::2] = "abc"
assert l == ["a", 2, "b", 4, "c", 6]
try:
    l[::2] = [1]
except ValueError as e:
    assert str(e) == "attempt to assign sequence of size 1 to extended slice of size 3"
del l[::2]
assert l == [2, 4, 6]
l[1:1] = [3, 3]
assert l == [2, 3, 3, 4, 6]
s = "a"
s *= 3
s += "b"
assert s == "aaab"
n = 7
n //= 2
n **= 3
n %= 10
n <<= 2
n |= 1
n ^= 3
n &= 0xFF
n >>= 1
n -= 1
n /= 2
assert n == 7.0, n
v: int = 5
w: "list[int]"


def f():
    yield


def order():
    def p(x):
        log.append(x)
        return x

    log = []
    {p(1): p(2), p(3): p(4)}
    [p(5), *[p(6)]]
    d = {}
    d[p(8)] = p(7)
    (lambda *a, **k: 0)(p(9), *[p(10)], k=p(11), **{"z": p(12)})
    p(13) if p(14) else p(15)
    return log


assert order() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 13]

# calls ------------------------------------------------------------


def f(*args, **kwargs):
    return args, kwargs


assert f(*[1], 2, *(3,), a=1, **{"b": 2}) == ((1, 2, 3), {"a": 1, "b": 2})


def g(a, b=2, *c, d, e=5, **f):
    return a, b, c, d, e, f


assert g(1, d=4) == (1, 2, (), 4, 5, {}) and g(1, 2, 3, d=4, z=6) == (1, 2, (3,), 4, 5, {"z": 6})


def msg(call):
    try:
        call()
    except TypeError as e:
        return str(e)


def h(a, b):
    pass


def k(*, a):
    pass


def p(a, /):
    pass


assert msg(lambda: h(1)) == "h() missing 1 required positional argument: 'b'", msg(lambda: h(1))
assert msg(lambda: h()) == "h() missing 2 required positional arguments: 'a' and 'b'", msg(lambda: h())
assert msg(lambda: h(1, 2, 3)) == "h() takes 2 positional arguments but 3 were given"
assert msg(lambda: h(1, 2, c=3)) == "h() got an unexpected keyword argument 'c'"
assert msg(lambda: h(1, a=2)) == "h() got multiple values for argument 'a'"
assert msg(lambda: k()) == "k() missing 1 required keyword-only argument: 'a'", msg(lambda: k())
assert msg(lambda: k(1)) == "k() takes 0 positional arguments but 1 was given", msg(lambda: k(1))
assert msg(lambda: None()) == "'NoneType' object is not callable"


class C:
    def __call__(self, *a):
        return a

    def m(self):
        return self


assert C()(1, 2) == (1, 2)

# strings more ------------------------------------------------------------

assert (
    "a,b,,c".split(",") == ["a", "b", "", "c"]
    and " a  b ".split() == ["a", "b"]
    and "a b c".rsplit(None, 1) == ["a b", "c"]
    and "".split() == []
    and "".split(",") == [""]
)
assert "ab\ncd\r\nef\x0bgh\u2028ij".splitlines() == ["ab", "cd", "ef", "gh", "ij"] and "a\n".splitlines(
    keepends=True
) == ["a\n"]
assert (
    "Hello".center(11, "*") == "***Hello***"
    and "x".ljust(3, ".") + "|" == "x..|"
    and "abc".partition("b") == ("a", "b", "c")
    and "abc".rpartition("z") == ("", "", "abc")
)
assert (
    "hello world".title() == "Hello World"
    and "they're".title() == "They'Re"
    and "HELLO".casefold() == "hello"
)
assert (
    "a\tb".expandtabs(4) == "a   b"
    and "%-5s|%5.1f|%03d|%x|%o|%e|%g|%c|%r|%%" % ("a", 3.14159, 7, 255, 8, 12345.678, 0.0001, "z", "q")
    == "a    |  3.1|007|ff|10|1.234568e+04|0.0001|z|'q'|%"
)
assert (
    "{:>10}|{:^10}|{:<10}|{:*^10}".format("a", "b", "c", "d") == "         a|    b     |c         |****d*****"
)
assert (
    "{0.real} {0.imag}".format(1 + 2j) == "1.0 2.0"
    and "{[a]}".format({"a": 1}) == "1"
    and "{0[1][0]}".format([0, ["x"]]) == "x"
    and "{:{w}.{p}f}".format(3.14159, w=8, p=2) == "    3.14"
)
assert (
    "abcabc".find("c", 3) == 5
    and "abcabc".rfind("a") == 3
    and "abc".index("b") == 1
    and "aaa".count("aa") == 1
    and "abc".count("") == 4
)
assert (
    "abc".translate({97: "x", 98: None, 99: 100}) == "xd"
    and "abc".translate(str.maketrans("ab", "AB", "c")) == "AB"
)
assert (
    "a" < "b" < "é"
    and "A".lower() == "a"
    and ord("€") == 8364
    and chr(8364) == "€"
    and ascii("é€😀") == "'\\xe9\\u20ac\\U0001f600'"
)
assert (
    "é".encode() == b"\xc3\xa9"
    and "é".encode("latin-1") == b"\xe9"
    and b"\xff".decode("latin-1") == "ÿ"
    and b"\xff".decode("utf-8", "replace") == "\ufffd"
    and "é".encode("ascii", "xmlcharrefreplace") == b"&#233;"
    and "é".encode("ascii", "ignore") == b""
)
try:
    b"\xff".decode()
except UnicodeDecodeError as e:
    assert (e.encoding, e.object, e.start, e.end, e.reason) == (
        "utf-8",
        b"\xff",
        0,
        1,
        "invalid start byte",
    ) and str(e) == "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"
try:
    "é".encode("ascii")
except UnicodeEncodeError as e:
    assert (
        str(e) == "'ascii' codec can't encode character '\\xe9' in position 0: ordinal not in range(128)"
    ), e
assert (
    "-".join(["a", "b"]) == "a-b"
    and "abc"[::-1] == "cba"
    and "abc" * 0 == ""
    and "b" in "abc"
    and "abc".replace("", "-") == "-a-b-c-"
)
try:
    "-".join(["a", 1])
except TypeError as e:
    assert str(e) == "sequence item 1: expected str instance, int found"
assert (
    "x".zfill(3) == "00x"
    and "+5".zfill(4) == "+005"
    and "a\\b".encode("unicode_escape") == b"a\\\\b"
    and "".isspace() is False
    and " ".isspace()
)
assert (
    str(b"abc") == "b'abc'"
    and str(b"abc", "ascii") == "abc"
    and repr(b"\x00'\"") == "b'\\x00\\'\"'"
    and bytes([65, 66]) == b"AB"
    and b"%s-%d" % (b"x", 5) == b"x-5"
    and b"abc".hex(" ") == "61 62 63"
)
assert (
    bytes.fromhex("61 62") == b"ab"
    and bytearray(b"abc").pop() == 99
    and bytes(3) == b"\0\0\0"
    and b"abc"[1] == 98
    and b"a-b".split(b"-") == [b"a", b"b"]
    and b"Ab".swapcase() == b"aB"
)

# ints floats ------------------------------------------------------------

assert (
    10**30 == 1000000000000000000000000000000
    and -7 // 2 == -4
    and 7 // -2 == -4
    and -7 % 3 == 2
    and 7 % -3 == -2
    and divmod(7, -3) == (-3, -2)
)
assert (
    2**-1 == 0.5
    and 0**0 == 1
    and (-8) ** (1 / 3) != -2
    and 1 << 100 >> 98 == 4
    and -1 >> 5 == -1
    and ~5 == -6
    and 5 & -2 == 4
    and -5 | 2 == -5
    and -5 ^ 3 == -8
)
assert (
    int(3.99) == 3
    and int(-3.99) == -3
    and round(2.5) == 2
    and round(3.5) == 4
    and round(-2.5) == -2
    and round(2.675, 2) == 2.67
    and round(1234, -2) == 1200
    and round(1250, -2) == 1200
    and round(0.5) == 0
)
assert (
    float("inf") > 1e308
    and float("-inf") < 0
    and float("nan") != float("nan")
    and str(float("inf")) == "inf"
    and repr(1e16) == "1e+16"
    and repr(1e15) == "1000000000000000.0"
    and repr(0.1 + 0.2) == "0.30000000000000004"
)
assert (
    1e308 * 10 == float("inf")
    and 5e-324 / 2 == 0.0
    and -0.0 == 0.0
    and str(-0.0) == "-0.0"
    and 1.5 // 0.5 == 3.0
    and -1.5 % 1 == 0.5
    and 3.0 == 3
    and hash(3.0) == 3
)
