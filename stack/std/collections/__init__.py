# collections - as CPython's: over the built-in dict and the runtime's namedtuple (ucollections).

from sys import _extend_type

from ucollections import namedtuple as _plain_namedtuple

from .queue import deque

__all__ = [
    "ChainMap", "Counter", "OrderedDict", "UserDict", "UserList", "UserString", "defaultdict", "deque",
    "namedtuple",
]  # fmt: skip

_MISSING = object()


def _make(cls, iterable):
    """A tuple of the fields' values in order."""
    values = tuple(iterable)
    if len(values) != len(cls._fields):
        raise TypeError("Expected %d arguments, got %d" % (len(cls._fields), len(values)))
    return cls(*values)


def _asdict(self):
    return dict(zip(self._fields, self))


def _replace(self, **kwds):
    """The same with some fields replaced."""
    values = [kwds.pop(name, value) for name, value in zip(self._fields, self)]
    if kwds:
        raise ValueError("Got unexpected field names: " + repr(list(kwds)))
    return type(self)(*values)


def _getnewargs(self):
    return tuple(self)


def _good_names(names, rename):
    """The names, unusable ones replaced by _1 and so on, or refused."""
    good = []
    for index, name in enumerate(names):
        wrong = ""
        if not name.replace("_", "a").isalnum() or name[0].isdigit():
            wrong = "Type names and field names must be valid identifiers: %r" % name
        elif name[0] == "_":
            wrong = "Field names cannot start with an underscore: %r" % name
        elif name in good:
            wrong = "Encountered duplicate field name: %r" % name
        if wrong and not rename:
            raise ValueError(wrong)
        good.append("_%d" % index if wrong else name)
    return good


def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    """A subclass of tuple whose items have names."""
    if isinstance(field_names, str):
        field_names = field_names.replace(",", " ").split()
    names = _good_names([str(name) for name in field_names], rename)
    defaults = tuple(defaults) if defaults is not None else ()
    if len(defaults) > len(names):
        raise TypeError("Got more default values than field names")
    plain = _plain_namedtuple(typename, tuple(names))
    parts = {
        "_fields": tuple(names),
        "_field_defaults": dict(zip(names[len(names) - len(defaults) :], defaults)),
        "_asdict": _asdict,
        "__getnewargs__": _getnewargs,
        "__match_args__": tuple(names),
    }
    # A value's attributes are found in C first; these are what the class has.
    _extend_type(plain, dict(parts, **{name: _Field(index) for index, name in enumerate(names)}))
    own = {"__slots__": (), "__doc__": "%s(%s)" % (typename, ", ".join(names)), "__repr__": _shown}
    own["_make"] = classmethod(_make)
    own["_replace"] = _replace
    if module is not None:
        own["__module__"] = module
    if defaults:
        own["__new__"] = _defaulted(plain, parts)
    return type(typename, (plain,), own)


class _Field:
    """A field, as an attribute of its class."""

    def __init__(self, index):
        self._index = index
        self.__doc__ = "Alias for field number %d" % index

    def __get__(self, obj, owner=None):
        return self if obj is None else obj[self._index]

    def __set__(self, obj, value):
        raise AttributeError("can't set attribute")


def _shown(self):
    pairs = ["%s=%r" % pair for pair in zip(self._fields, self)]
    return "%s(%s)" % (type(self).__name__, ", ".join(pairs))


def _defaulted(plain, parts):
    names, defaults = parts["_fields"], parts["_field_defaults"]

    def __new__(cls, *args, **kwds):
        for name in names[len(args) :]:
            if name not in kwds and name in defaults:
                kwds[name] = defaults[name]
        return plain.__new__(cls, *args, **kwds)

    return __new__


def _merged(self, other):
    """`self | other` of a dictionary (PEP 584)."""
    made = self.copy()
    made.update(other)
    return made


def _merge(self, other):
    """`self |= other`."""
    self.update(other)
    return self


class OrderedDict(dict):
    """A dictionary whose order can be changed, and counts when two of them are compared."""

    def __init__(self, *args, **kwds):
        super().__init__()
        self.update(*args, **kwds)

    def move_to_end(self, key, last=True):
        """Make the key the last one, or the first one."""
        value = self[key]
        if last:
            del self[key]
            self[key] = value
            return
        others = [(each, self[each]) for each in self if each != key]
        self.clear()
        self[key] = value
        for each, other in others:
            self[each] = other

    def popitem(self, last=True):
        """Take the last item, or the first one."""
        if not self:
            raise KeyError("dictionary is empty")
        key = list(self)[-1] if last else next(iter(self))
        return key, self.pop(key)

    def copy(self):
        return type(self)(self)

    @classmethod
    def fromkeys(cls, iterable, value=None):
        made = cls()
        for key in iterable:
            made[key] = value
        return made

    def __eq__(self, other):
        if isinstance(other, OrderedDict):
            return list(self.items()) == list(other.items())
        return dict(self) == other

    def __ne__(self, other):
        return not self == other

    def __repr__(self):
        return "%s(%s)" % (type(self).__name__, list(self.items()) if self else "")

    def __reversed__(self):
        return iter(list(self)[::-1])

    __or__ = _merged
    __ior__ = _merge


class defaultdict(dict):
    """A dictionary that makes the values it lacks."""

    def __init__(self, default_factory=None, *args, **kwds):
        if default_factory is not None and not callable(default_factory):
            raise TypeError("first argument must be callable or None")
        super().__init__()
        self.default_factory = default_factory
        self.update(*args, **kwds)

    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        value = self[key] = self.default_factory()
        return value

    def copy(self):
        return type(self)(self.default_factory, self)

    __copy__ = copy

    def __repr__(self):
        return "%s(%r, %r)" % (type(self).__name__, self.default_factory, dict(self))

    __or__ = _merged
    __ior__ = _merge


class Counter(dict):
    """How often there is what: a dictionary of counts, 0 where there is none."""

    def __init__(self, iterable=None, **kwds):
        super().__init__()
        self.update(iterable, **kwds)

    def __missing__(self, key):
        return 0

    def most_common(self, n=None):
        """(element, count) of all, or of the `n` most common ones; of equal counts the first one first."""
        found = sorted(self.items(), key=lambda item: -item[1])
        return found if n is None else found[: max(n, 0)]

    def elements(self):
        """Each element as often as it counts."""
        for key, count in self.items():
            for _ in range(count):
                yield key

    def total(self):
        return sum(self.values())

    def _add(self, iterable, kwds, sign):
        if iterable is not None:
            if hasattr(iterable, "items"):
                for key, count in iterable.items():
                    self[key] = self[key] + sign * count
            else:
                for key in iterable:
                    self[key] = self[key] + sign
        for key, count in kwds.items():
            self[key] = self[key] + sign * count

    def update(self, iterable=None, **kwds):
        self._add(iterable, kwds, 1)

    def subtract(self, iterable=None, **kwds):
        self._add(iterable, kwds, -1)

    def copy(self):
        return type(self)(self)

    def __delitem__(self, key):
        if key in self:
            super().__delitem__(key)

    def __repr__(self):
        if not self:
            return type(self).__name__ + "()"
        return "%s({%s})" % (type(self).__name__, ", ".join(["%r: %r" % item for item in self.most_common()]))

    def _combined(self, other, combine):
        if not isinstance(other, Counter):
            return NotImplemented
        made = Counter()
        for key in list(self) + [key for key in other if key not in self]:
            count = combine(self[key], other[key])
            if count > 0:
                made[key] = count
        return made

    def __add__(self, other):
        return self._combined(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._combined(other, lambda a, b: a - b)

    def __or__(self, other):
        return self._combined(other, max)

    def __and__(self, other):
        return self._combined(other, min)

    def __pos__(self):
        return self + Counter()

    def __neg__(self):
        return Counter() - self

    def _all(self, other, compare):
        if not isinstance(other, Counter):
            return NotImplemented
        return all([compare(self[key], other[key]) for key in list(self) + list(other)])

    def __eq__(self, other):
        if isinstance(other, Counter):
            return self._all(other, lambda a, b: a == b)
        return dict(self) == other

    def __ne__(self, other):
        return not self == other

    def __le__(self, other):
        return self._all(other, lambda a, b: a <= b)

    def __ge__(self, other):
        return self._all(other, lambda a, b: a >= b)

    def __lt__(self, other):
        return self <= other and self != other

    def __gt__(self, other):
        return self >= other and self != other


def _count_elements(mapping, iterable):
    for each in iterable:
        mapping[each] = mapping.get(each, 0) + 1


# Classes to inherit from, over collections.abc: only programs that name one of them have the module.
_USERS = ("ChainMap", "UserDict", "UserList", "UserString")


def __getattr__(name):
    if name in _USERS:
        return getattr(__import__("collections." + "users", None, None, (name,)), name)
    if name == "abc":
        return __import__("collections." + name, None, None, (name,))
    raise AttributeError("module 'collections' has no attribute '%s'" % name)
