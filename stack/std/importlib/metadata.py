# importlib.metadata - of the packages that the image was built from: the application, by its pyproject.toml,
# and those with a *.dist-info in its folder (host/build/distributions.py).

try:
    from importlib._distributions import FOUND as _FOUND
except ImportError:
    _FOUND = ()

__all__ = [
    "Distribution", "PackageMetadata", "PackageNotFoundError", "distribution", "distributions",
    "entry_points", "files", "metadata", "packages_distributions", "requires", "version",
]  # fmt: skip


class PackageNotFoundError(ModuleNotFoundError):
    """The package was not found."""

    def __str__(self):
        return "No package metadata was found for %s" % self.name

    @property
    def name(self):
        return self.args[0]


class PackageMetadata:
    """The fields of METADATA; names are the same in either case."""

    def __init__(self, text):
        self._fields = []
        for line in text.split("\n\n", 1)[0].splitlines():
            if line[:1] in " \t" and self._fields:
                name, value = self._fields.pop()
                self._fields.append((name, value + "\n" + line))
            elif ":" in line:
                name, _, value = line.partition(":")
                self._fields.append((name, value.strip()))

    def get_all(self, name, failobj=None):
        name = name.lower()
        return [value for key, value in self._fields if key.lower() == name] or failobj

    def get(self, name, failobj=None):
        return self.get_all(name, [failobj])[0]

    def __getitem__(self, name):
        return self.get(name)

    def __contains__(self, name):
        return self.get_all(name) is not None

    def __iter__(self):
        return iter(self.keys())

    def __len__(self):
        return len(self._fields)

    def keys(self):
        return [key for key, _ in self._fields]

    def values(self):
        return [value for _, value in self._fields]

    def items(self):
        return list(self._fields)


class EntryPoint:
    """`name`, `value` ("module:attribute") and `group` of an entry point."""

    def __init__(self, name, value, group):
        self.name, self.value, self.group = name, value, group
        self.module, _, rest = value.partition(":")
        self.module, self.attr = self.module.strip(), rest.partition("[")[0].strip()

    def load(self):
        """Import the module and return the attribute."""
        found = __import__(self.module, None, None, ("*",))
        for name in filter(None, self.attr.split(".")):
            found = getattr(found, name)
        return found

    def matches(self, **params):
        return all([getattr(self, name) == value for name, value in params.items()])

    def __eq__(self, other):
        return isinstance(other, EntryPoint) and self._key() == other._key()

    def __hash__(self):
        return hash(self._key())

    def _key(self):
        return self.name, self.value, self.group

    def __repr__(self):
        return "EntryPoint(name=%r, value=%r, group=%r)" % self._key()


class EntryPoints(tuple):
    def select(self, **params):
        return EntryPoints([each for each in self if each.matches(**params)])

    def __getitem__(self, name):
        for each in self:
            if each.name == name:
                return each
        raise KeyError(name)

    @property
    def names(self):
        return {each.name for each in self}

    @property
    def groups(self):
        return {each.group for each in self}


class Distribution:
    """A package that the image was built from."""

    files = None

    def __init__(self, text, points):
        self.metadata = PackageMetadata(text)
        self._points = points

    @property
    def name(self):
        return self.metadata["Name"]

    @property
    def version(self):
        return self.metadata["Version"]

    @property
    def requires(self):
        return self.metadata.get_all("Requires-Dist")

    @property
    def entry_points(self):
        found, group = [], ""
        for line in self._points.splitlines():
            line = line.strip()
            if line[:1] == "[":
                group = line[1:].rstrip("]").strip()
            elif "=" in line and line[:1] not in "#;":
                name, _, value = line.partition("=")
                found.append(EntryPoint(name.strip(), value.strip(), group))
        return EntryPoints(found)


def _same(name):
    """The name as PEP 503 compares it."""
    for each in "_.":
        name = name.replace(each, "-")
    while "--" in name:
        name = name.replace("--", "-")
    return name.lower()


def distributions(name=None, **kwargs):
    for text, points in _FOUND:
        found = Distribution(text, points)
        if name is None or _same(found.name) == _same(name):
            yield found


def distribution(distribution_name):
    """Return the Distribution. PackageNotFoundError: the image was built without one of this name."""
    if not distribution_name:
        raise ValueError("A distribution name is required.")
    for found in distributions(distribution_name):
        return found
    raise PackageNotFoundError(distribution_name)


def version(distribution_name):
    return distribution(distribution_name).version


def metadata(distribution_name):
    return distribution(distribution_name).metadata


def requires(distribution_name):
    return distribution(distribution_name).requires


def files(distribution_name):
    """None: an image has no files of them."""
    return distribution(distribution_name).files


def packages_distributions():
    """Nothing: METADATA does not say which modules a package has."""
    return {}


def entry_points(**params):
    found = [point for each in distributions() for point in each.entry_points]
    return EntryPoints(found).select(**params)
