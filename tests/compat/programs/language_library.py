"""Modules that programs of the language use, section by section, with asserts of our own."""

# collections more ------------------------------------------------------------

from collections import (
    ChainMap,
    Counter,
    OrderedDict,
    UserDict,
    UserList,
    UserString,
    defaultdict,
    deque,
    namedtuple,
)

c = Counter("abracadabra")
assert (
    c.most_common(2) == [("a", 5), ("b", 2)]
    and c["z"] == 0
    and sorted((c - Counter("aaa")).elements())[:2] == ["a", "a"]
    and c.total() == 11
    and repr(Counter(a=1)) == "Counter({'a': 1})"
)
od = OrderedDict(a=1, b=2)
od.move_to_end("a")
assert (
    list(od) == ["b", "a"]
    and od.popitem(last=False) == ("b", 2)
    and repr(OrderedDict(a=1)) == "OrderedDict([('a', 1)])"
)
dd = defaultdict(list)
dd["x"].append(1)
assert dd == {"x": [1]} and repr(dd) == "defaultdict(<class 'list'>, {'x': [1]})"
d = deque([1, 2, 3], maxlen=3)
d.append(4)
d.rotate(1)
assert list(d) == [4, 2, 3] and d.maxlen == 3 and repr(d) == "deque([4, 2, 3], maxlen=3)" and d[0] == 4
P = namedtuple("P", "x y", defaults=[5])
p = P(1)
assert (
    p == (1, 5)
    and p._asdict() == {"x": 1, "y": 5}
    and p._replace(x=9).x == 9
    and P._fields == ("x", "y")
    and repr(p) == "P(x=1, y=5)"
    and P._make([3, 4]).y == 4
)
cm = ChainMap({"a": 1}, {"a": 2, "b": 3})
assert cm["a"] == 1 and cm["b"] == 3 and dict(cm) == {"a": 1, "b": 3} and cm.new_child({"c": 4})["c"] == 4


class MyD(UserDict):
    def __setitem__(self, k, v):
        super().__setitem__(k.upper(), v)


m = MyD(a=1)
assert (
    m.data == {"A": 1}
    and "A" in m
    and UserList([1, 2]) + [3] == [1, 2, 3]
    and UserString("ab").upper() == "AB"
)
from collections.abc import Callable, Hashable, Iterable, Mapping, MutableSequence, Sequence, Sized

assert (
    isinstance([], Sequence)
    and isinstance({}, Mapping)
    and issubclass(list, MutableSequence)
    and isinstance(len, Callable)
    and not isinstance([], Hashable)
)


class S(Sequence):
    def __len__(self):
        return 3

    def __getitem__(self, i):
        if i >= 3:
            raise IndexError
        return i * 10


s = S()
assert (
    list(s) == [0, 10, 20]
    and 10 in s
    and s.index(20) == 2
    and list(reversed(s)) == [20, 10, 0]
    and s.count(0) == 1
)


class Abs(Sized):
    pass


try:
    Abs()
except TypeError as e:
    assert str(e) == "Can't instantiate abstract class Abs with abstract method __len__", e

# abc typing ------------------------------------------------------------

from abc import ABC, ABCMeta, abstractmethod


class Shape(ABC):
    @property
    @abstractmethod
    def area(self): ...
    @classmethod
    @abstractmethod
    def make(cls): ...


class Sq(Shape):
    area = property(lambda self: 4)

    @classmethod
    def make(cls):
        return cls()


assert (
    Sq.make().area == 4
    and Shape.__abstractmethods__ == frozenset({"area", "make"})
    and not Sq.__abstractmethods__
)
try:
    Shape()
except TypeError as e:
    assert "abstract" in str(e)


class Drawable(metaclass=ABCMeta):
    @classmethod
    def __subclasshook__(cls, C):
        return any("draw" in B.__dict__ for B in C.__mro__) or NotImplemented


class Pen:
    def draw(self):
        pass


assert issubclass(Pen, Drawable) and isinstance(Pen(), Drawable) and not issubclass(int, Drawable)
Drawable.register(int)
assert issubclass(int, Drawable)
from typing import (
    Any,
    ClassVar,
    Final,
    Generic,
    Literal,
    NamedTuple,
    Optional,
    Protocol,
    TypedDict,
    TypeVar,
    Union,
    cast,
    get_type_hints,
    overload,
    runtime_checkable,
)


@runtime_checkable
class Q(Protocol):
    def quack(self) -> str: ...


class Duck:
    def quack(self):
        return "q"


assert isinstance(Duck(), Q) and not isinstance(3, Q)


class Pt(NamedTuple):
    x: int
    y: int = 2

    def s(self):
        return self.x + self.y


assert Pt(1).s() == 3 and Pt(1) == (1, 2) and Pt.__annotations__ == {"x": int, "y": int}


class TD(TypedDict, total=False):
    a: int


assert TD(a=1) == {"a": 1} and TD.__annotations__["a"] is int
T = TypeVar("T")


class Box(Generic[T]):
    def __init__(self, v: T):
        self.v = v


assert (
    Box[int](3).v == 3
    and Optional[int] == Union[int, None]
    and get_type_hints(Box.__init__)["v"] is T
    and cast(int, "x") == "x"
)

# copy pickle reduce ------------------------------------------------------------

import copy
import pickle


class A:
    def __init__(self):
        self.l = [1]


a = A()
b = copy.copy(a)
c = copy.deepcopy(a)
a.l.append(2)
assert b.l == [1, 2] and c.l == [1]


class R:
    def __reduce__(self):
        return (R2, (5,))


def R2(x):
    return ["r", x]


assert copy.copy(R()) == ["r", 5]


class G:
    def __getstate__(self):
        return {"s": 1}

    def __setstate__(self, st):
        self.got = st


assert copy.copy(G()).got == {"s": 1}
x = [1]
x.append(x)
y = copy.deepcopy(x)
assert y[1] is y and repr(x) == "[1, [...]]"
assert pickle.loads(pickle.dumps({"a": (1, 2.5, None, b"x", {3})})) == {"a": (1, 2.5, None, b"x", {3})}


class DC:
    def __copy__(self):
        return "copied"

    def __deepcopy__(self, memo):
        return "deep"


assert copy.copy(DC()) == "copied" and copy.deepcopy([DC()]) == ["deep"]
for p in range(2, 6):
    assert pickle.loads(pickle.dumps([1, "é", 2**70, -1.5, True, (), frozenset([1])], p)) == [
        1,
        "é",
        2**70,
        -1.5,
        True,
        (),
        frozenset([1]),
    ]

# functools itertools ------------------------------------------------------------

import functools
import itertools
import operator

assert functools.reduce(operator.mul, range(1, 6)) == 120
p = functools.partial(int, base=2)
assert p("101") == 5 and p.func is int and p.keywords == {"base": 2}


@functools.total_ordering
class V:
    def __init__(self, n):
        self.n = n

    def __eq__(self, o):
        return self.n == o.n

    def __lt__(self, o):
        return self.n < o.n


assert (
    V(1) <= V(1)
    and V(2) > V(1)
    and V(2) >= V(2)
    and sorted([V(2), V(1)], key=functools.cmp_to_key(lambda a, b: a.n - b.n))[0].n == 1
)


@functools.singledispatch
def fun(x):
    return "obj"


@fun.register
def _(x: int):
    return "int"


@fun.register(list)
def _(x):
    return "list"


assert (
    fun(1) == "int"
    and fun([]) == "list"
    and fun("x") == "obj"
    and fun(True) == "int"
    and fun.dispatch(int)(2) == "int"
)


def deco(f):
    @functools.wraps(f)
    def w(*a):
        return f(*a) + 1

    return w


@deco
def base(x):
    "doc"
    return x


assert base(1) == 2 and base.__name__ == "base" and base.__wrapped__(1) == 1 and base.__doc__ == "doc"
assert list(itertools.chain.from_iterable(["ab", "c"])) == ["a", "b", "c"] and list(
    itertools.accumulate([1, 2, 3], operator.mul, initial=10)
) == [10, 10, 20, 60]
assert [(k, list(g)) for k, g in itertools.groupby("aabc")] == [
    ("a", ["a", "a"]),
    ("b", ["b"]),
    ("c", ["c"]),
] and list(itertools.product("ab", repeat=2))[1] == ("a", "b")
a, b = itertools.tee(iter([1, 2, 3]))
assert list(a) == list(b) == [1, 2, 3]
assert list(itertools.combinations_with_replacement("ab", 2)) == [
    ("a", "a"),
    ("a", "b"),
    ("b", "b"),
] and list(itertools.filterfalse(lambda x: x % 2, range(4))) == [0, 2]
assert (
    list(itertools.islice("abcdef", 1, None, 2)) == ["b", "d", "f"]
    and list(itertools.zip_longest("ab", "c", fillvalue="-")) == [("a", "c"), ("b", "-")]
    and next(itertools.count(5, 2)) == 5
)


class M:
    @functools.partialmethod
    def x(self):
        pass

    def set(self, v):
        return v

    on = functools.partialmethod(set, True)


assert M().on() is True
