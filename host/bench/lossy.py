"""Throughput over an impaired link: congestion control and loss recovery, beside Linux."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from host.bench import load
from host.bench.machine import Gate
from host.bench.peers import SERVER, Peer
from host.bench.table import Table
from host.net.netns import Namespace
from host.net.wire import Faults

DIRECTIONS = ("in", "out")
TEXT = """One connection to a Linux client over a cable in user space (`host/net/wire.py`) that delays frames
and loses them at random, both ways; `in` and `out` as above. CUBIC everywhere; every segment is a frame of
its own there, and nothing else bounds the rate."""


@dataclass(frozen=True)
class Path:
    """`loss` of frames in each direction, round trip `trip` in ms."""

    loss: float
    trip: int

    @property
    def faults(self) -> Faults:
        return Faults(loss=self.loss, delay=self.trip / 2000)

    def row(self, direction: str) -> str:
        return f"{direction}, {self.loss * 100:g} % lost, {self.trip} ms"


PATHS = (Path(0.001, 10), Path(0.01, 10), Path(0.05, 10), Path(0.001, 50), Path(0.01, 50))
ROWS = [path.row(direction) for path in PATHS for direction in DIRECTIONS]


def one_round(table: Table, path: Path, peer: Peer, seconds: float, gate: Gate) -> None:
    rows = [path.row(direction) for direction in DIRECTIONS]
    with table.attempt(rows, [peer.name]), peer.behind(path.faults):
        for direction, row in zip(DIRECTIONS, rows, strict=True):
            quiet = gate.wait()
            with table.attempt([row], [peer.name]):
                table.add(row, peer.name, load.measure(direction, SERVER, seconds)["mbit"], not quiet)


def measure(
    peers: Sequence[Peer], rounds: int, seconds: float, gate: Gate, show: Callable[[str], None]
) -> Table:
    """Measure every peer on every path in every round."""
    names = [peer.name for peer in peers]
    table = Table("Over a bad cable, Mbit/s", names, TEXT)
    with table.attempt(ROWS, names), Namespace():
        for number in range(rounds):
            for path in PATHS:
                for peer in peers:
                    show(f"round {number + 1} of {rounds}, {path.loss:.1%} lost, {peer.name}")
                    one_round(table, path, peer, seconds, gate)
    return table
