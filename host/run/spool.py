"""Output to a reader that may be slow: a bounded buffer, drained by a thread."""

import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

SIZE = 16 << 20  # bytes


class Spool:
    """A context manager; call it with data to write. When the buffer is full it waits, or drops the data
    if configured so and later reports how much. The end of the block waits until everything is written."""

    def __init__(self, hand_on: Callable[[bytes], object], drops: bool, size: int = SIZE) -> None:
        self._hand_on = hand_on
        self._drops = drops
        self._size = size
        self._parts: deque[bytes] = deque()
        self._length = 0
        self._dropped = 0
        self._ended = False
        self._failure: BaseException | None = None
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)

    def __call__(self, data: bytes) -> None:
        """Queue data. Raises the reader's error."""
        with self._changed:
            if self._drops and self._length >= self._size:
                self._dropped += len(data)
                return
            self._changed.wait_for(lambda: self._length < self._size or self._failure)
            if self._failure:
                raise self._failure
            self._add(data)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._ended = True
            self._tell_dropped()
            self._changed.notify_all()
        if error is None:
            self._thread.join()

    def _add(self, data: bytes) -> None:
        self._tell_dropped()
        self._parts.append(data)
        self._length += len(data)
        self._changed.notify_all()

    def _tell_dropped(self) -> None:
        if self._dropped:
            told, self._dropped = f"\n[console: {self._dropped} bytes dropped]\n".encode(), 0
            self._parts.append(told)
            self._length += len(told)

    def _next(self) -> bytes:
        with self._changed:
            self._changed.wait_for(lambda: self._parts or self._ended)
            return self._parts.popleft() if self._parts else b""

    def _run(self) -> None:
        try:
            while data := self._next():
                self._hand_on(data)
                with self._changed:
                    self._length -= len(data)
                    self._changed.notify_all()
        except BaseException as error:
            with self._changed:
                self._failure = error
                self._changed.notify_all()
