"""The guest's console: standard output, which may be read slowly or not at all."""

import os
import select
from collections.abc import Sequence

from host.tender.errors import GuestFault

# Beyond Solo5's ABI: a guest that finds the feature can ask how much of a text the host takes now. Its other
# calls wait for whoever reads, and the whole machine with them.
FEATURE_PUTS_SOME = 1 << 30
PUTS_SOME = 128


class Console:
    """Writes to a descriptor without making it one that never blocks: others may share it."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self.full: Sequence[int] = ()  # the descriptor, if it took less than it was offered

    def write(self, text: memoryview) -> None:
        """All of it, however long that takes."""
        while text:
            text = text[self._write(text) :]

    def offer(self, text: memoryview) -> int:
        """As much as fits now; how much that was."""
        done = 0
        while done < len(text) and select.select((), (self._fd,), (), 0)[1]:
            done += self._write(text[done : done + select.PIPE_BUF])  # so much fits where anything does
        self.full = (self._fd,) if done < len(text) else ()
        return done

    def _write(self, text: memoryview) -> int:
        try:
            return os.write(self._fd, text)
        except BrokenPipeError:
            raise GuestFault("nobody reads the console any more") from None
