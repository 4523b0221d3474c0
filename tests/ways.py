"""The board that booted tests run on, and the ways it can be run here."""

import pytest

from host import board as boards
from host.manifest import Kind
from host.run import launch

BOARD = boards.load(boards.DEFAULT)
WAYS = launch.ways(BOARD.name)
IS_SOLO5 = BOARD.runner == "solo5"
IN_RING_0 = BOARD.settings.get("faults") == "ring 0"

# Slow, and it reports exceptions of its guest by itself: it gets tests of its own.
EMULATOR = "unicorn"

needs_qemu_board = pytest.mark.skipif(IS_SOLO5, reason=f"board {BOARD.name} is not run by QEMU")
needs_user_network = pytest.mark.skipif(IS_SOLO5, reason=f"board {BOARD.name} has taps only")
needs_blocks = pytest.mark.skipif(
    Kind.BLOCK not in BOARD.devices, reason=f"board {BOARD.name} has no block devices"
)
needs_link = pytest.mark.skipif(
    IS_SOLO5 or BOARD.runner == "unikraft", reason=f"board {BOARD.name} does not hear of its link"
)
needs_ring_3 = pytest.mark.skipif(IN_RING_0, reason=f"board {BOARD.name} has everything in ring 0")
needs_exceptions = pytest.mark.skipif(
    BOARD.settings.get("faults") == "signal", reason=f"board {BOARD.name} has no exceptions in the guest"
)


def skip_if_none() -> None:
    """Skips where nothing can run the board's images."""
    if all(WAYS.values()):
        pytest.skip("; ".join(WAYS.values()))


def usable(name: str) -> str:
    """The accelerator, if it can be used; else skips with what stands in the way."""
    if WAYS[name]:
        pytest.skip(WAYS[name])
    return name


def quiet(arguments: str) -> str:
    """The arguments for a console with nothing but the application's output on it."""
    return f"--solo5:quiet {arguments}".rstrip() if IS_SOLO5 else arguments


def is_runner(process: str) -> bool:
    """Whether a process of that name runs a guest; our own tender is a program of Python's."""
    return process.startswith(("qemu", "solo5", "python"))
