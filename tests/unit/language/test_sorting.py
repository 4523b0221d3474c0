# list.sort() and sorted(): stable, the key asked once, safe against what keys and comparisons do.

from support import raises

SIZES = (0, 1, 2, 7, 8, 9, 15, 16, 17, 33, 100, 1000)


def test_numbers_and_strings_of_any_length():
    for size in SIZES:
        numbers = [number * 7919 % size for number in range(size)]
        assert sorted(numbers) == list(range(size))
        numbers.sort(reverse=True)
        assert numbers == list(range(size))[::-1]
        texts = [str(number) for number in range(size)]
        texts.sort(key=int)
        assert texts == [str(number) for number in range(size)]


def test_equal_elements_keep_their_order():
    pairs = [(number % 3, number) for number in range(200)]
    assert sorted(pairs, key=lambda pair: pair[0]) == sorted(pairs)
    backwards = [(rest, number) for rest in (2, 1, 0) for number in range(200) if number % 3 == rest]
    assert sorted(pairs, key=lambda pair: pair[0], reverse=True) == backwards


def test_the_key_is_asked_once_and_sees_an_empty_list():
    asked = []
    numbers = [3, 1, 2]

    def key(number):
        asked.append((number, len(numbers)))
        return number

    numbers.sort(key=key)
    assert numbers == [1, 2, 3] and asked == [(3, 0), (1, 0), (2, 0)]


def test_a_list_that_its_key_changes():
    numbers = [2, 1]
    raises(ValueError, lambda: numbers.sort(key=lambda number: numbers.append(5) or number))
    assert numbers == [1, 2]


def test_an_error_loses_nothing():
    mixed = [3, "a", 1]
    raises(TypeError, mixed.sort)
    assert sorted(mixed, key=str) == [1, 3, "a"]
