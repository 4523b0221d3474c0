# _generics.py - the results of `list[int]` and `int | str`: aliases and unions (PEP 585, PEP 604).
#
# The interpreter imports this module at the first such expression.

# Attributes of an alias itself; others are its origin's.
_OWN = ("__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__", "__typing_unpacked_tuple_args__")


def _name(value):
    if value is None or value is type(None):
        return "None"
    if value is ...:
        return "..."
    if isinstance(value, list):
        return "[" + ", ".join([_name(each) for each in value]) + "]"
    if not isinstance(value, type):
        return repr(value)
    module = getattr(value, "__module__", "builtins")
    return value.__qualname__ if module == "builtins" else "%s.%s" % (module, value.__qualname__)


def _operand(value):
    return value is None or isinstance(value, (type, GenericAlias, UnionType))


def _is_parameter(value):
    return not isinstance(value, type) and hasattr(value, "__typing_subst__")


def _parameters(args):
    """Return the type variables in the arguments, each once."""
    found = []
    for each in args:
        if isinstance(each, type):
            continue
        if hasattr(each, "__typing_subst__"):
            inner = (each,)
        elif isinstance(each, (list, tuple)):
            inner = _parameters(each)
        else:
            inner = getattr(each, "__parameters__", ())
        for parameter in inner if isinstance(inner, tuple) else ():
            if parameter not in found:
                found.append(parameter)
    return tuple(found)


def _substituted(alias, items):
    """Return the arguments of an alias with `items` in place of its type variables."""
    parameters = alias.__parameters__
    if not parameters:
        raise TypeError("%r is not a generic class" % (alias,))
    items = _unpacked(items if isinstance(items, tuple) else (items,))
    for each in parameters:
        prepare = getattr(each, "__typing_prepare_subst__", None)
        if prepare is not None:
            items = prepare(alias, items)
    if len(items) != len(parameters):
        how = "many" if len(items) > len(parameters) else "few"
        raise TypeError(
            "Too %s arguments for %r; actual %d, expected %d" % (how, alias, len(items), len(parameters))
        )
    values = dict(zip(parameters, items))
    args = []
    for each in alias.__args__:
        made = _replaced(each, values)
        if getattr(each, "__typing_is_unpacked_typevartuple__", False) or isinstance(made, _Several):
            args.extend(made)
        else:
            args.append(made)
    return tuple(args)


class _Several(tuple):
    """What a TypeVarTuple stands for."""


def _replaced(arg, values):
    if isinstance(arg, type):
        return arg
    if hasattr(arg, "__typing_subst__"):
        return arg.__typing_subst__(values[arg])
    if isinstance(arg, (list, tuple)):
        return type(arg)([_replaced(each, values) for each in arg])
    inner = getattr(arg, "__parameters__", ())
    if not inner or not isinstance(inner, tuple):
        return arg
    items = []
    for each in inner:
        if hasattr(each, "__typing_is_unpacked_typevartuple__") or type(each).__name__ == "TypeVarTuple":
            items.extend(values[each])
        else:
            items.append(values[each])
    return arg[tuple(items)]


def _unpacked(items):
    """Return the items with the content of unpacked tuples in their place."""
    result = []
    for each in items:
        inner = None if isinstance(each, type) else getattr(each, "__typing_unpacked_tuple_args__", None)
        if inner and inner[-1] is not ...:
            result.extend(inner)
        else:
            result.append(each)
    return tuple(result)


class GenericAlias:
    """list[int]: calls and attributes are those of the origin."""

    def __new__(cls, origin, args):
        self = super().__new__(cls)
        self.__origin__ = origin
        self.__args__ = args if isinstance(args, tuple) else (args,)
        self.__unpacked__ = False
        return self

    @property
    def __parameters__(self):
        found = self.__dict__.get("_found")
        if found is None:
            found = self.__dict__["_found"] = _parameters(self.__args__)
        return found

    @property
    def __typing_unpacked_tuple_args__(self):
        return self.__args__ if self.__unpacked__ and self.__origin__ is tuple else None

    def __call__(self, *args, **kwargs):
        made = self.__origin__(*args, **kwargs)
        try:
            made.__orig_class__ = self
        except (AttributeError, TypeError):  # it takes none
            pass
        return made

    def __getattr__(self, name):
        if name in _OWN:
            raise AttributeError(name)
        return getattr(self.__origin__, name)

    def __mro_entries__(self, bases):
        return (self.__origin__,)

    def __eq__(self, other):
        if not isinstance(other, GenericAlias):
            return NotImplemented
        return (
            self.__origin__ == other.__origin__
            and self.__args__ == other.__args__
            and self.__unpacked__ == other.__unpacked__
        )

    def __hash__(self):
        return hash(self.__origin__) ^ hash(self.__args__)

    def __or__(self, other):
        return union(self, other) if _operand(other) else NotImplemented

    def __ror__(self, other):
        return union(other, self) if _operand(other) else NotImplemented

    def __getitem__(self, items):
        return type(self)(self.__origin__, _substituted(self, items))

    def __iter__(self):
        made = type(self)(self.__origin__, self.__args__)
        made.__unpacked__ = True
        yield made

    def __instancecheck__(self, instance):
        raise TypeError("isinstance() argument 2 cannot be a parameterized generic")

    def __subclasscheck__(self, cls):
        raise TypeError("issubclass() argument 2 cannot be a parameterized generic")

    def __reduce__(self):
        return type(self), (self.__origin__, self.__args__)

    def __repr__(self):
        args = ", ".join([_name(each) for each in self.__args__]) or "()"
        return "%s%s[%s]" % ("*" if self.__unpacked__ else "", _name(self.__origin__), args)


GenericAlias.__module__ = "types"


class UnionType:
    """int | str, for annotations and isinstance()."""

    def __init__(self, args):
        self.__args__ = args

    @property
    def __parameters__(self):
        return _parameters(self.__args__)

    def __getitem__(self, items):
        return union(*_substituted(self, items))

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


UnionType.__module__ = "types"


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
