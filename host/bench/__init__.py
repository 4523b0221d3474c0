"""Benchmarks of images beside their peers: `invoke bench`."""

from dataclasses import dataclass

from host import image, launch, micropython
from host.bench import document, images, load, machine, network, peers, segments
from host.bench.table import Table
from host.errors import HostError
from host.paths import shown
from host.report import say, step

GROUPS = ("images", "boot", "network", "segments")
USED = ("hello", "echo", "bench")


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


def prepare() -> None:
    for name in USED:
        image.build(name)
    micropython.unix()
    load.build()


def measure(group: str, effort: Effort, gate: machine.Gate) -> Table:
    accelerators = [name for name in ("kvm", "tcg") if name != "kvm" or not launch.kvm_obstacle()]
    with step(f"Measuring {group}") as show:
        if group == "images":
            return images.sizes()
        if group == "boot":
            return images.boot(accelerators, effort.boots, effort.seconds, gate)
        if group == "network":
            return network.measure(peers.peers(), effort.rounds, effort.seconds, gate, show)
        return segments.measure(effort.rounds, gate)


def run(quick: bool = False, only: str = "") -> int:
    """Measure and print; all of it also goes to docs/performance.md. How many measurements failed."""
    if only and only not in GROUPS:
        raise HostError(f"--only {only}: there are {', '.join(GROUPS)}")
    prepare()
    effort = QUICK if quick else USUAL
    gate = machine.Gate(effort.patience)
    tables = {group: measure(group, effort, gate) for group in ([only] if only else GROUPS)}
    part = document.measured(machine.describe(), str(effort), tables)
    print(part, flush=True)
    if not quick and not only:
        document.write(part)
        say(f"written to {shown(document.FILE)}")
    return sum(table.failures for table in tables.values())
