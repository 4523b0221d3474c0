"""Benchmarks of images beside their peers: `invoke bench`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from host.bench import (
    document,
    frames,
    images,
    interpreter,
    load,
    lossy,
    machine,
    network,
    peers,
    segments,
    tenders,
)
from host.bench.machine import Gate
from host.bench.table import Table
from host.build import image, micropython
from host.errors import HostError
from host.paths import shown
from host.report import say, step

Show = Callable[[str], None]


@dataclass(frozen=True)
class Effort:
    """How long to measure."""

    rounds: int
    boots: int
    seconds: float  # per measurement
    timeout: float  # total time to wait for a quiet machine

    def __str__(self) -> str:
        return f"{self.rounds} of {self.seconds:g} s each; {self.boots} starts"


USUAL = Effort(rounds=5, boots=11, seconds=2.0, timeout=180.0)
OF_BOARD = Effort(rounds=5, boots=11, seconds=1.0, timeout=60.0)
QUICK = Effort(rounds=1, boots=3, seconds=0.5, timeout=5.0)


@dataclass(frozen=True)
class Group:
    """Measurements made together: the images they need, and how they are made."""

    images: tuple[str | Path, ...]
    unix: bool  # whether MicroPython for unix is needed
    measure: Callable[[Effort, Gate, Show], Table]


def boot(effort: Effort, gate: Gate, show: Show) -> Table:
    return images.boot(peers.qemu(machine.accelerators()), effort.boots, effort.seconds, gate, show)


def traffic(effort: Effort, gate: Gate, show: Show) -> Table:
    load.build()
    found = peers.peers(machine.accelerators())
    return network.measure(found, effort.rounds, effort.seconds, gate, show)


def losses(effort: Effort, gate: Gate, show: Show) -> Table:
    """Measure one image on lossy links, where the processor is not the bottleneck."""
    load.build()
    found = peers.peers(machine.accelerators())
    return lossy.measure([found[0], found[-1]], effort.rounds, effort.seconds * 2, gate, show)


GROUPS = {
    "images": Group(images.SIZES, False, lambda _effort, _gate, _show: images.sizes()),
    "boot": Group(("hello", "echo"), False, boot),
    "network": Group(("bench",), True, traffic),
    "lossy": Group(("bench",), False, losses),
    "segments": Group((), True, lambda effort, gate, _show: segments.measure(effort.rounds, gate)),
    "interpreter": Group((), True, lambda effort, gate, _show: interpreter.measure(effort.rounds, gate)),
}


def boot_of(board: str, effort: Effort, gate: Gate, show: Show) -> Table:
    return images.boot(tenders.starts(board), effort.boots, effort.seconds, gate, show, inside=True)


def frames_of(board: str, effort: Effort, gate: Gate, show: Show) -> Table:
    return frames.measure(tenders.carriers(board), effort.rounds, effort.seconds, gate, show)


def groups_of(board: str) -> dict[str, Group]:
    """Return the groups of a board; empty name: qemu-virtio, beside the Linux stack."""
    if not board:
        return GROUPS
    if board not in document.BOARD_BARS:
        known = ", ".join(name for name in document.BOARD_BARS if name)
        raise HostError(
            f"--board {board}: without --board it is {peers.QEMU} that is measured, with it {known}"
        )
    return {
        "boot": Group(("hello", "echo"), False, partial(boot_of, board)),
        "frames": Group((frames.PROGRAM,), False, partial(frames_of, board)),
    }


def prepare(groups: list[Group], board: str) -> None:
    """Build what is needed, also for QEMU, to which the other boards are compared."""
    needed = {name: None for group in groups for name in group.images}
    for each in dict.fromkeys((peers.QEMU, board or peers.QEMU)):
        for name in needed:
            image.build(name, each)
    if any(group.unix for group in groups):
        micropython.unix()


def run(quick: bool = False, only: str = "", board: str = "") -> int:
    """Measure and print; a complete run is also written to docs/performance.md. Returns how many numbers
    are missing."""
    board = "" if board == peers.QEMU else board
    groups = groups_of(board)
    if only and only not in groups:
        raise HostError(f"--only {only}: there are {', '.join(groups)}")
    document.check(board)
    effort = QUICK if quick else OF_BOARD if board else USUAL
    gate = Gate(effort.timeout)
    wanted = {only: groups[only]} if only else groups
    prepare([*wanted.values()], board)
    tables = {}
    for name, group in wanted.items():
        with step(f"Measuring {name}") as show:
            tables[name] = group.measure(effort, gate, show)
    part = document.measured(machine.describe(tenders.programs(board)), str(effort), tables, board)
    print(part, flush=True)
    failures = sum(table.failures for table in tables.values())
    if failures:
        say(f"{failures} numbers are missing: {shown(document.FILE)} stays as it is")
    elif not quick and not only:
        document.write(part, board)
        say(f"written to {shown(document.FILE)}")
    return failures
