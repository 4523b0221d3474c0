"""The network as a client sees it: throughput, round trips, connections, requests; in interleaved rounds."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from host.bench import load
from host.bench.machine import Gate
from host.bench.peers import SERVER, Peer
from host.bench.table import Table
from host.net.netns import Namespace

# Raised, because otherwise the client's sockets in TIME-WAIT limit the connections.
TIME_WAITS = Path("/proc/sys/net/ipv4/tcp_max_tw_buckets"), 64

IN, OUT = "TCP in", "TCP out"
PLAIN, MERGED = "1448-byte segments, Mbit/s", "super-segments, Mbit/s"
TEXT = """`in` is data that the client sends, `out` data that it receives, on one connection. Segments of
1448 bytes: no offloads on the link, every segment a frame of its own with a checksum to verify.
Super-segments: what the devices negotiate by default. A connection is opened, echoes 64 bytes and is closed
by both sides before the next begins. Requests are HTTP/1.1, kept alive, one at a time on each connection."""


@dataclass(frozen=True)
class Mode:
    """One run of the load generator, and the rows for its output."""

    words: tuple[object, ...]
    rows: dict[str, str]  # name in its output -> row


THROUGHPUT = {
    True: (Mode(("in",), {"mbit": f"{IN}, {PLAIN}"}), Mode(("out",), {"mbit": f"{OUT}, {PLAIN}"})),
    False: (Mode(("in",), {"mbit": f"{IN}, {MERGED}"}), Mode(("out",), {"mbit": f"{OUT}, {MERGED}"})),
}
OTHERS = (
    Mode(("trip",), {"median": "64-byte round trip, µs", "p99": "64-byte round trip, 99th percentile, µs"}),
    Mode(("connections",), {"rate": "connections a second"}),
    Mode(("http", 1), {"rate": "HTTP requests a second, 1 client"}),
    Mode(("http", 16), {"rate": "HTTP requests a second, 16 clients"}),
)


def modes(plain: bool) -> tuple[Mode, ...]:
    return THROUGHPUT[plain] if plain else THROUGHPUT[plain] + OTHERS


def rows_of(plain: bool) -> list[str]:
    return [row for mode in modes(plain) for row in mode.rows.values()]


def sample(table: Table, peer: Peer, mode: Mode, seconds: float, gate: Gate) -> None:
    quiet = gate.wait()
    what, *rest = mode.words
    with table.attempt([*mode.rows.values()], [peer.name]):
        found = load.measure(str(what), SERVER, seconds, *rest)
        for name, row in mode.rows.items():
            table.add(row, peer.name, found[name], not quiet)


def one_round(table: Table, peer: Peer, seconds: float, gate: Gate) -> None:
    for plain in (True, False):
        with table.attempt(rows_of(plain), [peer.name]), peer.serving(plain):
            for mode in modes(plain):
                sample(table, peer, mode, seconds, gate)


def measure(peers: list[Peer], rounds: int, seconds: float, gate: Gate, show: Callable[[str], None]) -> Table:
    """Measure every peer in every round, so that changes of the machine affect all of them."""
    names = [peer.name for peer in peers]
    table = Table("Network", names, TEXT)
    with table.attempt(rows_of(True) + rows_of(False), names), Namespace():
        path, most = TIME_WAITS
        path.write_text(f"{most}\n")
        for number in range(rounds):
            for peer in peers:
                show(f"round {number + 1} of {rounds}, {peer.name}")
                one_round(table, peer, seconds, gate)
    return table
