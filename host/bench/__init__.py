"""Benchmarks of images beside their peers: `invoke bench`."""

from collections.abc import Callable
from dataclasses import dataclass

from host import image, micropython
from host.bench import document, images, load, machine, network, peers, segments
from host.bench.machine import Gate
from host.bench.table import Table
from host.errors import HostError
from host.paths import shown
from host.report import say, step

Show = Callable[[str], None]


@dataclass(frozen=True)
class Effort:
    """How long to go on."""

    rounds: int
    boots: int
    seconds: float  # of one measurement
    patience: float  # for the machine to become quiet, altogether

    def __str__(self) -> str:
        return f"{self.rounds} of {self.seconds:g} s each; {self.boots} starts"


USUAL = Effort(rounds=5, boots=11, seconds=2.0, patience=180.0)
QUICK = Effort(rounds=1, boots=3, seconds=0.5, patience=5.0)


@dataclass(frozen=True)
class Group:
    """What is measured together: the images it needs, whether also MicroPython for unix, and how."""

    images: tuple[str, ...]
    unix: bool
    measure: Callable[[Effort, Gate, Show], Table]


def boot(effort: Effort, gate: Gate, show: Show) -> Table:
    return images.boot(machine.accelerators(), effort.boots, effort.seconds, gate, show)


def traffic(effort: Effort, gate: Gate, show: Show) -> Table:
    load.build()
    found = peers.peers(machine.accelerators())
    return network.measure(found, effort.rounds, effort.seconds, gate, show)


GROUPS = {
    "images": Group(images.SIZES, False, lambda _effort, _gate, _show: images.sizes()),
    "boot": Group(("hello", "echo"), False, boot),
    "network": Group(("bench",), True, traffic),
    "segments": Group((), True, lambda effort, gate, _show: segments.measure(effort.rounds, gate)),
}


def prepare(groups: list[Group]) -> None:
    for name in sorted({name for group in groups for name in group.images}):
        image.build(name)
    if any(group.unix for group in groups):
        micropython.unix()


def run(quick: bool = False, only: str = "") -> int:
    """Measure and print; all of it also goes to docs/performance.md. How many numbers could not be had."""
    if only and only not in GROUPS:
        raise HostError(f"--only {only}: there are {', '.join(GROUPS)}")
    document.check()
    effort = QUICK if quick else USUAL
    gate = Gate(effort.patience)
    wanted = {only: GROUPS[only]} if only else GROUPS
    prepare([*wanted.values()])
    tables = {}
    for name, group in wanted.items():
        with step(f"Measuring {name}") as show:
            tables[name] = group.measure(effort, gate, show)
    part = document.measured(machine.describe(), str(effort), tables)
    print(part, flush=True)
    failures = sum(table.failures for table in tables.values())
    if failures:
        say(f"{failures} numbers are missing: {shown(document.FILE)} stays as it is")
    elif not quick and not only:
        document.write(part)
        say(f"written to {shown(document.FILE)}")
    return failures
