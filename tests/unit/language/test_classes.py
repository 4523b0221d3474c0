# Classes as CPython has them: the order of classes, super(), metaclasses, descriptors, special methods.

from support import raises


class Base:
    def text(self):
        return "Base"


class Left(Base):
    def text(self):
        return "Left " + super().text()


class Right(Base):
    def text(self):
        return "Right " + super().text()


class Both(Left, Right):
    def text(self):
        return "Both " + super().text()


def test_super_goes_along_the_order_of_the_objects_class():
    assert Both().text() == "Both Left Right Base"
    assert Both.__mro__ == (Both, Left, Right, Base, object) and Both.__bases__ == (Left, Right)
    assert Both.__base__ is Left and Both.mro()[1] is Left
    assert super(Left, Both()).text() == "Right Base"


def test_an_order_that_contradicts_itself_is_refused():
    raises(TypeError, lambda: type("Wrong", (Base, Left), {}))
    raises(TypeError, lambda: type("Twice", (Base, Base), {}))


class Plugin:
    names = []

    def __init_subclass__(cls, tag=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.names.append((cls.__name__, tag))

    def __class_getitem__(cls, key):
        return cls, key


class First(Plugin, tag=5):
    pass


class Second(First):
    pass


def test_hooks_of_class_creation():
    assert Plugin.names == [("First", 5), ("Second", None)]
    assert Second[3] == (Second, 3)
    raises(TypeError, lambda: type("Wrong", (Plugin,), {}, other=1))


class Named:
    def __set_name__(self, owner, name):
        self.owner, self.name = owner, name

    def __get__(self, instance, owner=None):
        return self if instance is None else (self.name, owner)


class Owner:
    field = Named()


def test_descriptors_know_their_name_and_class():
    assert Owner.__dict__["field"].owner is Owner
    assert Owner.field.name == "field" and Owner().field == ("field", Owner)


class Meta(type):
    @classmethod
    def __prepare__(cls, name, bases, **kwargs):
        return {"prepared": 5}

    def __new__(cls, name, bases, namespace, **kwargs):
        namespace["extra"] = name
        return super().__new__(cls, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **kwargs):
        super().__init__(name, bases, namespace)
        cls.keywords = kwargs

    def __call__(cls, *args):
        made = super().__call__(*args)
        made.made = True
        return made

    def __iter__(cls):
        return iter([1, 2])

    def __len__(cls):
        return 7

    def __getitem__(cls, index):
        return index * 2

    def __contains__(cls, value):
        return value == 3

    def __repr__(cls):
        return "<Meta %s>" % cls.__name__

    def __instancecheck__(cls, value):
        return value == 5

    @property
    def loud(cls):
        return cls.__name__ + "!"

    def method(cls):
        return cls


class Made(metaclass=Meta, option=1):
    number = prepared + 1  # noqa: F821 - comes from __prepare__

    def own(self):
        return __class__


class MadeToo(Made):
    pass


def test_metaclasses():
    assert type(Made) is Meta and type(MadeToo) is Meta and MadeToo.extra == "MadeToo"
    assert Made.keywords == {"option": 1} and Made.number == 6 and Made().made and Made().own() is Made
    assert list(Made) == [1, 2] and len(Made) == 7 and Made[4] == 8 and 3 in Made and 4 not in Made
    assert repr(Made) == "<Meta Made>" and Made.loud == "Made!" and Made.method() is Made
    assert isinstance(5, Made) and not isinstance(6, Made)
    assert issubclass(Meta, type) and isinstance(Made, type) and type(Meta) is type


class Any:
    def __getattribute__(self, name):
        return object.__getattribute__(self, name) if name == "real" else name


class Fallback:
    def __getattribute__(self, name):
        raise AttributeError(name)

    def __getattr__(self, name):
        return "fallback " + name


def test_getattribute_is_asked_first_and_getattr_last():
    assert Any().anything == "anything" and Fallback().x == "fallback x"
    raises(AttributeError, lambda: Any().real)


def test_the_dictionary_of_an_object_is_live():
    thing = Base()
    thing.a = 1
    names = thing.__dict__
    names["b"] = 2
    thing.c = 3
    assert thing.b == 2 and names == {"a": 1, "b": 2, "c": 3} and thing.__dict__ is names
    del thing.a
    assert "a" not in names
    thing.__dict__ = {"z": 1}
    assert thing.z == 1 and not hasattr(thing, "b")
    thing.__class__ = Left
    assert type(thing) is Left and thing.text() == "Left Base"


class Slotted:
    __slots__ = ("_value",)

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, value):
        self._value = value


class Unslotted(Slotted):
    pass


def test_slots_bound_the_attributes():
    slotted = Slotted()
    slotted.value = 5
    assert slotted.value == 5
    raises(AttributeError, setattr, slotted, "other", 1)
    free = Unslotted()
    free.other = 1
    assert free.other == 1


class Counted(int):
    def __new__(cls, value):
        return super().__new__(cls, value + 1)

    @classmethod
    def nothing(cls):
        return super().nothing


class Doubling(list):
    def __init__(self, *extra):
        self.extra = extra

    def append(self, value):
        super().append(value * 2)


class Carrying(Exception):
    def __init__(self, cause):
        self.cause = cause


class BothErrors(ValueError, KeyError):
    pass


class Default(dict):
    def __missing__(self, key):
        return key + 1


def test_classes_that_derive_from_builtin_types():
    assert Counted(4) == 5 and isinstance(Counted(4), int)
    raises(AttributeError, Counted.nothing)
    doubled = Doubling(1, 2)
    doubled.append(3)
    assert doubled == [6] and doubled.extra == (1, 2)
    assert Carrying(5).args == (5,)
    assert isinstance(raises(KeyError, lambda: fail(BothErrors("x"))), ValueError)
    assert Default()[1] == 2 and Default({1: 5})[1] == 5
    assert str.__new__(str, "x") == "x" and int.__new__(int, 5) == 5
    list.append(doubled, 1)
    assert doubled == [6, 1]


def fail(error):
    raise error


class Unhashable:
    __hash__ = None


class Index:
    def __index__(self):
        return 2


def test_special_methods():
    raises(TypeError, hash, Unhashable())
    assert [1, 2, 3][Index()] == 3


def test_generic_aliases_and_unions():
    assert isinstance(1, int | str) and isinstance("", int | str) and not isinstance(b"", int | str)
    assert isinstance(None, int | None) and issubclass(int, int | str)
    assert int | str == str | int and (int | None).__args__ == (int, type(None))
    assert repr(list[int]) == "list[int]" and repr(int | None) == "int | None"
    assert dict[str, list[int]].__args__ == (str, list[int]) and list[int]("ab") == ["a", "b"]
    raises(TypeError, lambda: int[str])
