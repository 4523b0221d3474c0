"""What a runner is: how images of a kind of board are started. Each kind is a file beside this one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from host.board import Board
from host.errors import LaunchError
from host.options import Options
from host.run.guest import Attempt


@dataclass(frozen=True)
class Runner:
    """How images are started.

    `ways` maps each accelerator, best first, to what stands in its way (empty: usable), `attempts` gives
    the starts to try in order, and `check` raises a LaunchError where no image can be run at all.
    """

    ways: Callable[[Board], dict[str, str]]
    attempts: Callable[[Board, Path, Options], list[Attempt]]
    check: Callable[[], None] = lambda: None


def accelerators(board: Board, wanted: str, known: dict[str, str]) -> list[str]:
    """The accelerators to try, in the board's order."""
    if wanted and wanted not in known:
        raise LaunchError(f"--accel {wanted}: board {board.name} has {' and '.join(known)}")
    if wanted and known[wanted]:
        raise LaunchError(f"--accel {wanted}: {known[wanted]}; without it, --accel tcg works")
    return [wanted] if wanted else [name for name, obstacle in known.items() if not obstacle]
