# _lowered - helpers of lowered syntax (host/lower): displays that unpack, the patterns of match, except*.

from micropython import coroutine

MISSING = object()


def itself(value):
    return value


# Displays ------------------------------------------------------------------------------------------------


def list_of(*items):
    return list(items)


def tuple_of(*items):
    return items


def set_of(*items):
    return set(items)


def dict_of(*mappings):
    result = {}
    for each in mappings:
        if not hasattr(each, "keys"):
            raise TypeError("'%s' object is not a mapping" % type(each).__name__)
        result.update(each)
    return result


def dict_in_order(*items):
    """Return the dictionary of keys and values, which alternate."""
    return dict_of_pairs(zip(items[::2], items[1::2]))


def dict_of_pairs(pairs):
    result = {}
    for key, value in pairs:
        result[key] = value
    return result


# Patterns (PEP 634) --------------------------------------------------------------------------------------


def _abc(name):
    """Return a class of collections.abc, if the program has it."""
    from sys import modules

    module = modules.get("collections.abc")
    return getattr(module, name, None)


def _sequences():
    from uarray import array

    return (list, tuple, range, memoryview, array)


_SEQUENCES = _sequences()


def is_sequence(subject):
    if isinstance(subject, _SEQUENCES):
        return True
    if isinstance(subject, (str, bytes, bytearray)):
        return False
    from sys import modules

    deque = getattr(modules.get("collections"), "deque", None)
    if deque is not None and isinstance(subject, deque):
        return True
    abc = _abc("Sequence")
    return abc is not None and isinstance(subject, abc)


def middle(subject, start, rest):
    """Return the value of a starred name: all but the first `start` items and the last `rest`."""
    items = list(subject)
    return items[start : len(items) - rest]


def is_mapping(subject):
    if isinstance(subject, dict):
        return True
    abc = _abc("Mapping")
    return abc is not None and isinstance(subject, abc)


def without(subject, *keys):
    """Return the value of **rest."""
    rest = dict(subject)
    for key in keys:
        del rest[key]
    return rest


_WHOLE = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)


def attributes(subject, cls, count, *names):
    """Return the attributes that a class pattern with `count` positional patterns matches; None if the
    class differs."""
    if not isinstance(subject, cls):
        return None
    parts = []
    if count:
        match_args = getattr(cls, "__match_args__", None)
        if match_args is None and issubclass(cls, _WHOLE):
            match_args = ()
            if count == 1:
                parts.append(subject)
                count = 0
        if match_args is None:
            match_args = ()
        if count > len(match_args):
            raise TypeError(
                "%s() accepts %d positional sub-pattern%s (%d given)"
                % (cls.__name__, len(match_args), "" if len(match_args) == 1 else "s", count)
            )
        for name in match_args[:count]:
            if name in names:
                raise TypeError("%s() got multiple sub-patterns for attribute '%s'" % (cls.__name__, name))
        names = tuple(match_args[:count]) + names
    for name in names:
        part = getattr(subject, name, MISSING)
        if part is MISSING:
            return None
        parts.append(part)
    return parts


# except* (PEP 654) ---------------------------------------------------------------------------------------


class Star:
    """The exception of a try statement with except*, and what its clauses leave of it."""

    def __init__(self, error):
        self.error = error
        self.is_group = isinstance(error, BaseExceptionGroup)
        self.rest = error  # not handled by any clause
        self.raised = []  # exceptions raised by the clauses, including re-raised parts
        self.again = []
        self.bare = False  # whether the clause has raised its part again by a bare `raise`

    def bare_raise(self):
        self.bare = True
        return self.taken

    def take(self, kinds):
        """Return the part for a clause with `kinds`, as a group; None if there is none."""
        for kind in kinds if isinstance(kinds, tuple) else (kinds,):
            if not (isinstance(kind, type) and issubclass(kind, BaseException)):
                raise TypeError("catching classes that do not inherit from BaseException is not allowed")
            if issubclass(kind, BaseExceptionGroup):
                raise TypeError("catching ExceptionGroup with except* is not allowed. Use except instead.")
        if self.rest is None:
            return None
        if self.is_group:
            part, self.rest = self.rest.split(kinds)
            self.taken = part
            return part
        if not isinstance(self.rest, kinds):
            return None
        self.rest = None
        self.taken = _group((self.error,))
        return self.taken

    def add(self, error):
        """Add an exception that a clause has raised: its own part or a new one."""
        (self.again if self.bare and error is self.taken else self.raised).append(error)
        self.bare = False

    def finish(self):
        """Raise what is left."""
        again = self.again + ([] if self.rest is None else [self.rest])
        if not self.is_group:  # at most one clause has run
            for error in self.raised + again:
                raise error
            return
        left = self.raised + ([_merged(self.error, again)] if again else [])
        if len(left) > 1:
            raise _group(left)
        for error in left:
            raise error


def _group(errors):
    plain = all([isinstance(each, Exception) for each in errors])
    return (ExceptionGroup if plain else BaseExceptionGroup)("", errors)


def _leaves(group):
    for each in group.exceptions:
        if isinstance(each, BaseExceptionGroup):
            yield from _leaves(each)
        else:
            yield each


def _merged(group, parts):
    """Return the part of the group with the exceptions of all `parts`, in the structure of the group."""
    keep = [id(leaf) for part in parts for leaf in _leaves(part)]
    return group.subgroup(lambda error: id(error) in keep)


# Descriptions of functions -------------------------------------------------------------------------------


def described(doc, qualname, annotations, parameters=None):
    """Set what mpy-cross drops."""

    def describe(function):
        if doc is not None:
            function.__doc__ = doc
        if qualname is not None:
            function.__qualname__ = qualname
        if annotations is not None:
            function.__annotations__ = annotations
        if parameters is not None:
            function.__parameters__ = parameters
        return function

    return describe


# Namespaces of functions ---------------------------------------------------------------------------------


def namespace(**names):
    """Return what locals() gives in a function: each name's value, if it has one."""
    found = {}
    for name in names:
        try:
            found[name] = names[name]()
        except NameError:
            pass
    return found


# Asynchronous generators (PEP 525) -----------------------------------------------------------------------


class Yielded:
    """What an asynchronous generator yields, unlike what it awaits."""

    def __init__(self, value):
        self.value = value


def get_asyncgen_hooks():
    """Return what set_asyncgen_hooks() has set in this task."""
    import _fiber

    return getattr(_fiber.current().task, "asyncgen_hooks", (None, None))


def set_asyncgen_hooks(firstiter=None, finalizer=None):
    """Have firstiter(generator) called when this task begins to run an asynchronous generator."""
    import _fiber

    _fiber.current().task.asyncgen_hooks = (firstiter, finalizer)


def async_generator(function):
    def make(*args, **kwargs):
        return AsyncGenerator(function(*args, **kwargs))

    make.__name__ = function.__name__
    make.__wrapped__ = function
    return make


class AsyncGenerator:
    def __init__(self, generator):
        self._generator = generator
        self._closed = self._begun = False

    def __aiter__(self):
        return self

    def _begin(self):
        """Tell the event loop, which closes at its end the generators that have not ended."""
        self._begun = True
        first = get_asyncgen_hooks()[0]
        if first is not None:
            first(self)

    def __anext__(self):
        if not self._begun:
            self._begin()
        return self._run(self._generator.send, None)

    def asend(self, value):
        if not self._begun:
            self._begin()
        return self._run(self._generator.send, value)

    def athrow(self, kind, value=None, traceback=None):
        return self._run(self._generator.throw, kind if value is None else value)

    def aclose(self):
        return self._close()

    @coroutine
    def _close(self):
        try:
            yield from self._run(self._generator.throw, GeneratorExit())
        except (GeneratorExit, StopAsyncIteration):
            return
        raise RuntimeError("async generator ignored GeneratorExit")

    @coroutine
    def _run(self, step, value):
        """Run to the next value; what it awaits goes to the loop."""
        if self._closed:
            raise StopAsyncIteration
        while True:
            try:
                result = step(value)
            except StopIteration:
                self._closed = True
                raise StopAsyncIteration
            except BaseException:
                self._closed = True
                raise
            if isinstance(result, Yielded):
                return result.value
            try:
                value = yield result
                step = self._generator.send
            except BaseException as error:
                step, value = self._generator.throw, error


# Type parameters (PEP 695) -------------------------------------------------------------------------------


class TypeVar:
    def __init__(self, name):
        self.__name__ = name

    def __repr__(self):
        return self.__name__

    def __or__(self, other):
        return self

    __ror__ = __or__


class TypeAlias:
    """`type X = ...`; the value is computed on demand."""

    def __init__(self, name, value):
        self.__name__ = name
        self._value = value

    @property
    def __value__(self):
        return self._value()

    def __getitem__(self, parameters):
        return self

    def __repr__(self):
        return self.__name__


class Generic:
    """A base of classes with type parameters."""

    @classmethod
    def __class_getitem__(cls, parameters):
        return cls
