# importlib.resources - files beside a package's modules: those that unikernel.toml names under its folder,
# and what an installed package brings.

import io
from contextlib import contextmanager
from types import ModuleType

__all__ = [
    "as_file", "contents", "files", "is_resource", "open_binary", "open_text", "path", "read_binary",
    "read_text",
]  # fmt: skip


class Resource:
    """A file or folder of a package."""

    def __init__(self, path):
        self._path = path

    @property
    def name(self):
        return self._path.rpartition("/")[2]

    def joinpath(self, *names):
        return Resource("/".join([self._path] + [str(name) for name in names]))

    __truediv__ = joinpath

    def open(self, mode="r", *args, **kwargs):
        return open(self._path, mode, *args, **kwargs)

    def read_bytes(self):
        with self.open("rb") as file:
            return file.read()

    def read_text(self, encoding="utf-8", errors="strict"):
        return self.read_bytes().decode(encoding, errors)

    def is_file(self):
        try:
            self.open("rb").close()
        except OSError:
            return False
        return True

    def is_dir(self):
        try:
            _names(self._path)
        except OSError:
            return False
        return True

    def iterdir(self):
        for name in _names(self._path):
            yield self / name

    def __fspath__(self):
        return self._path

    __str__ = __fspath__

    def __repr__(self):
        return "Resource(%r)" % self._path


def _names(path):
    import os

    return os.listdir(path)


def files(package):
    """Return the folder of a package, given as a module or by name."""
    name = package.__name__ if isinstance(package, ModuleType) else package
    return Resource("/" + name.replace(".", "/"))


@contextmanager
def as_file(resource):
    yield resource


def open_binary(package, resource):
    return (files(package) / resource).open("rb")


def open_text(package, resource, encoding="utf-8", errors="strict"):
    return io.StringIO(read_text(package, resource, encoding, errors))


def read_binary(package, resource):
    return (files(package) / resource).read_bytes()


def read_text(package, resource, encoding="utf-8", errors="strict"):
    return (files(package) / resource).read_text(encoding, errors)


def path(package, resource):
    return as_file(files(package) / resource)


def is_resource(package, name):
    return (files(package) / name).is_file()


def contents(package):
    return [each.name for each in files(package).iterdir()]
