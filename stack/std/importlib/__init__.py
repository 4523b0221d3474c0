# importlib - modules by name. An image has the modules that its program was built with.

import sys

__all__ = ["__import__", "import_module", "invalidate_caches", "reload"]

__import__ = __import__


def import_module(name, package=None):
    """Import a module; a relative name (.x) counts from the package."""
    if name.startswith("."):
        if not package:
            raise TypeError(
                "the 'package' argument is required to perform a relative import for %r" % (name,)
            )
        name = _resolved(name, package)
    module = __import__(name)
    return sys.modules.get(name, module)  # those in C are not there


def _resolved(name, package):
    rest = name.lstrip(".")
    parts = package.split(".")
    up = len(name) - len(rest) - 1
    if up >= len(parts):
        raise ImportError("attempted relative import beyond top-level package")
    base = ".".join(parts[: len(parts) - up])
    return "%s.%s" % (base, rest) if rest else base


def reload(module):
    """Run the module's code again. Returns the same module with what the code defines now."""
    name = getattr(module, "__name__", None)
    if name is None or not hasattr(module, "__dict__"):
        raise TypeError("reload() argument must be a module")
    if sys.modules.get(name) is not module:
        raise ImportError("module %s not in sys.modules" % name, name=name)
    del sys.modules[name]
    try:
        __import__(name)
        fresh = sys.modules[name]
    finally:
        sys.modules[name] = module
    for key, value in fresh.__dict__.items():
        setattr(module, key, value)
    return module


def invalidate_caches():
    """Nothing is cached: the modules of an image do not change."""
