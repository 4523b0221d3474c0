"""An impaired link: two taps joined in user space, with delay, MTU, and loss, duplication, reordering and
bit errors from a seed.

What happens to the n-th frame of a direction depends on the seed and on n only. Frames are as on a
physical link: before a tap without offloads the kernel cuts super-segments and completes checksums."""

import math
import os
import random
import selectors
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from host.net.tap import open_tap

FRAME_MAX = 65536
ETHERNET = 14  # bytes of a frame outside the packet
BURST = 64  # frames taken from one end before the other has its turn
HOLD = 0.01  # seconds that a frame is held back at most when no other frame can overtake it


@dataclass(frozen=True)
class Faults:
    """Independent probabilities; `delay` in seconds; packets of more than `mtu` bytes are dropped (0: no
    limit)."""

    loss: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    corrupt: float = 0.0
    delay: float = 0.0
    mtu: int = 0


class Direction:
    """One direction of the link. Pure: frames in, frames out. Its faults can be changed at any time."""

    def __init__(self, faults: Faults, seed: str) -> None:
        self.faults = faults
        self._random = random.Random(seed)
        self._held: list[bytes] = []
        self.counts: Counter[str] = Counter()

    @property
    def holds(self) -> bool:
        return bool(self._held)

    def feed(self, frame: bytes) -> list[bytes]:
        """Return the frames that leave the link when this frame enters it."""
        # Every frame draws the same number of random values, so that one fault does not shift the next.
        lost, doubled, late, wrong, where = (self._random.random() for _ in range(5))
        self.counts["frames"] += 1
        if lost < self.faults.loss:
            self.counts["lost"] += 1
            return []
        if self.faults.mtu and len(frame) > ETHERNET + self.faults.mtu:
            self.counts["too long"] += 1
            return []
        if wrong < self.faults.corrupt:
            self.counts["corrupted"] += 1
            frame = flip_bit(frame, int(where * len(frame) * 8))
        frames = [frame]
        if doubled < self.faults.duplicate:
            self.counts["duplicated"] += 1
            frames.append(frame)
        if late < self.faults.reorder and not self._held:
            self.counts["reordered"] += 1
            self._held = frames
            return []
        return frames + self.release()

    def release(self) -> list[bytes]:
        """Return the frame held back."""
        held, self._held = self._held, []
        return held


class Line:
    """The frames in flight in one direction. Pure: times are seconds on the caller's clock."""

    def __init__(self, direction: Direction) -> None:
        self.direction = direction
        self._frames: deque[tuple[float, bytes]] = deque()
        self._release_at = math.inf

    def enter(self, frame: bytes, now: float) -> None:
        self._carry(self.direction.feed(frame), now)
        self._release_at = now + HOLD if self.direction.holds else math.inf

    def _carry(self, frames: list[bytes], now: float) -> None:
        self._frames.extend((now + self.direction.faults.delay, frame) for frame in frames)

    def due(self) -> float:
        """Return when leave() has something to do; infinity: not before another frame enters."""
        return min(self._frames[0][0] if self._frames else math.inf, self._release_at)

    def leave(self, now: float) -> list[bytes]:
        """Return the frames that have arrived."""
        if self._release_at <= now:
            self._release_at = math.inf
            self._carry(self.direction.release(), now)
        arrived = []
        while self._frames and self._frames[0][0] <= now:
            arrived.append(self._frames.popleft()[1])
        return arrived


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


def receive(fd: int) -> Iterator[bytes]:
    """Yield the frames waiting at this end."""
    try:
        for _ in range(BURST):
            yield os.read(fd, FRAME_MAX)
    except BlockingIOError:
        pass


def send(fd: int, frames: list[bytes], counts: Counter[str]) -> None:
    for frame in frames:
        try:
            os.write(fd, frame)
        except OSError:  # the interface is down or full: the frame is lost
            counts["undelivered"] += 1


def forward(ways: dict[int, tuple[int, Line]], stop: int) -> None:
    """Forward frames until `stop` (an eventfd) is raised; `ways` maps each end to the other end and its
    line."""
    with selectors.DefaultSelector() as selector:
        for fd in (stop, *ways):
            selector.register(fd, selectors.EVENT_READ)
        while True:
            due = min(line.due() for _, line in ways.values())
            ready = selector.select(None if due == math.inf else max(0.0, due - time.monotonic()))
            now = time.monotonic()
            for fd in (key.fd for key, _ in ready):
                if fd == stop:
                    return
                for frame in receive(fd):
                    ways[fd][1].enter(frame, now)
            for out, line in ways.values():
                send(out, line.leave(now), line.direction.counts)


@contextmanager
def wire(left: str, right: str, faults: Faults, seed: int) -> Iterator[Wire]:
    """Join two taps that are not in use. A missing tap is made, down, and removed when the block ends,
    even from another namespace."""
    joined = Wire({name: Direction(faults, f"{seed} {index}") for index, name in enumerate((left, right))})
    with ExitStack() as stack:
        ends = []
        for name in (left, right):
            ends.append(open_tap(name))
            stack.callback(os.close, ends[-1])
        stop = os.eventfd(0)
        stack.callback(os.close, stop)
        lines = [Line(joined.directions[name]) for name in (left, right)]
        ways = {ends[0]: (ends[1], lines[0]), ends[1]: (ends[0], lines[1])}
        thread = threading.Thread(target=forward, args=(ways, stop), name="wire", daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(os.eventfd_write, stop, 1)
        yield joined
