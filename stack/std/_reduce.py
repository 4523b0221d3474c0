# _reduce - how copy and pickle take objects apart: object.__reduce_ex__(), __reduce__() and __getstate__().
#
# The interpreter imports this module at the first call of one of them.

from copyreg import __newobj__, __newobj_ex__, _reduce_ex, _slotnames

_IMMUTABLE = (int, str, float, tuple, bytes, complex)  # __new__() takes the value
_VALUES = (list, dict) + _IMMUTABLE


def reduce_ex(self, protocol):
    if type(self).__reduce__ is not object.__reduce__:
        return self.__reduce__()
    return _reduce_ex(self, protocol) if protocol < 2 else reduce(self)


def reduce(self):
    """Return what copyreg's functions make a copy of, with state, items and pairs (PEP 307)."""
    cls = type(self)
    if isinstance(self, (set, frozenset)):
        return cls, (list(self),), self.__getstate__()
    if isinstance(self, bytearray):
        return cls, (bytes(self),), self.__getstate__()
    if isinstance(self, BaseException):
        state = self.__getstate__()
        return (cls, self.args, state) if state else (cls, self.args)
    if cls.__module__ == "builtins" and cls is not object and not isinstance(self, _VALUES):
        raise TypeError("cannot pickle '%s' object" % cls.__name__)
    args, keywords = _new_arguments(self, cls)
    items = iter(self) if isinstance(self, list) else None
    pairs = iter(self.items()) if isinstance(self, dict) else None
    if keywords:
        return __newobj_ex__, (cls, args, keywords), self.__getstate__(), items, pairs
    return __newobj__, (cls,) + tuple(args), self.__getstate__(), items, pairs


def _new_arguments(self, cls):
    if hasattr(cls, "__getnewargs_ex__"):
        return self.__getnewargs_ex__()
    if hasattr(cls, "__getnewargs__"):
        return self.__getnewargs__(), None
    return tuple([base(self) for base in _IMMUTABLE if isinstance(self, base)][:1]), None


def getstate(self):
    """Return the attributes; with those of __slots__ a pair."""
    state = getattr(self, "__dict__", None) or None
    names = _slotnames(type(self))
    slots = {name: getattr(self, name) for name in names if hasattr(self, name)}
    if not slots:
        return dict(state) if state else None
    return {name: value for name, value in (state or {}).items() if name not in slots} or None, slots
