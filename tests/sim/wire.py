"""The simulated wire: seeded random impairments of the frames between two devices."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from sim import offload


@dataclass(frozen=True)
class Faults:
    """Probabilities, and times in microseconds; `rate` in bytes a second (0: endless), `queue` in bytes."""

    loss: float = 0
    duplicate: float = 0
    reorder: float = 0
    corrupt: float = 0
    delay: int = 5000
    jitter: int = 0
    rate: int = 0
    queue: int = 1 << 30


class Lane:
    """One direction. `deliver(frame, verify)` is called after the delay; `drop(frame)` returns whether to
    lose a frame, `rewrite(frame)` is a middlebox."""

    def __init__(self, world, name: str, faults: Faults, dice: random.Random) -> None:
        self.world = world
        self.name = name
        self.faults = faults
        self.dice = dice
        self.spares_arp = False
        self.free_at = 0
        self.queued = 0
        self.sent = 0
        self.down = False  # nothing is delivered
        self.drop: Callable[[bytes], bool] | None = None
        self.rewrite: Callable[[bytes], bytes] | None = None
        self.deliver: Callable[[bytes, bool], None] | None = None
        self.seen: Callable[[bytes], None] | None = None

    def send(self, frame: bytes, verify: bool) -> None:
        """Transmit a frame."""
        if self.rewrite is not None:
            frame = self.rewrite(frame)
        if self.seen is not None:
            self.seen(frame)
        self.sent += 1
        if self.down:
            return self.world.note(self.name, frame, "the link is down")
        faults, dice = self.faults, self.dice
        spared = self.spares_arp and frame[12:14] == b"\x08\x06"
        if (dice.random() < faults.loss and not spared) or (self.drop is not None and self.drop(frame)):
            return self.world.note(self.name, frame, "lost")
        if self.queued + len(frame) > faults.queue:
            return self.world.note(self.name, frame, "no room in the queue")
        fate = ""
        # data that no checksum protects is not damaged: ARP, and super-segments
        if verify and dice.random() < faults.corrupt and frame[12:14] in (b"\x08\0", b"\x86\xdd"):
            frame, fate = offload.flip_bit(frame, dice), "corrupted"
        self._carry(frame, verify, fate)
        if dice.random() < faults.duplicate:
            self._carry(frame, verify, "again")

    def _carry(self, frame: bytes, verify: bool, fate: str) -> None:
        faults, now = self.faults, self.world.now
        at = now
        if faults.rate:
            at = self.free_at = max(now, self.free_at) + len(frame) * 1000000 // faults.rate
        self.queued += len(frame)
        at += faults.delay + (self.dice.randrange(faults.jitter) if faults.jitter else 0)
        if self.dice.random() < faults.reorder:
            at += self.dice.randrange(1, 4) * max(faults.delay, 1000)
            fate = fate or "held back"
        self.world.note(self.name, frame, fate)
        self.world.at(at, self._arrive, frame, verify)

    def _arrive(self, frame: bytes, verify: bool) -> None:
        self.queued -= len(frame)
        self.deliver(frame, verify)
