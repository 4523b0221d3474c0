"""The data model, section by section, with asserts of our own."""

# datamodel attrs ------------------------------------------------------------


class Meta(type):
    def __getattr__(cls, name):
        return f"meta {name}"


class A(metaclass=Meta):
    def __init__(self):
        self.real = 1

    def __getattr__(self, name):
        if name.startswith("no"):
            raise AttributeError(name)
        return f"dyn {name}"

    def __setattr__(self, name, value):
        super().__setattr__(name, value)

    def __delattr__(self, name):
        if name == "real":
            raise AttributeError("keep")
        super().__delattr__(name)


a = A()
assert (
    a.real == 1
    and a.x == "dyn x"
    and A.y == "meta y"
    and not hasattr(a, "nope")
    and getattr(a, "nope", 3) == 3
)
a.q = 1
del a.q
assert a.q == "dyn q"
try:
    del a.real
except AttributeError as e:
    assert str(e) == "keep"


class Log:
    def __getattribute__(self, name):
        if name == "secret":
            return 42
        return object.__getattribute__(self, name)


assert Log().secret == 42
l = Log()
l.z = 5
assert l.z == 5 and l.__dict__ == {"z": 5} and vars(l) == {"z": 5}

# descriptors ------------------------------------------------------------


class Typed:
    def __init__(self, kind):
        self.kind = kind

    def __set_name__(self, owner, name):
        self.name = name
        self.owner = owner.__name__

    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        return obj.__dict__.get(self.name, "unset")

    def __set__(self, obj, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name} must be {self.kind.__name__}")
        obj.__dict__[self.name] = value

    def __delete__(self, obj):
        del obj.__dict__[self.name]


class P:
    age = Typed(int)
    name = Typed(str)


p = P()
assert p.age == "unset" and P.age.owner == "P"
p.age = 3
assert p.age == 3 and p.__dict__ == {"age": 3}
try:
    p.name = 1
except TypeError as e:
    assert str(e) == "name must be str"
del p.age
assert p.age == "unset"


class NonData:
    def __get__(self, obj, owner):
        return "descriptor"


class Q:
    x = NonData()


q = Q()
assert q.x == "descriptor"
q.__dict__["x"] = 1
assert q.x == 1


class Cls:
    @classmethod
    def make(cls, *a):
        return cls.__name__, a

    @staticmethod
    def st(x):
        return x

    @property
    def ro(self):
        return 1


assert (
    Cls.make(1) == ("Cls", (1,))
    and Cls().st(2) == 2
    and isinstance(Cls.__dict__["ro"], property)
    and Cls.__dict__["make"].__func__(Cls) == ("Cls", ())
)
try:
    Cls().ro = 3
except AttributeError as e:
    assert "setter" in str(e), e
else:
    assert 0

# slots ------------------------------------------------------------


class S:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a = 1


s = S()
try:
    s.c = 1
except AttributeError:
    pass
else:
    assert 0
try:
    s.b
except AttributeError as e:
    pass
else:
    assert 0
assert not hasattr(s, "__dict__") and S.a.__get__(s) == 1


class T(S):
    pass


t = T()
t.c = 5
assert t.c == 5 and t.a == 1


class U:
    __slots__ = {"x": "doc of x"}


u = U()
u.x = 1
del u.x
try:
    u.x
except AttributeError:
    pass
else:
    assert 0

# init subclass ------------------------------------------------------------


class Philosopher:
    registry = []

    def __init_subclass__(cls, /, default_name="x", **kwargs):
        super().__init_subclass__(**kwargs)
        cls.default_name = default_name
        Philosopher.registry.append(cls.__name__)


class Australian(Philosopher, default_name="Bruce"):
    pass


class Other(Australian):
    pass


assert (
    Australian.default_name == "Bruce"
    and Other.default_name == "x"
    and Philosopher.registry == ["Australian", "Other"]
)


class M(type):
    @classmethod
    def __prepare__(mcls, name, bases, **kw):
        return {"prepared": kw}

    def __new__(mcls, name, bases, ns, **kw):
        return super().__new__(mcls, name, bases, dict(ns))

    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
        cls.kw = kw


class W(metaclass=M, flag=1):
    y = 2


assert W.prepared == {"flag": 1} and W.kw == {"flag": 1} and W.y == 2 and type(W) is M and isinstance(W, M)


def meta(name, bases, ns):
    return (name, bases, sorted(k for k in ns if not k.startswith("__")))


class V(metaclass=meta):
    a = 1


assert V == ("V", (), ["a"])
X = type("X", (W,), {"z": 3})
assert type(X) is M and X.z == 3 and X.__name__ == "X" and X.__bases__ == (W,)

# container emulation ------------------------------------------------------------


class Seq:
    def __init__(self, *items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        if isinstance(i, slice):
            return ("slice", i.start, i.stop, i.step)
        if isinstance(i, tuple):
            return ("tuple", i)
        return self.items[i]

    def __setitem__(self, i, v):
        self.items.append((i, v))

    def __delitem__(self, i):
        self.items.append(("del", i))

    def __contains__(self, x):
        return x == "magic"

    def __reversed__(self):
        return iter("rev")

    def __missing__(self, k):
        return k


s = Seq(1, 2, 3)
assert (
    s[1:2] == ("slice", 1, 2, None)
    and s[::2] == ("slice", None, None, 2)
    and s[1, 2] == ("tuple", (1, 2))
    and s[..., 1:2] == ("tuple", (..., slice(1, 2)))
)
s[1:2] = 5
del s[3]
s["k"] = 1
assert s.items[3:] == [(slice(1, 2), 5), ("del", 3), ("k", 1)]
assert "magic" in s and 1 not in s and "".join(reversed(s)) == "rev" and [*s][:3] == [1, 2, 3]


class D(dict):
    def __missing__(self, key):
        return f"no {key}"


assert D(a=1)["b"] == "no b" and D(a=1)["a"] == 1 and D().get("q") is None


class It:
    def __getitem__(self, i):
        if i > 3:
            raise IndexError
        return i * i


assert list(It()) == [0, 1, 4, 9] and 4 in It() and max(It()) == 9


class LH:
    def __iter__(self):
        return iter([1])

    def __length_hint__(self):
        return 10


import operator

assert (
    operator.length_hint(LH()) == 10
    and operator.length_hint([1, 2]) == 2
    and operator.length_hint(object(), 7) == 7
)

# numeric emulation ------------------------------------------------------------


class N:
    def __init__(self, v):
        self.v = v

    def __add__(self, o):
        return N(self.v + (o.v if isinstance(o, N) else o)) if isinstance(o, (N, int)) else NotImplemented

    __radd__ = __add__

    def __iadd__(self, o):
        self.v += 100
        return self

    def __matmul__(self, o):
        return "mat"

    def __imatmul__(self, o):
        return "imat"

    def __pow__(self, e, mod=None):
        return ("pow", e, mod)

    def __rpow__(self, b, mod=None):
        return ("rpow", b)

    def __divmod__(self, o):
        return ("dm", o)

    def __rdivmod__(self, o):
        return ("rdm", o)

    def __lshift__(self, o):
        return "ls"

    def __rrshift__(self, o):
        return "rrs"

    def __invert__(self):
        return "inv"

    def __neg__(self):
        return "neg"

    def __pos__(self):
        return "pos"

    def __int__(self):
        return 7

    def __float__(self):
        return 7.5

    def __complex__(self):
        return 7 + 1j

    def __index__(self):
        return 2

    def __round__(self, n=None):
        return ("round", n)

    def __trunc__(self):
        return "trunc"

    def __floor__(self):
        return "floor"

    def __ceil__(self):
        return "ceil"

    def __bool__(self):
        return self.v > 0


import math

n = N(1)
assert (n + 2).v == 3 and (2 + n).v == 3 and sum([n, n]).v == 2
m = n
m += 5
assert n.v == 101 and m is n
assert n @ 1 == "mat" and n**2 == ("pow", 2, None) and pow(n, 2, 3) == ("pow", 2, 3) and 2**n == ("rpow", 2)
k = n
k @= 2
assert (
    k == "imat"
    and divmod(n, 3) == ("dm", 3)
    and divmod(3, n) == ("rdm", 3)
    and n << 1 == "ls"
    and 1 >> n == "rrs"
)
assert (
    (~n, -n, +n) == ("inv", "neg", "pos")
    and int(n) == 7
    and float(n) == 7.5
    and complex(n) == 7 + 1j
    and [1, 2, 3][n] == 3
    and hex(n) == "0x2"
)
assert (
    round(n) == ("round", None)
    and round(n, 2) == ("round", 2)
    and math.trunc(n) == "trunc"
    and math.floor(n) == "floor"
    and math.ceil(n) == "ceil"
    and not N(0)
)
try:
    n + "x"
except TypeError as e:
    assert str(e) == "unsupported operand type(s) for +: 'N' and 'str'", e
else:
    assert 0
try:
    n - 1
except TypeError as e:
    assert str(e) == "unsupported operand type(s) for -: 'N' and 'int'", e
try:
    n < n
except TypeError as e:
    assert str(e) == "'<' not supported between instances of 'N' and 'N'", e

# comparison chain ------------------------------------------------------------

calls = []


def v(x):
    calls.append(x)
    return x


assert v(1) < v(2) < v(3) and calls == [1, 2, 3]
calls.clear()
assert not (v(3) < v(2) < v(1)) and calls == [3, 2]
assert 1 < 2 > 1 != 3 and (1 == 1.0 == True) and not (1 < 3 < 2) and (1 in [1] == True) is False
assert float("nan") != float("nan") and [float] == [float] and (nan := float("nan")) in [nan]


class Odd:
    def __eq__(self, o):
        return "yes"

    def __ne__(self, o):
        return ""

    def __lt__(self, o):
        return []


assert (Odd() == 1) == "yes" and (Odd() != 1) == "" and (Odd() < 1) == [] and not (Odd() < 1 < 2)


class Only:
    def __eq__(self, o):
        return True


assert (Only() != 1) is False and Only.__hash__ is None
try:
    hash(Only())
except TypeError as e:
    assert str(e) == "unhashable type: 'Only'"


class Tot:
    def __init__(self, v):
        self.v = v

    def __lt__(self, o):
        return self.v < o.v


assert (Tot(1) > Tot(2)) is False and (Tot(2) > Tot(1)) is True and sorted([Tot(2), Tot(1)])[0].v == 1
