"""Statements of the grammar: classes: special methods, bases, metaclasses."""

from language_base import Base, indented

OPERATORS = [
    ("add", "+"),
    ("sub", "-"),
    ("mul", "*"),
    ("truediv", "/"),
    ("floordiv", "//"),
    ("mod", "%"),
    ("and", "&"),
    ("or", "|"),
    ("xor", "^"),
    ("matmul", "@"),
]
COMPARISONS = [("eq", "=="), ("ne", "!="), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")]


class Classes(Base):
    def managed(self, depth: int) -> list[str]:
        name = self.name("M")
        leave = self.one_of(
            "True",
            "False",
            "None",
            "e[0] is not None",
            "isinstance(e[1], LookupError)",
            "c.append(1)",
            "1 / 0",
        )
        enter = self.one_of("return self.v", "return self", "pass", "raise KeyError(1)", "r.append(self.v)")
        items = self.one_of(
            f"{name}(1) as x",
            f"{name}(1) as x, {name}(x) as y",
            f"{name}(1)",
            f"({name}(1) as x, {name}(2))",
            f"{name}(1) as (x, y)",
            f"{name}([1, 2]) as [x, *y]",
        )
        return [
            f"class {name}:",
            "    def __init__(self, v): self.v = v",
            f"    def __enter__(self): {enter}",
            f"    def __exit__(self, *e): r.append(show(e[0])); return {leave}",
            f"with {items}:",
            *indented(self.block(depth - 1)),
            *indented(self.some(["raise KeyError(2)", "x = 1", "1 / 0", "r.append(show(x))", "pass"], 1)),
            self.shown("x", "a"),
        ]

    def special(self, _depth: int) -> list[str]:
        """Two classes with operators, one of them the base of the other or not."""
        one, other = self.name("K"), self.name("K")
        pairs = self.random.sample(OPERATORS, 2) + self.random.sample(COMPARISONS, 2)
        lines = []
        for name, base in ((one, ""), (other, self.one_of("", f"({one})", f"({one})"))):
            lines += [f"class {name}{base}:"]
            for operation, _ in pairs:
                for prefix in self.random.sample(["", "r", "i"], 2) if (operation, _) in OPERATORS else [""]:
                    if self.random.random() < 0.7:
                        result = self.one_of(
                            f"'{name}{prefix}', o.__class__.__name__",
                            "NotImplemented",
                            "self",
                            "o",
                            "1 / 0",
                            "None",
                        )
                        lines += [f"    def __{prefix}{operation}__(self, o): return {result}"]
            lines += [
                self.one_of(
                    "    pass",
                    "    __hash__ = None",
                    "    def __hash__(self): return 1",
                    "    def __repr__(self): return 'R'",
                    "    def __str__(self): return 'S'",
                    "    def __bool__(self): return False",
                    "    def __neg__(self): return 'neg'",
                    "    __radd__ = None",
                    "    def __format__(self, s): return 'F' + s",
                    "    def __index__(self): return 2",
                    "    def __float__(self): return 2.5",
                    "    def __int__(self): return 7",
                    "    def __round__(self, n=None): return n",
                    "    def __divmod__(self, o): return o",
                    "    def __pow__(self, o, m=None): return (o, m)",
                    "    def __abs__(self): return 3",
                    "    def __complex__(self): return 1j",
                    "    def __ceil__(self): return 5",
                )
            ]
        for _ in range(3):
            _, operator = self.random.choice(pairs)
            left, right = (
                self.one_of(f"{one}()", f"{other}()", f"{other}()", self.value(), "x") for _ in range(2)
            )
            use = self.one_of(
                f"({left}) {operator} ({right})",
                f"({left}) {operator} ({right})",
                f"hash({left}) and 0",
                f"[{left}] == [{right}]",
                f"{left} in [{right}]",
                f"'%s' % ({left},)",
                f"f'{{{other}()!s:>4}}'",
                f"format({left}, '')",
                f"str({left})",
                f"[1, 2, 3][{left}]",
                f"float({left})",
                f"int({left})",
                f"round({left}, 1)",
                f"divmod({left}, 2)",
                f"pow({left}, 2, 3)",
                f"pow({left}, 2)",
                f"abs({left})",
                f"-{left}",
                f"not {left}",
                f"{left} and 1",
                f"complex({left})",
                f"sorted([{left}, {right}]) and 1",
                f"max({left}, {right}) and 1",
                f"sum([{left}])",
                f"range({left})",
                f"'ab' * {left}",
            )
            inplace = operator in [sign for _, sign in OPERATORS] and self.random.random() < 0.3
            lines += [
                f"x = {left}",
                "try:",
                f"    x {operator}= {right}; r.append(show(x))" if inplace else f"    r.append(show({use}))",
                "except Exception as e:",
                "    r.append(type(e).__name__)",
            ]
        return lines

    def inherited(self, _depth: int) -> list[str]:
        a, b, c = (self.name("K") for _ in range(3))
        ways = [
            "def m(self, *p): return ['{0}', *super().m(*p)]",
            "def m(self, *p): return ['{0}', *p]",
            "@classmethod\ndef k(cls, *p): return cls.__name__, p",
            "@staticmethod\ndef s(*p): return p",
            "@property\ndef p(self): return self._p",
            "@p.setter\ndef p(self, v): self._p = v, '{0}'",
            "x = '{0}'",
            "def __init__(self, *p): self.i = ('{0}', p)",
            "def __init__(self, *p): super().__init__(*p); self.j = '{0}'",
            "def __getattr__(self, n): return '{0}' + n",
            "def __setattr__(self, n, v): object.__setattr__(self, n, ('{0}', v))",
            "def __init_subclass__(cls, **q): cls.sub = '{0}', q",
            "def __class_getitem__(cls, i): return '{0}', i",
            "def __new__(cls, *p): r.append('{0}'); return super().__new__(cls)",
            "def __call__(self, *p): return '{0}', p",
            "def __delattr__(self, n): r.append(n)",
            "def __iter__(self): return iter('{0}')",
            "def __len__(self): return 2",
            "def __getitem__(self, i): return [4, 5][i]",
            "def __contains__(self, i): return i == 1",
            "def __reversed__(self): return '{0}'",
            "def __missing__(self, k): return '{0}'",
            "y: int = 3",
            "def __set_name__(self, o, n): r.append((o.__name__, n))",
            "def __get__(self, o, t=None): return '{0}', o is None",
            "def __dir__(self): return ['{0}']",
            "def __eq__(self, o): return True",
            "def __next__(self): raise StopIteration",
            "def __setitem__(self, k, v): r.append(show((k, v)))",
            "def __delitem__(self, k): r.append(show(k))",
            "def __length_hint__(self): return 3",
            "def __bytes__(self): return b'{0}'",
        ]
        lines = []
        bases = [
            self.one_of("", "", "(dict)", "(list)", "(Exception)", "(int)", "(tuple)", "(str)", "(set)"),
            self.one_of(f"({a})", f"({a})", ""),
            self.one_of(f"({b}, {a})", f"({a}, {b})", f"({b})", f"({b}, z=1)"),
        ]
        for name, base in zip((a, b, c), bases, strict=True):
            lines += [f"class {name}{base}:", *indented([way.format(name) for way in self.some(ways, 4)])]
        made = self.one_of(a, b, c, c)
        uses = [
            "x.m(1)",
            "x.p",
            "x.k(2)",
            "K.k(3)",
            "K.s(1)",
            "x.s(2)",
            "x.x",
            "x.i",
            "x.j",
            "x.zz",
            "K[0]",
            "K.sub",
            "x(1)",
            "list(x)",
            "len(x)",
            "x[0]",
            "1 in x",
            "reversed(x)",
            "x['k']",
            "vars(x)",
            "K.__mro__",
            "isinstance(x, Exception)",
            "issubclass(K, list)",
            "x.__class__.__name__",
            "K.__name__",
            "K.__bases__",
            "hasattr(x, 'p')",
            "getattr(x, 'q', 7)",
            "[k for k in K.__dict__ if not k.startswith('__')]",
            "bool(x)",
            "x == 1",
            "x != x",
            "K.p",
            "K.m",
            "x.y",
            "K.__annotations__",
            "x[1:2]",
            "x[0:1, ...]",
            "bytes(x)",
            "str(x)[:3]",
            "next(x)",
            "iter(x)",
            "dir(x)[0]",
            "sorted(x)",
            "max(x)",
            "dict(x)",
            "tuple(x)",
            "[*x]",
            "{**x}",
            "x + x",
            "x * 2",
        ]
        lines += [f"K = {made}", f"x = K({self.one_of('', '', '1', 'a', 'c', 'd')})"]
        for each in self.some(
            [f"r.append(show({use}))" for use in uses]
            + [
                "x.p = 1",
                "x.q = 2",
                "x.new = 3",
                "del x.i",
                "K.x = 9",
                "del K.x",
                "x[0] = 1",
                "del x['k']",
                "x += [1]",
                "del x.nothing",
            ],
            4,
        ):
            lines += ["try:", f"    {each}", "except Exception as e:", "    r.append(type(e).__name__)"]
        return lines

    def meta(self, _depth: int) -> list[str]:
        name, made = self.name("M"), self.name("K")
        ways = [
            "def __call__(cls, *p, **q): return cls.__name__, p, q",
            "def __call__(cls, *p): return super().__call__(*p)",
            "def __new__(m, n, b, d, **q): r.append(show((n, q))); return super().__new__(m, n, b, d)",
            "def __init__(cls, n, b, d, **q): cls.made = n",
            "def __getattr__(cls, n): return n",
            "def __len__(cls): return 3",
            "def __iter__(cls): return iter('ab')",
            "def __contains__(cls, i): return True",
            "@property\ndef p(cls): return cls.__name__",
            "def __prepare__(n, b, **q): return {'pre': 1}",
            "@classmethod\ndef __prepare__(m, n, b, **q): return {'pre': q}",
            "def __instancecheck__(cls, o): return True",
            "def __subclasscheck__(cls, o): return False",
            "def __repr__(cls): return 'R'",
            "def __getitem__(cls, i): return i",
            "def __bool__(cls): return False",
            "def mro(cls): return super().mro()",
            "def __setattr__(cls, n, v): r.append(n); super().__setattr__(n, v)",
            "def m(cls): return 'meta'",
        ]
        member = self.one_of(
            "x = 1", "def m(self): return self", "pass", "def __init__(self, *p): self.p = p"
        )
        lines = [f"class {name}(type):", *indented(self.some(ways, 3))]
        lines += [
            f"class {made}({self.one_of('', 'object, ')}metaclass={name}{self.one_of('', '', ', z=1')}):",
            f"    {member}",
        ]
        uses = [
            f"{made}()",
            f"{made}(1)",
            f"{made}.made",
            f"{made}.zz",
            f"len({made})",
            f"list({made})",
            f"1 in {made}",
            f"{made}.p",
            f"{made}.pre",
            f"isinstance(1, {made})",
            f"issubclass(int, {made})",
            f"{made}",
            f"{made}[2]",
            f"bool({made})",
            f"type({made}).__name__",
            f"{made}.__mro__",
            f"{made}.m()",
            f"{made}().m()",
            f"class_ := type({made})('N', (), {{}})",
            f"type('N', ({made},), {{'q': 1}}).q",
        ]
        for each in self.some(uses, 3):
            lines += [
                "try:",
                f"    r.append(show({each}))"
                if ":=" not in each
                else f"    r.append(show(({each}).__name__))",
                "except Exception as e:",
                "    r.append(type(e).__name__)",
            ]
        return lines
