# collections: deque, namedtuple and the dictionaries. The same here as on CPython.
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, defaultdict, deque, namedtuple

from support import raises


def test_deque_ends():
    d = deque([1, 2, 3], maxlen=3)
    d.append(4)
    d.appendleft(0)
    assert list(d) == [0, 2, 3] and d.popleft() == 0 and d[-1] == 3 and d.maxlen == 3 and len(d) == 2
    q = deque()
    for i in range(200):
        q.append(i)
        q.appendleft(-i)
    assert [q.pop() for _ in range(3)] == [199, 198, 197] and [q.popleft() for _ in range(3)] == [
        -199,
        -198,
        -197,
    ]
    assert list(q) == list(range(-196, 1)) + list(range(197)) and len(q) == 394
    raises(IndexError, deque().pop)
    raises(IndexError, deque().popleft)
    raises(ValueError, deque, [], -1)
    assert list(deque("abc", 0)) == []


def test_deque_inside():
    d = deque("abcd")
    d.rotate(1)
    assert "".join(d) == "dabc" and d.index("b") == 2 and d.count("a") == 1 and "c" in d
    d.rotate(-2)
    d.insert(1, "x")
    d.remove("c")
    d.reverse()
    assert list(d) == ["a", "d", "x", "b"] and repr(d) == "deque(['a', 'd', 'x', 'b'])"
    d[0] = "z"
    del d[1]
    assert (
        d == deque("zxb")
        and d != deque("zx")
        and deque("ab") < deque("b")
        and list(reversed(d)) == ["b", "x", "z"]
    )
    d.extendleft("12")
    assert list(d) == ["2", "1", "z", "x", "b"] and d.copy() == d and deque("ab") * 2 == deque("abab")
    assert repr(deque([1], 2)) == "deque([1], maxlen=2)" and deque("a") + deque("b") == deque("ab")
    raises(ValueError, d.remove, "?")
    raises(ValueError, d.index, "?")
    raises(IndexError, lambda: d[9])
    raises(IndexError, deque([1], 1).insert, 0, 1)
    d.clear()
    assert not d


def test_a_deque_that_changes_while_it_is_walked():
    d = deque([1, 2])

    def walk():
        for x in d:
            d.append(x)

    raises(RuntimeError, walk)


def test_fields_are_attributes_of_the_class():
    P = namedtuple("P", "a b", defaults=[5])
    P.__doc__ = "a pair"
    P.a.__doc__ = "the first"
    assert P.__doc__ == "a pair" and P.a.__doc__ == "the first"
    assert P.b.__doc__ == "Alias for field number 1"
    raises(AttributeError, setattr, P(1), "a", 2)

    class Q(P):
        @property
        def c(self):
            return self.a + self.b

    assert Q(1).c == 6 and Q._make((1, 2)).c == 3 and type(Q(1)._replace(a=2)) is Q
    assert repr(Q(1)) == "Q(a=1, b=5)"


def test_namedtuple():
    Point = namedtuple("Point", "x, y")
    p = Point(1, y=2)
    assert (
        p == (1, 2) and p.x + p[1] == 3 and p._asdict() == {"x": 1, "y": 2} and repr(p) == "Point(x=1, y=2)"
    )
    assert (
        p._replace(x=5) == (5, 2) and Point._fields == p._fields == ("x", "y") and Point._make([3, 4]).y == 4
    )
    assert type(p._replace(y=1)) is Point and isinstance(p, tuple) and Point._field_defaults == {}
    raises(TypeError, Point, 1)
    raises(ValueError, lambda: p._replace(z=1))
    raises(TypeError, Point._make, [1])
    Named = namedtuple("Named", ["a", "b", "c"], defaults=[2, 3])
    assert Named(1) == (1, 2, 3) == Named(a=1) and Named(1, c=4) == (1, 2, 4)
    assert Named._field_defaults == {"b": 2, "c": 3} and repr(Named(1)) == "Named(a=1, b=2, c=3)"
    for wrong in ("a a", "_a", "1a", "a-b"):
        raises(ValueError, namedtuple, "N", wrong)
    assert namedtuple("N", "a _b a", rename=True)._fields == ("a", "_1", "_2")


def test_defaultdict():
    d = defaultdict(list)
    d["a"].append(1)
    assert d == {"a": [1]} and "b" not in d and d.get("b") is None and d.default_factory is list
    assert repr(defaultdict(int, {"a": 1})) == "defaultdict(<class 'int'>, {'a': 1})"
    assert type(d.copy()) is defaultdict and d.copy()["c"] == []
    raises(KeyError, lambda: defaultdict()["a"])
    raises(TypeError, defaultdict, 1)


def test_ordered_dict():
    d = OrderedDict(a=1)
    d["b"] = 2
    d["c"] = 3
    d.move_to_end("a")
    d.move_to_end("c", last=False)
    assert list(d) == ["c", "b", "a"] and d.popitem(last=False) == ("c", 3) and d.popitem() == ("a", 1)
    assert OrderedDict(a=1, b=2) == {"b": 2, "a": 1} and OrderedDict([(1, 1), (2, 2)]) != OrderedDict(
        [(2, 2), (1, 1)]
    )
    assert OrderedDict.fromkeys("ab", 0) == {"a": 0, "b": 0} and list(
        reversed(OrderedDict.fromkeys("ab"))
    ) == ["b", "a"]
    raises(KeyError, OrderedDict().popitem)
    raises(KeyError, d.move_to_end, "z")


def test_counter():
    c = Counter("abca", d=2)
    assert c["a"] == 2 and c["z"] == 0 and c.most_common(2) == [("a", 2), ("d", 2)] and c.total() == 6
    assert sorted(c.elements()) == ["a", "a", "b", "c", "d", "d"]
    c.subtract("aaab")
    assert c["a"] == -1 and +c == Counter(c=1, d=2) and -c == Counter(a=1)
    c.update({"a": 5})
    assert (
        c["a"] == 4
        and Counter("ab") + Counter("b") == {"a": 1, "b": 2}
        and Counter("ab") - Counter("b") == {"a": 1}
    )
    assert Counter("aab") & Counter("ab") == {"a": 1, "b": 1} and Counter("aa") | Counter("b") == {
        "a": 2,
        "b": 1,
    }
    assert repr(Counter("bba")) == "Counter({'b': 2, 'a': 1})" and Counter("a") <= Counter("ab")
    del c["nothing"]


def test_chain_map_and_user_classes():
    m = ChainMap({"a": 1}, {"a": 2, "b": 3})
    assert m["a"] == 1 and m["b"] == 3 and len(m) == 2 and dict(m) == {"a": 1, "b": 3} and m.get("z", 0) == 0
    child = m.new_child({"b": 9})
    child["c"] = 4
    assert child["b"] == 9 and m["b"] == 3 and child.parents == m and "c" not in m
    raises(KeyError, lambda: m["z"])

    class Upper(UserDict):
        def __setitem__(self, key, value):
            super().__setitem__(key.upper(), value)

    u = Upper(a=1)
    u.update(b=2)
    assert u.data == {"A": 1, "B": 2} and u.pop("A") == 1 and len(u) == 1
    numbers = UserList([3, 1])
    numbers.append(2)
    numbers.sort()
    assert numbers == [1, 2, 3] and isinstance(numbers[:2], UserList)
