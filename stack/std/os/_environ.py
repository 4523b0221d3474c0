# _environ.py - os.environ: what `[env]` of unikernel.toml and --env:NAME=VALUE say.

import sys as _sys

__all__ = ("environ", "environb", "getenv", "getenvb", "putenv", "unsetenv", "supports_bytes_environ")

supports_bytes_environ = True


def _text(value):
    if not isinstance(value, str):
        raise TypeError("str expected, not %s" % type(value).__name__)
    return value.encode("utf-8", "surrogateescape")


def _bytes(value):
    if not isinstance(value, bytes):
        raise TypeError("bytes expected, not %s" % type(value).__name__)
    return value


def _decode(value):
    return value.decode("utf-8", "surrogateescape")


class _Environ:
    """A view of the environment, whose keys and values are bytes inside."""

    def __init__(self, data, encodekey, decodekey, encodevalue, decodevalue):
        self._data = data
        self.encodekey, self.decodekey = encodekey, decodekey
        self.encodevalue, self.decodevalue = encodevalue, decodevalue

    def __getitem__(self, key):
        try:
            value = self._data[self.encodekey(key)]
        except KeyError:
            raise KeyError(key) from None
        return self.decodevalue(value)

    def __setitem__(self, key, value):
        key, value = self.encodekey(key), self.encodevalue(value)
        putenv(key, value)
        self._data[key] = value

    def __delitem__(self, key):
        try:
            del self._data[self.encodekey(key)]
        except KeyError:
            raise KeyError(key) from None

    def __contains__(self, key):
        return self.encodekey(key) in self._data

    def __iter__(self):
        return iter([self.decodekey(key) for key in list(self._data)])

    def __len__(self):
        return len(self._data)

    def __repr__(self):
        pairs = ", ".join(["%r: %r" % pair for pair in self.items()])
        return "environ({%s})" % pairs

    def get(self, key, default=None):
        return self[key] if key in self else default

    def keys(self):
        return self.copy().keys()

    def values(self):
        return [self[key] for key in self]

    def items(self):
        return self.copy().items()

    def __eq__(self, other):
        return hasattr(other, "items") and self.copy() == dict(other)

    def pop(self, key, *default):
        if len(default) == 1 and key not in self:
            return default[0]
        value = self[key]
        del self[key]
        return value

    def popitem(self):
        for key in self:
            return key, self.pop(key)
        raise KeyError

    def clear(self):
        for key in self:
            del self[key]

    def update(self, other=(), **more):
        for key, value in dict(other, **more).items():
            self[key] = value

    def copy(self):
        return {key: self[key] for key in self}

    def setdefault(self, key, value):
        if key not in self:
            self[key] = value
        return self[key]

    def __ior__(self, other):
        self.update(other)
        return self

    def __or__(self, other):
        if not hasattr(other, "keys"):
            return NotImplemented
        new = self.copy()
        new.update(other)
        return new

    def __ror__(self, other):
        if not hasattr(other, "keys"):
            return NotImplemented
        new = dict(other)
        new.update(self)
        return new


def putenv(name, value):
    """Check the arguments as putenv(3); only os.environ can be read again."""
    name = _text(name) if isinstance(name, str) else name
    value = _text(value) if isinstance(value, str) else value
    if b"\0" in name or b"\0" in value:
        raise ValueError("embedded null byte")
    if b"=" in name[1:] or not name or name[:1] == b"=":
        raise ValueError("illegal environment variable name")


def unsetenv(name):
    if not name or ("=" if isinstance(name, str) else b"=") in name:
        raise OSError(22, "Invalid argument")


def _initial():
    from mkernel import environment

    return {_text(name): _text(value) for name, value in environment.variables}


environ = _Environ(_initial(), _text, _decode, _text, _decode)
environb = _Environ(environ._data, _bytes, _bytes, _bytes, _bytes)


def getenv(key, default=None):
    """Return a variable of the environment, or the default."""
    return environ.get(key, default)


def getenvb(key, default=None):
    return environb.get(key, default)


if "_collections_abc" in _sys.modules:
    _sys.modules["_collections_abc"].MutableMapping.register(_Environ)
