"""The interface of runners, which start the images of a kind of board. Each runner is a file beside this
one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from host.board import Board
from host.errors import LaunchError
from host.options import Options
from host.run.guest import Attempt


@dataclass(frozen=True)
class Runner:
    """A runner. `ways` maps each accelerator, best first, to the reason why it is unusable (empty:
    usable); `attempts` returns the attempts in order; `check` raises a LaunchError if images cannot run at
    all."""

    ways: Callable[[Board], dict[str, str]]
    attempts: Callable[[Board, Path, Options], list[Attempt]]
    check: Callable[[], None] = lambda: None


def accelerators(board: Board, wanted: str, known: dict[str, str]) -> list[str]:
    """Return the accelerators to try, in the board's order."""
    if wanted and wanted not in known:
        raise LaunchError(f"--accel {wanted}: board {board.name} has {' and '.join(known)}")
    if wanted and known[wanted]:
        raise LaunchError(f"--accel {wanted}: {known[wanted]}; without it, --accel tcg works")
    return [wanted] if wanted else [name for name, obstacle in known.items() if not obstacle]
