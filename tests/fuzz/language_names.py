"""Statements of the grammar: names and exceptions."""

from language_base import ERRORS, Base, indented


class Names(Base):
    def unpacked(self, _depth: int) -> list[str]:
        target = self.one_of(
            "a, (b, *c)",
            "[a, b]",
            "*a, b",
            "a, *b, c",
            "(a, b), *c",
            "a, c[0]",
            "d['x'], b",
            "a, b = c",
            "x = y = a",
            "a, *c[0:1]",
            "(a), b",
            "a, (b, (c, *d))",
            "*c,",
            "[*a]",
            "a, b, c",
            "c[0], c[-1]",
            "a = c[0] = b",
            "d[a], a",
            "a, d[a]",
        )
        value = self.one_of(
            self.value(),
            "1, (2, 3, 4)",
            "'ab', 'cd'",
            "c[:]",
            "(1, 2), 3, 4",
            "[[1, 2], [3]]",
            "b, a",
            "1, *c",
            "*b, *b",
            "range(3)",
            "iter('xyz')",
            "{1: 2, 3: 4}",
            "(1, 2, 3)",
            "1, (2, (3, 4, 5))",
            "zip('ab', c)",
            "map(str, (1, 2))",
            "*(), 1",
            "((1, 2), (3, 4))",
            "(x for x in 'ab')",
        )
        return [
            self.one_of(
                f"{target} = {value}",
                f"{target} = {value}",
                f"for {target} in [({value})]: r.append(show((a, b)))"
                if " = " not in target
                else f"{target} = {value}",
            ),
            self.shown("(a, b, c, d)"),
        ]

    def names(self, _depth: int) -> list[str]:
        name = self.name("f")
        body = self.some(
            [
                "x = 1",
                "del x",
                "r.append(show(x))",
                "y = [x := e for e in 'ab']",
                "for x in c: pass",
                "import math as x",
                "def x(): return 1",
                "class x: pass",
                "global gx; gx = x",
                "try: x\nexcept NameError as e: r.append(type(e).__name__)",
                "x += 1",
                "[x for x in 'q']",
                "(lambda x: x)(2)",
                "try: 1 / 0\nexcept ZeroDivisionError as x: pass",
                "with M0() as x: pass",
                "r.append(show([x for _ in 'a']))",
                "x: int",
                "x: int = 3",
                "r.append(show((lambda: x)()))",
                "match 3:\n    case x: pass",
                "def h():\n    nonlocal x; x = 8\nh()",
                "del x, y",
                "if a: x = 5",
            ],
            6,
        )
        where = self.one_of("", "x", "x=1")
        return [
            "class M0:",
            "    def __enter__(self): return 5",
            "    def __exit__(self, *e): pass",
            f"def {name}({where}):",
            *indented(body),
            "    return x",
            "try:",
            f"    r.append(show({name}({self.one_of('', '1', '1')})))",
            "except (NameError, TypeError) as e:",
            "    r.append(type(e).__name__)",
            *(["x = 6"] if self.random.random() < 0.5 else []),
        ]

    def chained(self, _depth: int) -> list[str]:
        one, other = self.random.choice(ERRORS), self.random.choice(ERRORS)
        name = self.name("E")
        again = self.one_of(
            f"raise {other}(2) from x",
            f"raise {other}(2)",
            f"raise {other} from None",
            "raise",
            f"raise {name}(3)",
            "raise x.with_traceback(None)",
            f"h({other})",
            "h()",
        )
        text = self.one_of(
            "(type(y).__name__, len(y.args))",
            "(type(y.__cause__).__name__, type(y.__context__).__name__, y.__suppress_context__)",
            "len(str(y)) > 0",
            "type(y).__name__",
            "y.__context__",
            "y.__cause__",
            "y.__notes__",
            "type(y.__traceback__).__name__",
            "y.__context__ and y.__context__.__context__",
            "isinstance(y, KeyError)",
            "y.x",
        )
        return [
            f"class {name}({self.one_of(one, 'Exception', 'KeyError, ValueError')}):",
            self.one_of(
                "    pass",
                "    def __init__(self, x): self.x = x",
                "    def __init__(self, x): super().__init__(x, 'more'); self.x = x",
                "    def __str__(self): return 'S'",
                "    x = 4",
            ),
            "def h(k=None):",
            self.one_of(
                "    raise k if k else RuntimeError('h')",
                "    try: raise k\n    except TypeError: raise",
                "    if k is None: raise",
                "    try: [][1]\n    except IndexError as i: raise k from i",
            ),
            "try:",
            "    try:",
            f"        raise {self.one_of(one, name)}({self.one_of('1', 'a, b', '', 'b')})",
            f"    except {self.one_of(one, 'Exception', name)} as x:",
            f"        {self.one_of('pass', 'x.add_note(b)', 'x.x = 5', 'x.args = (9,)')}",
            f"        {again}",
            f"    {self.one_of('else', 'finally')}:",
            f"        {self.one_of('pass', 'r.append(0)', 'raise LookupError(8)')}",
            "except BaseException as y:",
            f"    r.append(show({text}))",
            self.shown("x", "y", "a"),
        ]

    def grouped(self, _depth: int) -> list[str]:
        inner = ", ".join(
            self.some(
                [
                    "ValueError(1)",
                    "TypeError('t')",
                    "KeyError(2)",
                    "ExceptionGroup('in', [ValueError(3), OSError(4)])",
                ],
                3,
            )
        )
        raised = self.one_of(
            f"ExceptionGroup('g', [{inner}])", f"ExceptionGroup('g', [{inner}])", "ValueError(5)", "KeyError"
        )
        lines = ["try:", "    try:", f"        raise {raised}"]
        clauses = [
            "pass",
            "r.append(0)",
            "raise",
            "raise KeyError(7)",
            "1 / 0",
            "r.append(show(x.exceptions))",
            "raise x",
        ]
        last = self.one_of("y", "type(y).__name__", "getattr(y, 'exceptions', 0)", "len(str(y)) > 0")
        for _ in range(self.random.randint(1, 3)):
            kind = self.one_of("ValueError", "TypeError", "(KeyError, OSError)", "Exception", "LookupError")
            lines += [
                f"    except* {kind}{self.one_of(' as x', ' as x', '')}:",
                f"        {self.one_of(*clauses)}",
            ]
        lines += self.random.choice(
            [[], ["    else:", "        r.append('else')"], ["    finally:", "        r.append('fin')"]]
        )
        return [
            *lines,
            "except BaseException as y:",
            f"    r.append(show({last}))",
        ]
