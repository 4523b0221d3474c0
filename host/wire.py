"""A bad cable: two taps joined in user space, with loss, duplication, reordering and bit errors from a seed.

What happens to the n-th frame of a direction depends on the seed and on n only.
"""

import os
import random
import selectors
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from host.tap import open_tap

FRAME_MAX = 65536
HOLD = 0.01  # seconds that a frame is held back at most when none comes that could overtake it


@dataclass(frozen=True)
class Faults:
    """Probabilities, each for itself."""

    loss: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    corrupt: float = 0.0


class Direction:
    """One way of the cable. Pure: frames in, frames out."""

    def __init__(self, faults: Faults, seed: str) -> None:
        self._faults = faults
        self._random = random.Random(seed)
        self._held: list[bytes] = []
        self.counts: Counter[str] = Counter()

    @property
    def holds(self) -> bool:
        return bool(self._held)

    def feed(self, frame: bytes) -> list[bytes]:
        """What leaves the cable when this frame enters it."""
        # Every frame draws as many numbers, whatever becomes of it: one fault does not shift the next.
        lost, doubled, late, wrong, where = (self._random.random() for _ in range(5))
        self.counts["frames"] += 1
        if lost < self._faults.loss:
            self.counts["lost"] += 1
            return []
        if wrong < self._faults.corrupt:
            self.counts["corrupted"] += 1
            frame = flip_bit(frame, int(where * len(frame) * 8))
        frames = [frame]
        if doubled < self._faults.duplicate:
            self.counts["duplicated"] += 1
            frames.append(frame)
        if late < self._faults.reorder and not self._held:
            self.counts["reordered"] += 1
            self._held = frames
            return []
        return frames + self.release()

    def release(self) -> list[bytes]:
        """The frame held back, now."""
        held, self._held = self._held, []
        return held


def flip_bit(frame: bytes, bit: int) -> bytes:
    byte, shift = divmod(bit, 8)
    return frame[:byte] + bytes([frame[byte] ^ (1 << shift)]) + frame[byte + 1 :]


@dataclass
class Wire:
    """Both directions, named after the tap at which frames enter."""

    directions: dict[str, Direction] = field(default_factory=dict)

    @property
    def counts(self) -> Counter[str]:
        return sum((direction.counts for direction in self.directions.values()), Counter())


def send(fd: int, frames: list[bytes], counts: Counter[str]) -> None:
    for frame in frames:
        try:
            os.write(fd, frame)
        except OSError:  # the interface is down or full: a cable does not complain
            counts["undelivered"] += 1


def forward(ways: dict[int, tuple[int, Direction]], stop: int) -> None:
    with selectors.DefaultSelector() as selector:
        for fd in (stop, *ways):
            selector.register(fd, selectors.EVENT_READ)
        while True:
            waiting = HOLD if any(direction.holds for _, direction in ways.values()) else None
            ready = [key.fd for key, _ in selector.select(waiting)]
            if stop in ready:
                return
            for fd in ready:
                out, direction = ways[fd]
                send(out, direction.feed(os.read(fd, FRAME_MAX)), direction.counts)
            if not ready:
                for out, direction in ways.values():
                    send(out, direction.release(), direction.counts)


@contextmanager
def wire(left: str, right: str, faults: Faults, seed: int) -> Iterator[Wire]:
    """Join two existing taps that nobody else has open."""
    joined = Wire({name: Direction(faults, f"{seed} {index}") for index, name in enumerate((left, right))})
    with ExitStack() as stack:
        ends = []
        for name in (left, right):
            ends.append(open_tap(name))
            stack.callback(os.close, ends[-1])
        stop = os.eventfd(0)
        stack.callback(os.close, stop)
        ways = {ends[0]: (ends[1], joined.directions[left]), ends[1]: (ends[0], joined.directions[right])}
        thread = threading.Thread(target=forward, args=(ways, stop), name="wire", daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(os.eventfd_write, stop, 1)
        yield joined
