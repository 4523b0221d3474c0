"""Collect numbers, and show their medians as a Markdown table."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median

from host.errors import HostError, explain


def shown(value: float) -> str:
    """Format three significant digits: 12345 -> 12 345, 12.34 -> 12.3."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose first column is text and whose others are numbers."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


class Table:
    """Samples by row and column, in the order of their first sample; a cell is the median."""

    def __init__(self, title: str, columns: Sequence[str], text: str = "") -> None:
        self.title = title
        self.columns = list(columns)
        self.text = text  # how the numbers were measured
        self._samples: dict[str, dict[str, list[float]]] = {}
        self._disturbed: set[str] = set()
        self._reasons: dict[str, None] = {}  # reasons of failures; a set that keeps its order

    def _of(self, row: str, column: str) -> list[float]:
        return self._samples.setdefault(row, {}).setdefault(column, [])

    def add(self, row: str, column: str, value: float, disturbed: bool = False) -> None:
        """Add a sample. `disturbed`: the machine was not quiet."""
        self._of(row, column).append(value)
        if disturbed:
            self._disturbed.add(row)

    def fail(self, rows: Sequence[str], columns: Sequence[str], reason: str) -> None:
        """Record that samples could not be taken."""
        for row in rows:
            for column in columns:
                self._of(row, column)
        where = f"{', '.join(columns)}: " if len(columns) < len(self.columns) else ""
        self._reasons[f"{where}{reason}"] = None

    @contextmanager
    def attempt(self, rows: Sequence[str], columns: Sequence[str]) -> Iterator[None]:
        """Record an obstacle to these samples and go on with the next measurement."""
        try:
            yield
        except (HostError, EOFError, OSError) as error:
            reason = explain(error) if isinstance(error, OSError) else str(error)
            self.fail(rows, columns, reason.partition("\n")[0])

    def value(self, row: str, column: str) -> float | None:
        """Return the median; None if there is no sample."""
        samples = self._samples.get(row, {}).get(column)
        return median(samples) if samples else None

    @property
    def failures(self) -> int:
        """The number of cells without a sample."""
        return sum(not samples for row in self._samples.values() for samples in row.values())

    def spread(self) -> float:
        """The relative interquartile spread of the worst cell; 0.1 is 10 %."""
        return max((relative_spread(s) for row in self._samples.values() for s in row.values()), default=0.0)

    def rows(self) -> list[list[str]]:
        return [
            [row + " \\*" * (row in self._disturbed), *(self._cell(row, column) for column in self.columns)]
            for row in self._samples
        ]

    def _cell(self, row: str, column: str) -> str:
        value = self.value(row, column)
        if value is not None:
            return shown(value)
        return "failed" if column in self._samples[row] else ""

    def markdown(self) -> str:
        parts = [f"### {self.title}", self.text, markdown(["", *self.columns], self.rows())]
        if spread := self.spread():
            parts.append(f"Half of the samples lie within {spread:.0%} of the median, in the worst cell.")
        if self._reasons:
            parts.append("\n".join(f"- {reason}" for reason in self._reasons))
        if self._disturbed:
            parts.append("\\* The machine had other work while this was measured.")
        return "\n\n".join(part for part in parts if part)


def relative_spread(samples: Sequence[float]) -> float:
    """Return half the distance between the quartiles, as a share of the median."""
    if len(samples) < 4 or not (middle := median(samples)):
        return 0.0
    ordered = sorted(samples)
    quarter = len(ordered) // 4
    return (ordered[-1 - quarter] - ordered[quarter]) / 2 / abs(middle)
