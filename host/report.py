"""Progress messages: a live line on a terminal, plain lines in a pipe. On stderr, because stdout is for
results."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


@cache
def console() -> "Console":
    from rich.console import Console  # takes longer than a build that has nothing to do

    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print one line."""
    console().print(text, markup=False)


@contextmanager
def step(text: str) -> Iterator[Callable[[str], None]]:
    """Show a step that takes a while; the yielded function shows its progress."""
    start = time.monotonic()
    if not console().is_terminal:
        say(f"{text} ...")
        yield lambda detail: None
        return
    with console().status(text) as status:
        yield lambda detail: status.update(f"{text} [dim]{detail[:60]}")
    say(f"{text} ({time.monotonic() - start:.1f} s)")
