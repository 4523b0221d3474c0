"""The guest's console: standard output, whose reader may be slow or absent."""

import os
import select
from collections.abc import Sequence

from host.tender.errors import GuestFault

# Beyond Solo5's ABI: a guest with this feature can ask how much of a text the host accepts now. The other
# calls block the whole machine until the reader has taken the text.
FEATURE_PUTS_SOME = 1 << 30
PUTS_SOME = 128


class Console:
    """Writes to a descriptor without setting O_NONBLOCK on it, because it may be shared."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self.full: Sequence[int] = ()  # the descriptor, if it took less than offered

    def write(self, text: memoryview) -> None:
        """Write everything, however long it takes."""
        while text:
            text = text[self._write(text) :]

    def offer(self, text: memoryview) -> int:
        """Write what fits now. Returns how much."""
        done = 0
        while done < len(text) and select.select((), (self._fd,), (), 0)[1]:
            done += self._write(text[done : done + select.PIPE_BUF])  # this much fits wherever anything does
        self.full = (self._fd,) if done < len(text) else ()
        return done

    def _write(self, text: memoryview) -> int:
        try:
            return os.write(self._fd, text)
        except BrokenPipeError:
            raise GuestFault("nobody reads the console any more") from None
