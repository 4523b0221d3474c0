"""CPython's own tests on the unix build, method by method.

They are Debian's libpython3.11-testsuite, unpacked at test time. unittest and test.support are small ones
of ours (tests/compat/cpython); other modules that the runtime lacks are replaced by objects that skip the
calling test."""

import ast
import fnmatch
import os
import re
import select
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path

from host.build import freeze, imports, micropython, modules, stdlib, unicode, zones
from host.build.finder import Finder
from host.build.modules import Module
from host.check.compat.corpus import OWN
from host.check.compat.layout import UNIX
from host.check.compat.outcome import CRASHED, FAILED, HUNG, PASSED, Outcome
from host.manifest import Device, Kind
from host.paths import BUILD, ROOT
from host.proc import build_env
from host.unikernel import Unikernel

PACKAGE = "libpython3.11-testsuite"
INSIDE = "usr/lib/python3.11/test"
SOURCES = BUILD / "compat" / "cpython-src"
TREE = UNIX.with_name("cpython")
SHIMS = OWN / "cpython"
PASSES = OWN / "passes" / "cpython"
DOCUMENT = ROOT / "docs" / "differences.md"
BEGIN, END = "<!-- invoke cpython-tests --accept writes this -->", "<!-- to here -->"
TIMEOUT = 30.0  # seconds for one method
TOGETHER = 240.0  # seconds for one process
SKIPPED = "skip"
CHOSEN = (SHIMS / "chosen").read_text().split()
FILES = [name for name in CHOSEN if name[0] not in "+@"]
ALSO = [name[1:] for name in CHOSEN if name.startswith("+")]  # imported by those
DATA = [name[1:] for name in CHOSEN if name.startswith("@")]  # files and folders that they read
ALWAYS = (
    "_boot.py", "_types/", "_generics.py", "_lowered.py", "_reduce.py", "copyreg.py", "_strptime.py",
    "_time.py", "_open.py", "_fileio.py", "posixpath.py", "mnet/sockets/", "os/",
)  # fmt: skip
WATCHERS = ("SafeChildWatcher", "set_child_watcher")
ABSENT = ("_CTask", "_CFuture", "ProcessPoolExecutor")
MOCK = ("unittest/mock.py", "unittest/util.py", "unittest/_small.py")
LACKS = SHIMS / "lacks"
LINE = re.compile(r"^@@ (\d+) (\S+) (begins|pass|skip|fail)(.*)$", re.MULTILINE)


def module_of(name: str) -> str:
    package, _, rest = name.partition(".")
    return f"test.test_{package}.{rest}" if rest else f"test.test_{name}"


def package() -> Path:
    """Return the package's file in the user's cache folder, fetching it if it is missing."""
    return stdlib.package(PACKAGE)


class Replace(ast.NodeTransformer):
    """Replaces unsatisfied imports by objects that skip the calling test."""

    def __init__(self, path: str, known: dict[str, Module], in_c: set[str]) -> None:
        self.path, self.known, self.in_c = path, known, in_c

    def has(self, name: str) -> bool:
        return name in self.in_c or bool(imports.files_of(name, self.known))

    def missing(self, name: str, alias: str) -> ast.stmt:
        return ast.parse(f"{alias} = __import__('unittest').Missing({name!r})").body[0]

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for each in node.names:
            top = each.name.partition(".")[0]
            if self.has(each.name):
                made.append(ast.Import([each]))
            elif each.asname is None and self.has(top):
                made.append(ast.Import([ast.alias(top)]))
            else:
                made.append(self.missing(each.name, each.asname or top))
        return [ast.copy_location(each, node) for each in made]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.stmt]:
        absent = [each for each in node.names if each.name != "*" and not self.satisfies(node, each.name)]
        kept = [each for each in node.names if each not in absent]
        made: list[ast.stmt] = [ast.ImportFrom(node.module, kept, node.level)] if kept else []
        made += [self.missing(f"{node.module}.{each.name}", each.asname or each.name) for each in absent]
        return [ast.copy_location(each, node) for each in made]

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Replace classes and functions that a module of the library lacks: those of asyncio in C, and the
        watchers of processes, which tests of other things set up."""
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load) and node.attr in WATCHERS:
            return ast.parse("__import__('unittest').Harmless()", mode="eval").body
        if not isinstance(node.ctx, ast.Load) or not (node.attr.startswith("_c_") or node.attr in ABSENT):
            return node
        return ast.parse(f"__import__('unittest').Missing({node.attr!r})", mode="eval").body

    def satisfies(self, node: ast.ImportFrom, name: str) -> bool:
        """Whether `from ... import name` works; of the package `test` the suite lacks some modules."""
        if node.module == "test":
            return self.has(f"test.{name}")
        return bool(node.level) or node.module == "__future__" or self.has(node.module or "")


def is_tested(path: str) -> bool:
    """Not what the small unittest replaces."""
    return not path.startswith("unittest/") or path in MOCK


def in_c() -> set[str]:
    """Return the C modules of the unix build."""
    text = (micropython.UNIX.parent / "genhdr" / "moduledefs.h").read_text()
    return set(re.findall(r"MP_ROM_QSTR\(MP_QSTR_(\w+)\), MP_ROM_PTR\(&", text))


def lay_out(files: Iterable[str]) -> None:
    """Compile the chosen tests and everything they can import to .mpy files."""
    micropython.unix()
    for folder in (SOURCES, TREE):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SHIMS, SOURCES)
    for name in ("run.py", "chosen", "drops", "lacks"):
        (SOURCES / name).unlink()
    unpacked = BUILD / "compat" / "testsuite"
    shutil.rmtree(unpacked, ignore_errors=True)
    stdlib.unpack([package()], unpacked)
    names = [*(module_of(each).replace(".", "/") for each in files), *(f"test/{each}" for each in ALSO)]
    for name in {*names, *(f"{Path(each).parent}/__init__" for each in names if each.count("/") > 1)}:
        origin = unpacked / INSIDE / f"{name.removeprefix('test/')}.py"
        if origin.is_file():
            target = SOURCES / f"{name}.py"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(origin, target)
    stdlib.prune(SOURCES, SHIMS / "drops")
    copy_data(unpacked / INSIDE)
    devices = (Device(Kind.NET, "service"),)  # for the loopback interface
    application = Unikernel("cpython", SHIMS, devices=devices)
    library = freeze.library(application)
    library = [module for module in library if is_tested(module.path)]
    own = freeze.tree(SOURCES)
    known = {module.path: module for module in [*library, *own]}
    with ProcessPoolExecutor() as pool:
        imported = [*pool.map(partial(adapt, known, in_c()), own, chunksize=len(own) // 8 + 1)]
    wanted = dict(zip(own, imported, strict=True))
    pairs = [(module, (TREE / module.path).with_suffix(".mpy")) for module in reached(wanted, known)]
    for module, error in modules.compile_all(pairs, micropython.MPY_CROSS).items():
        print(f"{module.path}: {str(error).splitlines()[0]}", flush=True)


def imported_names(found: Iterable[Module]) -> Iterator[str]:
    """Yield the names of all that these modules import, those that an image has on demand included."""
    for module in found:
        yield from (each.name for each in imports.imports_of(module))
        yield from imports.ON_DEMAND.get(module.path, ())
        yield from stdlib.on_demand(module.path)


def adapt(known: dict[str, Module], names_in_c: set[str], module: Module) -> list[str]:
    """Replace what the runtime lacks in a file. Returns the names of what is left of its imports."""
    tree = ast.parse(module.source.read_bytes())
    Replace(module.path, known, names_in_c).visit(tree)
    module.source.write_text(ast.unparse(ast.fix_missing_locations(tree)), errors="surrogatepass")
    finder = Finder(module.path)
    finder.visit(tree)
    return [each.name for each in finder.imports]


def copy_data(tests: Path) -> None:
    """Put DATA beside the modules, and a list of the files for run.py, which has them in memory."""
    found = [path for name in DATA for path in (tests / name, *(tests / name).rglob("*")) if path.is_file()]
    names = [path.relative_to(tests.parent) for path in found]
    for name in names:
        (TREE / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tests.parent / name, TREE / name)
    (TREE / "data").write_text("".join(f"{name}\n" for name in names))


def asks_for_unicode(module: Module) -> bool:
    r"""Whether a test uses unicodedata, or has \N{...} in a pattern."""
    text = module.source.read_bytes()
    return b"unicodedata" in text or b"\\N{" in text


def reached(tests: Mapping[Module, list[str]], known: Mapping[str, Module]) -> list[Module]:
    """Return these modules, whose imports are known, those that extend built-in types, and all that they
    import."""
    always = [module for path, module in known.items() if path.startswith(ALWAYS)]
    found = {module.path: module for module in (*always, *tests)}
    names = [*imported_names(always), *chain.from_iterable(tests.values())]
    while names:
        more = {each.path: each for name in set(names) for each in imports.files_of(name, known)}
        pending = [each for path, each in more.items() if path not in found]
        found.update({each.path: each for each in pending})
        names = [*imported_names(pending)]
    # To parse the tests for names of zones and letters takes a while.
    few = [each for each in found.values() if each not in tests or asks_for_unicode(each)]
    return [*found.values(), *zones.made(few), *unicode.made(few)]


def said(argv: list[str]) -> tuple[str, bool]:
    """Run a process. Returns its output, and whether it was ended because it said nothing more."""
    parts: list[bytes] = []
    with subprocess.Popen(
        argv, env=build_env(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        number, deadline = process.stdout.fileno(), time.monotonic() + TOGETHER
        while hears := bool(select.select([number], [], [], TIMEOUT)[0]) and time.monotonic() < deadline:
            part = os.read(number, 1 << 16)
            if not part:
                break
            parts.append(part)
        if not hears:
            process.kill()
    return b"".join(parts).decode(errors="replace"), not hears


@lru_cache(maxsize=1)
def lacks() -> list[tuple[str, str]]:
    """Return the patterns of methods that do not apply, each with its reason."""
    found, reason = [], ""
    for line in LACKS.read_text().splitlines():
        if line.startswith("## "):
            reason = line[3:]
        elif line and line[0] != "#":
            found.append((line, reason))
    return found


def judged(outcome: Outcome) -> Outcome:
    """Return the outcome, or a skip with the reason why the method does not apply."""
    if outcome.ending in (PASSED, SKIPPED):
        return outcome
    reasons = (reason for pattern, reason in lacks() if fnmatch.fnmatchcase(outcome.name, pattern))
    reason = next(reasons, "")
    return Outcome(outcome.name, SKIPPED, reason) if reason else outcome


def methods(name: str) -> Iterator[Outcome]:
    """Yield the outcome of each method of a file; after a method that ends the process, a new process
    continues."""
    first = 0
    while True:
        script = [SHIMS / "run.py", TREE, ROOT / "tests" / "shims", module_of(name), first]
        text, hung = said([str(word) for word in (micropython.UNIX, "-X", "heapsize=128m", *script)])
        begun = ""
        for number, method, verdict, why in LINE.findall(text):
            if verdict == "begins":
                begun, first = f"{name}.{method}", int(number) + 1
                continue
            begun = ""
            yield judged(Outcome(f"{name}.{method}", verdict, why.strip()))
        if "@@ all" in text:
            return
        if not begun:
            yield Outcome(name, FAILED, text.strip().splitlines()[-1] if text.strip() else "says nothing")
            return
        yield judged(Outcome(begun, HUNG if hung else CRASHED))


def run(files: Iterable[str] = tuple(FILES)) -> list[Outcome]:
    chosen = list(files)
    lay_out(chosen)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(chain.from_iterable(pool.map(lambda name: [*methods(name)], chosen)))


def accepted() -> set[str]:
    """Return the methods that are known to pass."""
    return set(PASSES.read_text().split()) if PASSES.is_file() else set()


def show(only: str, accept: bool) -> None:
    """Run all files or one, print the failures and the table."""
    found = run([only] if only else FILES)
    for outcome in found:
        if outcome.ending not in (PASSED, SKIPPED):
            print(outcome)
    print(table(found))
    if accept:
        names = accepted() - {outcome.name for outcome in found}
        names |= {outcome.name for outcome in found if outcome.passed}
        PASSES.write_text("".join(f"{name}\n" for name in sorted(names)))
        if not only:
            document(found)


def file_of(name: str) -> str:
    """Return dict for dict.DictTest.test_len."""
    return ".".join(name.split(".")[:-2]) or name


def rows(outcomes: Iterable[Outcome]) -> list[tuple[str, int, int, int]]:
    """Return for each file and in total: methods passed, applicable, skipped."""
    tally: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        tally.setdefault(file_of(outcome.name), Counter())[outcome.ending] += 1
    tally["together"] = sum(tally.values(), Counter())
    return [
        (name, counts[PASSED], counts.total() - counts[SKIPPED], counts[SKIPPED])
        for name, counts in tally.items()
    ]


def table(outcomes: Iterable[Outcome]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| CPython's test | passed | of those that apply | skipped |", "|---|---|---|---|"]
    lines += [f"| {' | '.join(map(str, row))} |" for row in rows(outcomes)]
    return "\n".join(lines)


def document(outcomes: Iterable[Outcome]) -> None:
    """Write the table into docs/differences.md."""
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table(outcomes)}\n{END}{after}")
