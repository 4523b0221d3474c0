"""match becomes if and elif. Names are bound when the whole pattern fits, as on CPython, not before.

match f(x):                    _match__1 = f(x)
    case [a, 1] if a:     ->   if is_sequence(_match__1) and len(...) == 2 and ... and bound(a) and a:
        ...                        ...
"""

import ast
from collections.abc import Iterator

from host.build.lower.scope import Context, Pass, assign, at, both, load, walrus

# Classes whose single positional pattern matches the whole subject.
WHOLE = {
    "bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple",
}  # fmt: skip

KINDS = {
    ast.MatchValue: "value",
    ast.MatchSingleton: "singleton",
    ast.MatchSequence: "sequence",
    ast.MatchMapping: "mapping",
    ast.MatchClass: "instance",
    ast.MatchAs: "alias",
    ast.MatchOr: "alternatives",
}


class Matching(Pass):
    needs = (ast.Match,)

    def visit_Match(self, node: ast.Match) -> list[ast.stmt]:
        self.generic_visit(node)
        subject = self.context.fresh("match")
        chain: list[ast.stmt] = []
        for case in reversed(node.cases):
            chain = self.case(case, subject, chain)
        self.context.changes += 1
        return [assign(subject, node.subject, node), *chain]

    def case(self, case: ast.match_case, subject: str, otherwise: list[ast.stmt]) -> list[ast.stmt]:
        pattern = Pattern(self.context)
        conditions = pattern.conditions(case.pattern, load(subject))
        binding = [(name, load(temporary)) for name, temporary in pattern.captures.items()]
        if case.guard is None:
            test = both(conditions)
            stores: list[ast.stmt] = [assign(name, value, case.pattern) for name, value in binding]
        else:
            test = both([*conditions, *bound(binding), case.guard])
            stores = []
        body = stores + case.body
        return [at(case.pattern, ast.If(at(case.pattern, test), body, otherwise))]


def bound(binding: list[tuple[str, ast.Name]]) -> Iterator[ast.expr]:
    """Yield assignments as conditions that are true."""
    for name, value in binding:
        yield ast.Compare(walrus(name, value), [ast.Is()], [load(value.id)])


class Pattern:
    """The conditions of a pattern. `captures`: names with the temporaries that hold them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.captures: dict[str, str] = {}

    def conditions(self, pattern: ast.pattern, subject: ast.expr) -> list[ast.expr]:
        found: list[ast.expr] = getattr(self, KINDS[type(pattern)])(pattern, subject)
        return [at(pattern, each) for each in found]

    def kept(self, name: str, value: ast.expr) -> ast.expr:
        """Keep a value in a temporary, as a condition that is true."""
        return ast.Compare(walrus(name, value), [ast.Is()], [load(name)])

    def part(self, pattern: ast.pattern, value: ast.expr) -> list[ast.expr]:
        """Match a pattern against a part of the subject, which is evaluated once."""
        if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
            return self.conditions(pattern, value)
        if isinstance(pattern, ast.MatchValue | ast.MatchSingleton):
            return self.conditions(pattern, value)
        name = self.context.fresh("part")
        return [self.kept(name, value), *self.conditions(pattern, load(name))]

    def value(self, pattern: ast.MatchValue, subject: ast.expr) -> list[ast.expr]:
        return [ast.Compare(subject, [ast.Eq()], [pattern.value])]

    def singleton(self, pattern: ast.MatchSingleton, subject: ast.expr) -> list[ast.expr]:
        return [ast.Compare(subject, [ast.Is()], [ast.Constant(pattern.value)])]

    def capture(self, name: str, value: ast.expr) -> ast.expr:
        """Capture a name; alternatives of one pattern share its temporary."""
        if name not in self.captures:
            self.captures[name] = self.context.fresh(name)
        return self.kept(self.captures[name], value)

    def alias(self, pattern: ast.MatchAs, subject: ast.expr) -> list[ast.expr]:
        found = [] if pattern.pattern is None else self.conditions(pattern.pattern, subject)
        return found if pattern.name is None else [*found, self.capture(pattern.name, subject)]

    def alternatives(self, pattern: ast.MatchOr, subject: ast.expr) -> list[ast.expr]:
        return [ast.BoolOp(ast.Or(), [both(self.conditions(each, subject)) for each in pattern.patterns])]

    def sequence(self, pattern: ast.MatchSequence, subject: ast.expr) -> list[ast.expr]:
        patterns = pattern.patterns
        stars = [index for index, each in enumerate(patterns) if isinstance(each, ast.MatchStar)]
        count = ast.Constant(len(patterns) - len(stars))
        length = ast.Call(load("len"), [subject], [])
        found: list[ast.expr] = [self.context.call("is_sequence", [subject], pattern)]
        if not stars or len(patterns) > 1:
            found.append(ast.Compare(length, [ast.GtE() if stars else ast.Eq()], [count]))
        for index, each in enumerate(patterns):
            if isinstance(each, ast.MatchStar):
                if each.name is not None:
                    bounds = [ast.Constant(index), ast.Constant(len(patterns) - 1 - index)]
                    middle = self.context.call("middle", [subject, *bounds], each)
                    found.append(self.capture(each.name, middle))
                continue
            if isinstance(each, ast.MatchAs) and each.name is None and each.pattern is None:
                continue
            place = index if not stars or index < stars[0] else index - len(patterns)
            item = ast.Subscript(subject, ast.Constant(place), ast.Load())
            found += self.part(each, item)
        return found

    def mapping(self, pattern: ast.MatchMapping, subject: ast.expr) -> list[ast.expr]:
        found: list[ast.expr] = [self.context.call("is_mapping", [subject], pattern)]
        missing = ast.Attribute(load("_lowered"), "MISSING", ast.Load())
        for key, each in zip(pattern.keys, pattern.patterns, strict=True):
            name = self.context.fresh("part")
            get = ast.Call(ast.Attribute(subject, "get", ast.Load()), [key, missing], [])
            found.append(ast.Compare(walrus(name, get), [ast.IsNot()], [missing]))
            found += self.conditions(each, load(name))
        if pattern.rest is not None:
            rest = self.context.call("without", [subject, *pattern.keys], pattern)
            found.append(self.capture(pattern.rest, rest))
        return found

    def instance(self, pattern: ast.MatchClass, subject: ast.expr) -> list[ast.expr]:
        patterns = pattern.patterns + pattern.kwd_patterns
        is_whole = isinstance(pattern.cls, ast.Name) and pattern.cls.id in WHOLE
        if not patterns or is_whole and len(patterns) == len(pattern.patterns) == 1:
            instance = ast.Call(load("isinstance"), [subject, pattern.cls], [])
            return [instance, *(each for p in patterns for each in self.conditions(p, subject))]
        values = self.context.fresh("parts")
        arguments = [subject, pattern.cls, ast.Constant(len(pattern.patterns))]
        arguments += [ast.Constant(name) for name in pattern.kwd_attrs]
        call = self.context.call("attributes", arguments, pattern)
        found: list[ast.expr] = [ast.Compare(walrus(values, call), [ast.IsNot()], [ast.Constant(None)])]
        for index, each in enumerate(patterns):
            found += self.part(each, ast.Subscript(load(values), ast.Constant(index), ast.Load()))
        return found
