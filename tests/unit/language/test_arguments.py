# Arguments of built-in functions and methods: what they refuse and what they take, as CPython.

import random
import struct
import sys

from support import raises


class Index:
    """An index that changes the sequence when it is asked."""

    def __init__(self, number, sequence):
        self.number, self.sequence = number, sequence

    def __index__(self):
        self.sequence[:] = self.sequence[:1]
        return self.number


def test_an_index_has_any_size():
    huge = 10**30
    for each in ([1, 2], (1, 2), "ab", "ü€", b"ab", bytearray(b"ab"), range(2)):
        raises(IndexError, lambda each=each: each[huge])
        raises(IndexError, lambda each=each: each[-huge])
    for each in ([1, 2], (1, 2), "ab", "ü€", b"ab", bytearray(b"ab")):
        assert each[-huge:huge] == each and each[huge:] == each[:0] and each[::huge] == each[:1]
    items = [1, 2]
    items.insert(0, 0)
    assert items == [0, 1, 2] and items.index(2, -huge, huge) == 2
    raises(TypeError, [].pop, "a")


def test_an_index_from_c_is_a_number():
    """What C makes of a machine's word is no small integer, whatever its value."""
    number = struct.unpack("<Q", bytes([2, 0, 0, 0, 0, 0, 0, 0]))[0]
    items = [0, 1, 2, 3]
    assert items[number] == 2 and items[number:] == [2, 3] and (0, 1, 2)[number] == 2 and b"abc"[number] == 99
    assert items.pop(number) == 2 and "abc"[:number] == "ab" and list(range(9)[::number]) == [0, 2, 4, 6, 8]
    assert random.choice([7, 7]) == 7


def test_an_index_that_changes_the_sequence():
    for make in (list, bytearray):
        items = make(bytes(1000))
        raises(IndexError, items.__getitem__, Index(900, items))
        items[:] = bytes(1000)
        assert len(items[Index(900, items) :]) == 0
        items[:] = bytes(1000)
        raises(IndexError, items.__setitem__, Index(900, items), 1)
        items[:] = bytes(1000)
        items[Index(900, items) : 950] = make(b"ab")
        assert len(items) == 3


def test_an_element_that_changes_the_list():
    class Clears:
        def __eq__(self, other):
            items.clear()
            return False

    items = [Clears() for _ in range(1000)]
    assert items.count(1) == 0
    items = [Clears() for _ in range(1000)]
    raises(ValueError, items.index, 1)


def test_types_are_checked():
    raises(TypeError, b"ab".endswith, "b")
    raises(TypeError, "ab".startswith, b"a")
    raises(TypeError, lambda: "a" in b"ab")
    raises(TypeError, "".removeprefix, 1)
    raises(TypeError, sum, ["a"], "")
    raises(TypeError, b"ab".translate, {97: 98})
    raises(TypeError, set().difference, ([],))
    raises(TypeError, lambda: {} | "ab")
    raises(TypeError, "%s".__mod__, ())
    raises(ValueError, int, "1", 37)
    raises(ValueError, b"ab".index, 256)
    raises(OverflowError, (-7).to_bytes, 4, "big")
    assert not hasattr(b"", "format") and not hasattr(1, "is_integer")


def test_bool_is_a_number():
    assert round(True, 1) == 1 and str(round(True, 1)) == "1" and str(True.conjugate()) == "1"
    assert bytearray(True) == bytearray(1) and b"\x01".index(True) == 0
    assert True.to_bytes(2, "little", signed=True) == b"\x01\x00"


class Number(int):
    pass


class Text(str):
    def __call__(self):
        return 1


class Other:
    def __complex__(self):
        return 1j

    def __float__(self):
        return 2.0

    def __index__(self):
        return 5

    def __rdivmod__(self, other):
        return other, self


def test_methods_of_operands():
    other = Other()
    assert complex(other) == 1j and bin(other) == "0b101" and divmod(1, other) == (1, other)
    raises(TypeError, len, Number())
    assert Text()() == 1
    raises(TypeError, lambda: (type("Plain", (str,), {})())(1))
    for mapping in ([1], b"x", range(3)):
        assert "ab".__mod__(mapping) == "ab"
    raises(TypeError, b"ab".__mod__, b"x")
    called = []
    assert sorted([1], key=called.append) == [1] and called == [1]
    parts = bytearray(b"xyz").rpartition(b"q")
    assert [type(each) for each in parts] == [bytearray] * 3 and b"".__len__() == 0


def test_plain_objects_show_their_address():
    assert repr(zip([])).startswith("<zip object at 0x")

    def function():
        yield

    function.__qualname__ = "a.b"
    assert repr(function).startswith("<function a.b at 0x")


def test_large_results_end():
    if sys.implementation.name == "micropython":  # CPython takes its time
        ten = 10
        raises((OverflowError, MemoryError), lambda: ten**ten**8)
        raises((OverflowError, MemoryError), lambda: 10**10**8)  # not in the compiler
        raises((OverflowError, MemoryError), lambda: pow(3, 1 << 10**7, (1 << 10**6) + 1))
    assert (1 << 62) * () == () and [] * (1 << 62) == [] and {}.pop([], 1) == 1
