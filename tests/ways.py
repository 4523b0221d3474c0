"""The board that booted tests run on, and the ways it can be run here."""

import pytest

from host import board as boards
from host import launch

BOARD = boards.load(boards.DEFAULT)
WAYS = launch.ways(BOARD.name)


def skip_if_none() -> None:
    """Skips where nothing can run the board's images."""
    if all(WAYS.values()):
        pytest.skip("; ".join(WAYS.values()))


def usable(name: str) -> str:
    """The accelerator, if it can be used; else skips with what stands in the way."""
    if WAYS[name]:
        pytest.skip(WAYS[name])
    return name
