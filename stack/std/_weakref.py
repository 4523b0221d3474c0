# _weakref.py - what CPython's weakref.py takes from C: references (port/overlay/py/weak.c), and proxies.

import builtins

from _weak import getweakrefcount, getweakrefs, ref  # noqa: F401

ReferenceType = ref


def _remove_dead_weakref(dct, key):
    if key in dct and dct[key]() is None:
        del dct[key]


def _of(value):
    """The object itself if this is a proxy of one."""
    if not isinstance(value, ProxyType):
        return value
    found = object.__getattribute__(value, "_ref")()
    if found is None:
        raise ReferenceError("weakly-referenced object no longer exists")
    return found


class ProxyType:
    """weakref.proxy(): whatever is done with it is done with the object, while that exists."""

    __slots__ = ("_ref", "__weakref__")
    __hash__ = None

    def __getattribute__(self, name):
        return type(self) if name == "__class__" else getattr(_of(self), name)

    def __setattr__(self, name, value):
        setattr(_of(self), name, value)

    def __delattr__(self, name):
        delattr(_of(self), name)

    def __repr__(self):
        found = object.__getattribute__(self, "_ref")()
        return "<weakproxy at %s to %s at %s>" % (hex(id(self)), type(found).__name__, hex(id(found)))


class CallableProxyType(ProxyType):
    __slots__ = ()

    def __call__(self, *args, **kwargs):
        return _of(self)(*args, **kwargs)


def _forward(name, operation):
    def method(self, *args):
        return operation(_of(self), *[_of(each) for each in args])

    method.__name__ = name
    setattr(ProxyType, name, method)


_SPECIAL = """
lt le eq ne gt ge add sub mul matmul truediv floordiv mod divmod pow lshift rshift and or xor
radd rsub rmul rmatmul rtruediv rfloordiv rmod rdivmod rpow rlshift rrshift rand ror rxor
iadd isub imul imatmul itruediv ifloordiv imod ipow ilshift irshift iand ior ixor
neg pos abs invert int float index getitem setitem delitem enter exit
"""
_BUILTINS = "bool len str iter next reversed bytes"


def _operations():
    for name in _SPECIAL.split():
        _forward("__%s__" % name, _method("__%s__" % name))
    for name in _BUILTINS.split():
        _forward("__%s__" % name, getattr(builtins, name))
    _forward("__contains__", lambda container, value: value in container)


def _method(name):
    def call(value, *args):
        method = getattr(type(value), name, None)
        return NotImplemented if method is None else method(value, *args)

    return call


_operations()


def proxy(object, callback=None):
    made = (CallableProxyType if callable(object) else ProxyType)()
    given = callback and (lambda _: callback(made))
    _set(made, "_ref", ref(object, given) if given else ref(object))
    return made


_set = object.__setattr__
