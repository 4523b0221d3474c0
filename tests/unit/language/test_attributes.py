"""Attributes of instances, and the interpreter's fast paths for them (port/overlay/py/fastpath.h). Every
access is in a function that runs often, so that the cache of positions has an entry."""


def name(o):
    return o.name()


def value(o):
    return o.value


def store(o, new):
    o.value = new


class Plain:
    """A class with a method and an attribute."""

    def __init__(self, start):
        self.value = start

    def name(self):
        """The text of the value."""
        return "plain " + str(self.value)


class Derived(Plain):
    pass


def test_own_attribute_hides_method():
    a, b = Plain(1), Plain(2)
    assert [name(a), name(b)] == ["plain 1", "plain 2"]
    a.name = lambda: "own"
    for _ in range(3):
        assert [name(a), name(b)] == ["own", "plain 2"]
    del a.name
    assert [name(a), name(b)] == ["plain 1", "plain 2"]


def test_method_replaced_in_class():
    class Local(Plain):
        def name(self):
            return "local"

    a = Local(1)
    assert name(a) == "local"
    Local.name = lambda self: "new " + str(self.value)
    assert name(a) == "new 1"
    Local.name = len  # a built-in function binds nothing
    assert a.name([1, 2]) == 2
    del Local.name
    assert name(a) == "plain 1"


def test_inherited_method():
    a, b = Derived(1), Plain(2)
    for _ in range(3):
        assert [name(a), name(b)] == ["plain 1", "plain 2"]
    Derived.name = lambda self: "derived"
    assert [name(a), name(b)] == ["derived", "plain 2"]
    del Derived.name


def test_class_and_static_methods():
    class Local:
        @classmethod
        def of_class(cls, x):
            return (cls, x)

        @staticmethod
        def of_none(x):
            return x

    a = Local()
    for i in range(3):
        assert a.of_class(i) == (Local, i)
        assert a.of_none(i) == i


def test_store_calls_setattr_and_properties():
    class Watched:
        def __init__(self):
            self.stored = []

        @property
        def value(self):
            return len(self.stored)

        @value.setter
        def value(self, new):
            self.stored.append(new)

    class Hooked:
        def __setattr__(self, attr, new):
            object.__setattr__(self, attr, ("hooked", new))

    plain, watched, hooked = Plain(0), Watched(), Hooked()
    for i in range(3):
        for o in (plain, watched, hooked):
            store(o, i)
    assert value(plain) == 2
    assert (value(watched), watched.stored) == (3, [0, 1, 2])
    assert value(hooked) == ("hooked", 2)


def test_getattribute_comes_first():
    class Asked:
        def __init__(self):
            self.value = 1

        def __getattribute__(self, attr):
            return lambda: attr if attr == "name" else None

        def name(self):
            return "not asked"

    plain, asked = Plain(1), Asked()
    for _ in range(3):
        assert [name(plain), name(asked)] == ["plain 1", "name"]
        assert value(plain) == 1 and value(asked)() is None


def test_replaced_dict():
    a, b = Plain(1), Plain(2)
    own = a.__dict__
    for i in range(3):
        store(a, i)
        assert own == {"value": i} and value(b) == 2
    a.__dict__ = {"value": 5}
    assert (value(a), name(a), own) == (5, "plain 5", {"value": 2})
    store(a, 6)
    assert value(a) == 6
    a.__dict__["name"] = lambda: "own"
    assert name(a) == "own"


def test_attribute_that_is_not_there():
    def load(o):
        try:
            return o.value
        except AttributeError:
            return None

    a, b = Plain(1), Plain(2)
    del a.value
    assert (load(a), load(b)) == (None, 2)
    store(a, 3)
    assert (load(a), load(b)) == (3, 2)


def test_many_attributes():
    a, b = Plain(0), Plain(0)
    names = ["a%d" % i for i in range(600)]  # more positions than the cache can tell apart
    for i, each in enumerate(names):
        setattr(a, each, i)
        setattr(b, names[-1 - i], i)
    for i, each in enumerate(names):
        assert getattr(a, each) == i
        assert getattr(b, each) == 599 - i
    a.a1 = a.a257 = a.a513 = None
    assert (a.a1, a.a257, a.a513, b.a1, b.a257, b.a513) == (None, None, None, 598, 342, 86)


def test_globals_of_two_modules():
    first, second = {"x": 1, "y": 2}, {"y": 3, "x": 4}
    for scope in (first, second):
        exec("def get(): return (x, y)", scope)
    for _ in range(3):
        assert first["get"]() == (1, 2)
        assert second["get"]() == (4, 3)
    del first["x"]
    try:
        first["get"]()
    except NameError:
        pass
    else:
        raise AssertionError("no NameError")


class Base:
    def method(self):
        """Who is asked."""
        return ["Base"]

    @classmethod
    def of_class(cls):
        """The class."""
        return [cls]


class Left(Base):
    def method(self):
        return ["Left"] + super().method()


class Right(Base):
    def method(self):
        return ["Right"] + super().method()

    @classmethod
    def of_class(cls):
        return [Right] + super().of_class()


class Both(Left, Right):
    def method(self):
        return ["Both"] + super().method()


def test_super_follows_the_order_of_the_object():
    assert Both().method() == ["Both", "Left", "Right", "Base"]
    assert Left().method() == ["Left", "Base"]
    assert Both().of_class() == Both.of_class() == [Right, Both]


def test_super_does_not_see_the_object():
    both = Both()
    both.method = lambda: ["own"]
    assert both.method() == ["own"]
    assert Both.method(both) == ["Both", "Left", "Right", "Base"]


def test_super_of_what_is_no_function():
    class Callable:
        def __call__(self, *args):
            return args

    class First:
        called = Callable()
        static = staticmethod(lambda x: x)
        builtin = len

        @property
        def value(self):
            return lambda: "value"

    class Second(First):
        def ask(self):
            return [super().called(1), super().static(2), super().builtin([0]), super().value()]

    assert Second().ask() == [(1,), 2, 1, "value"]


def test_super_reaches_native_methods():
    class List(list):
        def append(self, x):
            super().append(x + 1)

    class More(List):
        def append(self, x):
            super().append(x * 10)

    more = More()
    more.append(4)
    assert list(more) == [41]
    try:
        super(Left, Right()).method()
    except TypeError:
        pass
    else:
        raise AssertionError("no TypeError")
