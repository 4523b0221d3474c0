# _abc - how abstract base classes find their subclasses: what CPython's abc expects from C.

# Answers that a class remembers of each kind. Programs make classes at run time: these must not pile up.
_ANSWERS = 256

_token = 0


class _Data:
    __slots__ = ("negative", "positive", "registry", "token")

    def __init__(self):
        self.registry = set()
        self.forget()

    def forget(self):
        self.positive = set()
        self.negative = set()
        self.token = _token

    def answer(self, subclass, ok):
        known = self.positive if ok else self.negative
        if len(known) >= _ANSWERS:
            known.clear()
        known.add(subclass)
        return ok


def get_cache_token():
    """Return a number that changes with every register()."""
    return _token


def _is_abstract(value):
    return getattr(value, "__isabstractmethod__", False)


def _method(cls, name):
    """Return what a class or the first of its bases has under a name. getattr() passes over the operations
    of built-in types."""
    for each in cls.__mro__:
        if name in each.__dict__:
            return each.__dict__[name]
    return None


def _abc_init(cls):
    """Note the abstract methods of a new class."""
    abstract = {name for name, value in cls.__dict__.items() if _is_abstract(value)}
    for base in cls.__bases__:
        for name in getattr(base, "__abstractmethods__", ()):
            if _is_abstract(_method(cls, name)):
                abstract.add(name)
    type.__setattr__(cls, "__abstractmethods__", frozenset(abstract))
    type.__setattr__(cls, "_abc_impl", _Data())


def _abc_register(cls, subclass):
    """Make a class a virtual subclass. Returns it."""
    global _token
    if not isinstance(subclass, type):
        raise TypeError("Can only register classes")
    if issubclass(subclass, cls):
        return subclass
    if issubclass(cls, subclass):
        raise RuntimeError("Refusing to create an inheritance cycle")
    cls._abc_impl.registry.add(subclass)
    _token += 1
    return subclass


def _abc_instancecheck(cls, instance):
    subclass, kind = instance.__class__, type(instance)
    data = cls._abc_impl
    if subclass in data.positive:
        return True
    if subclass is kind:
        if data.token == _token and subclass in data.negative:
            return False
        return cls.__subclasscheck__(subclass)
    return cls.__subclasscheck__(subclass) or cls.__subclasscheck__(kind)


def _abc_subclasscheck(cls, subclass):
    if not isinstance(subclass, type):
        raise TypeError("issubclass() arg 1 must be a class")
    data = cls._abc_impl
    if subclass in data.positive:
        return True
    if data.token != _token:
        data.negative.clear()
        data.token = _token
    elif subclass in data.negative:
        return False
    ok = cls.__subclasshook__(subclass)
    if ok is NotImplemented:
        ok = (
            cls in subclass.__mro__
            or _is_under(data.registry, subclass)
            or _is_under(type.__subclasses__(cls), subclass)
        )
    return data.answer(subclass, ok)


def _is_under(classes, subclass):
    for each in list(classes):
        if issubclass(subclass, each):
            return True
    return False


def _get_dump(cls):
    data = cls._abc_impl
    return data.registry, data.positive, data.negative, data.token


def _reset_registry(cls):
    cls._abc_impl.registry.clear()


def _reset_caches(cls):
    cls._abc_impl.forget()
