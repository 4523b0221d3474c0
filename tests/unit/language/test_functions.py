# Functions and methods carry attributes, as on CPython.

from support import raises


def plain(a, b=1, *c, d=2, **e):
    pass


def counted(function):
    def wrapper(*args):
        wrapper.calls += 1
        return function(*args)

    wrapper.calls = 0
    wrapper.__wrapped__ = function
    wrapper.__name__ = function.__name__
    return wrapper


@counted
def same(value):
    return value


def test_attributes_of_functions_and_closures():
    plain.number = 5
    plain.number += 1
    assert plain.number == 6 and plain.__dict__["number"] == 6
    del plain.number
    assert not hasattr(plain, "number")
    assert same(3) == 3 and same.calls == 1 and same.__wrapped__(4) == 4 and same.__name__ == "same"


def test_what_a_function_says_of_itself():
    assert plain.__name__ == plain.__qualname__ == "plain" and plain.__doc__ is None
    assert plain.__defaults__ == (1,) and plain.__kwdefaults__ == {"d": 2}
    assert plain.__module__ == __name__ and plain.__globals__ is same.__wrapped__.__globals__
    code = plain.__code__
    assert code.co_argcount == 2 and code.co_kwonlyargcount == 1 and code.co_varnames[:2] == ("a", "b")
    assert code.co_name == "plain" and code.co_flags & 12 == 12
    raises(AttributeError, setattr, plain, "__globals__", {})


class Owner:
    def method(self):
        return self


def test_methods():
    owner = Owner()
    assert owner.method.__self__ is owner and owner.method.__func__ is Owner.method
    assert owner.method.__name__ == Owner.method.__name__ == "method"
