"""The table of known differences in docs/differences.md: lines that hold on CPython and not in an image.

tests/compat/known/differences.txt has them in the format of facts (corpus.py), with `## ...` headings. The
right-hand side of the table is what the unix build makes of each."""

from collections.abc import Iterator

from host.check import compat
from host.check.compat.corpus import OWN, Case, facts
from host.check.compat.cpython import DOCUMENT

LINES = OWN / "known" / "differences.txt"
BEGIN, END = "<!-- invoke compat --differences writes this -->", "<!-- up to here -->"


def cases() -> list[Case]:
    return facts(LINES)


def headings() -> dict[int, str]:
    """Return the headings by the number of their line."""
    lines = LINES.read_text().splitlines()
    return {n: line.removeprefix("## ") for n, line in enumerate(lines, 1) if line.startswith("## ")}


def outcomes() -> dict[str, str]:
    """Return the names of the cases with the exception that the unix build ends them with; empty: none."""
    return {outcome.name: outcome.why for outcome in compat.outcomes(cases(), "unix")}


def cell(text: str) -> str:
    """Return text as code in a Markdown table."""
    return f"`{text}`".replace("|", "\\|")


def rows(endings: dict[str, str]) -> Iterator[str]:
    titles = headings()
    for number, line in enumerate(LINES.read_text().splitlines(), 1):
        if number in titles:
            yield f"| **{titles[number]}** | |"
        elif line.strip():
            name = f"{LINES.stem}_{number:03}"
            yield f"| {cell(line.removeprefix('@'))} | {cell(endings[name])} |"


def table(endings: dict[str, str]) -> str:
    return "\n".join(["| true on CPython | in an image |", "|---|---|", *rows(endings)])


def documented() -> str:
    """Return the table as it stands in the document."""
    return DOCUMENT.read_text().partition(BEGIN)[2].partition(END)[0].strip()


def document() -> None:
    """Write the table into docs/differences.md."""
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table(outcomes())}\n{END}{after}")
