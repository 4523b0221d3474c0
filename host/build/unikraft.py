"""Link images with Unikraft's build: the tree that UNIKRAFT_DIR names, or kraft."""

import os
import shutil
from pathlib import Path

from host.board import Board
from host.build import steps
from host.errors import LaunchError, os_errors
from host.paths import BOARDS, BUILD
from host.proc import run_logged
from host.report import step

VARIABLE = "UNIKRAFT_DIR"


class UnikraftError(LaunchError):
    """Unikraft is missing; the user must provide it."""

    code = 2


def tree() -> Path | None:
    """Return the folder of Unikraft's core, if the user named one."""
    named = os.environ.get(VARIABLE)
    return Path(named).resolve() if named else None


def obstacle() -> str:
    """Return why no image can be built here; empty: it can."""
    core = tree()
    if core is None:
        missing = f"no Unikraft: set {VARIABLE} to the folder of its core (0.17 or later), or install kraft"
        return "" if shutil.which("kraft") else missing
    return "" if (core / "Makefile.uk").is_file() else f"{VARIABLE}={core} is no tree of Unikraft's core"


def check() -> None:
    if why := obstacle():
        raise UnikraftError(why)


def configuration(board: Board, nets: int) -> str:
    """Return the board's defconfig, with the image's number of network devices."""
    return f"{(BOARDS / board.name / 'defconfig').read_text()}CONFIG_APPPYMNET_NETS={nets}\n"


def make(board: Board, core: Path, folder: Path, nets: int) -> Path:
    """Link with the tree's own make; the folder keeps its objects."""
    argv = ["make", "-C", core, f"A={BOARDS / board.name}", f"O={folder}", f"C={folder / '.config'}"]
    argv += [f"APPPYMNET_LIBRARY={folder / 'pymnet.a'}"]
    defconfig = steps.write_if_changed(folder / "defconfig", configuration(board, nets))
    log = BUILD / "log" / "unikraft.log"
    with step("Building Unikraft") as show:
        configure = [*argv, f"UK_DEFCONFIG={defconfig}", "defconfig"]
        run_logged(configure, "configuring Unikraft", log, show=show)
        run_logged([*argv, "-j2"], "building Unikraft", log, show=show)
    return folder / f"{board.name}_qemu-{board.arch}"


def kraft(board: Board, folder: Path) -> Path:
    files = BOARDS / board.name
    argv = ["kraft", "build", "--no-prompt", "--plat", "qemu", "--arch", board.arch, files]
    with step("Building with kraft") as show:
        environment = {**os.environ, "APPPYMNET_LIBRARY": str(folder / "pymnet.a")}
        run_logged(argv, "kraft build", BUILD / "log" / "kraft.log", env=environment, show=show)
    return files / ".unikraft" / "build" / f"pymnet_qemu-{board.arch}"


def link(board: Board, library: Path, image: Path, nets: int) -> None:
    """Link the image, and beside it a copy with symbols."""
    nets = max(nets, 1)  # Config.uk requires at least one
    # One folder per configuration, because another configuration recompiles everything.
    core, folder = tree(), BUILD / board.name / f"unikraft-{nets}"
    version = (core / "version.mk").read_text() if core else ""
    with steps.incremental(folder, steps.digest([str(core), version])), os_errors("cannot copy the image"):
        # of a fixed name and always new, so that make links again
        shutil.copyfile(library, folder / "pymnet.a")
        made = make(board, core, folder, nets) if core else kraft(board, folder)
        shutil.copyfile(made, image)
        shutil.copyfile(made.with_name(f"{made.name}.dbg"), image.with_name(f"{image.name}.debug"))
