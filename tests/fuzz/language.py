"""Small Python programs by grammar: CPython and MicroPython's unix build must agree on what they do.

A program is a function f(); what it returns, or the class of what it raises, is shown by `show`, which hides
the order of sets and addresses. The number of a program is the seed of its own random numbers, so that it can
be made again. Documented differences (docs/differences.md), unbounded operations (pow of large numbers), and
iteration over sets, whose order is not part of the language, are left out."""

from collections.abc import Callable
from random import Random

from language_base import indented
from language_classes import Classes
from language_functions import Functions
from language_generators import Generators
from language_names import Names
from language_values import Values

PRELUDE = """\
def show(value, depth=0):
    if depth > 20:
        return "..."
    if isinstance(value, (set, frozenset)):
        return "{%s}" % ", ".join(sorted([show(each, depth + 1) for each in value]))
    if isinstance(value, dict):
        return "{%s}" % ", ".join([show(k, depth + 1) + ": " + show(value[k], depth + 1) for k in value])
    if isinstance(value, list):
        return "[%s]" % ", ".join([show(each, depth + 1) for each in value])
    if isinstance(value, tuple):
        return "(%s,)" % ", ".join([show(each, depth + 1) for each in value])
    if type(value).__name__ == "module":
        return value.__name__
    if isinstance(value, (TypeError, NameError)):
        return type(value).__name__  # their texts name a function by its place
    # Some iterators have types of their own on CPython; a class has the names of what is around it by need.
    text = repr(value).replace("str_ascii_iterator", "str_iterator")
    text = text.replace("list_reverseiterator", "reversed").replace("dict_reversekeyiterator", "reversed")
    if " at 0x" in text:
        name = text.split(" at 0x")[0].replace(" object", "").split(" ")[-1].split(".")[-1]
        return "".join([letter for letter in name if letter.isalpha() or letter.isdigit()])
    return text.split("<locals>.")[-1].split("__main__.")[-1]


def ascii_of(text):
    return "".join([c if " " <= c <= "~" else "<%x>" % ord(c) for c in text])


def outcome(f):
    try:
        return show(f())
    except Exception as error:
        return type(error).__name__


"""
NAMES = "abcd"
INTEGERS = [
    "0", "1", "2", "3", "-1", "-7", "10", "255", "256", "2147483648", "4611686018427387904",
    "9223372036854775807",
    "-9223372036854775808", "100000000000000000000", "True", "False",
]  # fmt: skip
FLOATS = ["0.0", "-0.0", "0.5", "1.5", "2.675", "-3.25", "1e10", "1e300", "0.1", "1e-5", "1e22", "123456.789"]
TEXTS = [
    "''", "'a'", "'ab'", "'Abc dE'", "' x '", "'a,b,,c'", "'\\xe9\\u20ac'", "'12'", "'-3.5'",
    "'a\\nb\\r\\nc'", "'%s-%d'",
    "'{}:{!r}'", "'\\t\"'", "'abcabc'", "'\\U0001f600z'", "'\\u0130'.lower() and 'i'", "'ss'", "'0x1F'",
]  # fmt: skip
BYTES = ["b''", "b'ab'", "b'\\x00\\xff'", "bytearray(b'xyz')", "b'a b'", "bytes(3)"]
SPECS = [
    "",
    "5",
    "<6",
    ">6",
    "^7",
    "05d",
    ",",
    "x",
    "#b",
    ".2f",
    "+.3e",
    "%",
    "08.3f",
    "s",
    ".2",
    "_d",
    "*^9",
    "g",
    "c",
]
BINARY = "+ - * // % / & | ^ == != < <= > >= and or in is".split()
CALLS = (
    "len str repr bool int float list tuple dict sum min max abs any all sorted ascii hex bin ord chr "
    "round divmod type enumerate zip reversed range bytes bytearray complex iter callable"
).split()
TEXT = [
    "upper()", "lower()", "strip()", "strip('a')", "split()", "split(',')", "split(None, 1)",
    "rsplit('b', 1)", "rsplit(None, 1)",
    "splitlines()", "splitlines(True)", "title()", "capitalize()", "swapcase()", "isdigit()", "isalpha()",
    "isspace()", "isupper()",
    "islower()", "istitle()", "isalnum()", "count({})", "index({})", "find({})", "rfind({})", "rindex({})",
    "startswith({})",
    "find({}, 1)", "count({}, 1, 3)", "replace({}, {})", "replace({}, {}, 1)", "join([{}, {}])",
    "partition({})", "rpartition({})",
    "center(7)", "ljust(4)", "rjust(5)", "zfill(5)", "expandtabs(4)", "removeprefix({})",
    "removesuffix({})", "lstrip({})",
    "rstrip({})", "split({})", "endswith({})", "isascii()", "translate({{97: 'q', 98: None}})",
]  # fmt: skip
METHODS = {
    "str": [
        *TEXT, "casefold()", "isidentifier()", "isprintable()", "isdecimal()", "isnumeric()", "encode()",
        "format({}, {})",
        "encode('latin-1', 'replace')", "encode('ascii', 'backslashreplace')", "center(8, '*')",
        "rjust(5, '0')", "format_map(d)",
        "endswith(('b', 'c'))", "join(map(str, c))",
    ],
    "bytes": [*TEXT, "decode()", "decode('latin-1')", "hex()", "hex('-')", "decode('ascii', 'replace')"],
    "list": [
        "append({})", "extend({})", "insert({}, {})", "pop()", "pop({})", "remove({})", "reverse()",
        "sort()", "sort(key=repr)",
        "sort(key=str, reverse=True)", "clear()", "copy()", "index({})", "count({})", "index({}, 1)",
        "__len__()",
    ],
    "tuple": ["index({})", "count({})"],
    "dict": [
        "keys()", "values()", "items()", "get({})", "get({}, {})", "setdefault({}, {})", "update({})",
        "popitem()", "pop({})",
        "pop({}, {})", "copy()", "clear()", "update(x={})", "fromkeys({})", "keys() & d", "items() & {{1}}",
    ],
    "int": ["bit_length()", "bit_count()", "conjugate()", "as_integer_ratio()", "to_bytes(4, 'big')",
    "to_bytes(9, 'little', signed=True)"],
    "float": ["is_integer()", "as_integer_ratio()", "hex()", "conjugate()"],
}  # fmt: skip
ITEMS = {"str": ("str", "str", "int"), "bytes": ("bytes", "bytes", "int"), "list": ("int", "str", "list")}
TYPES = ["int", "str", "list", "(int, float)", "dict", "bytes", "tuple", "bool", "object"]
ERRORS = [
    "ValueError",
    "TypeError",
    "KeyError",
    "IndexError",
    "ZeroDivisionError",
    "AttributeError",
    "LookupError",
    "Exception",
]


class Grammar(Functions, Generators, Classes, Names, Values):
    """Makes expressions of at most `depth` levels, and statements."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.made = 0  # names that were made

    def one_of(self, *choices: str) -> str:
        return self.random.choice(choices)

    def few(self, make: Callable[[int], str], depth: int, most: int = 3) -> str:
        return ", ".join(make(depth - 1) for _ in range(self.random.randint(0, most)))

    def name(self, prefix: str) -> str:
        self.made += 1
        return f"{prefix}{self.made}"

    # Expressions -----------------------------------------------------------------------------------------

    def atom(self) -> str:
        kind = self.random.randrange(10)
        if kind < 3:
            return self.random.choice(NAMES)
        return self.random.choice(
            (INTEGERS, INTEGERS, FLOATS, TEXTS, TEXTS, BYTES, ["None", "()", "[]", "{}"])[kind - 3]
        )

    def key(self) -> str:
        """A key of a display that has a hash (docs/differences.md: others are refused at another moment)."""
        return self.random.choice((INTEGERS, FLOATS, TEXTS, ["None", "()"])[self.random.randrange(4)])

    def of_kind(self, kind: str) -> str:
        """An expression that is nearly always of this kind: most others only raise TypeError."""
        if kind == "int":
            return self.random.choice(["a", *INTEGERS])
        if kind == "float":
            return self.random.choice(FLOATS)
        if kind == "str":
            return self.random.choice(["b", *TEXTS])
        if kind == "bytes":
            return self.random.choice(BYTES)
        if kind == "dict":
            return self.one_of("d", "{}", "{1: 2, 'a': 3}", "dict(enumerate(b))", "{0: c}")
        items = ", ".join(
            self.of_kind(self.one_of("int", "str", "int")) for _ in range(self.random.randint(0, 4))
        )
        return self.one_of("c", f"[{items}]", f"[{items}]") if kind == "list" else f"tuple([{items}])"

    def number(self) -> str:
        return self.of_kind(self.one_of("int", "int", "float"))

    def expression(self, depth: int) -> str:
        if depth <= 0:
            return self.atom()
        ways = (
            self.operation, self.operation, self.call, self.method, self.method, self.display, self.subscript,
            self.comprehension, self.text, self.condition, self.of_sets,
        )  # fmt: skip
        return self.random.choice(ways)(depth) if self.random.random() < 0.85 else self.atom()

    def operation(self, depth: int) -> str:
        left, right = self.expression(depth - 1), self.expression(depth - 1)
        if self.random.random() < 0.5:
            alike = self.one_of("int", "float", "str", "list", "tuple", "bytes", "int")
            left = self.of_kind(alike)
            right = (
                self.number()
                if alike in ("int", "float")
                else self.of_kind(alike)
                if self.random.random() < 0.8
                else "2"
            )
        kind = self.random.randrange(8)
        if kind == 0:
            return f"({self.one_of('not ', '-', '~', '+')}({left}))"
        if kind == 1:
            return f"({left} ** {self.one_of('0', '1', '2', '3', '-1', '0.5')})"
        if kind == 2:
            return f"({left} << {self.one_of('0', '1', '31', '63')}) >> {self.one_of('1', '2', '40')}"
        if kind == 3:
            second = self.one_of("<", "!=", "in")
            return f"({left} {self.one_of('<', '==', '<=')} {right} {second} {self.atom()})"
        return f"(({left}) {self.random.choice(BINARY)} ({right}))"

    def call(self, depth: int) -> str:
        inner = self.expression(depth - 1)
        kind = self.random.randrange(8)
        if kind == 0:
            return f"isinstance({inner}, {self.random.choice(TYPES)})"
        if kind == 1:
            key = self.one_of("repr", "str", "len", "lambda e: -e")
            return f"{self.one_of('sorted', 'min', 'max')}({inner}, key={key})"
        if kind == 2:
            name = self.one_of("map(str, ", "filter(None, ", "enumerate(", "zip(a, ", "reversed(")
            return f"list({name}{inner}))"
        if kind == 3:
            other = self.one_of("", "b", "*c", "g=2", "x=a", "**d")
            return f"(lambda e, /, *f, g=1, **h: (e, f, g, h))({inner}, {other})"
        if kind == 4:
            name = self.one_of("round", "divmod", "int", "sum", "getattr", "range")
            return f"{name}({inner}, {self.expression(depth - 2)})"
        return f"{self.random.choice(CALLS)}({inner})"

    def method(self, depth: int) -> str:
        kind = self.one_of("str", "str", "bytes", "list", "list", "tuple", "dict", "dict", "int", "float")
        method = self.random.choice(METHODS[kind])
        while "{}" in method:
            wild = self.random.random() < 0.2
            item = (
                self.expression(depth - 2)
                if wild
                else self.of_kind(self.random.choice(ITEMS.get(kind, ("int", "str"))))
            )
            method = method.replace(
                "{}", item.replace("{", "{{").replace("}", "}}").replace("{{}}", "dict()"), 1
            )
        receiver = self.of_kind(kind) if self.random.random() < 0.85 else self.expression(depth - 1)
        return f"({receiver}).{method.replace('{{', '{').replace('}}', '}')}"

    def display(self, depth: int) -> str:
        items = self.few(self.expression, depth)
        kind = self.random.randrange(5)
        if kind == 0:
            return f"({items},)" if items else "()"
        if kind == 1:
            pairs = ", ".join(
                f"{self.key()}: {self.expression(depth - 1)}" for _ in range(self.random.randint(0, 3))
            )
            return f"{{{pairs}}}"
        if kind == 2:
            return f"{{**{self.one_of('d', 'a')}, {self.key()}: {self.expression(depth - 1)}}}"
        if kind == 3:
            return f"[*{self.expression(depth - 1)}, {self.atom()}]"
        return f"[{items}]"

    def subscript(self, depth: int) -> str:
        whole = self.expression(depth - 1)
        if self.random.random() < 0.4:
            return f"({whole})[{self.expression(depth - 2)}]"
        bounds = ["", "", "0", "1", "-1", "2", "-3", "100", self.atom()]
        start, stop, step = (self.random.choice(bounds) for _ in range(3))
        return f"({whole})[{start}:{stop}{self.one_of('', ':' + step)}]"

    def comprehension(self, depth: int) -> str:
        item, source = self.expression(depth - 1), self.expression(depth - 1)
        test = f" if {self.expression(depth - 2)}" if self.random.random() < 0.4 else ""
        loop = f"for {self.random.choice(NAMES)} in {source}{test}"
        return self.one_of(
            f"[{item} {loop}]", f"{{{self.atom()}: {item} {loop}}}", f"list({item} {loop})",
            f"any({item} {loop})",
            f"sum(({item} {loop}), 0)", f"[({item}, x) {loop} for x in (1, 'z')]",
        )  # fmt: skip

    def text(self, depth: int) -> str:
        inner = (
            self.expression(depth - 1)
            if self.random.random() < 0.4
            else self.of_kind(self.one_of("int", "float", "str"))
        )
        kind = self.random.randrange(4)
        if kind == 0:
            form = self.one_of(
                "%s", "%r", "%5s", "%-4s|", "%d", "%x", "%05d", "%.2f", "%e", "%c", "%+g", "%a", "%%%s", "%i"
            )
            return f"({form!r} % ({inner},))"
        if kind == 1:
            return f"format({inner}, {self.random.choice(SPECS)!r})"
        if kind == 2:
            return f"'{{:{self.random.choice(SPECS)}}}|{{!r}}'.format({inner}, {self.atom()})"
        simple = self.random.choice((*NAMES, "a + 1", "len(b)", "c[0]", "d.get('k')", "a or b"))
        spec = self.random.choice(SPECS)
        return f"f'<{{{simple}{self.one_of('', '!r', '!s', '=')}}}{{a:{spec}}}>'"

    def condition(self, depth: int) -> str:
        first, test, other = (self.expression(depth - 1) for _ in range(3))
        if self.random.random() < 0.3:
            return f"(({self.random.choice(NAMES)} := {first}), {test})"
        return f"({first} if {test} else {other})"

    def of_sets(self, depth: int) -> str:
        one, other = (self.set_of(depth - 1) for _ in range(2))
        return self.one_of(
            f"len({one})", f"({self.atom()} in {one})",
            f"({one} {self.one_of('<=', '==', '<', '>', '>=')} {other})",
            f"{one}.isdisjoint({other})",
            f"sorted({one} {self.one_of('|', '&', '-', '^')} {other}, key=repr)",
            f"sorted({one}.union({self.expression(depth - 1)}), key=repr)",
            f"sorted({one}.difference({self.expression(depth - 1)}), key=repr)",
        )  # fmt: skip

    def set_of(self, depth: int) -> str:
        items = self.few(lambda _: self.atom(), depth)
        return self.one_of(
            f"{{{items}}}" if items else "set()",
            f"set({self.expression(depth - 1)})",
            f"frozenset([{items}])",
        )

    # Statements ------------------------------------------------------------------------------------------

    def block(self, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.random.randint(1, 3)):
            lines += self.statement(depth)
        return lines

    def statement(self, depth: int) -> list[str]:
        simple = (self.assign, self.assign, self.store, self.evaluate, self.evaluate, self.leave)
        compound = (
            self.branch,
            self.loop,
            self.attempt,
            self.function,
            self.generator,
            self.classes,
            self.match,
        )
        if self.random.random() < 0.5:
            make: Callable[[int], list[str]] = getattr(self, self.random.choice(PEOPLES))
            return make(max(depth - 1, 1))
        if depth <= 0 or self.random.random() < 0.6:
            return self.random.choice(simple)()
        return self.random.choice(compound)(depth - 1)

    def assign(self) -> list[str]:
        target, other, value = self.random.choice(NAMES), self.random.choice(NAMES), self.expression(3)
        operator = self.random.choice("+ - * | & // % ^".split())
        return [
            self.one_of(
                f"{target} = {value}",
                f"{target} = {value}",
                f"{target} = {value}",
                f"{target} {operator}= {value}",
                f"{target}, *{other} = {value}",
                f"{target}, {other} = {other}, {value}",
            )  # fmt: skip
        ]

    def store(self) -> list[str]:
        target, key, value = self.one_of("c", "d", "c", "d", "a"), self.expression(1), self.expression(2)
        bound = self.one_of("", "1", "-1", "0")
        return [
            self.one_of(
                f"{target}[{key}] = {value}",
                f"c[{bound}:{self.one_of('', '2')}] = {value}",
                f"del {target}[{key}]",
                f"c[::{self.one_of('2', '-1')}] = {value}",
                f"{target}[{key}] += {value}",
                f"del c[{bound}:]",
            )  # fmt: skip
        ]

    def evaluate(self) -> list[str]:
        return [f"r.append(show({self.expression(self.random.randint(1, 3))}))"]

    def leave(self) -> list[str]:
        if self.random.random() < 0.7:
            return [
                f"e = {self.expression(2)}",
                self.one_of(f"assert e, {self.atom()}", "c.append(e)", "d['e'] = e"),
            ]
        return [
            self.one_of(f"return {self.expression(3)}", f"raise {self.random.choice(ERRORS)}({self.atom()})")
        ]

    def branch(self, depth: int) -> list[str]:
        lines = [f"if {self.expression(2)}:", *indented(self.block(depth))]
        if self.random.random() < 0.5:
            lines += ["else:", *indented(self.block(depth))]
        return lines

    def loop(self, depth: int) -> list[str]:
        name = self.random.choice(NAMES)
        source = self.one_of(
            f"list({self.expression(2)})[:5]",
            f"range({self.one_of('3', '5, 0, -2')})",
            "enumerate(str(b)[:3])",
        )
        end = self.random.choice(["continue", "break", "pass"])
        body = [*self.block(depth), f"if {self.expression(1)}:", f"    {end}"]
        rest = ["else:", *indented(self.block(depth))] if self.random.random() < 0.3 else []
        return [f"for {name} in {source}:", *indented(body), *rest]

    def attempt(self, depth: int) -> list[str]:
        kinds = self.one_of(
            self.random.choice(ERRORS), f"({self.random.choice(ERRORS)}, {self.random.choice(ERRORS)})"
        )
        lines = ["try:", *indented(self.block(depth)), f"except {kinds} as x:"]
        lines += indented(
            [
                *self.block(depth),
                self.one_of("c.append(type(x).__name__)", "a = len(x.args)", "raise", "b = str(x) and 1"),
            ]
        )
        if self.random.random() < 0.3:
            lines += ["else:", *indented(self.block(depth))]
        if self.random.random() < 0.3:
            lines += ["finally:", *indented(self.block(depth))]
        return lines

    def function(self, depth: int) -> list[str]:
        name = self.name("g")
        head = self.one_of("a, b=1", "a, *b, c=2", "a, /, b=a, **d", "*a", "a=[], **b")
        body = [
            self.one_of("nonlocal_ = a", f"a = {self.expression(2)}"),
            *self.block(depth),
            f"return {self.expression(2)}",
        ]
        arguments = self.one_of("", "a", "b, 2", "*c", "a, c=3", "a, **d", "a, b=4")
        return [f"def {name}({head}):", *indented(body), f"{self.random.choice(NAMES)} = {name}({arguments})"]

    def generator(self, depth: int) -> list[str]:
        name, target = self.name("g"), self.random.choice(NAMES)
        body = [
            f"a = yield {self.expression(2)}",
            *self.block(depth),
            self.one_of("yield a", f"yield from {self.expression(1)}"),
        ]
        use = self.one_of(
            f"list({name}())",
            f"next({name}())",
            f"[*{name}(), 1]",
            f"dict(enumerate({name}()))",
            f"sum({name}())",
        )
        sent = [f"x = {name}()", "x.send(None)", f"{target} = x.send({self.atom()})", "x.close()"]
        return [
            f"def {name}(a=a, b=b, c=c, d=d):",
            *indented(body),
            *([f"{target} = {use}"] if self.random.random() < 0.7 else sent),
        ]

    def classes(self, depth: int) -> list[str]:
        name, base = (
            self.name("K"),
            self.one_of("object", "list", "dict", "str", "int", "Exception", "tuple", "float"),
        )
        special = self.one_of(
            "__len__(self)", "__bool__(self)", "__add__(self, b=None)", "__eq__(self, b=None)",
            "__getitem__(self, b=None)",
            "__getattr__(self, b=None)", "__iter__(self)", "__contains__(self, b=None)",
            "__call__(self, b=None)",
            "__radd__(self, b=None)", "__lt__(self, b=None)", "__repr__(self)", "__index__(self)",
            "__hash__(self)",
        )  # fmt: skip
        lines = [
            f"class {name}({base}):", f"    x = {self.expression(1)}", f"    def {special}:",
            f"        return {self.expression(2)}", "    def m(self, a, *b):",
            *indented(indented(self.block(depth - 1))),
            "        return a, b, self.x", "    @property", "    def p(self):",
            f"        return {self.expression(2)}",
        ]  # fmt: skip
        made = f"{name}()"
        use = self.one_of(
            f"{made}.m(a, b)", f"{made}.p", f"len({made})", f"bool({made})", f"{made} + a", f"a + {made}",
            f"{made} == {made}",
            f"{made}[0]", f"list({made})", f"a in {made}", f"{made}(1)", f"{made} < a",
            f"[1, 2, 3][{made}]", f"{made}.y",
            f"hash({made}) and 0", f"isinstance({made}, {self.random.choice(TYPES)})",
            f"'%s %r' % ({made}, [{made}])",
            f"{{{made}: 1}} and 1", f"sorted([{made}, {made}]) and 1",
        )  # fmt: skip
        return [*lines, f"{self.random.choice(NAMES)} = {use}"]

    def match(self, depth: int) -> list[str]:
        patterns = self.random.sample(
            ["[a, *b]", "str() | int() as c", "{'k': a, **d}", "(a, b) if a", "None", "float(x)", "[1, _]",
            "-1 | 'ab'", "bool()"], 3
        )  # fmt: skip
        lines = [f"match {self.expression(2)}:"]
        for pattern in patterns:
            lines += indented([f"case {pattern}:", *indented(self.block(depth - 1))])
        return lines


# Statements as people write them; some of them have more to vary.
PEOPLES = "closure late called leaving decorated thrown lazy coroutine managed special inherited meta".split()
PEOPLES += "unpacked names chained grouped formatted sliced of_set of_dict library built".split()
PEOPLES += "leaving thrown special inherited names chained formatted built".split()


def program(number: int) -> str:
    """Return the program of this number."""
    grammar = Grammar(Random(number))
    body = ["a, b, c, d = 3, 'ab', [1, 2], {'k': 1}", "r = []"]
    for _ in range(grammar.random.randint(2, 5)):
        body += [
            "try:",
            *indented(grammar.statement(2)),
            "except Exception as w:",
            "    r.append(type(w).__name__)",
        ]
    return "\n".join(["def f():", *indented([*body, "return r, a, b, c, d"])])
