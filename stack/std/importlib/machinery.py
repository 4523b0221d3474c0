# importlib.machinery - what a module is known by before it is imported.

SOURCE_SUFFIXES = [".py"]
BYTECODE_SUFFIXES = []
EXTENSION_SUFFIXES = []
DEBUG_BYTECODE_SUFFIXES = OPTIMIZED_BYTECODE_SUFFIXES = BYTECODE_SUFFIXES


def all_suffixes():
    return list(SOURCE_SUFFIXES)


class ModuleSpec:
    """A module's name, and where it comes from."""

    def __init__(self, name, loader, *, origin=None, loader_state=None, is_package=None):
        self.name, self.loader, self.origin, self.loader_state = name, loader, origin, loader_state
        self.submodule_search_locations = [] if is_package else None
        self.has_location = False
        self.cached = None

    @property
    def parent(self):
        return self.name if self.submodule_search_locations is not None else self.name.rpartition(".")[0]

    def __repr__(self):
        words = ["name=%r" % self.name, "loader=%r" % (self.loader,)]
        words += [] if self.origin is None else ["origin=%r" % self.origin]
        return "ModuleSpec(%s)" % ", ".join(words)

    def __eq__(self, other):
        return isinstance(other, ModuleSpec) and self.__dict__ == other.__dict__


class _Importer:
    @classmethod
    def create_module(cls, spec):
        return None

    @classmethod
    def exec_module(cls, module):
        """Run the module's code in it."""
        import importlib
        import sys

        name = module.__name__
        known = sys.modules.get(name)
        if known is None:
            importlib.import_module(name)
            known = sys.modules.pop(name)
        for key, value in known.__dict__.items():
            setattr(module, key, value)

    @classmethod
    def load_module(cls, name):
        import importlib

        return importlib.import_module(name)


class FrozenImporter(_Importer):
    """Modules in Python."""


class BuiltinImporter(_Importer):
    """Modules in C."""
