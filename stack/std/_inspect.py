# _inspect - what CPython's inspect does in another way here: there are no sources, and little code objects.

import sys
import types
from collections import namedtuple

__all__ = [
    "CO_ASYNC_GENERATOR", "CO_COROUTINE", "CO_GENERATOR", "CO_ITERABLE_COROUTINE", "CO_NESTED",
    "CO_NEWLOCALS", "CO_NOFREE", "CO_OPTIMIZED", "CO_VARARGS", "CO_VARKEYWORDS", "ClosureVars", "_sentinel",
    "findsource",
    "formatannotation", "formatannotationrelativeto", "getattr_static", "getclosurevars", "getcomments",
    "getframeinfo", "getmodule", "getmodulename", "getsource", "getsourcefile", "getsourcelines",
    "parameter_names",
]  # fmt: skip

CO_OPTIMIZED, CO_NEWLOCALS, CO_VARARGS, CO_VARKEYWORDS = 1, 2, 4, 8
CO_NESTED, CO_GENERATOR, CO_NOFREE, CO_COROUTINE = 16, 32, 64, 128
CO_ITERABLE_COROUTINE, CO_ASYNC_GENERATOR = 256, 512

_sentinel = object()

ClosureVars = namedtuple("ClosureVars", "nonlocals globals builtins unbound")


def parameter_names(function):
    """Return the number of positional-only parameters, the keywords, and the names of *args and **kwargs.

    The interpreter knows none of these; the build notes them where a program asks for signatures."""
    noted = function.__dict__.get("__parameters__") if hasattr(function, "__dict__") else None
    if noted is not None:
        return noted
    code = function.__code__
    names = []
    if code.co_flags & CO_VARARGS:
        names.append("args")
    if code.co_flags & CO_VARKEYWORDS:
        names.append("kwargs")
    keywords = code.co_varnames[code.co_argcount :][: code.co_kwonlyargcount]
    return tuple([code.co_posonlyargcount, keywords] + names)


def findsource(object):
    raise OSError("could not get source code")


def getsourcelines(object):
    raise OSError("could not get source code")


def getsource(object):
    raise OSError("could not get source code")


def getcomments(object):
    return None


def getsourcefile(object):
    return None


def getmodulename(path):
    """Return the name of the module in a file, None if it is none."""
    name = path.rpartition("/")[2]
    return name[:-3] if name.endswith(".py") else None


def getmodule(object, _filename=None):
    """Return the module in which the object was defined, None if that is unknown."""
    if isinstance(object, types.ModuleType):
        return object
    return sys.modules.get(getattr(object, "__module__", None) or "")


def getclosurevars(func):
    if isinstance(func, types.MethodType):
        func = func.__func__
    if not isinstance(func, types.FunctionType):
        raise TypeError("%r is not a Python function" % (func,))
    return ClosureVars({}, {}, {}, set())


def formatannotation(annotation, base_module=None):
    if getattr(annotation, "__module__", None) == "typing":
        return repr(annotation).replace("typing.", "")
    if isinstance(annotation, types.GenericAlias):
        return str(annotation)
    if isinstance(annotation, type):
        if annotation.__module__ in ("builtins", base_module):
            return annotation.__qualname__
        return annotation.__module__ + "." + annotation.__qualname__
    return repr(annotation)


def formatannotationrelativeto(object):
    module = getattr(object, "__module__", None)
    return lambda annotation: formatannotation(annotation, module)


def getframeinfo(frame, context=1):
    """Return what is known of a frame or of a traceback's: no lines of source."""
    lineno = getattr(frame, "tb_lineno", None)
    if lineno is None:
        lineno = frame.f_lineno
    else:
        frame = frame.tb_frame
    from inspect import Traceback

    return Traceback(frame.f_code.co_filename, lineno, frame.f_code.co_name, None, None)


def getattr_static(obj, attr, default=_sentinel):
    """Return an attribute as it stands in the object or its classes, without calling anything."""
    is_class = isinstance(obj, type)
    kind = obj if is_class else type(obj)
    found = _in_classes(kind, attr)
    if not is_class:
        try:
            inside = object.__getattribute__(obj, "__dict__")
        except (AttributeError, TypeError):
            inside = {}
        if attr in inside:
            is_data = found is not _sentinel and _in_classes(type(found), "__set__") is not _sentinel
            return found if is_data else inside[attr]
    if found is _sentinel and is_class:
        found = _in_classes(type(obj), attr)
    if found is not _sentinel:
        return found
    if default is _sentinel:
        raise AttributeError(attr)
    return default


def _in_classes(cls, attr):
    for each in cls.__mro__:
        if attr in each.__dict__:
            return each.__dict__[attr]
    return _sentinel
