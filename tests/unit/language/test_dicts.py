# Dictionaries and sets as CPython has them: order, removal, iteration, keys with code of their own.

from support import raises


def keywords(**given):
    return list(given)


def test_literals_keep_the_order_of_insertion():
    assert list({"z": 1, "a": 2, "m": 3, "k": 4}) == ["z", "a", "m", "k"]
    assert list({3: 0, 1: 0, 2: 0, "x": 0}) == [3, 1, 2, "x"]


def test_keywords_and_attributes_do():
    class Thing:
        pass

    thing = Thing()
    letters = "zyxwvutsrqponmlkjihgfedcba"
    for letter in letters:
        setattr(thing, letter, 1)
    assert "".join(thing.__dict__) == letters
    assert keywords(z=1, y=2, a=3, b=4) == ["z", "y", "a", "b"]


def test_order_survives_growth_and_removal():
    for size in (1, 2, 8, 9, 50, 192, 193, 1000):
        keys = [number * 7919 % 10007 for number in range(size)]
        table = {key: -key for key in keys}
        assert list(table) == keys and [table[key] for key in keys] == [-key for key in keys]
        for key in keys[::3]:
            del table[key]
        kept = [key for at, key in enumerate(keys) if at % 3]
        assert list(table) == kept and len(table) == len(kept)
        for key in keys[::3]:
            table[key] = 0
        assert list(table) == kept + keys[::3]
        assert list(table.copy()) == list(table) and table.copy() == table


def test_a_value_that_is_replaced_keeps_its_place():
    table = {"a": 1, "b": 2}
    table["a"] = 3
    assert list(table.items()) == [("a", 3), ("b", 2)]


def test_popitem_takes_the_last():
    table = {number: str(number) for number in range(100)}
    assert [table.popitem()[0] for _ in range(100)] == list(range(99, -1, -1)) and table == {}
    raises(KeyError, table.popitem)


def test_many_removals_at_either_end_leave_room():
    table = {}
    for number in range(2000):
        table[number] = number
        if number >= 5:
            del table[number - 5]
        table[-1] = 0
        table.popitem()
    assert list(table) == list(range(1995, 2000))


def test_keys_of_all_kinds():
    table = {1: "int", "1": "str", (1,): "tuple", b"1": "bytes", None: "none"}
    table[1.0] = "float"
    table[True] = "bool"
    assert table[1] == "bool" and len(table) == 5
    assert table["".join(["1"])] == "str" and "2" not in table


def test_an_unhashable_key_is_a_type_error():
    for table in ({}, {"a": 1}, {1: 1}):
        raises(TypeError, table.__getitem__, [])
        raises(TypeError, table.get, [])


def test_equal_is_asked_for_equal_hashes_only():
    asked = []

    class Key:
        def __init__(self, value):
            self.value = value

        def __hash__(self):
            return self.value

        def __eq__(self, other):
            asked.append(self.value)
            return self.value == other.value

    table = {Key(number): number for number in range(20)}
    assert not asked and table[Key(7)] == 7 and len(asked) == 1


def test_keys_that_change_the_dictionary_they_are_looked_up_in():
    class Key:
        def __hash__(self):
            return 5

        def __eq__(self, other):
            table.clear()
            collection.clear()
            return False

    table, collection = {}, set()
    for number in range(30):
        table[Key()] = number
        collection.add(Key())
    assert len(table) <= 2 and len(collection) <= 2


def test_growing_while_iterating_is_an_error():
    def grow(table):
        for key in table:
            table[key + 100] = 1

    raises(RuntimeError, lambda: grow({1: 1, 2: 2}))

    def grow_set(collection):
        for key in collection:
            collection.add(key + 100)

    raises(RuntimeError, lambda: grow_set({1, 2}))
    table = {1: 1, 2: 2}
    for key in table:
        table[key] = 5  # a new value is no change of size
    assert table == {1: 5, 2: 5}


def test_sets_of_any_size():
    for size in (0, 1, 11, 12, 13, 17, 100, 1000):
        numbers = set(range(size))
        assert len(numbers) == size and all([number in numbers for number in range(size)])
        assert size not in numbers and numbers.copy() == numbers
        for number in range(size):
            numbers.remove(number)
        assert not numbers
    work = set()
    for number in range(1000):
        work.add(number)
        work.discard(number - 3)
    assert sorted(work) == [997, 998, 999]


class Letters:
    def keys(self):
        return iter("ab")

    def __getitem__(self, key):
        return key * 2


def test_made_of_any_mapping():
    class Own(dict):
        pass

    assert dict(Own(a=1)) == {"a": 1} and dict(Letters()) == {"a": "aa", "b": "bb"}
    found = {"z": 0}
    found.update(Letters(), c=3)
    assert list(found.items()) == [("z", 0), ("a", "aa"), ("b", "bb"), ("c", 3)]
    assert dict([("a", 1)]) == {"a": 1} and dict({"a": 1}, b=2) == {"a": 1, "b": 2}
