"""Freeze modules: which modules an image holds, and their bytecode as one C file."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from host.build import files as data_files
from host.build import packages, stdlib
from host.build.current import python_files
from host.build.modules import Module, compile_all, generated, lowered_text, prepare
from host.build.steps import write_if_changed
from host.errors import HostError
from host.manifest import Kind
from host.paths import STACK, shown
from host.proc import build_env, the_error
from host.unikernel import Unikernel

TOOL_OPTIONS = ["-mlongint-impl=mpz", "-mmpz-dig-size=32"]
ANY_LENGTH = {"PYTHONINTMAXSTRDIGITS": "0"}  # mpy-tool writes constants of more than 4300 digits
# Arrays of bytes: compilers align large ones to 32 bytes, a tenth of an image's frozen code.
BYTES = re.compile(r"^(static const byte \w+\[\d+\])(?= = \{)", re.MULTILINE)
# Python twins of C modules, for CPython only.
NOT_FROZEN = {"mnet/wire/pure.py"}


def files(folder: Path) -> Iterator[Path]:
    """Yield the Python files below a folder."""
    for path in sorted(folder.iterdir()):
        if path.name == "__pycache__":
            continue
        if path.is_dir():
            yield from files(path)
        elif path.suffix == ".py":
            yield path


def tree(folder: Path, prefix: str = "") -> list[Module]:
    """Yield every module below a folder; `prefix` is the package that it makes."""
    paths = files(folder)
    return [Module(f"{prefix}{path.relative_to(folder).as_posix()}", path) for path in paths]


def own_modules(unikernel: Unikernel) -> list[Module]:
    """Return the application's modules."""
    found = {path.relative_to(unikernel.folder).as_posix(): path for path in python_files(unikernel)}
    if unikernel.script:
        found["main.py"] = unikernel.folder / unikernel.script
    if "main.py" not in found:
        raise HostError(f"{shown(unikernel.folder)} has no main.py")
    return [Module(*each) for each in found.items()]


def library(unikernel: Unikernel) -> list[Module]:
    """Return the modules of this repository and of CPython; without a net device none of mnet."""
    modules = [
        Module("_boot.py", STACK / "_boot.py"),
        *tree(STACK / "mkernel", "mkernel/"),
        *tree(STACK / "std"),
        *tree(STACK / "lib"),
        *(Module(name, stdlib.FOLDER / name) for name in stdlib.FILES),
    ]
    if any(device.kind is Kind.NET for device in unikernel.devices):
        modules += [m for m in tree(STACK / "mnet", "mnet/") if m.path not in NOT_FROZEN]
    return modules


def lay_out(folder: Path) -> Path:
    """Write the standard library, lowered, which the unix build imports from source."""
    library = [*(Module(name, stdlib.FOLDER / name) for name in stdlib.FILES), *tree(STACK / "std")]
    prepare(module.source for module in library)
    for module in library:
        target = folder / module.path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = lowered_text(module.source)
        if text is None:
            shutil.copyfile(module.source, target)
        else:
            target.write_text(text, errors="surrogatepass")
    return folder


def available(unikernel: Unikernel) -> list[Module]:
    """Return every module that the application can import."""
    modules = library(unikernel) + own_modules(unikernel)
    if text := data_files.module(data_files.all_of(unikernel)):
        modules.append(generated(data_files.MODULE, text))
    by_path: dict[str, Module] = {}
    for module in modules:
        hidden = by_path.get(module.path)
        # As on CPython, a module beside main.py hides one of the library; the stack needs ours.
        if hidden and not hidden.source.is_relative_to(stdlib.FOLDER):
            both = f"{shown(hidden.source)} and {shown(module.source)}"
            raise HostError(f"unikernel {unikernel.name}: {both} would both be frozen as {module.path}")
        by_path[module.path] = module
    return sorted([*by_path.values(), *packages.beside(by_path, packages.packages(unikernel))])


def freeze(
    modules: list[Module], cross: Path, micropython: Path, qstrings: Path, folder: Path, more: str = ""
) -> Path:
    """Write folder/frozen_content.c with `more` at its end. `qstrings` are the library's strings."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{module.path.removesuffix('.py')}.mpy" for module in modules]
    pairs = zip(modules, (folder / name for name in names), strict=True)
    for error in compile_all(pairs, cross).values():
        raise error
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
    text = BYTES.sub(r"\1 __attribute__((aligned(1)))", done.stdout)
    return write_if_changed(folder / "frozen_content.c", text + more)
