# collections - as CPython's: over the built-in dict and the runtime's namedtuple (ucollections).

from sys import _extend_type

from ucollections import namedtuple as _plain_namedtuple

from .queue import deque

__all__ = ["ChainMap", "Counter", "OrderedDict", "UserDict", "UserList", "defaultdict", "deque", "namedtuple"]

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
        "_replace": _replace,
        "_asdict": _asdict,
        "__getnewargs__": _getnewargs,
        "__match_args__": tuple(names),
    }
    # A value's attributes are found in C first; these are what the class has.
    _extend_type(plain, dict(parts, **{name: _Field(index) for index, name in enumerate(names)}))
    own = {"__slots__": (), "__doc__": "%s(%s)" % (typename, ", ".join(names)), "__repr__": _shown}
    own["_make"] = classmethod(_make)
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


class _Mapping:
    """What follows from __getitem__, __iter__ and __len__."""

    def __contains__(self, key):
        try:
            self[key]
        except KeyError:
            return False
        return True

    def get(self, key, default=None):
        return self[key] if key in self else default

    def keys(self):
        return {key: None for key in self}.keys()

    def values(self):
        return [self[key] for key in self]

    def items(self):
        return {key: self[key] for key in self}.items()

    def __eq__(self, other):
        return hasattr(other, "items") and dict(self.items()) == dict(other.items())

    def pop(self, key, default=_MISSING):
        if key not in self:
            if default is _MISSING:
                raise KeyError(key)
            return default
        value = self[key]
        del self[key]
        return value

    def popitem(self):
        for key in self:
            return key, self.pop(key)
        raise KeyError("dictionary is empty")

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, *args, **kwds):
        for key, value in dict(*args, **kwds).items():
            self[key] = value

    def clear(self):
        for key in list(self):
            del self[key]

    __or__ = _merged
    __ior__ = _merge


class ChainMap(_Mapping):
    """Several dictionaries as one: the first that has the key is asked, the first of all is written to."""

    def __init__(self, *maps):
        self.maps = list(maps) or [{}]

    def __missing__(self, key):
        raise KeyError(key)

    def __getitem__(self, key):
        for each in self.maps:
            if key in each:
                return each[key]
        return self.__missing__(key)

    def __contains__(self, key):
        return any([key in each for each in self.maps])

    def __iter__(self):
        merged = {}
        for each in self.maps[::-1]:
            merged.update(dict.fromkeys(each))
        return iter(merged)

    def __len__(self):
        return len(set([key for each in self.maps for key in each]))

    def __bool__(self):
        return any(self.maps)

    def __setitem__(self, key, value):
        self.maps[0][key] = value

    def __delitem__(self, key):
        if key not in self.maps[0]:
            raise KeyError("Key not found in the first mapping: %r" % (key,))
        del self.maps[0][key]

    def new_child(self, m=None, **kwds):
        """A ChainMap with another dictionary before these."""
        first = {} if m is None else m
        first.update(kwds)
        return type(self)(first, *self.maps)

    @property
    def parents(self):
        """A ChainMap without the first dictionary."""
        return type(self)(*self.maps[1:])

    def copy(self):
        return type(self)(self.maps[0].copy(), *self.maps[1:])

    def __repr__(self):
        return "%s(%s)" % (type(self).__name__, ", ".join([repr(each) for each in self.maps]))


class UserDict(_Mapping):
    """A class to inherit from: a dictionary in `data`."""

    def __init__(self, *args, **kwds):
        self.data = {}
        self.update(*args, **kwds)

    def __getitem__(self, key):
        if key in self.data:
            return self.data[key]
        missing = getattr(self, "__missing__", None)
        if missing is not None:
            return missing(key)
        raise KeyError(key)

    def __contains__(self, key):
        return key in self.data

    def __iter__(self):
        return iter(self.data)

    def __len__(self):
        return len(self.data)

    def __setitem__(self, key, value):
        self.data[key] = value

    def __delitem__(self, key):
        del self.data[key]

    def copy(self):
        made = type(self)()
        made.data.update(self.data)
        return made

    def __repr__(self):
        return repr(self.data)


class UserList:
    """A class to inherit from: a list in `data`."""

    def __init__(self, initlist=None):
        self.data = list(initlist) if initlist is not None else []

    def __getitem__(self, index):
        found = self.data[index]
        return type(self)(found) if isinstance(index, slice) else found

    def __getattr__(self, name):
        if name == "data":
            raise AttributeError(name)
        return getattr(self.data, name)

    def __setitem__(self, index, value):
        self.data[index] = value

    def __delitem__(self, index):
        del self.data[index]

    def __iter__(self):
        return iter(self.data)

    def __len__(self):
        return len(self.data)

    def __contains__(self, item):
        return item in self.data

    def __eq__(self, other):
        return self.data == (other.data if isinstance(other, UserList) else other)

    def __add__(self, other):
        return type(self)(self.data + list(other))

    def __mul__(self, count):
        return type(self)(self.data * count)

    def __repr__(self):
        return repr(self.data)
