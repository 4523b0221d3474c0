"""Freeze modules: which modules an image holds, and their bytecode as one C file."""

import ast
import fnmatch
import subprocess
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from host.build import lower, stdlib
from host.build.micropython import LOGS, SOURCE
from host.build.steps import write_if_changed
from host.errors import HostError
from host.manifest import Kind
from host.paths import STACK, shown
from host.proc import build_env, run_logged, the_error
from host.unikernel import Unikernel

# x86-64 code for @native and @viper; small integers as wide as the runtime's, otherwise constants become
# objects.
CROSS_OPTIONS = ["-march=x64", "-msmall-int-bits=63"]
TOOL_OPTIONS = ["-mlongint-impl=mpz", "-mmpz-dig-size=32"]
ANY_LENGTH = {"PYTHONINTMAXSTRDIGITS": "0"}  # mpy-tool writes constants of more than 4300 digits
# Python twins of C modules, for CPython only.
NOT_FROZEN = {"mnet/wire/pure.py"}


@dataclass(frozen=True, order=True)
class Module:
    path: str  # as in imports and tracebacks: mnet/host.py
    source: Path

    @property
    def symbol(self) -> str:
        """The name that mpy-tool uses in C."""
        escaped = {"/": "_", ".": "_dot_", "-": "_hyphen_"}
        return "".join(escaped.get(letter, letter) for letter in self.path.removesuffix(".py"))


def files(folder: Path, leave: Callable[[Path], bool] = lambda path: False) -> Iterator[Path]:
    """Yield the Python files below a folder, except files and folders for which `leave` is true."""
    for path in sorted(folder.iterdir()):
        if path.name == "__pycache__" or leave(path):
            continue
        if path.is_dir():
            yield from files(path, leave)
        elif path.suffix == ".py":
            yield path


def tree(folder: Path, prefix: str = "", leave: Callable[[Path], bool] = lambda path: False) -> list[Module]:
    """Yield every module below a folder; `prefix` is the package that it makes."""
    paths = files(folder, leave)
    return [Module(f"{prefix}{path.relative_to(folder).as_posix()}", path) for path in paths]


def own_modules(unikernel: Unikernel) -> list[Module]:
    """Return the application's modules: without its tests, virtual environments, hidden folders and
    exclusions."""

    def leave(path: Path) -> bool:
        name = path.relative_to(unikernel.folder).as_posix()
        if path.is_dir():
            is_environment = (path / "pyvenv.cfg").is_file()
            left = path.name.startswith(".") or path.name in ("tests", "test") or is_environment
        else:
            # tests beside main.py; those inside packages are frozen only if imported
            left = name.startswith("test_")
        return left or any(fnmatch.fnmatchcase(name, pattern) for pattern in unikernel.exclude)

    found = tree(unikernel.folder, leave=leave)
    if not any(module.path == "main.py" for module in found):
        raise HostError(f"{shown(unikernel.folder)} has no main.py")
    return found


def library(unikernel: Unikernel, micropython: Path) -> list[Module]:
    """Return the modules of this repository and MicroPython; without a net device none of mnet."""
    modules = [
        Module("_boot.py", STACK / "_boot.py"),
        *tree(STACK / "mkernel", "mkernel/"),
        *tree(STACK / "std"),
        *tree(STACK / "lib"),
        *(Module(name, stdlib.FOLDER / name) for name in stdlib.FILES),
    ]
    if any(device.kind is Kind.NET for device in unikernel.devices):
        modules += [m for m in tree(STACK / "mnet", "mnet/") if m.path not in NOT_FROZEN]
    for package in unikernel.packages:
        folder = micropython / "extmod" / package
        if not (folder / "__init__.py").is_file():
            raise HostError(f"unikernel {unikernel.name}: MicroPython has no package {package!r} in extmod/")
        modules += [m for m in tree(folder, f"{package}/") if m.source.name != "manifest.py"]
    return modules


def available(unikernel: Unikernel, micropython: Path) -> list[Module]:
    """Return every module that the application can import."""
    modules = library(unikernel, micropython) + own_modules(unikernel)
    by_path: dict[str, Module] = {}
    for module in modules:
        hidden = by_path.get(module.path)
        # As on CPython, a module beside main.py hides one of the library; those of ours the stack needs.
        if hidden and not hidden.source.is_relative_to(stdlib.FOLDER):
            both = f"{shown(hidden.source)} and {shown(module.source)}"
            raise HostError(f"unikernel {unikernel.name}: {both} would both be frozen as {module.path}")
        by_path[module.path] = module
    return sorted(by_path.values())


def parse(path: Path) -> ast.Module:
    """Parse a file. A syntax error is shown as CPython shows it, with file, line and caret."""
    stdlib.provide(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = path.read_bytes()
            compile(source, shown(path), "exec", dont_inherit=True)  # finds more errors than the parser
            return ast.parse(source, shown(path))
    except (SyntaxError, ValueError) as error:
        if isinstance(error, SyntaxError):
            raise HostError("".join(traceback.format_exception_only(error)).strip()) from None
        raise HostError(f"{shown(path)}: {error}") from None


@lru_cache(maxsize=4096)
def lowered(path: Path, _changed: int) -> str | None:
    is_micropythons = path.is_relative_to(SOURCE)
    return lower.lower(parse(path), not path.is_relative_to(STACK), is_micropythons)


def is_ours(path: Path) -> bool:
    """Not the application's."""
    return path.is_relative_to(STACK) or path.is_relative_to(stdlib.FOLDER)


def lowered_text(path: Path) -> str | None:
    """Return the lowered source of a file; None if it is compiled unchanged."""
    stdlib.provide(path)
    return lowered(path, path.stat().st_mtime_ns)


def compile_module(module: Module, cross: Path, output: Path) -> None:
    """Compile one module to bytecode. HostError shows an error as CPython does."""
    output.parent.mkdir(parents=True, exist_ok=True)
    text = lowered_text(module.source)
    source = module.source
    if text is not None:
        source = output.with_suffix(".lowered")
        source.write_bytes(text.encode(errors="surrogatepass"))
    argv = [cross, *CROSS_OPTIONS, "-s", module.path, "-o", output, source]
    run_logged(argv, f"compiling {shown(module.source)}", LOGS / "mpy-cross-modules.log")


def freeze(
    modules: list[Module], cross: Path, micropython: Path, qstrings: Path, folder: Path, more: str = ""
) -> Path:
    """Write folder/frozen_content.c with `more` at its end. `qstrings` are the library's strings."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for module in modules:
        names.append(f"{module.path.removesuffix('.py')}.mpy")
        compile_module(module, cross, folder / names[-1])
    tool = [
        sys.executable,
        str(micropython / "tools" / "mpy-tool.py"),
        "-f",
        "-q",
        str(qstrings),
        *TOOL_OPTIONS,
    ]
    done = subprocess.run(
        [*tool, *names], cwd=folder, env=build_env(ANY_LENGTH), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise HostError(f"freezing failed: {the_error(done.stderr.splitlines())}")
    return write_if_changed(folder / "frozen_content.c", done.stdout + more)
