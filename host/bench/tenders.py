"""The ways of a Solo5 board: each tender that runs its images here, beside QEMU."""

from host import board as boards
from host.bench import peers
from host.bench.machine import accelerators
from host.bench.peers import Way
from host.errors import HostError
from host.run import launch

OURS, WITHOUT_RING = "our tender", "our tender, no ring"
GRANULE = 2  # MiB of memory


def qemu() -> list[Way]:
    return [Way(f"QEMU, {way.name}", way.accelerator) for way in peers.qemu(accelerators())]


def tenders(board: str) -> list[Way]:
    """Return the tenders that run images at full processor speed: not unicorn."""
    usable = [name for name, obstacle in launch.ways(board).items() if not obstacle and name != "unicorn"]
    if not usable:
        why = "; ".join(obstacle for obstacle in launch.ways(board).values() if obstacle)
        raise HostError(f"--board {board}: nothing here to measure it with: {why}")
    return [Way(OURS if name == "kvm" else name, name, board, granule=GRANULE) for name in usable]


def starts(board: str) -> list[Way]:
    return tenders(board) + qemu()


def carriers(board: str) -> list[Way]:
    """Return the same, and without the net ring where a tender supports that."""
    bare = [Way(WITHOUT_RING, "kvm", board, ("--no-ring",))]
    found = tenders(board)
    return found + bare * any(way.name == OURS for way in found) + qemu()


def programs(board: str) -> list[str]:
    """Return Solo5's own tenders for the board, whether installed or not."""
    return [boards.load(board).settings["program"]] if board else []
