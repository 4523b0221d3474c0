"""Statements of the grammar: generators and coroutines."""

from language_base import ERRORS, Base, indented


class Generators(Base):
    def thrown(self, depth: int) -> list[str]:
        name, inner = self.name("g"), self.name("g")
        body = self.some(
            [
                "x = yield x",
                "yield 1",
                "yield from (1, 2)",
                f"x = yield from {inner}(x)",
                "return x",
                "x = [(yield 3)]",
                "c.append(x)",
                "yield from 'ab'",
                "x = yield",
                f"raise {self.random.choice(ERRORS)}(1)",
                "yield from x",
            ],
            4,
        )
        handlers = [
            f"except {self.one_of('ValueError', 'Exception', 'GeneratorExit', 'TypeError')} as e:",
            *indented(
                self.some(
                    ["yield 'caught'", "return 'r'", "raise", "x = 4", "yield e", "raise KeyError(x) from e"],
                    2,
                )
            ),
        ]
        last = ["finally:", *indented(self.some(["c.append('f')", "yield 'last'", "x = 5", "return 6"], 1))]
        guarded = ["try:", *indented(body), *self.random.choice([handlers, last, [*handlers, *last]])]
        steps = self.some(
            [
                "next(x)",
                "x.send(None)",
                "x.send(a)",
                "x.throw(ValueError(1))",
                "x.throw(KeyError)",
                "x.close()",
                "next(x, 'end')",
                "list(x)",
                "x.throw(TypeError, TypeError('t'))",
                "[e for e in x]",
            ],
            5,
        )
        lines = [
            f"def {inner}(y):",
            "    z = yield y",
            f"    {self.one_of('return z', 'yield z', 'raise IndexError(z)', 'return', 'y = yield z')}",
        ]
        lines += [
            f"def {name}(x=None):",
            *indented(guarded if self.random.random() < 0.8 else body),
            "    yield",
            f"x = {name}({self.value()})",
        ]
        for step in steps:
            lines += [
                "try:",
                f"    r.append(show({step}))",
                "except StopIteration as e:",
                "    r.append(show(e.value))",
                "except (ValueError, KeyError, TypeError, IndexError, RuntimeError) as e:",
                "    r.append(show(e))",
            ]
        return lines

    def lazy(self, _depth: int) -> list[str]:
        source = self.one_of(
            f"list({self.value()})",
            "range(4)",
            "c",
            "d.items()",
            "enumerate(b)",
            "zip(c, b)",
            "iter([1, 2])",
            "map(str, c)",
        )
        loop = self.one_of(
            "for x in {0}",
            "for x, *y in {0}",
            "for x in {0} for y in [x, 1]",
            "for x in {0} if x",
            "for x in {0} if a if b",
            "for a in {0}",
            "for x in c for x in {0}",
            "for c in {0} for d in [c]",
        )
        item = self.one_of(
            "x",
            "(x, a)",
            "[x] * 2",
            "[y for y in (x, 1)]",
            "(lambda: x)()",
            "(x, [x for x in 'q'])",
            "a",
            "x if x else b",
            "f'{x!r:>4}'",
        )
        loop = loop.format(source)
        made = self.one_of(
            f"[{item} {loop}]",
            f"list({item} {loop})",
            f"sorted(({item} {loop}), key=repr)",
            f"{{str({item}): 1 {loop}}}",
            f"len({{repr({item}) {loop}}})",
            f"sum([1 {loop}])",
            f"dict((str({item}), 2) {loop})",
            f"max(({item} {loop}), default=0)",
            f"tuple({item} {loop})",
            f"'-'.join(str({item}) {loop})",
            f"[*({item} {loop})]",
            f"next(({item} {loop}), None)",
        )
        return [f"r.append(show({made}))", self.shown("a", "c", "d", "b")]

    def coroutine(self, _depth: int) -> list[str]:
        name, other = self.name("f"), self.name("f")
        wait = [
            "x = await W(x)",
            "await W(1)",
            f"x = await {other}(x)",
            "return x",
            "c.append(x)",
            "x = [await W(e) for e in 'ab']",
            "raise KeyError(x)",
            "async with M() as y: x = y",
            "async for y in I(2): c.append(y)",
            "x = [y async for y in I(2) if y]",
            "x = (x, await W(2))",
            "1 / 0",
            "x = {y: 1 async for y in I(2)}",
        ]
        return [
            "class W:",
            "    def __init__(self, v): self.v = v",
            "    def __await__(self):",
            "        return (yield self.v)",
            "class M:",
            "    async def __aenter__(self): return await W('in')",
            f"    async def __aexit__(self, *e): return {self.one_of('True', 'False', 'await W(e[0])')}",
            "class I:",
            "    def __init__(self, n): self.n = n",
            "    def __aiter__(self): return self",
            "    async def __anext__(self):",
            "        self.n -= 1",
            "        if self.n < 0: raise StopAsyncIteration",
            "        return await W(self.n)",
            f"async def {other}(x):",
            f"    {self.one_of('return await W(x)', 'return x', 'raise ValueError(x)', 'pass')}",
            f"async def {name}(x):",
            "    try:",
            *indented(indented(self.some(wait, 3))),
            f"    except {self.one_of('ValueError', 'Exception', 'KeyError')} as e: x = repr(e)",
            f"    finally: {self.one_of('pass', 'c.append(1)', 'await W(9)')}",
            "    return x",
            f"x = {name}({self.value()})",
            "try:",
            "    for i in range(5): r.append(show(x.send(i or None)))",
            "    x.close()",
            "except StopIteration as e:",
            "    r.append(show(e.value))",
        ]
