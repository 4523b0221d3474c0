# contextvars - CPython's context variables. A context belongs to a task of the scheduler (a thread), and
# asyncio runs each callback in one of its own.
#
# The dictionary of a context is never changed: set() replaces it. So a copy costs one object, as many of them
# as asyncio makes.

import _fiber

__all__ = ("Context", "ContextVar", "Token", "copy_context")

_MISSING = object()


class _Outside:
    """In place of a task where there is none: the context of what runs without one."""


_outside = _Outside()


def _holder():
    """Return the object whose attribute `context` is the current one."""
    return _fiber.current().task or _outside


def _current():
    holder = _holder()
    context = getattr(holder, "context", None)
    if context is None:
        context = holder.context = Context()
    return context


def copy_context():
    """Return a copy of the current context."""
    return _current().copy()


class Context:
    """A mapping of variables to values."""

    def __init__(self):
        self._values = {}
        self._before = _MISSING  # while it is entered: the context of its task before

    def __init_subclass__(cls, **kwargs):
        raise TypeError("type 'contextvars.Context' is not an acceptable base type")

    def run(self, callable, *args, **kwargs):
        """Call `callable` in this context."""
        if self._before is not _MISSING:
            raise RuntimeError("cannot enter context: %r is already entered" % self)
        holder = _fiber.current().task or _outside
        self._before = getattr(holder, "context", None)
        holder.context = self
        try:
            return callable(*args, **kwargs)
        finally:
            holder.context, self._before = self._before, _MISSING

    def copy(self):
        """Return a copy."""
        context = Context()
        context._values = self._values
        return context

    def get(self, key, default=None):
        return self._values.get(_variable(key), default)

    def keys(self):
        return self._values.keys()

    def values(self):
        return self._values.values()

    def items(self):
        return self._values.items()

    def __getitem__(self, key):
        return self._values[_variable(key)]

    def __contains__(self, key):
        return _variable(key) in self._values

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __eq__(self, other):
        if not isinstance(other, Context):
            return NotImplemented
        return self._values == other._values

    __hash__ = None


def _variable(key):
    if not isinstance(key, ContextVar):
        raise TypeError("a ContextVar key was expected, got %r" % (key,))
    return key


class ContextVar:
    """A variable with a value of its own in each context."""

    def __init__(self, name, *, default=_MISSING):
        if not isinstance(name, str):
            raise TypeError("context variable name must be a str")
        self._name = name
        self._default = default

    def __init_subclass__(cls, **kwargs):
        raise TypeError("type 'contextvars.ContextVar' is not an acceptable base type")

    @classmethod
    def __class_getitem__(cls, parameters):
        from _generics import GenericAlias

        return GenericAlias(cls, parameters)

    @property
    def name(self):
        return self._name

    def get(self, default=_MISSING):
        """Return the value in the current context, `default`, or the variable's own. LookupError if there
        is none."""
        context = getattr(_fiber.current().task or _outside, "context", None)
        value = _MISSING if context is None else context._values.get(self, _MISSING)
        if value is _MISSING:
            value = self._default if default is _MISSING else default
            if value is _MISSING:
                raise LookupError(self)
        return value

    def set(self, value):
        """Set the value in the current context. Returns a token for reset()."""
        context = _current()
        values = context._values
        old = values.get(self, _MISSING)
        context._values = values = dict(values)
        values[self] = value
        return Token(context, self, old)

    def reset(self, token):
        """Undo the set() that returned this token."""
        if not isinstance(token, Token):
            raise TypeError("expected an instance of Token, got %r" % (token,))
        if token._used:
            raise RuntimeError("%r has already been used once" % token)
        if token.var is not self:
            raise ValueError("%r was created by a different ContextVar" % token)
        context = _current()
        if token._context is not context:
            raise ValueError("%r was created in a different Context" % token)
        token._used = True
        context._values = values = dict(context._values)
        if token._old is _MISSING:
            del values[self]
        else:
            values[self] = token._old

    def __repr__(self):
        default = "" if self._default is _MISSING else " default=%r" % (self._default,)
        return "<ContextVar name=%r%s at 0x%x>" % (self._name, default, id(self))


class _Missing:
    def __repr__(self):
        return "<Token.MISSING>"


class Token:
    """What a set() replaced."""

    MISSING = _Missing()

    def __init__(self, context, var, old):
        self._context, self._var, self._old = context, var, old
        self._used = False

    def __init_subclass__(cls, **kwargs):
        raise TypeError("type 'contextvars.Token' is not an acceptable base type")

    @classmethod
    def __class_getitem__(cls, parameters):
        from _generics import GenericAlias

        return GenericAlias(cls, parameters)

    @property
    def var(self):
        return self._var

    @property
    def old_value(self):
        return Token.MISSING if self._old is _MISSING else self._old

    def __repr__(self):
        used = " used" if self._used else ""
        return "<Token%s var=%r at 0x%x>" % (used, self._var, id(self))
