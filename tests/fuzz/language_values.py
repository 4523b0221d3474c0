"""Statements of the grammar: numbers, text, containers, built-in functions, the library."""

from language_base import Base

FILLS = ["", "", "*", "0", "x", "\\u20ac"]
INTEGER_TYPES = ["", "d", "x", "X", "o", "b", "n", "c"]
FLOAT_TYPES = ["", "f", "F", "e", "E", "g", "G", "%", "n"]
SETS = [
    "add(2)",
    "discard(2)",
    "remove(2)",
    "update([1, 9])",
    "update('ab', (3,))",
    "clear()",
    "intersection_update([1])",
    "difference_update([1])",
    "symmetric_difference_update([1, 7])",
    "copy()",
    "issubset([1, 2, 3])",
    "issuperset([1])",
    "union()",
    "union([4], 'x')",
]
LIBRARY = [
    "collections.Counter(str({})).most_common(2)",
    "collections.Counter(list({}))",
    "collections.Counter(a=1, b=2) - collections.Counter(str({}))",
    "collections.deque(list({}), 2)",
    "collections.OrderedDict(enumerate(str({})))",
    "collections.namedtuple('P', 'x y')({}, {})._replace(x={})",
    "collections.ChainMap({{1: {}}}, d)",
    "collections.defaultdict(list, d)[{}]",
    "functools.reduce(lambda e, f: (e, f), list({}))",
    "functools.partial(lambda *e, **f: (e, f), {}, k={})({}, j=1)",
    "list(itertools.chain(str({}), c))",
    "list(itertools.islice(itertools.cycle(list({})), 5))",
    "list(itertools.accumulate(c))",
    "list(itertools.product(str({})[:3], c))",
    "list(itertools.permutations(list({})[:3], 2))",
    "list(itertools.combinations(list({})[:4], 2))",
    "list(itertools.zip_longest(str({}), c, fillvalue={}))",
    "[(k, list(g)) for k, g in itertools.groupby(str({}))]",
    "list(itertools.takewhile(bool, list({})))",
    "list(itertools.dropwhile(bool, list({})))",
    "list(itertools.starmap(max, [({}, {})]))",
    "list(itertools.pairwise(str({})))",
    "list(itertools.compress(str({}), c))",
    "list(itertools.repeat({}, 2))",
    "operator.itemgetter(0, -1)({})",
    "operator.attrgetter('real')({})",
    "operator.methodcaller('count', {})({})",
    "math.gcd({}, 12)",
    "math.isclose({}, {})",
    "math.floor({})",
    "math.trunc({})",
    "math.prod([1, {}])",
    "math.hypot({}, 3)",
    "math.isqrt({})",
    "math.comb(5, {})",
    "math.copysign(1, {})",
    "math.fmod({}, 3)",
    "math.frexp({})",
    "math.modf({})",
    "string.Template('$x ${{y}} $$').safe_substitute(x={})",
    "textwrap.dedent(str({}))",
    "textwrap.fill(str({}), 3)",
    "textwrap.shorten(str({}), 5)",
    "json.dumps({})",
    "json.loads(json.dumps({}))",
    "re.sub('[a-c]', lambda m: m[0].upper(), {})",
    "re.findall(r'\\w+', {})",
    "re.split('[,b]', {})",
    "re.match('(?P<x>.)(.)?', {}).groupdict()",
    "copy.deepcopy({})",
    "copy.copy({})",
    "struct.pack('>hb', {}, 1)",
    "struct.unpack('<H', {}[:2])",
    "bisect.bisect([1, 3, 5], {})",
    "heapq.nsmallest(2, list({}))",
    "fractions.Fraction({}).limit_denominator(10)",
    "decimal.Decimal({}) + 1",
    "statistics.median(list({}))",
    "types.SimpleNamespace(x={})",
]


class Values(Base):
    def spec(self, kind: str) -> str:
        align = self.one_of("", "<", ">", "^", "=")
        fill = self.random.choice(FILLS) if align else ""
        return "".join(
            [
                fill,
                align,
                self.one_of("", "", "+", "-", " "),
                self.one_of("", "", "", "z"),
                self.one_of("", "", "#"),
                self.one_of("", "", "0"),
                self.one_of("", "1", "8", "12"),
                self.one_of("", "", ",", "_"),
                self.one_of("", "", ".0", ".2", ".5", ".17"),
                self.random.choice(
                    INTEGER_TYPES if kind == "int" else FLOAT_TYPES if kind == "float" else ["", "s"]
                ),
            ]
        )

    def formatted(self, _depth: int) -> list[str]:
        kind = self.one_of("int", "float", "str", "float")
        value = self.of_kind(kind)
        if self.random.random() < 0.3:
            value = self.one_of(
                "1.5e-7",
                "123456789.125",
                "1e16",
                "5e-324",
                "float('nan')",
                "-float('inf')",
                "0.1 + 0.2",
                "1 / 3",
                "2 ** 70",
                "-12345678901234567890",
                "1e100",
                "True",
                "3.0",
                "1e21",
                "99999.5",
                "-0.0001",
                "1+2j",
                "12345.678",
            )
        integer = self.one_of("1_000", " 12 ", "-0b11", "0x1f", "1e3", "_1", "\u0663")
        number = self.one_of("1_0.5", " inf ", "-nan", "1e", ".5", "5.", "0x1p3", "1e400", "infinity")
        spec = self.spec(kind)
        flags = (
            "".join(self.some(["", "-", "+", " ", "0", "#"], 2))
            + self.one_of("", "5", "10", "*")
            + self.one_of("", ".0", ".3", ".*")
        )
        letter = self.one_of(
            "d", "i", "x", "X", "o", "f", "e", "g", "G", "s", "r", "c", "a", "u", "F", "E", "%"
        )
        stars = "".join("4, " for each in flags if each == "*")
        return [
            self.shown(
                f"format({value}, '{spec}')",
                f"'{{:{spec}}}'.format({value})",
                f"f'{{{value if chr(39) not in value else 'a'}:{spec}}}'",
                f"'%{flags}{letter}' % ({stars}{value},)",
                f"'%(k){flags.replace('*', '')}{letter}|%(k)s' % {{'k': {value}}}",
                "f'{a:{a}}|{b!r:>{len(b) + 3}}'",
                f"'{{0[0]}}|{{0}}|{{1.real}}|{{k!s:>5}}'.format({self.value()}, {value}, k={value})",
                f"'{{}} {{1}}'.format({value}, 1)",
                f"repr({value})",
                f"str({value})",
                f"'{{:>{{}}}}|{{:{{}}}}'.format({value}, 8, a, 3)",
                "f'{{{b}}}{a=!r:^{a}}'",
                f"round({value}, {self.one_of('0', '1', '2', '-1', 'None')})",
                f"int({value})",
                f"float({value})",
                f"divmod({value}, {self.of_kind(kind)})",
                f"({value}) // ({self.of_kind('float')})",
                f"({value}) % ({self.of_kind('int')})",
                f"complex({value})",
                f"float(repr({value}))",
                f"'{{:{spec}}}'.format(b)",
                f"b'%{flags}{letter}' % ({stars}{value},)",
                f"hash({value}) == hash(float({value}))",
                f"int(str({value}), 0)",
                f"int({value}, 16)",
                f"int({integer!r}, {self.one_of('0', '10', '2', '16', '36', '37')})",
                f"float({number!r})",
                f"float.fromhex({self.one_of(repr('0x1.8p3'), repr('-0x.1p-4'), repr('1'), repr('nan'))})",
                f"({value}).__format__('')",
                f"int.from_bytes({self.of_kind('bytes')}, 'big', signed=True)",
                f"ascii({value})",
                f"bin({value})",
            )
        ]

    def sliced(self, _depth: int) -> list[str]:
        whole = self.one_of("list(range(6))", "bytearray(b'abcdef')", "list('abcdef')", "list(range(3))")
        part = ":".join(
            self.some(["", "1", "-2", "4", "9", "-9", "0", "2"], 1)
            + self.some(["", "3", "-1", "5", "99"], 1)
            + (self.some(["", "2", "-1", "3", "-2"], 1) if self.random.random() < 0.5 else [])
        )
        value = self.one_of(
            "[]",
            "[7, 8]",
            "b'xy'",
            "(9,)",
            "range(3)",
            "b''",
            "x",
            "x[:2]",
            "'ab'",
            "iter([1])",
            "x[::-1]",
            "5",
            "[1, 2, 3]",
            "bytes(2)",
        )
        change = self.one_of(
            f"x[{part}] = {value}",
            f"del x[{part}]",
            f"x[{part}] += {value}",
            f"x.extend({value})",
            f"x *= {self.one_of('2', '0', '-1')}",
            f"x[{part}].append(1)",
            "x.insert(2, 65)",
            "x.reverse()",
            "x[-1], x[0] = x[0], x[-1]",
            f"x += {value}",
            "x.pop(2)",
            "x.remove(x[1])",
            "x[2] = 300",
            f"y = x[{part}]; y[0] = 66",
            "x.sort(key=lambda e: -e)",
            "x.sort(reverse=True)",
            "del x[1]",
        )
        return [
            f"x = {whole}",
            "y = x",
            "try:",
            f"    {change}",
            "except Exception as e:",
            "    r.append(type(e).__name__)",
            self.shown(
                "list(x)",
                "list(y)",
                "(list(x), x is y)",
                f"list(x[{part}])",
                f"x[{part}] == x",
                "len(x)",
                "bytes(x)",
                f"slice({', '.join(bound or 'None' for bound in part.split(':'))}).indices(5)",
                "x.index(x[2])",
                f"{value} in x",
            ),
        ]

    def of_set(self, _depth: int) -> list[str]:
        one = self.one_of("{1, 2, 3}", "set()", "frozenset([1, 2])", "{True, 1.0, 2}", "set(b)")
        other = self.one_of("{1, 7}", "frozenset([2, 9])", "set(d)", "d.keys()")
        change = self.one_of(
            *[f"x.{method}" for method in SETS],
            f"x |= {self.value()}",
            "x &= {1, 5}",
            "x -= {1}",
            "x ^= y",
            "x = x | y",
            "x = y | x",
            f"x.update({self.value()})",
            f"x.add({self.value()})",
            "x.pop()",
            "x = x.union(y)",
        )
        return [
            f"x, y = {one}, {other}",
            f"e = {change}" if change.startswith("x.") else change,
            self.shown(
                "x",
                "(x, y)",
                "x == y",
                "x < {1, 2, 3, 9}",
                "type(x | y).__name__",
                "type(y | x).__name__",
                "x >= y",
                "len(x)",
                "hash(frozenset(x)) == hash(frozenset(list(x)))",
            ),
        ]

    def of_dict(self, _depth: int) -> list[str]:
        change = self.one_of(
            "x |= {1: 'n', 4: 5}",
            "x = x | d",
            "x.update(d, z=1)",
            "x.update([(1, 2), ('k', 3)])",
            "x.setdefault(1, []).append(2)",
            "del x[1]",
            "x.pop(1)",
            "x.pop(9, None)",
            "x.popitem()",
            "x[1] = x.get(1, 0)",
            "x = {v: k for k, v in x.items()}",
            "x = dict(zip('ab', x))",
            "x = dict.fromkeys(x, 0)",
            f"x[{self.value()}] = {self.value()}",
            "x[1.0] = 'f'; x[True] = 't'",
            "x = {**x, **d}",
            "x |= [(5, 6)]",
            "x.clear()",
            "for k in x: x[k] = 0",
            "for k in x: x['new'] = 1",
            "for k in list(x): del x[k]",
            "x['k'], x[1] = 1, 2",
            "x = dict(x, y=2)",
            "x = dict([(1, 2)], **d)",
        )
        return [
            f"x = {self.one_of('{1: 2, 3: 4}', 'dict(a=1)', 'dict(d)', '{}', 'dict.fromkeys(b)')}",
            change,
            self.shown(
                "x",
                "list(x)",
                "list(x.items())",
                "list(reversed(x))",
                "x == d",
                "x.keys() & {1}",
                "x.keys() == {1, 3}",
                "x.items() <= d.items()",
                "x.items() | {(1, 2)}",
                "sorted(x.values(), key=repr)",
                "1 in x.keys(), 2 in x.values(), (1, 2) in x.items()",
                "next(iter(x))",
                "max(x, key=repr)",
                "len(x.keys() - d)",
                "x.values() == x.values()",
                "list(x.keys())",
                "dict(sorted(x.items(), key=repr))",
                "x.keys().isdisjoint(d)",
                "{**x}",
                "x.items()",
                "bool(x)",
                "x != d",
            ),
        ]

    def library(self, _depth: int) -> list[str]:
        text = self.random.choice(LIBRARY)
        module = (
            text.replace("list(", "").replace("[(k, g) for k, g in ", "").replace("[(k, g)) for k, g in ", "")
        )
        names = [
            each
            for each in (
                "collections",
                "functools",
                "itertools",
                "operator",
                "math",
                "string",
                "textwrap",
                "json",
                "re",
                "copy",
                "struct",
                "bisect",
                "heapq",
                "fractions",
                "decimal",
                "statistics",
                "types",
            )
            if f"{each}." in module
        ]
        values = [self.value() for _ in range(text.count("{}"))]
        if names[0] == "math":
            values = [self.of_kind("float") for _ in values]
        if names[0] in ("re", "textwrap", "string"):
            values = [self.of_kind("str") for _ in values]
        made = text.format(*values)
        return [*(f"import {name}" for name in names), f"r.append(show({made}))"]

    def built(self, _depth: int) -> list[str]:
        """Built-in functions with all that they take."""
        value, other = self.value(), self.value()
        return [
            self.shown(
                f"list(zip({value}, {other}, strict=True))",
                f"list(zip({value}, {other}))",
                f"list(enumerate({value}, 5))",
                f"list(map(lambda x, y: (x, y), {value}, {other}))",
                f"sum([[1], {value}], [])",
                f"sum({value}, 10)",
                f"min({value}, default=0)",
                f"max({value}, {other}, key=str)",
                f"sorted({value}, key=str, reverse=True)",
                "list(iter(iter([1, 2, 0, 3]).__next__, 0))",
                f"any(x for x in {value})",
                f"all({value})",
                f"list(filter(lambda x: x, {value}))",
                f"type({value})({other})",
                f"isinstance({value}, int | str)",
                f"isinstance({value}, (list, (dict, bytes)))",
                f"issubclass(type({value}), (int, float))",
                f"getattr({value}, 'real', 'none')",
                f"hasattr({value}, '__iter__')",
                f"callable({value})",
                f"type({value}).__name__",
                f"list(reversed({value}))",
                f"slice({value}).stop",
                f"dict({value})",
                f"set({value})",
                f"bytes({value})",
                f"str({value})",
                f"repr({value})",
                f"len({value})",
                f"bool({value})",
                f"tuple({value})",
                f"range({value})",
                "range(1, 10, 3)[1:]",
                "range(5) == range(0, 5)",
                f"{value} in range(10)",
                f"range(3).index({value})",
                f"{value} == {other}",
                f"{value} < {other}",
                f"({value},) < ({other},)",
                f"({value}) * 2",
                f"({value}) + ({other})",
                f"({value}).__class__",
                f"({value}).__len__()",
                f"({value}).__eq__({other})",
                f"({value}).__add__({other})",
                f"({value}).__contains__({other})",
                f"({value}).__getitem__(0)",
                f"({value}).__iter__()",
                f"({value}).__lt__({other})",
                f"int.__add__({value}, 1)",
                f"str.upper({value})",
                f"list.append({value}, 1)",
                f"dict.get({value}, 1)",
                f"object.__repr__({value})[:5]",
                f"type({value}) is type({other})",
                f"str({value}, 'utf-8')",
                f"str(b'a', {value})",
                f"bytes({value}, 'ascii')",
                f"bytearray({value})",
                f"memoryview({value})",
                f"ord({value})",
                f"round({value})",
                f"abs({value})",
                f"hash({value}) == hash({value})",
                f"id({value}) and 0",
                f"iter({value})",
                f"next(iter({value}))",
                f"next(iter({value}), 'd')",
                f"str.join({value}, 'ab')",
                f"str.maketrans({value})",
                "'abc'.translate(str.maketrans('ab', 'xy', 'c'))",
                f"bytes.fromhex({value})",
                "bytes.maketrans(b'a', b'b')[97]",
                f"vars({value})",
                f"dir({value})[:0]",
                f"ascii({value})",
                f"frozenset({value})",
                f"complex({value}, {other})",
                f"float({value})",
                f"int({value})",
                f"hex({value})",
                f"oct({value})",
            )
        ]
