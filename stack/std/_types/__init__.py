# _types - methods and functions of CPython's built-in types that MicroPython lacks, in Python.
#
# _boot calls install(). Methods are found after those in C, so that none of these slows down what was there.
# An image holds only the modules of which its program uses a name (host/extensions.py).

import builtins

_OF_CLASSES = ("__module__", "__qualname__", "__doc__")
_MODULES = (
    "text",
    "buffers",
    "numbers",
    "steps",
    "keywords",
    "groups",
    "functions",
    "objects",
    "system",
    "finders",
    "console",
)


def install():
    """Install the modules that the image holds."""
    import sys

    methods = {}
    for name in _MODULES:
        try:
            module = __import__("_types." + name, None, None, (name,))
        except ImportError:
            continue
        for key, value in module.__dict__.items():
            if key == "EXTENSIONS":
                for kind, *classes in value:
                    for each in classes:
                        methods.setdefault(kind, {}).update(_own(each))
            elif key[0] != "_":
                setattr(builtins, key, value)
    try:
        builtins.open = __import__("_op" + "en").open  # on demand (host/build/parts.py)
    except ImportError:
        pass
    for name, value in methods.pop(sys, {}).items():
        if not hasattr(sys, name):
            setattr(sys, name, value)
    for kind, found in methods.items():
        sys._extend_type(kind, found)


def _own(cls):
    return {name: value for name, value in cls.__dict__.items() if name not in _OF_CLASSES}
