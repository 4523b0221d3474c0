# random takes integers of any size, as CPython's: every call returns.

import random

from support import raises


def test_getrandbits_of_any_size():
    assert random.getrandbits(0) == 0
    for bits in (1, 31, 32, 33, 62, 63, 64, 65, 100, 1000):
        numbers = [random.getrandbits(bits) for _ in range(60)]
        assert all(0 <= n < 1 << bits for n in numbers)
        assert any(n >> bits - 1 for n in numbers), bits
    raises(ValueError, random.getrandbits, -1)


def test_ranges_of_any_size():
    for low, high in (
        (0, 2**32 - 1),
        (-(2**31), 2**31),
        (0, 2**64),
        (2**70, 2**70 + 3),
        (-(2**100), 2**100),
        (5, 5),
    ):
        numbers = [random.randint(low, high) for _ in range(40)]
        assert all(low <= n <= high for n in numbers)
        assert high == low or len(set(numbers)) > 1
    assert max([random.randrange(2**32) for _ in range(60)]) > 2**30
    assert max([random.randrange(2**80) for _ in range(60)]) > 2**78


def test_all_of_a_small_range_is_reached():
    assert {random.randint(1, 3) for _ in range(200)} == {1, 2, 3}
    assert {random.randrange(3) for _ in range(200)} == {0, 1, 2}
    assert {random.randrange(10, 0, -3) for _ in range(200)} == {10, 7, 4, 1}
    assert {random.randrange(0, 10, 4) for _ in range(200)} == {0, 4, 8}


def test_nothing_to_choose_from():
    for call in ((0,), (-1,), (5, 5), (5, 4), (2**70, 2**69), (0, 10, -1)):
        raises(ValueError, random.randrange, *call)
    raises(ValueError, random.randint, 1, 0)
    raises(ValueError, random.randrange, 0, 5, 0)
