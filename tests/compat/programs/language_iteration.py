"""Generators, coroutines, section by section, with asserts of our own."""

# generators ------------------------------------------------------------


def echo(value=None):
    log.append("start")
    try:
        while True:
            try:
                value = yield value
            except Exception as e:
                value = e
    finally:
        log.append("clean")


log = []
g = echo(1)
assert next(g) == 1 and next(g) is None and repr(g.throw(TypeError, "spam")) == "TypeError('spam')"
g.close()
assert log == ["start", "clean"] and list(g) == []


def sub():
    r = yield 1
    return r * 2


def main():
    v = yield from sub()
    yield v


m = main()
assert next(m) == 1 and m.send(21) == 42
try:
    m.send(None)
except StopIteration as e:
    assert e.value is None
g = (x * y for x in range(3) for y in range(x))
assert list(g) == [0, 0, 2] and g.gi_frame is None


def inf():
    n = 0
    while True:
        yield n
        n += 1


import itertools

assert list(itertools.islice(inf(), 3)) == [0, 1, 2] and list(zip(inf(), "ab")) == [(0, "a"), (1, "b")]


def rec(n):
    if n:
        yield n
        yield from rec(n - 1)


assert list(rec(4)) == [4, 3, 2, 1]


def bad():
    yield 1
    raise StopIteration


try:
    list(bad())
except RuntimeError as e:
    assert str(e) == "generator raised StopIteration" and isinstance(e.__cause__, StopIteration)
else:
    assert 0
g = rec(2)
assert g.gi_running is False and g.__name__ == "rec" and iter(g) is g
try:
    g.send(5)
except TypeError as e:
    assert str(e) == "can't send non-None value to a just-started generator"


def closing():
    try:
        yield 1
    except GeneratorExit:
        yield 2


c = closing()
next(c)
try:
    c.close()
except RuntimeError as e:
    assert str(e) == "generator ignored GeneratorExit"

# coroutine ------------------------------------------------------------


class Aw:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        got = yield self.v
        return got


class Ctx:
    async def __aenter__(self):
        log.append("in")
        return self

    async def __aexit__(self, t, v, tb):
        log.append(t and t.__name__)
        return t is KeyError


class AIter:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.n:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


log = []


async def work():
    a = await Aw(1)
    async with Ctx() as c:
        raise KeyError
    async for x in AIter(2):
        log.append(x)
    else:
        log.append("else")
    b = [x async for x in AIter(3) if x]
    c = {x: await Aw(x) async for x in AIter(1)}
    return a, b, c


w = work()
assert w.send(None) == 1 and w.send("A") == 0
try:
    w.send("B")
except StopIteration as e:
    assert e.value == ("A", [2, 1], {0: "B"})
assert log == ["in", "KeyError", 1, 0, "else"]


async def agen(n):
    for i in range(n):
        got = yield i
        log.append(got)


async def drive():
    g = agen(3)
    r = [await g.asend(None), await g.asend("x")]
    await g.aclose()
    return r + [i async for i in agen(2)]


try:
    drive().send(None)
except StopIteration as e:
    assert e.value == [0, 1, 0, 1]
import inspect

c = work()
assert inspect.iscoroutine(c)
c.close()
