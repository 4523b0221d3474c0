"""The board that booted tests run on, and the runners that it has here."""

import pytest

from host import board as boards
from host.manifest import Kind
from host.run import launch

BOARD = boards.load(boards.DEFAULT)
WAYS = launch.ways(BOARD.name)
IS_SOLO5 = BOARD.runner == "solo5"
IN_RING_0 = BOARD.settings.get("faults") == "ring 0"

# Slow, and it reports exceptions of its guest by itself, so it has separate tests.
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
    """Skip the test if no runner can run the board's images."""
    if all(WAYS.values()):
        pytest.skip("; ".join(WAYS.values()))


def usable(name: str) -> str:
    """Return the accelerator, if it can be used; else skip the test with the reason."""
    if WAYS[name]:
        pytest.skip(WAYS[name])
    return name


def quiet(arguments: str) -> str:
    """Return the arguments for a console with the application's output only."""
    return f"--solo5:quiet {arguments}".rstrip() if IS_SOLO5 else arguments


def is_runner(process: str) -> bool:
    """Whether a process of that name runs a guest; our own tender is a Python program."""
    return process.startswith(("qemu", "solo5", "python"))
