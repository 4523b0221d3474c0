# pkgutil - which modules are there? Those of the image.

from collections import namedtuple
from importlib import import_module
from importlib.util import FROZEN, find_spec

__all__ = [
    "ModuleInfo", "extend_path", "find_loader", "get_data", "get_loader", "iter_modules", "resolve_name",
    "walk_packages",
]  # fmt: skip

ModuleInfo = namedtuple("ModuleInfo", "module_finder name ispkg")


def iter_modules(path=None, prefix=""):
    """Yield the modules of the packages in `path`; all at the top if it is None."""
    for folder in [""] if path is None else path:
        start = _inside(folder)
        seen = {}
        for each in FROZEN:
            if each.startswith(start):
                name, _, rest = each[len(start) :].partition("/")
                if rest:
                    seen[name] = seen.get(name) or rest == "__init__.py"
                elif name != "__init__.py":
                    seen.setdefault(name[:-3], False)
        for name in sorted(seen):
            yield ModuleInfo(None, prefix + name, seen[name])


def _inside(folder):
    """Return a package's folder as the names of frozen modules have it."""
    folder = folder.strip("/")
    folder = folder[len(".frozen/") :] if folder.startswith(".frozen/") else folder
    return folder + "/" if folder else ""


def walk_packages(path=None, prefix="", onerror=None):
    """Yield the modules and, importing the packages, those within them."""
    for info in iter_modules(path, prefix):
        yield info
        if not info.ispkg:
            continue
        try:
            package = import_module(info.name)
        except ImportError:
            if onerror is not None:
                onerror(info.name)
        except Exception:
            if onerror is None:
                raise
            onerror(info.name)
        else:
            inner = package.__path__
            yield from walk_packages([inner] if isinstance(inner, str) else inner, info.name + ".", onerror)


def find_loader(fullname):
    spec = find_spec(fullname)
    return None if spec is None else spec.loader


def get_loader(module_or_name):
    return find_loader(getattr(module_or_name, "__name__", module_or_name))


def extend_path(path, name):
    return path


def get_data(package, resource):
    """Return the content of a file beside the package's modules."""
    from importlib import resources

    return resources.read_binary(package, resource)


def resolve_name(name):
    """Return the object that "package.module:object.attribute" names; the colon may be a dot."""
    name, colon, rest = name.partition(":")
    parts = name.split(".")
    if not all([part.isidentifier() for part in parts]):
        raise ValueError("invalid format: %r" % name)
    found = import_module(parts.pop(0) if not colon else name)
    path = found.__name__
    if colon:
        parts = rest.split(".") if rest else []
    while parts and not colon:
        try:
            found = import_module(path + "." + parts[0])
        except ImportError:
            break
        path += "." + parts.pop(0)
    for part in parts:
        found = getattr(found, part)
    return found
