"""Decorators that are expressions, private names, annotations, := and scopes."""

from __future__ import annotations

table = {"same": lambda function: function, "twice": lambda function: lambda *a: (function(*a), function(*a))}


@table["twice"]
def one(x):
    return x


@(lambda function: lambda: function() + 1)
@table["same"]
def two():
    return 2


@table.get("none") or table["same"]
class Decorated:
    pass


assert one(1) == (1, 1) and two() == 3 and Decorated().__class__ is Decorated


class Private:
    __count = 0

    def __init__(self):
        self.__value = 1
        Private.__count += 1

    def __secret(self, __a=5):
        return self.__value + __a

    def reveal(self):
        return self.__secret(), [self.__value for _ in range(2)], (lambda: self.__count)()

    __dunder__ = 7


class _Under(Private):
    def __init__(self):
        super().__init__()
        self.__value = 9

    def both(self):
        return self._Private__value, self.__value


assert Private().reveal() == (6, [1, 1], 1) and Private.__dunder__ == 7
assert not hasattr(Private(), "__value") and Private()._Private__value == 1
assert _Under().both() == (1, 9) and _Under()._Under__value == 9


class Annotated:
    """Its text."""

    x: int
    y: "str" = "a"
    z = 3

    def method(self, a: undefined = 1) -> undefined:
        b: undefined = a
        c: undefined
        self.d: undefined = b
        return self.d


assert list(Annotated.__annotations__) == ["x", "y"] and Annotated.y == "a"
assert Annotated.__annotations__["x"] == "int" and Annotated().method() == 1
(parenthesised): int = 4
table["annotated"]: int = 5
assert parenthesised == 4 and table["annotated"] == 5


def counter():
    count = 0

    def step():
        nonlocal count
        count += 1
        return count

    return step


step = counter()
assert step() == 1 and step() == 2


def makes_global():
    global made_here, also
    made_here, also = 1, 2


makes_global()
assert made_here == 1 and also == 2


def shadows(items):
    x = "own"
    squares = [x * x for x in items]
    if any((found := each) > 2 for each in items):
        return x, squares, found
    return x, squares, None


assert shadows([1, 2, 3]) == ("own", [1, 4, 9], 3) and shadows([1]) == ("own", [1], None)

while chunk := table.pop("annotated", None):
    assert chunk == 5

with (
    open(__file__) if False else memoryview(b"a") as first,
    memoryview(b"b") as second,
):
    assert bytes(first) + bytes(second) == b"ab"

value = 1 if True else 2 if False else 3
assert (value, not value, -(value**2), 2**-1) == (1, False, -1, 0.5)
assert 1 < 2 < 3 != 4 and not 1 < 2 > 2
assert (lambda *a, k=1, **kw: (a, k, kw))(1, k=2, z=3) == ((1,), 2, {"z": 3})
del value
try:
    value
except NameError:
    pass
else:
    raise AssertionError
p, q, (r, s) = 1, 2, (3, 4)
del (p, [q]), r
del ()
assert s == 4 and not {"p", "q", "r"} & set(globals())
assert 1_000 == 1000 and 0xFF_FF == 65535 and 1e400 > 1e308 and 0o17 == 15
assert "ab" == "ab" and b"a\x00" == b"a\0" and "\ud800" != "x" and 1j * 1j == -1
