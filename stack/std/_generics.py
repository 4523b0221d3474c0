# _generics.py - the results of `list[int]` and `int | str`: aliases and unions (PEP 585, PEP 604).
#
# The interpreter imports this module at the first such expression.


def _name(value):
    if value is None or value is type(None):
        return "None"
    if value is ...:
        return "..."
    return value.__qualname__ if isinstance(value, type) else repr(value)


def _operand(value):
    return value is None or isinstance(value, (type, GenericAlias, UnionType))


class GenericAlias:
    """list[int]: calls and attributes are those of the origin."""

    def __init__(self, origin, args):
        self.__origin__ = origin
        self.__args__ = args if isinstance(args, tuple) else (args,)
        self.__parameters__ = ()

    def __call__(self, *args, **kwargs):
        return self.__origin__(*args, **kwargs)

    def __getattr__(self, name):
        return getattr(self.__origin__, name)

    def __mro_entries__(self, bases):
        return (self.__origin__,)

    def __eq__(self, other):
        if not isinstance(other, GenericAlias):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__args__ == other.__args__

    def __hash__(self):
        return hash(self.__origin__) ^ hash(self.__args__)

    def __or__(self, other):
        return union(self, other) if _operand(other) else NotImplemented

    def __ror__(self, other):
        return union(other, self) if _operand(other) else NotImplemented

    def __getitem__(self, args):
        return GenericAlias(self.__origin__, args)

    def __instancecheck__(self, instance):
        raise TypeError("isinstance() argument 2 cannot be a parameterized generic")

    def __subclasscheck__(self, cls):
        raise TypeError("issubclass() argument 2 cannot be a parameterized generic")

    def __repr__(self):
        return "%s[%s]" % (_name(self.__origin__), ", ".join([_name(each) for each in self.__args__]))


class UnionType:
    """int | str, for annotations and isinstance()."""

    def __init__(self, args):
        self.__args__ = args
        self.__parameters__ = ()

    def __or__(self, other):
        return union(self, other) if _operand(other) else NotImplemented

    def __ror__(self, other):
        return union(other, self) if _operand(other) else NotImplemented

    def __eq__(self, other):
        if not isinstance(other, UnionType):
            return NotImplemented
        return set(self.__args__) == set(other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))

    def __instancecheck__(self, instance):
        return isinstance(instance, self.__args__)

    def __subclasscheck__(self, cls):
        return issubclass(cls, self.__args__)

    def __repr__(self):
        return " | ".join([_name(each) for each in self.__args__])


def alias(origin, args):
    return GenericAlias(origin, args)


def union(*operands):
    """Return the union of types, None and unions: each once, in order; a single one unchanged."""
    members = []
    for operand in operands:
        for each in operand.__args__ if isinstance(operand, UnionType) else (operand,):
            each = type(None) if each is None else each
            if each not in members:
                members.append(each)
    return members[0] if len(members) == 1 else UnionType(tuple(members))
