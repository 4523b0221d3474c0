# finders.py - sys.meta_path: programs put finders of modules there that the image does not have.

import builtins as _builtins
import sys as _sys

# Finders import by name and look the module up there; those in C are not, otherwise.
_sys.modules.setdefault("builtins", _builtins)
_sys.modules.setdefault("sys", _sys)


class _Sys:
    meta_path = []

    def _find_module(name, outer):
        """Return the module that a finder has for an import, None if there is none. `outer` is the package
        around it."""
        path = getattr(outer, "__path__", None)
        for finder in _sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = None if find is None else find(name, path, None)
            if spec is not None:
                return _loaded(name, outer, spec)
        return None


def _loaded(name, outer, spec):
    create = getattr(spec.loader, "create_module", None)
    module = None if create is None else create(spec)
    if module is None:
        module = type(_sys)(name)
        module.__spec__, module.__loader__ = spec, spec.loader
    _sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        _sys.modules.pop(name, None)
        raise
    module = _sys.modules.get(name, module)
    if outer is not None:
        setattr(outer, name.rpartition(".")[2], module)
    return module


EXTENSIONS = ((_sys, _Sys),)
