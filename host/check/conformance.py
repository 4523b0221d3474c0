"""docs/conformance.md: for each item of tests/conformance.toml its tests, or why there are none."""

import ast
import io
import re
import tokenize
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from host.errors import HostError
from host.paths import ROOT

TESTS = ROOT / "tests"
ITEMS = TESTS / "conformance.toml"
DOCUMENT = ROOT / "docs" / "conformance.md"
ITEM = re.compile(r"\b[A-Z][A-Z0-9]*-\d+\b")
INTRODUCTION = """\
# Conformance

Written by `invoke conformance` from the tests; do not edit. Each item is something that an RFC asks for and
that can be seen from outside; a test that shows it names it. `make test` runs them all, and fails when this
page is stale or an item is missing.
"""


@dataclass(frozen=True)
class Section:
    title: str
    rfcs: str
    items: dict[str, str]


@dataclass
class Sheet:
    sections: list[Section]
    waived: dict[str, str]
    shown: dict[str, list[str]] = field(default_factory=dict)

    @property
    def items(self) -> dict[str, str]:
        return {item: text for section in self.sections for item, text in section.items.items()}

    def problems(self) -> list[str]:
        """Return the errors of the sheet, one line each."""
        lines = [f"{item}: no test names it" for item in self.items if item not in self.shown | self.waived]
        lines += [
            f"{item}: waived, but shown by {self.shown[item][0]}"
            for item in self.waived
            if item in self.shown
        ]
        return lines + [
            f"{item}: waived, but not in the list" for item in self.waived if item not in self.items
        ]


def functions(source: str) -> Iterator[tuple[str, int, int]]:
    """Yield name, first and last line of every test function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, node.lineno, node.end_lineno or node.lineno


def named(source: str) -> Iterator[tuple[str, str]]:
    """Yield (item, test) for each item named in a comment or docstring of a test."""
    tests = list(functions(source))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT or (
            token.type == tokenize.STRING and token.string.startswith('"""')
        ):
            for name, first, last in tests:
                if first <= token.start[0] <= last:
                    yield from ((item, name) for item in ITEM.findall(token.string))


def showing() -> dict[str, list[str]]:
    """Return the pytest ids of the tests that name each item."""
    shown: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for path in sorted(TESTS.rglob("test_*.py")):
        for item, test in named(path.read_text()):
            shown[item][f"{path.relative_to(TESTS.parent)}::{test}"] = None
    return {item: list(tests) for item, tests in shown.items()}


def link(test: str) -> str:
    path, _, name = test.partition("::")
    return f"[{name}](../{path})"


def collect() -> Sheet:
    """Collect the items and their tests."""
    data = tomllib.loads(ITEMS.read_text())
    sheet = Sheet([Section(**section) for section in data["section"]], data.get("waived", {}))
    sheet.shown = {
        item: [link(test) for test in tests] for item, tests in showing().items() if item in sheet.items
    }
    return sheet


def page(sheet: Sheet) -> str:
    """Return the document."""
    counted = f"{len(sheet.items)} items: {len(sheet.shown)} shown, {len(sheet.waived)} waived."
    lines = [INTRODUCTION, counted]
    for section in sheet.sections:
        lines += [
            "",
            f"## {section.title}",
            "",
            f"{section.rfcs}.",
            "",
            "| item | what | shown by |",
            "|---|---|---|",
        ]
        for item, text in section.items.items():
            by = (
                f"waived: {sheet.waived[item]}"
                if item in sheet.waived
                else ", ".join(sheet.shown.get(item, []))
            )
            lines.append(f"| {item} | {text} | {by} |")
    return "\n".join(lines) + "\n"


def write() -> str:
    """Write the document. Returns one line about it."""
    sheet = collect()
    if problems := sheet.problems():
        raise HostError("; ".join(problems))
    DOCUMENT.write_text(page(sheet))
    return f"{DOCUMENT.relative_to(ROOT)}: {len(sheet.shown)} items shown, {len(sheet.waived)} waived"


def stale() -> bool:
    """Whether the document is out of date."""
    return not DOCUMENT.is_file() or DOCUMENT.read_text() != page(collect())
