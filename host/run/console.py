"""The console output of a guest: collected by one thread, awaited by others."""

import os
import re
import threading
import time
from collections.abc import Callable


class Console:
    """The guest's console output so far. One thread feeds it from a pipe; any thread can wait for text."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._changed = threading.Condition()
        self._ended = False
        self.first_output: float | None = None  # time.monotonic()

    @property
    def text(self) -> str:
        with self._changed:
            return self._data.decode(errors="replace")

    @property
    def ended(self) -> bool:
        with self._changed:
            return self._ended

    def feed(self, pipe: int, copy_to: Callable[[bytes], object] | None = None) -> None:
        """Read the pipe to its end."""
        while data := os.read(pipe, 65536):
            if self.first_output is None:
                self.first_output = time.monotonic()
            if copy_to:
                copy_to(data)
            with self._changed:
                self._data += data
                self._changed.notify_all()

    def end(self) -> None:
        """Mark the end of the output."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def tail(self, lines: int = 15) -> str:
        return "\n".join(self.text.splitlines()[-lines:])

    def wait_for(self, pattern: str | re.Pattern[str], timeout: float, start: int = 0) -> re.Match[str]:
        """Return the first match from `start` on. TimeoutError after the timeout, EOFError when the guest
        has ended."""
        wanted = re.compile(re.escape(pattern)) if isinstance(pattern, str) else pattern
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                if match := wanted.search(self._data.decode(errors="replace"), start):
                    return match
                left = deadline - time.monotonic()
                if self._ended:
                    raise EOFError(f"the guest ended without {wanted.pattern!r}; its console:\n{self.tail()}")
                if left <= 0:
                    raise TimeoutError(f"no {wanted.pattern!r} in {timeout} s; console:\n{self.tail()}")
                self._changed.wait(left)

    def wait_end(self, timeout: float | None) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._ended, timeout):
                raise TimeoutError(f"the guest still runs after {timeout} s; its console:\n{self.tail()}")
