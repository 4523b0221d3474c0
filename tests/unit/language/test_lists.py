# Lists: slices are assigned and deleted. The same here as on CPython.
from support import raises


def test_a_slice_takes_any_iterable():
    items = [1, 2, 3]
    items[1:2] = map(str, (5, 6))
    assert items == [1, "5", "6", 3]
    items[:0] = "ab"
    items[len(items) :] = (n for n in (7, 8))
    assert items == ["a", "b", 1, "5", "6", 3, 7, 8]
    items[2:4] = items
    assert len(items) == 14 and items[2:4] == ["a", "b"]
    raises(TypeError, replace_all, items, 5)


def replace_all(items, value):
    items[:] = value


def test_a_slice_with_a_step():
    for first, last, step in (
        (None, None, 2), (1, None, 3), (None, None, -1), (8, 2, -2), (-1, -20, -4), (5, 5, 2), (2, 9, 100),
    ):  # fmt: skip
        expected = list(range(10))
        places = range(10)[first:last:step]
        items = list(range(10))
        items[first:last:step] = [-n for n in places]
        for n in places:
            expected[n] = -n
        assert items == expected, (first, last, step)
        items = list(range(10))
        del items[first:last:step]
        assert items == [n for n in range(10) if n not in places], (first, last, step)


def assign(items):
    items[::2] = [1]


def test_a_slice_with_a_step_keeps_the_length():
    error = raises(ValueError, assign, [1, 2, 3])
    assert str(error) == "attempt to assign sequence of size 1 to extended slice of size 2"
