"""Statements of the grammar: functions, closures, calls, ways out of loops."""

from language_base import ERRORS, Base, indented


class Functions(Base):
    def closure(self, depth: int) -> list[str]:
        outer, inner = self.name("f"), self.name("f")
        change = self.one_of(
            "k += 1",
            f"k = {self.value()}",
            "k, j = j, k",
            "del k",
            f"k = [k, {self.value()}]",
            "k = (k, p, q)",
            "j = [k := e for e in p]",
            "j = lambda: (k, j)",
            f"j = [k for k in {self.value()}]",
            "for k in p: pass",
        )
        return [
            f"def {outer}(n={self.value()}):",
            f"    k, j = {self.value()}, n",
            f"    def {inner}(*p, **q):",
            f"        nonlocal {self.one_of('k, j', 'k, j', 'k', 'j')}",
            f"        {change}",
            "        return k",
            f"    {self.one_of('pass', 'k = 7', 'del j', 'j = k')}",
            *[
                f"    r.append(show({inner}({self.one_of('', 'a', '*c', 'x=b')})))"
                for _ in range(self.random.randint(1, 2))
            ],
            f"    return {self.one_of('k, j', 'k', f'[{inner}() for _ in range(2)]', f'{inner}')}",
            f"{self.target()} = {outer}({self.one_of('', 'a', 'n=b', '*c')})",
        ]

    def late(self, _depth: int) -> list[str]:
        """Functions made in a loop, and default values."""
        made = self.one_of(
            "[lambda: i for i in range(3)]",
            "[lambda i=i: i for i in range(3)]",
            "[(lambda j: lambda: (i, j))(i) for i in 'ab']",
            "list(map(lambda i: lambda k=[]: k.append(i) or k, 'ab'))",
            "{i: (lambda *e: (i, *e)) for i in c}.values()",
        )
        return [
            f"fs = {made}",
            "r.append(show([f() for f in fs]))",
            self.shown("[f() for f in fs]", "len(fs)", "[i() for i in fs]", "i"),
        ]

    def called(self, _depth: int) -> list[str]:
        name = self.name("f")
        head = self.one_of(
            "x, y=2, *z, k, l=3, **m",
            "x, /, y, *, k=1",
            "*z, k=1, **m",
            "x, y, /, z=3, *, k",
            "x=1, /, *y, **x_",
            "**m",
            "x, *, y=1",
            "x=b, *y",
            "self, /, *args, **kwargs",
        )
        names = [part.split("=")[0].strip(" *") for part in head.split(",")]
        result = ", ".join(f"{each!r}, {each}" for each in names if each and each != "/")
        arguments = ", ".join(
            self.some(
                [
                    "1",
                    "a",
                    "*c",
                    "*b",
                    "k=4",
                    "**d",
                    "x=5",
                    "y=6",
                    "**{'y': 7}",
                    "*()",
                    "z=8",
                    "**{'k': 9, 'q': 1}",
                    "*range(2)",
                    "self=1",
                    "**{}",
                    "m=2",
                    "*(e for e in c)",
                ],
                5,
            )
        )
        return [f"def {name}({head}):", f"    return {result}", f"r.append(show({name}({arguments})))"]

    def leaving(self, depth: int) -> list[str]:
        """return, break and continue out of try, finally and with, in a function."""
        name = self.name("f")
        leave = [
            "return 1",
            "return x",
            "break",
            "continue",
            f"raise {self.random.choice(ERRORS)}(x)",
            "pass",
            "x += 1",
            "1 / 0",
            "c.append(x)",
            "assert not x",
            "raise",
            "yield_ = x",
            "return [x, y]",
            "del y",
            "y = x",
        ]
        tries = ["try:", *indented(self.some(leave, 2))]
        for _ in range(self.random.randint(0, 2)):
            kind = self.one_of(
                "ZeroDivisionError",
                "Exception",
                "(KeyError, ValueError)",
                "TypeError",
                "LookupError",
                "UnboundLocalError",
            )
            tries += [f"except {kind}{self.one_of('', ' as y')}:", *indented(self.some(leave, 2))]
        rest = len(tries) > 1 and tries[-1]
        if any(line.startswith("except") for line in tries) and self.random.random() < 0.4:
            tries += ["else:", *indented(self.some(leave, 2))]
        if not any(line.startswith("except") for line in tries) or self.random.random() < 0.6:
            tries += ["finally:", *indented(self.some(leave, 2))]
        if self.random.random() < 0.3:
            tries = ["try:", *indented(tries), "finally:", *indented(self.some(leave, 1))]
        loop = self.one_of("for x in range(3):", "while (x := x + 1) < 4:", "for x, y in enumerate('ab'):")
        after = ["else:", *indented(self.some(leave, 1))] if self.random.random() < 0.4 else []
        assert rest is not None
        return [
            f"def {name}(x=0, y=None):",
            f"    {loop}",
            *indented(indented(tries)),
            *indented(after),
            "    return 'end', x, y",
            f"r.append(show({name}()))",
        ]

    def decorated(self, _depth: int) -> list[str]:
        name, other = self.name("f"), self.name("f")
        return [
            f"def {name}(*x, **y):",
            "    def wrap(f):",
            "        def inner(*p, **q):",
            f"            return {self.one_of('f(*p, **q), x', '[f(*x), p, y]', 'f(*p, *x)', 'f.__name__')}",
            f"        {self.one_of('inner.__name__ = f.__name__', 'inner.x = x', 'pass', 'f.calls = 0')}",
            f"        return {self.one_of('inner', 'inner', 'f', 'x')}",
            "    return wrap",
            f"@{name}({self.one_of('', '1', 'a, b', 'k=1')})",
            f"def {other}({self.one_of('e', '*e', 'e=2, **f')}): return e",
            self.shown(
                f"{other}(1)",
                f"{other}.__name__",
                f"{other}()",
                f"callable({other})",
                f"{other}.x",
                f"{other}(e=3)",
            ),
        ]
