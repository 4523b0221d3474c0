"""Positional-only and keyword-only parameters."""


def f(a, b=2, /, c=3, *, d=4):
    "Its text."
    a += 1
    return a, b, c, d


assert f(1) == (2, 2, 3, 4) and f(1, 5, 6, d=7) == (2, 5, 6, 7) and f(1, c=8) == (2, 2, 8, 4)
for wrong in (lambda: f(a=1), lambda: f(1, b=2), lambda: f()):
    try:
        wrong()
    except TypeError:
        pass
    else:
        raise AssertionError("accepted")


def catches(a, /, **kwargs):
    return a, kwargs


assert catches(1, a=2) == (1, {"a": 2})


class C:
    def __init__(self, value, /, **kwargs):
        self.value, self.kwargs = value, kwargs

    def method(self, x, /):
        return lambda: (self.value, x)

    def update(self, /, **kwargs):
        return kwargs


c = C(1, self=2, value=3)
assert c.value == 1 and c.kwargs == {"self": 2, "value": 3}
assert c.method(5)() == (1, 5) and c.update(self=1) == {"self": 1}


class D(C):
    def __init__(self, value, /):
        super().__init__(value + 1)


assert D(1).value == 2
assert (lambda a, /, b: (a, b))(1, b=2) == (1, 2)
assert (lambda a, b=3, /: [a + i + b for i in range(2)])(1) == [4, 5]


def generator(n, /):
    while n:
        n -= 1
        yield n


assert list(generator(2)) == [1, 0]


def outer(x, /):
    def inner():
        nonlocal x
        x += 1
        return x

    return inner


assert outer(1)() == 2


def wrapped(*args, key, **rest):
    return args, key, rest


assert wrapped(1, key=2, other=3) == ((1,), 2, {"other": 3})
try:
    wrapped(1)
except TypeError:
    pass
else:
    raise AssertionError
