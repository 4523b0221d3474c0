# Methods of built-in types and builtin functions that MicroPython lacks.

from support import raises


class Text(str):
    pass


def test_text():
    assert (
        "abc".removeprefix("a") == "bc"
        and "abc".removesuffix("bc") == "a"
        and Text("ab").removeprefix("a") == "b"
    )
    assert (
        "a".ljust(3) == "a  "
        and b"a".rjust(3) == b"  a"
        and "-5".zfill(4) == "-005"
        and "a\tb".expandtabs(4) == "a   b"
    )
    assert "ab cd".title() == "Ab Cd" and "aB".swapcase() == "Ab" and "aBC".capitalize() == "Abc"
    assert "ab1".isalnum() and not "a b".isalnum() and "a_1".isidentifier() and not "1a".isidentifier()
    assert (
        str.maketrans("ab", "xy", "z") == {97: 120, 98: 121, 122: None}
        and "abz".translate({97: "xx", 122: None}) == "xxb"
    )
    assert b"abc".translate(None, b"b") == b"ac" and b"ab".translate(bytes.maketrans(b"a", b"x")) == b"xb"


def test_bytearray():
    data = bytearray(b"abc")
    assert data.pop() == 99 and data.pop(0) == 97
    data.insert(0, 1)
    data.remove(98)
    raises(ValueError, data.remove, 98)
    data.extend(b"xy")
    data.reverse()
    assert data == b"yx\x01" and data.copy() == data
    data.clear()
    assert data == b""


def test_numbers():
    assert (
        isinstance(True, int) and True.bit_length() == 1 and (255).bit_length() == 8 and (7).bit_count() == 3
    )
    assert (
        (1.5).is_integer() is False
        and (2.0).is_integer()
        and (0.75).as_integer_ratio() == (3, 4)
        and (5).real == 5
    )
    assert pow(3, -1, 7) == 5 and pow(2, -3, 7) == 1 and pow(2, 10) == 1024 and pow(2, 10, 7) == 2
    raises(ValueError, pow, 2, -1, 4)


def test_functions():
    assert sum([1], start=5) == 6 and sum([[1], [2]], []) == [1, 2]
    rest = [1, 2, 0, 3]
    assert list(iter(lambda: rest.pop(0), 0)) == [1, 2] and rest == [3]
    assert ascii("\xe9\u20ac") == "'\\xe9\\u20ac'"


def test_memoryview():
    with memoryview(bytearray(b"abc")) as view:
        assert (
            view.tobytes() == b"abc"
            and view.tolist() == [97, 98, 99]
            and view.nbytes == 3
            and not view.readonly
        )
    assert memoryview(b"abc").readonly
