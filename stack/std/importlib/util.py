# importlib.util - is there a module?

import sys
from importlib import _resolved, import_module
from importlib.machinery import BuiltinImporter, FrozenImporter, ModuleSpec

try:
    from _modules import FROZEN, IN_C  # written by the build (host/build/image.py)
except ImportError:
    FROZEN, IN_C = frozenset(), frozenset(("builtins", "sys"))


def resolve_name(name, package):
    """Return the absolute name of a relative one."""
    if not name.startswith("."):
        return name
    if not package:
        raise ImportError("no package specified for %r (required for relative module names)" % (name,))
    return _resolved(name, package)


def find_spec(name, package=None):
    """Return what is known of a module without importing it, None if there is no such module."""
    name = resolve_name(name, package)
    parent = name.rpartition(".")[0]
    if parent:
        __import__(parent)
    stem = name.replace(".", "/")
    if stem + "/__init__.py" in FROZEN:
        return ModuleSpec(name, FrozenImporter, origin="frozen", is_package=True)
    if stem + ".py" in FROZEN:
        return ModuleSpec(name, FrozenImporter, origin="frozen")
    if name in IN_C:
        return ModuleSpec(name, BuiltinImporter, origin="built-in")
    module = sys.modules.get(name)
    if module is None:
        return None
    return ModuleSpec(name, FrozenImporter, origin="frozen", is_package=hasattr(module, "__path__"))


def spec_from_loader(name, loader, *, origin=None, is_package=None):
    return ModuleSpec(name, loader, origin=origin, is_package=is_package)


def module_from_spec(spec):
    """Return a new module, empty but for its name."""
    module = type(sys)(spec.name)
    module.__spec__ = spec
    module.__loader__ = spec.loader
    return module


class LazyLoader:
    """Load at once: the modules of an image are in memory."""

    def __init__(self, loader):
        self.loader = loader

    @classmethod
    def factory(cls, loader):
        return lambda *args, **kwargs: cls(loader(*args, **kwargs))

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        self.loader.exec_module(module)


__all__ = ["LazyLoader", "find_spec", "import_module", "module_from_spec", "resolve_name", "spec_from_loader"]
