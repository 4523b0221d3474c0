# super() and __new__() in subclasses of built-in types: the same on CPython and in an image.

from collections import namedtuple

from support import raises


def test_value_types_take_their_value_in_new():
    for base, value in ((int, 80), (str, "eighty"), (bytes, b"80"), (float, 1.5), (tuple, (1, 2))):

        class Port(base):
            def __new__(cls, value):
                return super().__new__(cls, value)

        assert Port(value) == value
        assert isinstance(Port(value), base)
        assert type(Port(value)) is Port


def test_init_alone_leaves_the_value():
    class Port(int):
        def __init__(self, value):
            self.name = "port"

    port = Port(80)
    assert port == 80
    assert port < 90
    assert -port == -80
    assert port * 2 == 160
    assert port.name == "port"


def test_new_of_the_types_themselves():
    assert int.__new__(int, 5) == 5
    assert str.__new__(str, "x") == "x"
    assert tuple.__new__(tuple, [1, 2]) == (1, 2)
    assert raises(TypeError, int.__new__, 5)


def test_containers_begin_empty_and_are_filled():
    class Stack(list):
        def __new__(cls, *args):
            return super().__new__(cls)

    class Headers(dict):
        def __init__(self, *args, **more):
            self.update(*args, **more)

    class Filled(list):
        def __init__(self):
            self.append(1)
            self.extend((2, 3))

    assert Stack([1, 2]) == [1, 2]
    assert Headers(a=1)["a"] == 1
    assert Filled() == [1, 2, 3]


def test_exceptions_have_their_arguments_before_init():
    class Failed(Exception):
        def __new__(cls, *args):
            return super().__new__(cls, *args)

    class Coded(Exception):
        def __init__(self, code, text):
            assert self.args == (code, text)
            self.code = code

    assert Failed(1).args == (1,)
    assert Coded(7, "x").code == 7
    assert Coded(7, "x").args == (7, "x")


def test_named_tuples():
    class Point(namedtuple("Point", "x y")):
        __slots__ = ()

        def __new__(cls, x, y=5):
            return super().__new__(cls, x, y)

    assert Point(1) == (1, 5)
    assert Point(1).y == 5


def test_super_in_class_methods():
    class Failed(Exception):
        @classmethod
        def make(cls):
            return super().nothing

    class Keys(dict):
        @classmethod
        def make(cls):
            return super().fromkeys("ab")

    raises(AttributeError, Failed.make)
    assert sorted(Keys.make()) == ["a", "b"]


def test_super_of_another_object():
    class Base:
        def name(self):
            return "base"

    class Derived(Base):
        def name(self):
            return super().name()

    assert Derived.name(Derived()) == "base"
    for other in (5, "x", [], Base()):
        raises(TypeError, Derived.name, other)
        raises(TypeError, super, Derived, other)
    raises(TypeError, super, (Base, Derived), Derived())
