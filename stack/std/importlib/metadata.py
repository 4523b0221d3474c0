# importlib.metadata - an image keeps no metadata of the packages that it was built from.

__all__ = [
    "PackageNotFoundError", "distribution", "distributions", "entry_points", "files", "metadata",
    "packages_distributions", "requires", "version",
]  # fmt: skip


class PackageNotFoundError(ModuleNotFoundError):
    """The package was not found."""

    def __str__(self):
        return "No package metadata was found for %s" % self.name

    @property
    def name(self):
        return self.args[0]


def distribution(distribution_name):
    raise PackageNotFoundError(distribution_name)


version = metadata = files = requires = distribution


def distributions(**kwargs):
    return iter(())


def packages_distributions():
    return {}


class EntryPoints(tuple):
    def select(self, **params):
        return self

    names = groups = property(lambda self: set())


def entry_points(**params):
    return EntryPoints()
