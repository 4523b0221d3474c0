# Containers that a program changes while an operation works on them: it ends by a result or an error.

from array import array

from support import raises


class Acts:
    """Calls a function whenever it is compared, asked for a number or for a hash."""

    def __init__(self, act, value=1):
        self.act = act
        self.value = value

    def __eq__(self, other):
        self.act()
        return False

    def __lt__(self, other):
        self.act()
        return False

    def __hash__(self):
        return self.value

    def __index__(self):
        self.act()
        return self.value

    def __float__(self):
        self.act()
        return 1.5


def attempt(call, *args):
    try:
        call(*args)
    except (IndexError, KeyError, ValueError, RuntimeError):
        pass


def acting(items):
    """`items`, filled with fifty objects that empty it when they are compared."""
    items.extend([Acts(items.clear) for _ in range(50)])
    return items


def emptied(call, make=list):
    items = make(range(50))
    attempt(call, items, lambda value: Acts(items.clear, value))
    return len(items)


def store(items, index, value):
    items[index] = value


def delete(items, index):
    del items[index]


def test_searches_of_lists():
    raises(ValueError, acting([]).index, 7)
    assert acting([]).count(7) == 0
    assert 7 not in acting([])
    raises(ValueError, acting([]).remove, 7)
    assert acting([]) != [7] * 50
    attempt(lambda: acting([]) < [7] * 50)
    attempt(acting([]).sort)


def test_indices_of_lists():
    assert emptied(lambda items, at: items[at(40)]) == 0
    assert emptied(lambda items, at: items[at(10) : 40]) == 0
    assert emptied(lambda items, at: items.index(3, at(0))) == 0
    assert emptied(lambda items, at: items.pop(at(40))) == 0
    assert emptied(lambda items, at: store(items, at(40), 1)) == 0
    assert emptied(lambda items, at: store(items, slice(at(10), 40), [1] * 9)) in (0, 9)
    assert emptied(lambda items, at: store(items, slice(0, at(40), 2), [1] * 20)) == 0
    assert emptied(lambda items, at: delete(items, slice(at(10), 40))) == 0
    assert emptied(lambda items, at: delete(items, slice(10, at(40), 2))) == 0


def test_indices_of_bytearrays():
    assert emptied(lambda items, at: items[at(40)], bytearray) == 0
    assert emptied(lambda items, at: items[at(10) : 40], bytearray) == 0
    assert emptied(lambda items, at: store(items, at(40), 1), bytearray) == 0
    assert emptied(lambda items, at: store(items, 40, at(1)), bytearray) == 0
    assert emptied(lambda items, at: delete(items, slice(10, at(40))), bytearray) in (0, 20)


def test_items_of_arrays():
    numbers = array("d", range(50))

    def shorten():
        while numbers:
            numbers.pop()

    attempt(store, numbers, 40, Acts(shorten))
    assert not numbers
    numbers.extend(array("d", range(50)))
    attempt(lambda: numbers[Acts(shorten, 40)])
    assert not numbers


def test_memoryviews_released_by_an_index():
    def released(call):
        view = memoryview(bytearray(b"\xff" * 64))
        raises(ValueError, call, view, Acts(view.release, 4))

    released(lambda view, at: view[at])
    released(lambda view, at: store(view, at, 1))
    released(lambda view, at: store(view, 0, at))
    released(lambda view, at: store(view, slice(at, 8), b"1234"))
    released(lambda view, at: store(view.cast("I"), at, 1) or view[0])


def test_arguments():
    def collect(*args, **names):
        return len(args) + len(names)

    class Lengthens:
        def __init__(self, act):
            self.act = act

        def __iter__(self):
            self.act()
            return iter(())

    more = {}
    assert collect(*Lengthens(lambda: more.update({str(i): i for i in range(200)})), **more) in (0, 200)
    items = [1]
    assert collect(*Lengthens(lambda: items.extend(range(500))), *items) == 501

    class Mapping:
        def __init__(self, n):
            self.n = n

        def keys(self):
            return [str(i) for i in range(self.n)]

        def __getitem__(self, key):
            return key

    for n in range(40):
        assert collect(**Mapping(n), x=1, y=2, z=3) == n + 3
