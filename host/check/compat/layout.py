"""The cases as an application: those that compile become its modules, beside the runner as main.py."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from host import unikernel
from host.build import freeze, imports, micropython, modules
from host.build.modules import Module
from host.check.compat.corpus import OWN, Case
from host.check.compat.outcome import UNBUILT, Outcome
from host.errors import HostError
from host.paths import BUILD

FOLDER = BUILD / "compat" / "compat"
UNIX = BUILD / "compat" / "unix"
TOML = """\
[image]
memory = 128
preemption = true

[[net]]
name = "service"
"""


@dataclass(frozen=True)
class Layout:
    folder: Path
    cases: tuple[Case, ...]  # those that compiled
    unbuilt: tuple[Outcome, ...]


def write_cases(cases: Sequence[Case], folder: Path) -> dict[Case, HostError]:
    """Write the cases' modules. Returns those that cannot be built."""
    by_module: dict[Module, Case] = {}
    for case in cases:
        path = folder / f"{case.name}.py"
        path.write_text(case.source)
        by_module[Module(path.name, path)] = case
    with TemporaryDirectory() as made:
        pairs = ((module, Path(made) / f"{module.path}.mpy") for module in by_module)
        errors = modules.compile_all(pairs, micropython.MPY_CROSS)
    for module in errors:
        module.source.unlink()
    return {by_module[module]: error for module, error in errors.items()}


def lay_out(cases: Sequence[Case], settings: Path | None = None) -> Layout:
    """Make the folder of the application, with every case that can be built. `settings`: a folder with
    unikernel.toml and unikernel.lock."""
    micropython.mpy_cross()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    errors = write_cases(cases, FOLDER)
    built = tuple(case for case in cases if case not in errors)
    names = [case.name for case in built if case.kind == "fact"]
    # never called: it only causes the imports
    imports = "".join(f"    import {case.name}\n" for case in built)
    (FOLDER / "compat_facts.py").write_text(f"NAMES = {names!r}\n\n\ndef everything():\n{imports}")
    shutil.copy(OWN / "runner.py", FOLDER / "main.py")
    (FOLDER / "unikernel.toml").write_text(TOML)
    for name in ("unikernel.toml", "unikernel.lock") if settings else ():
        shutil.copy(Path(settings or "") / name, FOLDER)
    unbuilt = (Outcome(case.name, UNBUILT, str(error)) for case, error in errors.items())
    return Layout(FOLDER, built, tuple(unbuilt))


def compile_tree(layout: Layout, into: Path = UNIX) -> Path:
    """Compile everything that the image would hold to .mpy files, for the unix build."""
    shutil.rmtree(into, ignore_errors=True)
    application = unikernel.load(layout.folder)
    reached, _ = imports.walk(application, freeze.available(application), ())
    pairs = [(module, into / Path(module.path).with_suffix(".mpy")) for module in reached]
    for error in modules.compile_all(pairs, micropython.MPY_CROSS).values():
        raise error
    return into
