"""What is new in 3.8 to 3.11, section by section, with asserts of our own."""

# 3.8 ------------------------------------------------------------


def f(a, b, /, c, *, d):
    return a, b, c, d


assert f(1, 2, c=3, d=4) == (1, 2, 3, 4)
if (n := len("abcdef")) > 5:
    assert n == 6
x = 3
assert (
    f"{x=}" == "x=3" and f"{x + 1 = }" == "x + 1 = 4" and f"{x=:>5}" == "x=    3" and f"{'a'=}" == "'a'='a'"
)


def g():
    rest = (4, 5)
    return 1, 2, *rest


assert g() == (1, 2, 4, 5)
assert [*reversed({"a": 1, "b": 2})] == ["b", "a"] and [*reversed({"a": 1}.items())] == [("a", 1)]
assert pow(38, -1, 137) == 119 and dict(a=1) | {"b": 2} == {"a": 1, "b": 2}


def loop():
    for i in range(3):
        try:
            continue
        finally:
            pass
    return i


assert loop() == 2
import math

assert (
    math.dist((0, 0), (3, 4)) == 5.0
    and math.prod([1, 2, 3], start=2) == 12
    and math.perm(5, 2) == 20
    and math.comb(5, 2) == 10
    and math.isqrt(17) == 4
)
y = (yield_ := 5)
assert y == 5
from functools import cached_property, lru_cache, singledispatchmethod


class D:
    calls = 0

    @cached_property
    def v(self):
        self.calls += 1
        return 9


d = D()
d.v
d.v
assert d.calls == 1 and d.__dict__["v"] == 9


@lru_cache
def h(x):
    return x * 2


h(1)
h(1)
h(2)
assert h.cache_info().hits == 1 and h.cache_info().misses == 2

# 3.9 ------------------------------------------------------------

d = {"spam": 1, "eggs": 2}
d |= {"eggs": 3}
assert d == {"spam": 1, "eggs": 3} and ({"a": 1} | {"a": 2}) == {"a": 2}
d |= [("k", 9)]
assert d["k"] == 9
assert (
    "TestHook".removeprefix("Test") == "Hook"
    and "MiscTests".removesuffix("Tests") == "Misc"
    and b"abc".removeprefix(b"a") == b"bc"
)


def ann(x: list[int], y: dict[str, tuple[int, ...]]) -> set[str]: ...


assert (
    repr(list[int]) == "list[int]" and list[int].__origin__ is list and dict[str, int].__args__ == (str, int)
)
buttons = [lambda f: f]


@buttons[0]
def deco():
    return 1


assert deco() == 1
import math

assert (
    math.lcm(4, 6) == 12
    and math.gcd(12, 18, 27) == 3
    and math.nextafter(1.0, 2.0) > 1.0
    and math.ulp(1.0) == 2.220446049250313e-16
)
import functools


@functools.cache
def fac(n):
    return n * fac(n - 1) if n else 1


assert fac(20) == 2432902008176640000
import graphlib

assert [*graphlib.TopologicalSorter({"D": {"B", "C"}, "B": {"A"}, "C": {"A"}}).static_order()][0] == "A"
assert __debug__ is True
assert {*()} == set() and (*(), 1) == (1,)

# 3.10 ------------------------------------------------------------

with (
    open.__class__ and __import__("contextlib").nullcontext(1) as a,
    __import__("contextlib").nullcontext(2) as b,
):
    assert (a, b) == (1, 2)
assert (
    isinstance(1, int | str)
    and not isinstance(1.5, int | str)
    and (int | None) == (None | int)
    and repr(int | str) == "int | str"
)
assert list(zip([1, 2], "ab", strict=True)) == [(1, "a"), (2, "b")]
try:
    list(zip([1], "ab", strict=True))
except ValueError as e:
    assert str(e) == "zip() argument 2 is longer than argument 1", e
assert (10).bit_count() == 2


async def agen():
    yield 1
    yield 2


async def main():
    it = aiter(agen())
    return [await anext(it), await anext(it), await anext(it, "end")]


try:
    main().send(None)
except StopIteration as e:
    assert e.value == [1, 2, "end"]
import itertools

assert list(itertools.pairwise("ABC")) == [("A", "B"), ("B", "C")]


def f(cmd):
    match cmd.split():
        case ["go", ("north" | "south") as d]:
            return d
        case ["drop", *objs]:
            return objs
        case [a]:
            return a
        case _:
            return None


assert (f("go north"), f("drop a b"), f("x"), f("go up")) == ("north", ["a", "b"], "x", None)
from dataclasses import KW_ONLY, dataclass, field


@dataclass(slots=True, kw_only=True)
class P:
    x: int = 1
    y: list = field(default_factory=list)


assert repr(P(x=2)) == "P(x=2, y=[])" and P() == P() and P.__match_args__ == ()
assert {**{"a": 1}, "b": 2} == {"a": 1, "b": 2} and {1, 2}.__or__({3}) == {1, 2, 3}
from typing import Concatenate, ParamSpec, TypeAlias

assert sum([0.1] * 3) == 0.30000000000000004 and int("1" * 30) == 111111111111111111111111111111

# 3.11 ------------------------------------------------------------

try:
    raise ExceptionGroup("eg", [ValueError(1), TypeError(2), ExceptionGroup("in", [ValueError(3)])])
except* ValueError as eg:
    assert [type(e).__name__ for e in eg.exceptions] == ["ValueError", "ExceptionGroup"]
except* TypeError as eg:
    assert len(eg.exceptions) == 1
e = ValueError("x")
e.add_note("one")
assert e.__notes__ == ["one"]
import tomllib

assert tomllib.loads('a = 1\n[b]\nc = ["x", 2.5]\nd = 1979-05-27')["b"]["c"] == ["x", 2.5]
from enum import UNIQUE, StrEnum, member, nonmember, verify
from typing import LiteralString, Never, Self, TypeVarTuple, Unpack, assert_never, reveal_type


class S(StrEnum):
    A = "a"


assert str(S.A) == "a" and f"{S.A}" == "a" and S("a") is S.A
import math

assert round(math.cbrt(27.0), 9) == 3.0 and math.exp2(3) == 8.0
assert "%z" if True else 0
assert format(-0.0, "z.1f") == "0.0" and f"{-0.04:z.1f}" == "0.0"
import operator

assert operator.call(lambda *a, **k: (a, k), 1, b=2) == ((1,), {"b": 2})
import hashlib
import io
from contextlib import chdir

assert hashlib.file_digest(io.BytesIO(b"abc"), "sha256").hexdigest()[:8] == "ba7816bf"
import asyncio


async def main():
    async with asyncio.TaskGroup() as tg:
        t = tg.create_task(asyncio.sleep(0, 5))
    async with asyncio.timeout(10):
        pass
    return t.result()


assert asyncio.run(main()) == 5


def gen():
    x = yield from [1, 2]
    return 3


assert list(gen()) == [1, 2]
