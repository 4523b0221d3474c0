# File numbers (mkernel/files.py).

from mkernel import files
from support import raises


class Description:
    users = 0
    closed = False

    def close(self):
        self.closed = True


def test_the_lowest_free_number_is_taken():
    first, others = Description(), [Description() for _ in range(3)]
    numbers = [files.take(each) for each in [first] + others]
    assert numbers[0] >= 3 and numbers == sorted(numbers)
    assert files.find(numbers[1]) is others[0]
    files.close(numbers[2])
    files.close(numbers[1])
    assert others[0].closed and others[1].closed and not first.closed
    assert files.take(others[0]) == numbers[1] and files.take(others[1]) == numbers[2]
    for number in numbers:
        files.close(number)


def test_a_description_ends_with_its_last_number():
    description = Description()
    one, two = files.take(description), files.take(description)
    files.close(one)
    assert not description.closed and files.find(two) is description
    files.close(two)
    assert description.closed


def test_numbers_of_nothing():
    for number in (-1, 0, 2, 1 << 40):
        assert raises(OSError, files.find, number).errno == 9
        assert raises(OSError, files.close, number).errno == 9
    raises(TypeError, files.find, "3")
