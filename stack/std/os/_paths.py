# _paths.py - os.PathLike, fspath() and the encoding of file names: UTF-8, other bytes as surrogates.

__all__ = ("PathLike", "fspath", "fsencode", "fsdecode")


class _Asked(type):
    """What is a PathLike is asked, as CPython's abstract class does."""

    def __instancecheck__(cls, obj):
        return cls.__subclasscheck__(type(obj))

    def __subclasscheck__(cls, kind):
        if cls is PathLike:
            return hasattr(kind, "__fspath__")
        return type.__subclasscheck__(cls, kind)

    def register(cls, kind):
        """Return the class, which has __fspath__() anyway."""
        return kind


class PathLike(metaclass=_Asked):
    """The abstract base of objects that are a path: those with __fspath__()."""

    def __fspath__(self):
        """Return the path as str or bytes."""
        raise NotImplementedError

    @classmethod
    def __class_getitem__(cls, item):
        return cls


def fspath(path):
    """Return the path if it is str or bytes, else what its __fspath__() returns."""
    if isinstance(path, (str, bytes)):
        return path
    kind = type(path)
    try:
        value = kind.__fspath__(path)
    except AttributeError:
        if hasattr(kind, "__fspath__"):
            raise
        raise TypeError("expected str, bytes or os.PathLike object, not " + kind.__name__)
    if isinstance(value, (str, bytes)):
        return value
    said = kind.__name__, type(value).__name__
    raise TypeError("expected %s.__fspath__() to return str or bytes, not %s" % said)


def fsencode(filename):
    filename = fspath(filename)
    return filename.encode("utf-8", "surrogateescape") if isinstance(filename, str) else filename


def fsdecode(filename):
    filename = fspath(filename)
    return filename.decode("utf-8", "surrogateescape") if isinstance(filename, bytes) else filename
