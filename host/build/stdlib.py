"""CPython's own modules that an image can have: pure Python, from Debian's packages.

host/build/cpython/sums names each file and its SHA-256, as sha256sum prints them; host/build/cpython/patches
has what must change in them for this runtime, host/build/cpython/drops the parts that an image does
without. They are fetched when something imports one of them. Modules of
ours that go with them in the same package are in stack/std.
"""

import ast
import re
import subprocess
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from host.build import apt, steps
from host.errors import HostError
from host.paths import BUILD, ROOT, cache
from host.proc import the_error
from host.report import say, step

PACKAGES, SUITE = ("libpython3.11-minimal", "libpython3.11-stdlib"), "bookworm"
INSIDE = "usr/lib/python3.11"
FOLDER = BUILD / "stdlib"
PINS = ROOT / "host" / "build" / "cpython"
DROPS = PINS / "drops"
PATCHED = re.compile(r"^\+\+\+ b/(\S+)", re.MULTILINE)


def sums(path: Path = PINS / "sums") -> dict[str, str]:
    """Return the SHA-256 of each file by its name in the package."""
    pairs = (line.split() for line in path.read_text().splitlines())
    return {name: digest for digest, name in pairs}


FILES = sums()


@lru_cache(maxsize=1)
def exclusions() -> dict[str, frozenset[str]]:
    """Return the contents of host/build/cpython/unwanted: the imports of a file that do not count."""
    lines = (line.partition("#")[0].split() for line in (PINS / "unwanted").read_text().splitlines())
    return {words[0]: frozenset(words[1:]) for words in lines if words}


def unwanted(path: Path) -> frozenset[str]:
    """Return the modules that a file of CPython imports and can do without."""
    if not path.is_relative_to(FOLDER):
        return frozenset()
    words = exclusions().get(path.relative_to(FOLDER).as_posix(), frozenset())
    return frozenset(word.partition("?")[0] for word in words)


def on_demand(name: str) -> dict[str, frozenset[str]]:
    """Return those of a file's optional imports that are included when a program uses a name."""
    words = (word.partition("?") for word in exclusions().get(name, ()))
    return {module: frozenset(names.split(",")) for module, _, names in words if names}


def package(name: str) -> Path:
    """Return the package's file in the user's cache folder, fetching it if it is missing."""
    folder = cache() / "packages"
    found = sorted(folder.glob(f"{name}_*.deb"))
    if found:
        return found[-1]
    with step(f"Fetching {name} from Debian's archive"):
        return apt.fetch_binary(name, SUITE, folder)


def unpack(packages: Iterable[Path], into: Path) -> None:
    for each in packages:
        argv = ["dpkg-deb", "-x", str(each), str(into)]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise HostError(f"cannot unpack {each.name}: {the_error(done.stderr.splitlines())}")


def patches() -> list[Path]:
    """Return the patches to FILES."""
    found = sorted((PINS / "patches").glob("*.patch"))
    return [each for each in found if PATCHED.findall(each.read_text())[0] in FILES]


def patch(tree: Path) -> None:
    for each in patches():
        argv = ["patch", "-p1", "--batch", "--no-backup-if-mismatch", "-i", str(each)]
        done = subprocess.run(argv, cwd=tree, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise HostError(f"{each.name} does not apply to CPython's modules: {done.stdout.strip()[-300:]}")


def drops(path: Path = DROPS) -> dict[str, set[str]]:
    """Return for files the names of functions, classes and imports that are left out of an image."""
    lines = [line.split() for line in path.read_text().splitlines() if not line.startswith("#")]
    return {name: set(dropped) for name, *dropped in lines}


def without(source: str, names: set[str]) -> str:
    """Blank the definitions and imports of these names (of a class `Class.method`): line numbers stay."""
    lines = source.splitlines()

    def blank(node: ast.stmt, rest: str = "") -> None:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(each.lineno for each in decorators)])
        count = (node.end_lineno or first) - first + 1
        lines[first - 1 : first - 1 + count] = [rest, *[""] * (count - 1)]

    def walk(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                if prefix + node.name in names:
                    blank(node, " " * node.col_offset + "pass")  # may be all that a class has
                elif isinstance(node, ast.ClassDef):
                    walk(node.body, f"{node.name}.")
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                kept = [each for each in node.names if (each.asname or each.name) not in names]
                if len(kept) != len(node.names):
                    node.names = kept
                    blank(node, " " * node.col_offset + (ast.unparse(node) if kept else ""))
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                if prefix + node.targets[0].id in names:
                    blank(node)

    walk(ast.parse(source).body, "")
    return "\n".join(lines) + "\n"


def prune(tree: Path, listed: Path = DROPS) -> None:
    """Take what is listed out of the files below the folder."""
    for name, names in drops(listed).items():
        path = tree / name
        if path.is_file():
            path.write_text(without(path.read_text(), names))


def copy(source: Path, into: Path) -> list[str]:
    """Copy every file of FILES. Returns the names of files whose content is not the pinned one: apt has
    checked the archive's signature, so they are a later point release's."""
    changed = []
    for name, digest in FILES.items():
        try:
            content = (source / name).read_bytes()
        except FileNotFoundError:
            raise HostError(f"host/build/cpython/sums: Debian's packages have no {name}") from None
        if sha256(content).hexdigest() != digest:
            changed.append(name)
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return changed


@lru_cache(maxsize=1)
def have() -> None:
    """Make FOLDER from the packages unless it is there."""
    debs = [package(name) for name in PACKAGES]

    def make(folder: Path) -> None:
        with TemporaryDirectory(prefix="pymnet-stdlib-") as name:
            unpack(debs, Path(name))
            changed = copy(Path(name) / INSIDE, folder)
        if changed:
            names = ", ".join(changed[:4]) + (" ..." if changed[4:] else "")
            say(f"{debs[-1].name}: not the release that was tested: {names} changed")
        patch(folder)
        prune(folder)

    pinned = [f"{digest} {name}" for name, digest in FILES.items()]
    steps.made_whole(FOLDER, steps.digest([*(deb.name for deb in debs), *pinned, *patches(), DROPS]), make)


def provide(path: Path) -> None:
    """Unpack CPython's files if this is one of them."""
    if path.is_relative_to(FOLDER):
        have()
