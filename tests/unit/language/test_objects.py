# The object model of CPython: operations as attributes, mappingproxy, descriptors, weak references, frames.

import gc
import sys

from support import raises


def test_operations_of_builtin_types_are_attributes():
    assert (1).__add__(2) == 3 and int.__add__(1, 2) == 3 and (7).__rsub__(10) == 3
    assert (1).__add__("a") is NotImplemented and (1).__eq__("a") is NotImplemented
    assert "abc".__len__() == 3 and list(map(str.__len__, ["a", "bb"])) == [1, 2]
    assert dict.__contains__({"a": 1}, "a") and list(list.__iter__([1, 2])) == [1, 2]
    assert list.__hash__ is None and "a".__hash__() == hash("a")
    assert not hasattr(1, "__len__") and not hasattr([], "__next__")
    raises(TypeError, lambda: int.__add__("a", 1))


class Doubled(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, 2 * value)

    def __contains__(self, key):
        return super().__contains__(key.lower())


def test_operations_of_a_builtin_base():
    d = Doubled()
    d["a"] = 2
    assert d["a"] == 4 and "A" in d and "B" not in d
    assert dict.__len__(d) == 1 and dict.__getitem__(d, "a") == 4


class Equal:
    def __eq__(self, other):
        return True


class Plain:
    x = 1


def test_what_every_object_has():
    assert object.__eq__(1, 2) is NotImplemented and Plain.__repr__ is object.__repr__
    assert Plain.__hash__ is object.__hash__ and Equal.__hash__ is None
    raises(TypeError, lambda: hash(Equal()))
    raises(TypeError, lambda: Plain(1))


def test_the_dictionary_of_a_class_cannot_be_changed_through_it():
    d = Plain.__dict__
    assert type(d).__name__ == "mappingproxy" and d["x"] == 1 and "x" in d and d.get("y") is None
    Plain.y = 2
    assert d["y"] == 2
    del Plain.y
    assert "__len__" in list.__dict__ and "append" in list.__dict__ and "__iter__" not in int.__dict__

    def change():
        d["x"] = 5

    raises(TypeError, change)


class Guarded:
    @property
    def x(self):
        return 1

    @property
    def broken(self):
        raise AttributeError("inside")

    def __getattr__(self, name):
        return "asked for " + name


def test_data_descriptors_go_before_the_instance():
    o = Guarded()
    o.__dict__["x"] = 5
    assert o.x == 1 and o.broken == "asked for broken" and o.other == "asked for other"
    assert Guarded.x.__get__(o) == 1 and Guarded.x.__get__(None, Guarded) is Guarded.x


class Slotted:
    __slots__ = ("x", "y")


def test_slots_are_members_of_the_class():
    o = Slotted()
    o.x = 1
    assert type(Slotted.x).__name__ == "member_descriptor" and Slotted.x.__get__(o) == 1
    assert not hasattr(o, "y") and not hasattr(o, "__dict__")


def test_equal_numbers_have_equal_hashes():
    assert hash(1) == hash(1.0) == hash(True) and hash(-1) == -2
    assert hash(0.5) == 1 << 60 and hash((1 << 61) - 1) == 0
    assert hash(1 << 80) == hash(float(1 << 80)) == 1 << 19


def test_a_container_within_itself():
    a = [1]
    a.append(a)
    d = {"d": a}
    a.append(d)
    assert repr(a) == "[1, [...], {'d': [...]}]"


class Loud:
    said = []

    def __init__(self, number):
        self.number = number

    def __del__(self):
        self.said.append(self.number)


def test_weak_references():
    import _weakref

    o = Plain()
    r = _weakref.ref(o)
    assert r() is o and _weakref.ref(o) is r and _weakref.getweakrefcount(o) == 1
    raises(TypeError, lambda: _weakref.ref(5))
    called = []
    refs = [_weakref.ref(Plain(), called.append) for _ in range(50)]
    gc.collect()
    dead = [each for each in refs if each() is None]
    # the collector is conservative: a few may be kept by what lies on the stack
    assert len(dead) > 40 and sorted(map(id, called)) == sorted(map(id, dead)) and r() is o


def test_del_is_called_once_for_each():
    for number in range(50):
        Loud(number)
    gc.collect()
    gc.collect()
    assert 40 < len(Loud.said) == len(set(Loud.said))


def test_subclasses():
    class A:
        pass

    class B(A):
        pass

    assert A.__subclasses__() == [B] and B.__subclasses__() == []


def outer():
    return sys._getframe(1)


def test_frames():
    frame = outer()
    assert frame.f_code.co_name == "test_frames" and frame.f_globals is globals() and frame.f_lineno > 0
    assert frame.f_back is not None
    raises(ValueError, lambda: sys._getframe(10000))
