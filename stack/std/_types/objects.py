# objects.py - dir(), and methods that every object has.

import builtins as _builtins

_dir, _module = _builtins.dir, type(_builtins)


def dir(*object):
    return sorted(set(type(object[0]).__dir__(object[0]) if object else _dir()))


def _names(value):
    """The names of an object's own attributes and of its class's, or of a class's."""
    if isinstance(value, _module):
        return list(value.__dict__)
    names = set(getattr(value, "__dict__", ()))
    if not isinstance(value, type):
        names.add("__class__")
        if type(value).__module__ == "builtins":
            names.update(_dir(value))  # attributes that only the C code knows
    for cls in (value if isinstance(value, type) else type(value)).__mro__:
        names.update(cls.__dict__)
    return list(names)


class _Object:
    def __dir__(self):
        return _names(self)

    def __sizeof__(self):
        return 16


class _Generator:
    gi_frame = property(lambda self: self)
    gi_running = property(lambda self: False)


def _generator():
    yield


EXTENSIONS = ((object, _Object), (type(_generator()), _Generator))
