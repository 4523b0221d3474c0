"""Unpacking in displays, returns, yields and subscripts (PEP 448, PEP 646)."""

a, b = [1, 2], {"x": 1}
order = []


def note(value):
    order.append(value)
    return value


assert [*a, 3, *"xy"] == [1, 2, 3, "x", "y"]
assert (*a,) == (1, 2) and (0, *a) == (0, 1, 2)
assert {*a, 2, *range(4)} == {0, 1, 2, 3}
assert {**b, "y": 2, **{"x": 3}} == {"x": 3, "y": 2}
assert {"x": 0, **b} == {"x": 1}
assert list({"z": 1, **{"a": 2}, "m": 3}) == ["z", "a", "m"]
assert [*()] == [] and {**{}} == {} and (*[],) == ()
assert [note(1), *note([2]), note(3)] == [1, 2, 3] and order == [1, [2], 3]
assert [[*a, 0], *[[*a]]] == [[1, 2, 0], [1, 2]]


def returns():
    return 0, *a


def yields():
    received = yield 0, *a
    yield received


assert returns() == (0, 1, 2)
generator = yields()
assert next(generator) == (0, 1, 2) and generator.send(*a[:1]) == 1

found = []
for each in *a, 3:
    found.append(each)
assert found == [1, 2, 3]


class Item:
    def __getitem__(self, key):
        return key


assert Item()[0, *a] == (0, 1, 2)
assert Item()[1:2, 3] == (slice(1, 2), 3) if hasattr(slice, "__eq__") else True

first, *middle, last = [*a, 3, 4]
assert (first, middle, last) == (1, [2, 3], 4)
(p, *q), r = [1, 2, 3], 4
assert (p, q, r) == (1, [2, 3], 4)
*init, end = "abc"
assert init == ["a", "b"] and end == "c"


def call(*args, **kwargs):
    return args, kwargs


assert call(*a, 3, *[4], k=1, **b, **{"y": 2}) == ((1, 2, 3, 4), {"k": 1, "x": 1, "y": 2})
assert call(*[*a, *a]) == ((1, 2, 1, 2), {})

for wrong in (lambda: [*1], lambda: {**[1]}, lambda: (*None,)):
    try:
        wrong()
    except TypeError:
        pass
    else:
        raise AssertionError("unpacked what cannot be")
