"""One module: its source parsed, lowered to MicroPython's syntax and compiled to bytecode.

Results are kept in build/modules under a digest of all that they depend on, so that the many images of a
clone lower and compile each content once.
"""

import ast
import os
import pickle
import shutil
import traceback
import warnings
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from host.build import lower, stdlib
from host.build.lower.commands import without_commands
from host.build.micropython import LOGS, SOURCE
from host.build.steps import digest, write_if_changed
from host.errors import HostError
from host.paths import BUILD, STACK, shown
from host.proc import run_logged

# x86-64 code for @native and @viper; small integers as wide as the runtime's, otherwise constants become
# objects.
CROSS_OPTIONS = ["-march=x64", "-msmall-int-bits=63"]
KEPT = BUILD / "modules"
UNCHANGED = b""  # what is kept of a file that needs no lowering
Found = TypeVar("Found")
FEW = 3  # a pool of processes is not worth its start for so many


@dataclass(frozen=True, order=True)
class Module:
    path: str  # as in imports and tracebacks: mnet/host.py
    source: Path

    @property
    def symbol(self) -> str:
        """Return the name that mpy-tool uses in C."""
        escaped = {"/": "_", ".": "_dot_", "-": "_hyphen_"}
        return "".join(escaped.get(letter, letter) for letter in self.path.removesuffix(".py"))


def is_ours(path: Path) -> bool:
    """Whether the module is not the application's."""
    return path.is_relative_to(STACK) or path.is_relative_to(stdlib.FOLDER)


def parse(path: Path) -> ast.Module:
    """Parse a file. A syntax error is shown as CPython shows it, with file, line and caret."""
    stdlib.provide(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = path.read_bytes()
            tree = ast.parse(source, shown(path))
            compile(tree, shown(path), "exec", dont_inherit=True)  # finds more errors than the parser
            return without_commands(tree) if path.is_relative_to(stdlib.FOLDER) else tree
    except (SyntaxError, ValueError) as error:
        if isinstance(error, SyntaxError):
            raise HostError("".join(traceback.format_exception_only(error)).strip()) from None
        raise HostError(f"{shown(path)}: {error}") from None


def kept(name: str, content: bytes) -> None:
    """Keep a result. Another process may keep the same at the same time."""
    KEPT.mkdir(parents=True, exist_ok=True)
    partial = KEPT / f"{name}.{os.getpid()}"
    partial.write_bytes(content)
    partial.rename(KEPT / name)


def generated(path: str, text: str) -> Module:
    """Return a module that the build writes; images with the same text share its file."""
    file = KEPT / f"{Path(path).stem.strip('_')}-{digest([text])[:16]}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    return Module(path, write_if_changed(file, text))


@lru_cache(maxsize=1)
def analysis() -> str:
    return digest(sorted(Path(__file__).parent.rglob("*.py")))


def remembered(what: str, path: Path, make: Callable[[], Found]) -> Found:
    """Return what an analysis finds in a file; it is kept like the file's bytecode."""
    stdlib.provide(path)
    kind = f"{what} {path.is_relative_to(stdlib.FOLDER)}"
    name = f"{digest([analysis(), kind, path.read_bytes()])}.found"
    if not (KEPT / name).is_file():
        kept(name, pickle.dumps(make()))
    found: Found = pickle.loads((KEPT / name).read_bytes())
    return found


@lru_cache(maxsize=1)
def front_end() -> str:
    return digest(sorted(Path(lower.__file__).parent.glob("*.py")))


def lowered_name(path: Path) -> str:
    """Return the name under which the lowered source of a file is kept."""
    stdlib.provide(path)
    kind = f"{path.is_relative_to(STACK)} {path.is_relative_to(SOURCE)} {is_ours(path)}"
    return f"{digest([front_end(), kind, path.read_bytes()])}.py"


def lower_file(path: Path) -> str:
    """Lower a file and keep the result. Returns the error of the file, if any."""
    try:
        text = lower.lower(
            parse(path), not path.is_relative_to(STACK), path.is_relative_to(SOURCE), not is_ours(path)
        )
    except HostError as error:
        return str(error)
    kept(lowered_name(path), UNCHANGED if text is None else text.encode(errors="surrogatepass"))
    return ""


def prepare(paths: Iterable[Path]) -> Mapping[Path, str]:
    """Lower files that were not lowered yet, on all processors. Returns the errors by file."""
    missing = [path for path in paths if not (KEPT / lowered_name(path)).is_file()]
    if len(missing) <= FEW:
        results = [*map(lower_file, missing)]
    else:
        with ProcessPoolExecutor() as pool:
            results = [*pool.map(lower_file, missing)]
    return {path: wrong for path, wrong in zip(missing, results, strict=True) if wrong}


def lowered_text(path: Path) -> str | None:
    """Return the lowered source of a file; None if it is compiled unchanged."""
    for wrong in prepare([path]).values():
        raise HostError(wrong)
    content = (KEPT / lowered_name(path)).read_bytes()
    return None if content == UNCHANGED else content.decode(errors="surrogatepass")


@lru_cache(maxsize=8)
def compiler(cross: Path, _changed: int) -> str:
    return digest([cross.read_bytes(), *CROSS_OPTIONS])


def compile_module(module: Module, cross: Path, output: Path) -> None:
    """Compile one module to bytecode. HostError shows an error as CPython does."""
    output.parent.mkdir(parents=True, exist_ok=True)
    lowered = lowered_text(module.source)
    tool = compiler(cross, cross.stat().st_mtime_ns)
    name = f"{digest([tool, module.path, lowered_name(module.source)])}.mpy"
    if not (KEPT / name).is_file():
        source = module.source if lowered is None else KEPT / lowered_name(module.source)
        argv = [cross, *CROSS_OPTIONS, "-s", module.path, "-o", output, source]
        run_logged(argv, f"compiling {shown(module.source)}", LOGS / "mpy-cross-modules.log")
        kept(name, output.read_bytes())
    shutil.copyfile(KEPT / name, output)


def compile_all(wanted: Iterable[tuple[Module, Path]], cross: Path) -> dict[Module, HostError]:
    """Compile modules on all processors, each to its output. Returns those that cannot be compiled."""
    pairs = list(wanted)

    def attempt(pair: tuple[Module, Path]) -> HostError | None:
        try:
            compile_module(pair[0], cross, pair[1])
        except HostError as error:
            return error
        return None

    prepare(module.source for module, _ in pairs)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        errors = [*pool.map(attempt, pairs)]
    return {module: error for (module, _), error in zip(pairs, errors, strict=True) if error}
