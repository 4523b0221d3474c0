"""Find the modules that an application imports, walking from main.py, so that an image holds only what can
be reached.

Every import statement counts, wherever it stands, except under `if TYPE_CHECKING:`. __import__("x") and
import_module("x") count too. The argument of exec() is not analysed: a function with that import, called
or not, includes the module."""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from host.build import codings, distributions, extensions, parts, stdlib, unicode, zones
from host.build.modules import Module, is_ours, lowered_text, parse, prepare
from host.errors import HostError
from host.paths import shown
from host.unikernel import Unikernel

ROOTS = ("_boot.py", "main.py")
HELPERS = "_lowered"  # lowered code calls it (host/build/lower)
# A program that catches one of these can do without the import.
CAUGHT = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
# Functions that import a module by name.
CALLS = {"__import__", "import_module", "import_fresh_module"}
# Names that import modules when a program uses them, and the modules.
LAZY = {
    **{
        f"collections.{name}": "collections.users"
        for name in ("ChainMap", "UserDict", "UserList", "UserString")
    },
    "collections.abc": "collections.abc",
    "contextlib.chdir": "os",
    "typing.AsyncContextManager": "contextlib",
    "typing.ContextManager": "contextlib",
    "typing.Match": "re",
    "typing.Pattern": "re",
    "unittest.IsolatedAsyncioTestCase": "unittest.async_case",
}


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
    "mnet/runner.py": {"mnet.hooks": ("capture",), "mnet.mib": ("counters",)},
}

# Modules of CPython that no image can have, and why.
ABSENT = {
    "ctypes": "an image loads no shared libraries",
    "curses": "the console is a stream, no terminal",
    "dbm": "an image has no database library",
    "fcntl": "there are no descriptors of an operating system",
    "mmap": "there are no files that could be mapped",
    "multiprocessing": "an image is one process: use threading, concurrent.futures or asyncio",
    "pty": "the console is a stream, no terminal",
    "pwd": "there are no users",
    "grp": "there are no users",
    "readline": "the console is a stream, no terminal",
    "resource": "there are no processes: the machine's memory is the limit",
    "sqlite3": "an image has no database library: talk to a server, or keep a file on a block device",
    "ssl": "an image has no TLS yet: let a proxy in front of it end TLS connections",
    "syslog": "there is no system logger: use logging",
    "termios": "the console is a stream, no terminal",
    "tkinter": "the console is a stream, there is no screen",
    "venv": "an image is built, not installed",
}


@dataclass(frozen=True)
class Import:
    """One name that an import statement requires, in full."""

    name: str
    line: int
    is_tried: bool = False  # optional: the program handles its absence
    is_part: bool = False  # of `from package import part`: may be any name of the package


def package_of(path: str) -> list[str]:
    """Return the package from which relative imports of the module start."""
    return path.split("/")[:-1]


class Finder(ast.NodeVisitor):
    """Collects the imports of one module."""

    def __init__(self, path: str) -> None:
        self.package = package_of(path)
        self.imports: list[Import] = []
        self.tried = False
        self.aliases: dict[str, str] = {}

    def add(self, name: str, node: ast.AST, is_part: bool = False) -> None:
        self.imports.append(Import(name, getattr(node, "lineno", 0), self.tried, is_part))

    def visit_Import(self, node: ast.Import) -> None:
        for each in node.names:
            self.add(each.name, node)
            if each.asname:
                self.aliases[each.asname] = each.name

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = self.package[: len(self.package) + 1 - node.level] if node.level else []
        name = ".".join([*base, *([node.module] if node.module else [])])
        if name == "__future__":
            return
        if name:
            self.add(name, node)
        for each in node.names:
            if each.name != "*":
                self.add(f"{name}.{each.name}" if name else each.name, node, is_part=True)
                self.lazy(f"{name}.{each.name}", node)

    def lazy(self, name: str, node: ast.AST) -> None:
        if name in LAZY:
            self.add(LAZY[name], node, is_part=True)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.value, ast.Name):
            self.lazy(f"{self.aliases.get(node.value.id, node.value.id)}.{node.attr}", node)
        self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> None:
        outer = self.tried
        self.tried = outer or any(map(catches, node.handlers))
        for statement in node.body:
            self.visit(statement)
        self.tried = outer
        for other in (*node.handlers, *node.orelse, *node.finalbody):
            self.visit(other)

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test).split(".")[-1] != "TYPE_CHECKING":
            self.generic_visit(node)
        for statement in node.orelse if ast.unparse(node.test).endswith("TYPE_CHECKING") else ():
            self.visit(statement)

    def visit_Call(self, node: ast.Call) -> None:
        called = ast.unparse(node.func).split(".")[-1]
        first = node.args[0] if node.args else None
        if called in CALLS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            if not first.value.startswith("."):
                self.add(first.value, node)
        if called == "filterwarnings" and has_pattern(node):
            self.add("re", node)
        self.generic_visit(node)


def has_pattern(call: ast.Call) -> bool:
    """Whether this call of warnings.filterwarnings() compares messages or modules."""
    return len(call.args) > 1 or any(each.arg in ("message", "module") for each in call.keywords)


def catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(kind) in CAUGHT for kind in kinds)


def imports_of(module: Module) -> list[Import]:
    finder = Finder(module.path)
    finder.visit(parse(module.source))
    if f"import {HELPERS}\n" in (lowered_text(module.source) or ""):
        finder.imports.append(Import(HELPERS, 0))
    unwanted = {*stdlib.unwanted(module.source), *ON_DEMAND.get(module.path, ())}
    return [
        each
        for each in finder.imports
        if not any(f"{each.name}.".startswith(f"{name}.") for name in unwanted)
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


def walk(
    application: Unikernel, modules: Iterable[Module], builtin: Iterable[str]
) -> tuple[list[Module], list[Unsatisfied]]:
    """Return the modules that main.py reaches, and the unsatisfied imports."""
    known = {module.path: module for module in modules}
    in_c = set(builtin)
    reached = {path: known[path] for path in ROOTS if path in known}
    pending = list(reached.values())
    # MicroPython's packages import their modules lazily, from tables of names.
    lazy = {
        name: [known[path] for path in sorted(known) if path.startswith(f"{name}/")]
        for name in application.packages
    }
    missing: list[Unsatisfied] = []
    said: set[str] = set()
    said_of_os: set[str] = set()
    while pending:
        batch, pending = pending, []
        prepare(module.source for module in batch)
        for module in batch:
            for imported in imports_of(module):
                found = files_of(imported.name, known)
                more = lazy.get(imported.name.partition(".")[0], []) if found else []
                fresh = {each.path: each for each in (*found, *more) if each.path not in reached}
                reached.update(fresh)
                pending += fresh.values()
                is_there = found or imported.name in {*in_c, "os.path"} or is_folder(imported.name, known)
                if not (is_there or imported.is_tried or imported.is_part or is_ours(module.source)):
                    missing.append(Unsatisfied(module, imported, remedy(imported.name, application)))
            said |= extensions.names(module)
            said_of_os |= parts.names(module)
        if not pending:
            more = extensions.needed(known.values(), said) + parts.needed(known.values(), said_of_os)
            more += demanded(reached, known) + codings.needed(reached, known)
            pending = [each for each in more if each.path not in reached]
            reached.update({each.path: each for each in pending})
    missing.sort(key=lambda each: (each.module, each.imported.line, each.imported.name))
    made = [each for makers in (codings, zones, unicode) for each in makers.made(reached.values())]
    made += distributions.made(reached.values(), application.folder)
    return sorted([*reached.values(), *made]), missing


def in_c(reached: Iterable[Module], builtin: Iterable[str]) -> list[str]:
    """List the modules in C that these import: `import ujson` is the one behind a frozen json."""
    imported_names = {each.name for module in reached for each in imports_of(module)}
    return sorted(name for name in set(builtin) if imported_names & {name, f"u{name}"})


def check(missing: Iterable[Unsatisfied], strict: bool) -> Iterator[str]:
    """Yield warnings for unsatisfied imports; with `strict` raise the first as an error."""
    for each in missing:
        if strict:
            raise HostError(str(each))
        yield f"warning: {each}"
