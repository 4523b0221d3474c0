"""The tutorial, section by section, with asserts of our own."""

# numbers ------------------------------------------------------------

assert 17 / 3 == 5.666666666666667 and 17 // 3 == 5 and 17 % 3 == 2 and 5**2 == 25
assert 4 * 3.75 - 1 == 14.0
assert round(113.0625, 2) == 113.06
assert (-7) // 2 == -4 and -7 % 2 == 1 and 7 % -2 == -1 and divmod(-7, 2) == (-4, 1)
assert 1_000_000 == 1000000 and 0x_FF == 255 and 0b_11 == 3 and 1_0.0_1 == 10.01
assert complex("1+2j") == 1 + 2j and (3 + 4j).conjugate() == 3 - 4j and abs(3 + 4j) == 5.0
assert (1 + 2j) * 3 == 3 + 6j and (1 + 2j).real == 1.0 and str(1 + 2j) == "(1+2j)" and repr(-0j) == "(-0-0j)"
assert (0.1).as_integer_ratio() == (3602879701896397, 36028797018963968)
assert (10).bit_length() == 4 and (255).bit_count() == 8 and (-5).__abs__() == 5
assert (
    int.from_bytes(b"\x00\x10", byteorder="big") == 16 and (1024).to_bytes(2, byteorder="big") == b"\x04\x00"
)
assert (
    (2.5).is_integer() is False
    and float.fromhex("0x3.a7p10") == 3740.0
    and (3740.0).hex() == "0x1.d380000000000p+11"
)
assert hash(1) == hash(1.0) == hash(True) == hash(1 + 0j)
assert int("0b101", 0) == 5 and int("z", 36) == 35 and int("  -12\n") == -12

# strings ------------------------------------------------------------

word = "Python"
assert (
    word[0] == "P"
    and word[-1] == "n"
    and word[0:2] + word[2:] == word
    and word[:42] == "Python"
    and word[42:] == ""
)
try:
    word[0] = "J"
except TypeError as e:
    assert str(e) == "'str' object does not support item assignment", e
try:
    word[42]
except IndexError as e:
    assert str(e) == "string index out of range"
assert "un" * 3 + "ium" == "unununium"
text = "Put several strings within parentheses to have them joined together."
assert text.endswith("together.")
assert (
    """\
Usage: thingy [OPTIONS]
     -h
"""
    == "Usage: thingy [OPTIONS]\n     -h\n"
)
assert (
    r"C:\some\name" == "C:\\some\\name"
    and rb"\n" == b"\\n"
    and "\N{BULLET}" == "\u2022"
    and "\x41\101\u0041" == "AAA"
)
assert "doesn't" == "doesn't" and repr("isn't") == '"isn\'t"' and repr("\"a'") == "'\"a\\''"

# lists ------------------------------------------------------------

squares = [1, 4, 9, 16, 25]
assert squares[-3:] == [9, 16, 25] and squares + [36] == [1, 4, 9, 16, 25, 36]
letters = list("abcdefg")
letters[2:5] = ["C", "D", "E"]
letters[2:5] = []
assert letters == ["a", "b", "f", "g"]
letters[:] = []
assert letters == [] and len(letters) == 0
a = [1, 2, 3]
a[len(a) :] = [4]
a.insert(0, 0)
a.extend(range(2))
del a[0]
assert a == [1, 2, 3, 4, 0, 1] and a.index(1, 2) == 5 and a.count(1) == 2
x = [[row[i] for row in [[1, 2], [3, 4]]] for i in range(2)]
assert x == [[1, 3], [2, 4]] and list(zip(*x)) == [(1, 2), (3, 4)]
a = [-1, 1, 66.25, 333, 333, 1234.5]
del a[2:4]
assert a == [-1, 1, 333, 1234.5]
del a[:]
del a
try:
    a
except NameError as e:
    assert str(e) == "name 'a' is not defined" and e.name == "a"
else:
    assert 0

# control ------------------------------------------------------------

out = []
for n in range(2, 10):
    for x in range(2, n):
        if n % x == 0:
            out.append((n, x, n // x))
            break
    else:
        out.append(n)
assert out == [2, 3, (4, 2, 2), 5, (6, 2, 3), 7, (8, 2, 4), (9, 3, 3)]
users = {"Hans": "active", "Éléonore": "inactive"}
for user, status in users.copy().items():
    if status == "inactive":
        del users[user]
assert users == {"Hans": "active"}
i = 10
while i > 0:
    i -= 3
    if i == 4:
        continue
else:
    assert i == -2
assert list(range(-10, -100, -30)) == [-10, -40, -70] and sum(range(4)) == 6
assert (
    range(0, 3, 2) == range(0, 4, 2)
    and repr(range(0, 3)) == "range(0, 3)"
    and range(10)[::2] == range(0, 10, 2)
)

# match ------------------------------------------------------------


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def where(p):
    match p:
        case Point(x=0, y=0):
            return "origin"
        case Point(0, y=y):
            return f"Y={y}"
        case Point(x, 0):
            return f"X={x}"
        case Point() as q if q.x == q.y:
            return "diagonal"
        case [Point(x=0), *rest]:
            return ("list", len(rest))
        case {"a": [_, b], **kw}:
            return (b, kw)
        case "x" | "y" as axis:
            return axis
        case bytes() | bytearray():
            return "bytes"
        case (1, 2, [3, *_]):
            return "nested"
        case int(n) if n > 5:
            return n
        case -1 | 1.5 | 1 + 2j | None | True:
            return "literal"
        case str(s):
            return s.upper()
        case _:
            return "other"


assert [
    where(p)
    for p in (
        Point(0, 0),
        Point(0, 4),
        Point(5, 0),
        Point(3, 3),
        Point(1, 2),
        [Point(0, 9), 1, 2],
        {"a": [1, 2], "c": 3},
        "x",
        b"",
        (1, 2, (3, 4)),
        9,
        2,
        -1,
        1.5,
        1 + 2j,
        None,
        True,
        "q",
        {1},
    )
] == [
    "origin",
    "Y=4",
    "X=5",
    "diagonal",
    "other",
    ("list", 2),
    (2, {"c": 3}),
    "x",
    "bytes",
    "nested",
    9,
    "other",
    "literal",
    "literal",
    "literal",
    "literal",
    "literal",
    "Q",
    "other",
]
from enum import Enum


class Color(Enum):
    RED = "red"
    GREEN = "green"


match Color("red"):
    case Color.RED:
        ok = 1
    case Color.GREEN:
        ok = 2
assert ok == 1

# functions ------------------------------------------------------------


def fib(n):
    """Print a Fibonacci series."""
    result = []
    a, b = 0, 1
    while a < n:
        result.append(a)
        a, b = b, a + b
    return result


assert fib(100)[-1] == 89 and fib.__name__ == "fib" and fib.__doc__ == "Print a Fibonacci series."
i = 5


def f(arg=i):
    return arg


i = 6
assert f() == 5


def g(a, L=[]):
    L.append(a)
    return L


g(1)
g(2)
assert g(3) == [1, 2, 3]


def parrot(voltage, state="a stiff", action="voom", type="Norwegian Blue"):
    return voltage, state, action, type


assert parrot(**{"voltage": "four", "action": "x"})[2] == "x"
for call, text in [
    (lambda: parrot(), "parrot() missing 1 required positional argument: 'voltage'"),
    (lambda: parrot(110, voltage=220), "parrot() got multiple values for argument 'voltage'"),
    (lambda: parrot(actor="John Cleese"), "parrot() got an unexpected keyword argument 'actor'"),
    (lambda: parrot(1, 2, 3, 4, 5), "parrot() takes from 1 to 4 positional arguments but 5 were given"),
]:
    try:
        call()
    except TypeError as e:
        assert str(e) == text, (str(e), text)
    else:
        assert 0


def combined(pos_only, /, standard, *, kwd_only):
    return pos_only, standard, kwd_only


assert combined(1, 2, kwd_only=3) == combined(1, standard=2, kwd_only=3) == (1, 2, 3)
try:
    combined(pos_only=1, standard=2, kwd_only=3)
except TypeError as e:
    assert "pos" in str(e)
else:
    assert 0


def foo(name, /, **kwds):
    return "name" in kwds


assert foo(1, **{"name": 2}) is True


def annotated(ham: str, eggs: str = "eggs") -> str:
    return ham


assert annotated.__annotations__ == {"ham": str, "eggs": str, "return": str}
assert annotated.__defaults__ == ("eggs",)


def kw(*, a=1, b=2):
    pass


assert kw.__kwdefaults__ == {"a": 1, "b": 2}

# data ------------------------------------------------------------

basket = {"apple", "orange", "apple", "pear"}
assert len(basket) == 3 and "orange" in basket and "crabgrass" not in basket
assert {x for x in "abracadabra" if x not in "abc"} == {"r", "d"}
tel = {"jack": 4098, "sape": 4139}
tel["guido"] = 4127
del tel["sape"]
assert list(tel) == ["jack", "guido"] and sorted(tel) == ["guido", "jack"]
assert dict([("sape", 4139)]) == dict(sape=4139) == {x: 4139 for x in ["sape"]}
t = 12345, 54321, "hello!"
u = t, (1, 2, 3, 4, 5)
assert u == ((12345, 54321, "hello!"), (1, 2, 3, 4, 5)) and len(("hello",)) == 1 and () == tuple()
x, y, z = t
try:
    a, b = t
except ValueError as e:
    assert str(e) == "too many values to unpack (expected 2)"
try:
    a, b, c, d = t
except ValueError as e:
    assert str(e) == "not enough values to unpack (expected 4, got 3)"
try:
    a, *b, c, d, e_ = t
except ValueError as e:
    assert str(e) == "not enough values to unpack (expected at least 4, got 3)"
assert (
    (1, 2, 3) < (1, 2, 4)
    and [1, 2, 3] < [1, 2, 4]
    and "ABC" < "C" < "Pascal" < "Python"
    and (1, 2) < (1, 2, -1)
    and (1, 2, ("aa", "ab")) < (1, 2, ("abc", "a"), 4)
)
assert list(reversed(range(1, 10, 2))) == [9, 7, 5, 3, 1]
string1, string2, string3 = "", "Trondheim", "Hammer Dance"
assert (string1 or string2 or string3) == "Trondheim"

# format ------------------------------------------------------------

year, event = 2016, "Referendum"
assert f"Results of the {year} {event}" == "Results of the 2016 Referendum"
yes_votes, no_votes = 42_572_654, 43_132_495
percentage = yes_votes / (yes_votes + no_votes)
assert "{:-9} YES votes  {:2.2%}".format(yes_votes, percentage) == " 42572654 YES votes  49.67%"
s = "Hello, world."
assert str(1 / 7) == "0.14285714285714285" and repr("hello\n") == "'hello\\n'"
table = {"Sjoerd": 4127, "Jack": 4098}
assert (
    "".join(f"{name:10} ==> {phone:10d}|" for name, phone in table.items())
    == "Sjoerd     ==>       4127|Jack       ==>       4098|"
)
animals = "eels"
assert (
    f"My hovercraft is full of {animals!r}." == "My hovercraft is full of 'eels'."
    and f"{animals=!s:>6}" == "animals=  eels"
)
bugs, count, area = "roaches", 13, "living room"
assert f"Debugging {bugs=} {count=} {area=}" == "Debugging bugs='roaches' count=13 area='living room'"
assert (
    "{1} and {0}".format("spam", "eggs") == "eggs and spam"
    and "{0}, {1}, {other}.".format("Bill", "M", other="G") == "Bill, M, G."
)
assert "Jack: {0[Jack]:d}; Sjoerd: {0[Sjoerd]:d}".format(table) == "Jack: 4098; Sjoerd: 4127"
assert (
    "{Jack:>8}".format(**table) == "    4098" and "12".zfill(5) == "00012" and "-3.14".zfill(7) == "-003.14"
)
assert "%5.3f" % 3.14159265 == "3.142" and "%(a)s %(b)05d" % {"a": 1, "b": 42} == "1 00042"
assert f"{'nested ' + f'{1 + 1}'}" == "nested 2" and f"{3.14159:{10}.{3}}" == "      3.14" and f"{{}}" == "{}"
assert (
    f"{1234567.891:,.2f} {1234567:_} {255:#x} {255:#o} {5:b} {-5:+d} {5:+} {0.25:.0%} {1e10:g} {1e-5} {100000.0}"
    == "1,234,567.89 1_234_567 0xff 0o377 101 -5 +5 25% 1e+10 1e-05 100000.0"
)
assert (
    format(3, "^9") == "    3    "
    and format("x", "*>4") == "***x"
    and f"{True!s:6}|" == "True  |"
    and f"{None}" == "None"
)
assert f"{(lambda x: x * 2)(3)}" == "6" and f"{ {'a': 1}['a'] }" == "1"

# errors ------------------------------------------------------------


def divide(x, y):
    log = []
    try:
        result = x / y
    except ZeroDivisionError:
        log.append("zero")
    else:
        log.append(result)
    finally:
        log.append("finally")
    return log


assert divide(2, 1) == [2.0, "finally"] and divide(2, 0) == ["zero", "finally"]
try:
    divide("2", "1")
except TypeError as e:
    assert str(e) == "unsupported operand type(s) for /: 'str' and 'str'"


class B(Exception):
    pass


class C(B):
    pass


class D(C):
    pass


got = []
for cls in [B, C, D]:
    try:
        raise cls()
    except D:
        got.append("D")
    except C:
        got.append("C")
    except B:
        got.append("B")
assert got == ["B", "C", "D"]
try:
    raise Exception("spam", "eggs")
except Exception as inst:
    assert type(inst) is Exception and inst.args == ("spam", "eggs") and str(inst) == "('spam', 'eggs')"
    x, y = inst.args
try:
    try:
        raise ConnectionError
    except ConnectionError as exc:
        raise RuntimeError("Failed to open database") from exc
except RuntimeError as e:
    assert isinstance(e.__cause__, ConnectionError) and e.__suppress_context__


def bool_return():
    try:
        return True
    finally:
        return False


assert bool_return() is False
excs = [OSError("error 1"), SystemError("error 2")]
try:
    raise ExceptionGroup("there were problems", excs)
except* OSError as e:
    assert repr(e) == "ExceptionGroup('there were problems', [OSError('error 1')])", repr(e)
except* SystemError as e:
    assert len(e.exceptions) == 1
try:
    raise TypeError("bad type")
except Exception as e:
    e.add_note("Add some information")
    assert e.__notes__ == ["Add some information"]

# classes ------------------------------------------------------------


def scope_test():
    def do_local():
        spam = "local spam"

    def do_nonlocal():
        nonlocal spam
        spam = "nonlocal spam"

    def do_global():
        global spam
        spam = "global spam"

    seen = []
    spam = "test spam"
    do_local()
    seen.append(spam)
    do_nonlocal()
    seen.append(spam)
    do_global()
    seen.append(spam)
    return seen


assert scope_test() == ["test spam", "nonlocal spam", "nonlocal spam"] and spam == "global spam"


class MyClass:
    """A simple example class"""

    i = 12345

    def f(self):
        return "hello world"


assert (
    MyClass.__doc__ == "A simple example class"
    and MyClass().f() == "hello world"
    and MyClass.f(MyClass()) == "hello world"
)
x = MyClass()
xf = x.f
assert xf.__self__ is x and xf.__func__ is MyClass.f and xf() == "hello world"


class Warehouse:
    purpose = "storage"
    region = "west"


w2 = Warehouse()
w2.region = "east"
assert (w2.purpose, w2.region, Warehouse.region) == ("storage", "east", "west")


def f1(self, x, y):
    return min(x, x + y)


class C:
    f = f1

    def g(self):
        return "hello world"

    h = g


assert C().f(1, 2) == 1 and C().h() == "hello world" and C.h is C.g


class Mapping:
    def __init__(self, iterable):
        self.items_list = []
        self.__update(iterable)

    def update(self, iterable):
        for item in iterable:
            self.items_list.append(item)

    __update = update


class MappingSubclass(Mapping):
    def update(self, keys, values):
        for item in zip(keys, values):
            self.items_list.append(item)


m = MappingSubclass([1])
m.update("a", "b")
assert m.items_list == [1, ("a", "b")] and "_Mapping__update" in Mapping.__dict__


class Reverse:
    def __init__(self, data):
        self.data, self.index = data, len(data)

    def __iter__(self):
        return self

    def __next__(self):
        if self.index == 0:
            raise StopIteration
        self.index -= 1
        return self.data[self.index]


assert "".join(Reverse("spam")) == "maps"


def reverse(data):
    for index in range(len(data) - 1, -1, -1):
        yield data[index]


assert list(reverse("golf")) == list("flog") and sum(x * y for x, y in zip([10, 20, 30], [7, 5, 3])) == 260
assert issubclass(bool, int) and isinstance(x, MyClass) and not issubclass(float, int)
