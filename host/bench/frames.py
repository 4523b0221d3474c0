"""Frames per second through a net device without a stack: tests/bench/frames."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from host.bench import load
from host.bench.machine import Gate
from host.bench.peers import SERVER, TIMEOUT, Way, started
from host.bench.table import Table
from host.net.netns import Namespace
from host.paths import ROOT

PROGRAM = ROOT / "tests" / "bench" / "frames"
READY = "ready"
LARGE, SMALL = 1514, 60  # bytes, without the checksum
TEXT = f"""A Python loop reads (`in`) or writes (`out`) frames of {LARGE} or {SMALL} bytes, a call each, at
the guest's end of a tap; the kernel's counters at the other end tell how many. `in`: the load generator
sends more than any of them takes, and keeps a core busy with it. The runner may use all cores, or where it
says so only its own, as in all other measurements."""


def row(direction: str, size: int, pin: bool) -> str:
    return f"{direction}, {size} bytes" + ", one core" * pin


# direction, size, on one core
KINDS = [
    (direction, size, pin)
    for direction in ("in", "out")
    for size, pin in ((LARGE, False), (SMALL, False), (LARGE, True))
]
ROWS = [row(*kind) for kind in KINDS]


@contextmanager
def passing(way: Way, direction: str, size: int, pin: bool) -> Iterator[None]:
    with started(
        PROGRAM, way, f"--solo5:quiet {direction} {size if direction == 'out' else ''}", pin=pin
    ) as guest:
        guest.wait_for(READY, TIMEOUT)
        yield


def sample(table: Table, way: Way, kind: tuple[str, int, bool], seconds: float, gate: Gate) -> None:
    direction, size, _ = kind
    quiet = gate.wait()
    with table.attempt([row(*kind)], [way.name]), passing(way, *kind):
        found = load.measure(f"frames-{direction}", SERVER, seconds, size)
        table.add(row(*kind), way.name, found["rate"], not quiet)


def measure(
    ways: Sequence[Way], rounds: int, seconds: float, gate: Gate, show: Callable[[str], None]
) -> Table:
    """Measure every way in every round."""
    names = [way.name for way in ways]
    table = Table("Frames a second", names, TEXT)
    load.build()
    with table.attempt(ROWS, names), Namespace():
        for number in range(rounds):
            for kind in KINDS:
                for way in ways:
                    show(f"round {number + 1} of {rounds}, {row(*kind)}, {way.name}")
                    sample(table, way, kind, seconds, gate)
    return table
