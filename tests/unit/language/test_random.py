# random: integers of any size, every call returns; the same numbers as CPython's after the same seed.

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


def test_the_same_numbers_after_the_same_seed():
    r = random.Random(42)
    assert [r.random() for _ in range(3)] == [0.6394267984578837, 0.025010755222666936, 0.27502931836911926]
    assert [r.randint(1, 100) for _ in range(6)] == [29, 18, 95, 14, 87, 95]
    assert r.getrandbits(100) == 719941466287131323558231662928
    assert r.sample(range(1000), 5) == [432, 32, 30, 95, 223] and r.sample("abcdefgh", 3) == ["d", "e", "g"]
    assert (
        r.choices("abc", weights=[1, 2, 3], k=6) == ["a", "b", "c", "c", "b", "c"] and r.choice("xyz") == "x"
    )
    letters = list("abcdefgh")
    r.shuffle(letters)
    assert "".join(letters) == "bgaehdfc"
    assert r.randbytes(5) == b"c\xea\x0b\xf5\xc3"
    assert r.sample("ab", 3, counts=[3, 2]) == ["a", "a", "b"]


def test_seeds_of_every_kind():
    firsts = {
        0: 3626764237,
        -1: 577090037,
        2**70: 999817988,
        1.5: 2369807148,
        -0.1: 3908900109,
        "text": 3741588942,
        b"text": 3741588942,
        True: 577090037,
    }
    for seed, first in firsts.items():
        assert random.Random(seed).getrandbits(32) == first, seed
    r = random.Random()
    r.seed("text", version=1)
    assert r.getrandbits(32) == 1397119606
    raises(TypeError, random.Random, [1])


def test_distributions():
    r = random.Random(7)
    found = [
        r.uniform(1, 3), r.triangular(0, 10, 3), r.gauss(0, 1), r.gauss(5, 2), r.normalvariate(1, 2),
        r.lognormvariate(0, 1), r.expovariate(2), r.vonmisesvariate(1, 4), r.gammavariate(2, 3),
        r.gammavariate(0.5, 1), r.gammavariate(1, 2), r.betavariate(2, 3), r.paretovariate(3),
        r.weibullvariate(1, 2),
    ]  # fmt: skip
    expected = [
        1.6476655296663247,
        2.127316435731896,
        -0.2260961647831047,
        4.3698631553376295,
        1.194089545240003,
        0.21450467929615752,
        0.019108351060372442,
        0.6008721827299212,
        5.03342876354445,
        0.021483954857181038,
        1.974677977038821,
        0.6687422346122592,
        1.120729769601027,
        0.394693478317095,
    ]
    for one, other in zip(found, expected):
        assert abs(one - other) <= 1e-12 * abs(other), (one, other)


def test_a_state_is_taken_up_again():
    r = random.Random(3)
    r.gauss(0, 1)
    state = r.getstate()
    ahead = [r.gauss(0, 1), r.random(), r.getrandbits(70)]
    other = random.Random()
    other.setstate(state)
    assert [other.gauss(0, 1), other.random(), other.getrandbits(70)] == ahead
    assert state[0] == 3 and len(state[1]) == 625
    raises(ValueError, other.setstate, (3, (1, 2), None))


class Half(random.Random):
    def random(self):
        return 0.5


def test_a_subclass_with_a_random_of_its_own():
    assert Half().randrange(10) == (1 << 52) % 10 and Half().choice("abcd") == "a"


def test_the_machines_entropy():
    r = random.SystemRandom()
    assert 0 <= r.random() < 1 and 0 <= r.getrandbits(9) < 512 and len(r.randbytes(4)) == 4
    assert sorted(r.sample("abc", 3)) == ["a", "b", "c"]
    raises(NotImplementedError, r.getstate)


def test_wrong_arguments():
    r = random.Random(1)
    for call in ((r.sample, [1], 2), (r.sample, [1], -1), (r.choices, [1], [1, 2]), (r.choices, [1], [0])):
        raises(ValueError, *call)
    raises(IndexError, r.choice, [])
    raises(TypeError, r.sample, {1, 2}, 1)
