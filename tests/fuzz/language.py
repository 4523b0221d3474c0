"""Small Python programs by grammar: CPython and MicroPython's unix build must agree on what they do.

A program is a function f(); what it returns, or the class of what it raises, is shown by `show`, which hides
the order of sets. Left out is what is documented to differ (docs/differences.md) and what has no bound.
"""

from hypothesis import strategies as st

NAMES = ("a", "b", "c", "d")
PRELUDE = """\
def show(value):
    if isinstance(value, (set, frozenset)):
        return "{%s}" % ", ".join(sorted([show(each) for each in value]))
    if isinstance(value, dict):
        return "{%s}" % ", ".join([show(key) + ": " + show(value[key]) for key in value])
    if isinstance(value, list):
        return "[%s]" % ", ".join([show(each) for each in value])
    if isinstance(value, tuple):
        return "(%s,)" % ", ".join([show(each) for each in value])
    return repr(value)


def ascii_of(text):
    return "".join([c if " " <= c <= "~" else "<%x>" % ord(c) for c in text])


def outcome(f):
    try:
        return show(f())
    except Exception as error:
        return type(error).__name__


"""


def seq(strategy: st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[str]:
    """Expressions separated by commas."""
    return st.lists(strategy, max_size=most).map(", ".join)


integers = st.one_of(
    st.integers(-9, 9), st.sampled_from([255, 256, 2**31, 2**62, 2**63 - 1, 2**63, -(2**63), 10**20])
).map(lambda n: f"({n})" if n < 0 else str(n))
texts = st.text("ab 1é{}%\n'\"", max_size=5).map(repr)
atoms = st.one_of(
    integers, texts, st.sampled_from(["True", "False", "None", "b'ab'", "()", "[]", "{}", *NAMES])
)


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.sampled_from("+ - * // % & | ^ == != < <= > >= and or in".split())
    pairs = st.tuples(inner, inner)
    slices = st.tuples(inner, *[st.sampled_from(["", "0", "1", "-1", "2", "-3"])] * 3)
    method = st.sampled_from(
        [
            "upper()", "strip()", "split()", "splitlines()", "title()", "isdigit()", "encode()", "swapcase()",
            "copy()", "keys()", "values()", "items()", "bit_length()", "count(a)", "index(b)", "find('a')",
            "get(a, b)", "startswith('a')", "replace('a', 'bb')", "join(['x', 'y'])", "partition('a')",
            "center(7)", "zfill(4)", "rsplit('a', 1)", "union([a])", "append(a)", "pop()", "insert(0, b)",
            "extend([a, b])", "remove(a)", "reverse()", "sort()", "setdefault(a, b)", "update(a)", "clear()",
        ]
    )  # fmt: skip
    call = st.sampled_from("len str repr bool int list tuple set dict sorted sum min max abs any all".split())
    return st.one_of(
        st.tuples(inner, binary, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["not ", "-", "~", "+"]), inner).map(lambda t: f"({t[0]}{t[1]})"),
        seq(inner).map("[{}]".format),
        seq(inner).map(lambda text: f"({text},)" if text else "()"),
        st.tuples(inner, seq(inner)).map(lambda t: f"{{{t[0]}, {t[1]}}}"),
        st.lists(pairs, max_size=3).map(lambda ps: "{" + ", ".join(f"{k}: {v}" for k, v in ps) + "}"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        pairs.map(lambda t: f"{t[0]}[{t[1]}]"),
        slices.map(lambda t: f"{t[0]}[{t[1]}:{t[2]}:{t[3]}]"),
        st.tuples(inner, method).map(lambda t: f"({t[0]}).{t[1]}"),
        st.tuples(call, inner).map(lambda t: f"{t[0]}({t[1]})"),
        pairs.map(lambda t: f"[*{t[0]}, {t[1]}]"),
        pairs.map(lambda t: f"{{**{t[0]}, 'k': {t[1]}}}"),
        st.tuples(inner, inner, inner).map(lambda t: f"[{t[0]} for d in {t[1]} if {t[2]}]"),
        pairs.map(lambda t: f"{{c: {t[0]} for c in {t[1]}}}"),
        pairs.map(lambda t: f"(lambda d, /, *e: ({t[0]}, e))({t[1]}, a)"),
        inner.map(
            lambda text: f"f'<{{({text})!r}}>'" if "'" not in text and "\\" not in text else f"[{text}]"
        ),
        st.tuples(st.sampled_from(["%s", "%r", "%5s", "%-4s|", "%d", "%x", "%05d"]), inner).map(
            lambda t: f"({t[0]!r} % ({t[1]},))"
        ),
    )


expressions: st.SearchStrategy[str] = st.recursive(atoms, larger, max_leaves=6)
names = st.sampled_from(NAMES)


def indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


def compound(block: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    return st.one_of(
        st.tuples(expressions, block, block).map(
            lambda t: [f"if {t[0]}:", *indented(t[1]), "else:", *indented(t[2])]
        ),
        st.tuples(names, expressions, block).map(
            lambda t: [f"for {t[0]} in list({t[1]})[:9]:", *indented(t[2])]
        ),
        st.tuples(block, names, block).map(
            lambda t: [
                "try:", *indented(t[0]), f"except (TypeError, ValueError) as e{t[1]}:", *indented(t[2])
            ]
        ),
        st.tuples(block, block).map(lambda t: ["try:", *indented(t[0]), "finally:", *indented(t[1])]),
        st.tuples(expressions, block, block).map(
            lambda t: [f"match {t[0]}:", "    case [a, *b]:", *indented(indented(t[1])),
                       "    case str() | int() as c:", *indented(indented(t[2]))]
        ),
        st.tuples(names, expressions, block).map(
            lambda t: [f"class K{t[0]}:", f"    x = {t[1]}", "    def m(self, a, b=1):",
                       *indented(indented(t[2])), "        return a, b, self.x", f"{t[0]} = K{t[0]}().m(a)"]
        ),
    )  # fmt: skip


simple = st.one_of(
    st.tuples(names, expressions).map(lambda t: [f"{t[0]} = {t[1]}"]),
    st.tuples(names, st.sampled_from(["+=", "-=", "*=", "|="]), expressions).map(
        lambda t: [f"{t[0]} {t[1]} {t[2]}"]
    ),
    st.tuples(names, names, expressions).map(lambda t: [f"{t[0]}, *{t[1]} = {t[2]}"]),
    st.tuples(expressions, expressions, expressions)
    .map(lambda t: [f"{t[0]}[{t[1]}] = {t[2]}"])
    .filter(lambda lines: lines[0][0] in "abcd"),
    expressions.map(lambda text: [f"return {text}"]),
    expressions.map(lambda text: [f"assert {text}"]),
    names.map(lambda name: [f"del {name}"]),
)
blocks: st.SearchStrategy[list[str]] = st.recursive(
    simple,
    lambda inner: compound(st.lists(inner, min_size=1, max_size=2).map(lambda bs: sum(bs, []))),
    max_leaves=4,
)
programs = st.lists(blocks, min_size=1, max_size=4).map(
    lambda bodies: "\n".join(
        [
            "def f():",
            *indented(["a, b, c, d = 3, 'ab', [1, 2], {'k': 1}", *sum(bodies, []), "return a, b, c, d"]),
        ]
    )
)
