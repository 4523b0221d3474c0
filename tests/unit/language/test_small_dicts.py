"""Small dictionaries with keys of all kinds; those with plain keys only have no hash table (port/patches)."""

KEYS = [1, "a", 0, "one", -1, 2, 1 << 40, "b" * 3, True, 1.0, 2.5, None, (1,), 1 << 80, 3, 4, 5, 6, 7]


class Equal:
    """Equal to one other object, with its hash."""

    def __init__(self, to):
        self.to = to

    def __hash__(self):
        return hash(self.to)

    def __eq__(self, other):
        return self.to == other


def position(pairs, key):
    """Behave as a dictionary, without one."""
    for i, (each, _) in enumerate(pairs):
        if each == key:
            return i
    return -1


def test_mixed_keys_in_every_size():
    for size in range(len(KEYS) + 1):
        for first in range(0, len(KEYS), 3):
            made, pairs = {}, []
            for key in (KEYS[first:] + KEYS[:first])[:size]:
                at = position(pairs, key)
                if at < 0:
                    pairs.append((key, len(pairs)))
                    made[key] = pairs[-1][1]
                else:
                    assert made[key] == pairs[at][1]
            assert list(made.items()) == pairs
            for key in KEYS:
                at = position(pairs, key)
                assert (key in made) == (at >= 0), (key, made)
                assert made.get(key, -1) == (pairs[at][1] if at >= 0 else -1)
            while pairs:
                middle = len(pairs) // 2
                key, value = pairs.pop(middle)
                assert made.pop(key) == value
                assert list(made.items()) == pairs
            assert made == {}


def test_objects_that_are_equal_to_small_integers():
    for others in ({}, {"a": 1}, {5: 6, "a": 1}):
        made = {1: "one"}
        for key, value in others.items():
            made[str(key)] = value
        made[2] = "two"
        assert made[Equal(1)] == "one"
        assert made[True] == made[1.0] == "one"
        assert made[2.0] == "two"
        assert Equal(3) not in made and 1.5 not in made and False not in made
        made[Equal(2)] = "second"
        assert made[2] == "second" and len(made) == 2 + len(others)


def test_a_key_may_change_the_dictionary_that_is_searched():
    made = {1: "one", 2: "two"}

    class Changing:
        def __hash__(self):
            return hash(1)

        def __eq__(self, other):
            made.clear()
            made[3] = "three"
            return False

    assert made.get(Changing()) is None
    assert made == {3: "three"}


def test_unhashable_keys():
    for made in ({}, {1: 2}, {"a": 1}, {(): 1}):
        for act in (made.get, made.__getitem__, made.setdefault):
            try:
                act([])
            except TypeError:
                pass
            else:
                raise AssertionError("no TypeError")


def test_names_then_other_keys():
    """A dictionary of names keeps no hashes, until it gets a key that is none."""
    names = ["name%d" % n for n in range(40)]
    found = {}
    for name in names:
        setattr(_Object, name, None)  # interns it
        found[name] = name
    for name in names[::3]:
        del found[name]
    found["".join(["na", "me0"])] = "again"
    found[5] = "five"
    found[(1, 2)] = "pair"
    assert found["name0"] == "again" and found[5] == "five" and found[1, 2] == "pair"
    left = [name for name in names if name not in names[::3]]
    assert list(found) == left + ["name0", 5, (1, 2)]
    assert [found["".join([each[:4], each[4:]])] for each in left] == left


class _Object:
    def __init__(self, count):
        for n in range(count):
            setattr(self, "name%d" % n, n)


def test_objects_with_many_attributes():
    """What __init__() made is trimmed; more can be added, removed and found."""
    for count in (3, 8, 9, 12, 40, 97, 300):
        made = _Object(count)
        assert [getattr(made, "name%d" % n) for n in range(count)] == list(range(count))
        made.more = 1
        del made.name0
        made.name0 = "last"
        made.__dict__["added"] = 2
        assert list(made.__dict__)[-3:] == ["more", "name0", "added"] and made.added == 2
        assert len(made.__dict__) == count + 2
