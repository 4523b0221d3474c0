"""Find the modules that an application imports, walking from main.py, so that an image holds only what can
be reached.

Every import statement counts, wherever it stands, except under `if TYPE_CHECKING:`. __import__("x") and
import_module("x") count too. The argument of exec() is not analysed: a function with that import, called
or not, includes the module."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from host.build import codings, distributions, extensions, packages, parts, stdlib, unicode, zones
from host.build.finder import Finder, Import
from host.build.modules import Module, is_ours, lowered_text, parse, prepare, remembered
from host.errors import HostError
from host.paths import shown
from host.unikernel import Unikernel

ROOTS = ("_boot.py", "main.py")
HELPERS = "_lowered"  # lowered code calls it (host/build/lower)
# Imports of our modules that count only if the program uses one of the names: few programs do.
SEMAPHORES = (
    "Barrier",
    "BoundedSemaphore",
    "BrokenBarrierError",
    "Event",
    "Semaphore",
    "Timer",
    "threading.*",
)
OLD_NAMES = ("isDaemon", "setDaemon", "getName", "setName", "currentThread", "activeCount")
ON_DEMAND: dict[str, dict[str, tuple[str, ...]]] = {
    "threading.py": {"mkernel.semaphores": SEMAPHORES, "warnings": OLD_NAMES},
    "mkernel/semaphores.py": {"warnings": ("isSet",)},
    "mkernel/locks.py": {"warnings": ("notifyAll",)},
    "mnet/interface.py": {"mnet.hooks": ("filter", "capture")},
    "mnet/running.py": {"mnet.hooks": ("capture",), "mnet.mib": ("counters",)},
}

COMPILED = "it is compiled code, an image has Python only; look for a release without"

# Modules of CPython that no image can have, and why.
ABSENT = {
    "ctypes": "an image loads no shared libraries",
    "curses": "the console is a stream, no terminal",
    "multiprocessing": "an image is one process: use threading, concurrent.futures or asyncio",
    "pty": "the console is a stream, no terminal",
    "readline": "the console is a stream, no terminal",
    "sqlite3": "an image has no database library: talk to a server, or keep a file on a block device",
    "termios": "the console is a stream, no terminal",
    "tkinter": "the console is a stream, there is no screen",
    "venv": "an image is built, not installed",
}


def found_in(module: Module) -> list[Import]:
    finder = Finder(module.path)
    finder.visit(parse(module.source))
    if f"import {HELPERS}\n" in (lowered_text(module.source) or ""):
        finder.imports.append(Import(HELPERS, 0))
    return finder.imports


def imports_of(module: Module) -> list[Import]:
    """Return what a module imports."""
    found = remembered(f"imports of {module.path}", module.source, lambda: found_in(module))
    unwanted = {*stdlib.unwanted(module.source), *ON_DEMAND.get(module.path, ())}
    return [
        imported
        for imported in found
        if not any(f"{imported.name}.".startswith(f"{each}.") for each in unwanted)
    ]


def demanded(reached: Mapping[str, Module], known: Mapping[str, Module]) -> list[Module]:
    """Return the imports of CPython's files (unwanted, `?NAME`) and ours (ON_DEMAND) for names that the
    program uses."""
    found: list[Module] = []
    for path in reached:
        ours = {
            name: frozenset({*(f".{each}" for each in names), *extensions.HIDDEN})
            for name, names in ON_DEMAND.get(path, {}).items()
        }
        for name, names in {**stdlib.on_demand(path), **ours}.items():
            package = path.partition("/")[0]
            others = (each for each in reached.values() if each.path.partition("/")[0] != package)
            if any(names & extensions.names(each) for each in others):
                found += files_of(name, known)
    return found


def is_folder(name: str, known: Mapping[str, Module]) -> bool:
    """Whether this is a package without __init__.py (PEP 420)."""
    stem = name.replace(".", "/")
    return any(path.startswith(f"{stem}/") for path in known)


def files_of(name: str, known: Mapping[str, Module]) -> list[Module]:
    """Return the module of this name and the packages that contain it; none if there is no such module."""
    parts = name.split(".")
    found: list[Module] = []
    for count in range(1, len(parts) + 1):
        stem = "/".join(parts[:count])
        module = known.get(f"{stem}/__init__.py") or known.get(f"{stem}.py")
        if module is None:
            if count == len(parts) or not is_folder(".".join(parts[:count]), known):
                return []
            continue
        found.append(module)
    return found


def matching(pattern: str, known: Mapping[str, Module]) -> list[Module]:
    """Return the modules that a name with `*` in it can stand for, each with the packages around it."""
    if pattern == "*":
        return []
    expression = re.compile(re.escape(pattern).replace(r"\*", r"[^.]*"))
    names = (path.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".") for path in known)
    return [each for name in names if expression.fullmatch(name) for each in files_of(name, known)]


@dataclass(frozen=True)
class Unsatisfied:
    """An import that no module of the image satisfies."""

    module: Module
    imported: Import
    remedy: str

    def __str__(self) -> str:
        where = f"{shown(self.module.source)}:{self.imported.line}"
        return f"{where}: import {self.imported.name}: {self.remedy}"


def remedy(name: str, application: Unikernel) -> str:
    top = name.partition(".")[0]
    if (application.folder / f"{top}.py").exists() or (application.folder / top).is_dir():
        return f"{top} is left out of images (tests, hidden folders, `exclude` in unikernel.toml)"
    if top in ABSENT:
        return f"{ABSENT[top]}; guard it with try, or do without"
    if top in sys.stdlib_module_names:
        return "an image does not have it (docs/differences.md); guard it with try, or do without"
    return f'put it beside main.py, or name it in unikernel.toml: packages = ["{top}"]'


class Walk:
    """What has been reached so far, and what was missing on the way."""

    def __init__(self, application: Unikernel, modules: Iterable[Module], builtin: Iterable[str]) -> None:
        self.application = application
        self.known = {module.path: module for module in modules}
        self.in_c = {*builtin, "os.path"}
        self.reached = {path: self.known[path] for path in ROOTS if path in self.known}
        self.missing: list[Unsatisfied] = []
        self.texts: set[str] = set()  # what may be names of modules
        self.is_by_name = False  # a module imports others whose names are known at run time only

    def reach(self, modules: Iterable[Module]) -> list[Module]:
        """Add modules. Returns those that are new."""
        fresh = {each.path: each for each in modules if each.path not in self.reached}
        self.reached.update(fresh)
        return [*fresh.values()]

    def leave_out(self, module: Module, why: str) -> None:
        """Do without a module of a package that cannot be built."""
        self.missing.append(Unsatisfied(module, Import(module.path, 0), why))
        del self.reached[module.path], self.known[module.path]

    def follow(self, module: Module) -> list[Module]:
        """Return the new modules that a module imports."""
        fresh = []
        for imported in imports_of(module):
            if imported.is_text:
                self.texts |= set() if is_ours(module.source) else {imported.name}
            elif "*" in imported.name:
                if not is_ours(module.source):
                    self.is_by_name |= imported.name == "*"
                    fresh += self.reach(matching(imported.name, self.known))
            else:
                found = files_of(imported.name, self.known)
                fresh += self.reach(found)
                if not (found or imported.name in self.in_c or is_folder(imported.name, self.known)):
                    self.miss(module, imported)
        return fresh

    def miss(self, module: Module, imported: Import) -> None:
        """Note an import that nothing satisfies, unless the program can do without."""
        is_packaged = packages.is_packaged(module.source)
        if imported.is_tried or is_ours(module.source) or (imported.is_late and is_packaged):
            return
        if is_packaged and packages.is_compiled(imported.name, module.source):
            self.missing.append(Unsatisfied(module, imported, COMPILED))
        elif not imported.is_part:
            self.missing.append(Unsatisfied(module, imported, remedy(imported.name, self.application)))

    def named(self) -> list[Module]:
        """Return the new modules that texts name, if the program imports by name."""
        found = (files_of(name, self.known) for name in sorted(self.texts) if self.is_by_name)
        return self.reach(each for files in found for each in files if not is_ours(files[-1].source))

    def demanded(self) -> list[Module]:
        """Return the new modules that the reached ones need by the names they use."""
        known, reached = self.known.values(), self.reached.values()
        said = frozenset[str]().union(*map(extensions.names, reached))
        said_of_os = frozenset[str]().union(*map(parts.names, reached))
        more = extensions.needed(known, said) + parts.needed(known, said_of_os)
        more += demanded(self.reached, self.known)
        for each in (codings, unicode):
            more += each.needed(self.reached, self.known)
        return self.reach(more)


def walk(
    application: Unikernel, modules: Iterable[Module], builtin: Iterable[str]
) -> tuple[list[Module], list[Unsatisfied]]:
    """Return the modules that main.py reaches, and the unsatisfied imports."""
    walk = Walk(application, modules, builtin)
    pending = [*walk.reached.values()]
    while pending:
        batch, pending = pending, []
        errors = prepare(module.source for module in batch)
        for module in batch:
            if module.source in errors and packages.is_packaged(module.source):
                walk.leave_out(module, errors[module.source])
            else:
                pending += walk.follow(module)
        pending = pending or walk.named() or walk.demanded()
    reached = walk.reached.values()
    made = [each for makers in (codings, zones, unicode) for each in makers.made(reached)]
    folders = [application.folder, *packages.folders(walk.known.values())]
    made += distributions.made(reached, folders)
    missing = sorted(walk.missing, key=lambda each: (each.module, each.imported.line, each.imported.name))
    return sorted([*reached, *made]), missing


def in_c(reached: Iterable[Module], builtin: Iterable[str]) -> list[str]:
    """List the modules in C that these import: `import ujson` is the one behind a frozen json. Texts count in
    programs only."""
    imported_names = {
        each.name
        for module in reached
        for each in imports_of(module)
        if not (each.is_text and is_ours(module.source))
    }
    return sorted(name for name in set(builtin) if imported_names & {name, f"u{name}"})


def check(missing: Iterable[Unsatisfied], strict: bool) -> Iterator[str]:
    """Yield warnings for unsatisfied imports; with `strict` raise the first as an error."""
    for each in missing:
        if strict:
            raise HostError(str(each))
        yield f"warning: {each}"
