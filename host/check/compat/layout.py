"""The cases as an application: those that compile become its modules, beside the runner as main.py."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from host import unikernel
from host.build import freeze, micropython
from host.build.freeze import Module
from host.check.compat.corpus import OWN, Case
from host.check.compat.outcome import UNBUILT, Outcome
from host.errors import HostError
from host.paths import BUILD

FOLDER = BUILD / "compat" / "compat"
UNIX = BUILD / "compat" / "unix"
TOML = """\
[image]
memory = 128
packages = ["asyncio"]

[[net]]
name = "service"
"""


@dataclass(frozen=True)
class Layout:
    folder: Path
    cases: tuple[Case, ...]  # those that compiled
    unbuilt: tuple[Outcome, ...]


def compile_case(case: Case, folder: Path) -> Outcome | None:
    """Write the case's module. Returns an outcome if it cannot be built."""
    path = folder / f"{case.name}.py"
    path.write_text(case.source)
    try:
        freeze.compile_module(Module(path.name, path), micropython.MPY_CROSS, path.with_suffix(".mpy"))
    except HostError as error:
        path.unlink()
        return Outcome(case.name, UNBUILT, str(error))
    finally:
        path.with_suffix(".mpy").unlink(missing_ok=True)
    return None


def lay_out(cases: Sequence[Case]) -> Layout:
    """Make the folder of the application, with every case that can be built."""
    micropython.mpy_cross()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    found = [(case, compile_case(case, FOLDER)) for case in cases]
    built = tuple(case for case, obstacle in found if obstacle is None)
    names = [case.name for case in built if case.kind == "fact"]
    # never called: it only causes the imports
    imports = "".join(f"    import {case.name}\n" for case in built)
    (FOLDER / "compat_facts.py").write_text(f"NAMES = {names!r}\n\n\ndef everything():\n{imports}")
    shutil.copy(OWN / "runner.py", FOLDER / "main.py")
    (FOLDER / "unikernel.toml").write_text(TOML)
    return Layout(FOLDER, built, tuple(obstacle for _, obstacle in found if obstacle is not None))


def compile_tree(layout: Layout, into: Path = UNIX) -> Path:
    """Compile everything that the image would hold to .mpy files, for the unix build."""
    shutil.rmtree(into, ignore_errors=True)
    application = unikernel.load(layout.folder)
    for module in freeze.available(application, micropython.SOURCE):
        freeze.compile_module(module, micropython.MPY_CROSS, into / Path(module.path).with_suffix(".mpy"))
    return into
