"""docs/performance.md: the part between two marks is generated, the rest is written by people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from host.bench import images, network, segments
from host.bench.table import Table, markdown, shown
from host.errors import HostError
from host.paths import ROOT

FILE = ROOT / "docs" / "performance.md"


def marks(board: str = "") -> tuple[str, str]:
    """Return the lines before and after the generated part of a board."""
    command = f"invoke bench --board {board}" if board else "invoke bench"
    return f"<!-- measured by {command}: begin -->", f"<!-- measured by {command}: end -->"


@dataclass(frozen=True)
class Bar:
    """A target for a number, which is a cell of a table."""

    text: str
    table: str
    row: str
    column: str
    limit: float
    at_least: bool = False

    def judge(self, tables: Mapping[str, Table]) -> list[str]:
        value = tables[self.table].value(self.row, self.column)
        if value is None:
            return [self.text, "", "not measured"]
        met = value >= self.limit if self.at_least else value <= self.limit
        return [self.text, shown(value), "met" if met else "**missed**"]


TCG = "pymnet, TCG"
PLAIN_IN, PLAIN_OUT = f"{network.IN}, {network.PLAIN}", f"{network.OUT}, {network.PLAIN}"
BARS = (
    Bar("image of echo, stripped: at most 620 KiB", "images", "echo", images.KIB, 620),
    Bar("first Python line, TCG: at most 150 ms", "boot", images.FIRST_LINE, "TCG", 150),
    Bar("first ping, TCG: at most 200 ms", "boot", images.FIRST_PING, "TCG", 200),
    Bar("first ping with 1024 MiB, TCG: the same", "boot", images.FIRST_PING_LARGE, "TCG", 200),
    Bar("echo serves with 16 MiB, TCG", "boot", images.SMALLEST, "TCG", 16),
    Bar("TCP in, 1448-byte segments, TCG: at least 150 Mbit/s", "network", PLAIN_IN, TCG, 150, True),
    Bar("TCP out, 1448-byte segments, TCG: at least 150 Mbit/s", "network", PLAIN_OUT, TCG, 150, True),
    Bar("segment in: at most 120 iterations", "segments", segments.IN, segments.MULTIPLES, 120),
    Bar("segment in: no byte allocated", "segments", segments.IN, segments.BYTES, 0),
    Bar("segment out: at most 120 iterations", "segments", segments.OUT, segments.MULTIPLES, 120),
)


LINE = f"{images.FIRST_LINE}{images.INSIDE}"
PING, PING_LARGE = (f"{row}{images.INSIDE}" for row in (images.FIRST_PING, images.FIRST_PING_LARGE))


def solo5_bars(*columns: str) -> tuple[Bar, ...]:
    """Return the targets for each of the tenders."""
    return tuple(
        bar
        for column in columns
        for bar in (
            Bar(f"first Python line, {column}, its start left out: at most 15 ms", "boot", LINE, column, 15),
            Bar(f"first ping, {column}, its start left out: at most 25 ms", "boot", PING, column, 25),
            Bar(f"first ping with 1024 MiB, {column}: the same", "boot", PING_LARGE, column, 25),
            Bar(f"echo serves with 8 MiB, {column}", "boot", images.SMALLEST, column, 8),
        )
    )


BOARD_BARS = {
    "": BARS,
    "solo5-hvt": solo5_bars("solo5-hvt", "our tender"),
    "solo5-spt": solo5_bars("solo5-spt"),
}


def measured(
    machine: Sequence[tuple[str, str]], rounds: str, tables: Mapping[str, Table], board: str = ""
) -> str:
    """Return the generated part."""
    judged = [bar.judge(tables) for bar in BOARD_BARS[board] if bar.table in tables]
    parts = [
        "\n".join(f"- {what}: {value}" for what, value in machine),
        f"Medians of interleaved rounds ({rounds}).",
        *(table.markdown() for table in tables.values()),
        "### Bars",
        markdown(["bar", "measured", ""], judged),
    ]
    return "\n\n".join(parts)


def replaced(text: str, part: str, board: str = "") -> str:
    """Return the document with a new generated part."""
    first, last = marks(board)
    before, begin, rest = text.partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end:
        raise HostError(f"{FILE.name} lacks the marks around what is measured: {first} and {last}")
    return f"{before}{first}\n\n{part}\n\n{last}{after}"


def check(board: str = "", path: Path = FILE) -> None:
    """Check that the document has the marks, before the measurement."""
    replaced(path.read_text(), "", board)


def write(part: str, board: str = "", path: Path = FILE) -> None:
    path.write_text(replaced(path.read_text(), part, board))
