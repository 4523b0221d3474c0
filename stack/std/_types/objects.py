# objects.py - methods that every object has, for super() and object.__repr__(x).


class _Object:
    def __repr__(self):
        return "<%s.%s object at %s>" % (type(self).__module__, type(self).__qualname__, hex(id(self)))

    def __str__(self):
        return repr(self)

    def __eq__(self, other):
        return True if self is other else NotImplemented

    def __ne__(self, other):
        return False if self is other else NotImplemented

    def __hash__(self):
        return id(self) >> 4

    def __format__(self, spec):
        if spec:
            raise TypeError("unsupported format string passed to %s.__format__" % type(self).__name__)
        return str(self)

    def __dir__(self):
        return dir(self)

    def __init_subclass__(**keywords):
        if keywords:
            raise TypeError("__init_subclass__() takes no keyword arguments")

    __init_subclass__ = classmethod(__init_subclass__)


class _Generator:
    gi_frame = property(lambda self: self)
    gi_running = property(lambda self: False)


def _generator():
    yield


EXTENSIONS = ((object, _Object), (type(_generator()), _Generator))
