"""Packages that an application names: of PyPI through pip, pinned by hashes in a lock file, and folders.

`packages` of unikernel.toml counts; without it requirements.txt beside main.py. A wheel is unpacked as it is,
its compiled code is left out (docs/adr/0027). Only what main.py reaches is frozen."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from host.build.modules import Module
from host.build.packages import lock, wheels
from host.build.packages.wanted import Wanted, wanted
from host.errors import HostError
from host.paths import shown
from host.unikernel import Unikernel

READS = re.compile(r"__file__|resources|get_data|FileSystemLoader|PackageLoader")
NOT_FOR_IMPORT = {"tests", "test", "docs", "doc", "examples", "benchmarks", "setup.py", "conftest.py"}


@dataclass(frozen=True)
class Package:
    """A folder from which modules are imported: an unpacked wheel, or one that the application names."""

    name: str
    folder: Path
    prefix: str = ""  # a folder with __init__.py is the package itself

    def modules(self) -> Iterator[Module]:
        for path in sorted(self.folder.rglob("*.py")):
            parts = path.relative_to(self.folder).parts
            hidden = any(part.startswith(".") or part.endswith(".dist-info") for part in parts)
            if not (hidden or (parts[0] in NOT_FOR_IMPORT and not self.prefix)):
                yield Module(f"{self.prefix}{'/'.join(parts)}", path)


def local(each: Wanted, folder: Path) -> Package:
    """Return a package that is a folder of the user's: a project (its modules are in src/ or beside its
    pyproject.toml), a package (it has __init__.py), or a folder with modules."""
    place = folder / each.text
    if not place.is_dir():
        raise HostError(f"{each.where}: packages: there is no folder {each.text}")
    if (place / "__init__.py").is_file():
        return Package(each.text, place, f"{place.resolve().name}/")
    found = Package(each.text, place / "src" if (place / "src").is_dir() else place)
    if not any(found.modules()):
        raise HostError(f"{each.where}: packages: {shown(found.folder)} has no Python files")
    return found


def packages(application: Unikernel) -> list[Package]:
    """Return the application's packages; writes the lock file if what the application names has changed."""
    wants = wanted(application)
    here = [local(each, application.folder) for each in wants.paths]
    if not wants.requirements:
        return here
    pinned = lock.pinned(application.folder, wants)
    found = wheels.provided(pinned, wants, application.folder)
    return [*here, *(Package(each.name, wheels.unpacked(each)) for each in found)]


def once(found: Iterable[Package]) -> dict[str, Module]:
    """Return the modules of the packages by path. The same file in two packages is no conflict."""
    by_path: dict[str, Module] = {}
    owners: dict[str, str] = {}
    for package in found:
        for module in package.modules():
            other = by_path.setdefault(module.path, module)
            if other.source.read_bytes() != module.source.read_bytes():
                both = f"packages {owners[module.path]} and {package.name}"
                raise HostError(f"{both} have different files of one name: {module.path}")
            owners.setdefault(module.path, package.name)
    return by_path


def beside(taken: Iterable[str], found: Iterable[Package]) -> list[Module]:
    """Return the modules of the packages, without those that the application or the image's library hides,
    as CPython's sys.path does. `taken`: the paths of their modules."""
    tops = {path.removesuffix("/__init__.py").removesuffix(".py") for path in taken}
    tops = {top for top in tops if "/" not in top}
    modules = once(found).values()
    return [each for each in modules if each.path.partition("/")[0].removesuffix(".py") not in tops]


def is_packaged(path: Path) -> bool:
    """Whether a file belongs to a package of PyPI."""
    return path.is_relative_to(wheels.UNPACKED)


def folders(modules: Iterable[Module]) -> list[Path]:
    """Return the folders of the unpacked wheels that have these modules."""
    inside = (each.source for each in modules if is_packaged(each.source))
    return sorted({wheels.UNPACKED / path.relative_to(wheels.UNPACKED).parts[0] for path in inside})


def is_compiled(name: str, source: Path) -> bool:
    """Whether the package with this file has the module as compiled code."""
    *parents, last = name.split(".")
    place = wheels.UNPACKED.joinpath(source.relative_to(wheels.UNPACKED).parts[0], *parents)
    return any(place.glob(f"{last}.*so")) or any(place.glob(f"{last}.so"))


@lru_cache(maxsize=1024)
def reads_files(folder: Path) -> bool:
    """Whether a module of the package can open files beside itself."""
    return any(READS.search(path.read_text(errors="replace")) for path in folder.rglob("*.py"))


def with_data(application: Unikernel) -> list[Path]:
    """Return the folders of PyPI's packages whose other files belong into an image."""
    found = (package.folder for package in packages(application) if is_packaged(package.folder))
    return [folder for folder in found if reads_files(folder)]
