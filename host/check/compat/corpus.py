"""What CPython does: programs, one-line facts and services, those of ../shared/compat and of tests/compat.

programs/*.py end with exit code 0. A fact is a line: `@...` is statements (`\\n` in it is a newline),
anything else an expression that must be true; `## ...` is a heading. services/*.py listen on port 7000.
"""

import ast
import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from host.paths import ROOT

OWN = ROOT / "tests" / "compat"
SHARED = ROOT.parent / "shared" / "compat"  # beside the clone under CI
MISSING = f"no {SHARED.parent.name}/{SHARED.name} beside the clone"
PEER = "10.0.2.2"  # the host's address for a guest on user networking


@dataclass(frozen=True)
class Case:
    """One program, fact or service. `name` is its module's name as well."""

    name: str
    kind: str  # "program", "fact" or "service"
    text: str

    @cached_property
    def source(self) -> str:
        """Return the code to freeze: a program unchanged, a fact as the function `fact` of a module."""
        return function_of(self.text) if self.kind == "fact" else self.text

    @property
    def needs_peer(self) -> bool:
        return self.kind == "fact" and "PEER" in self.text

    @property
    def title(self) -> str:
        """The first informative line."""
        lines = [
            line for line in self.text.splitlines() if line.strip() and not line.startswith(("#", '"""'))
        ]
        return lines[0] if lines else ""


def function_of(line: str) -> str:
    """Return a fact as a function, so that its names are locals as in most code."""
    if line.startswith("@"):
        body = line[1:].replace("\\n", "\n").rstrip("\n")
        if not parses(body):  # the \n of a string literal
            body = line[1:]
    else:
        body = f"assert ({line})"
    prelude = f'PEER = "{PEER}"\n' if "PEER" in line else ""
    return prelude + "def fact():\n" + "\n".join(f"    {each}" for each in body.split("\n")) + "\n"


def parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def facts(path: Path) -> list[Case]:
    prefix = path.stem.removeprefix("one-liners-").replace("-", "_")
    lines = path.read_text().splitlines()
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    return [
        Case(f"{prefix}_{number:03}", "fact", line) for number, line in numbered if not line.startswith("## ")
    ]


def in_folder(folder: Path) -> list[Case]:
    cases = [Case(path.stem, "program", path.read_text()) for path in sorted(folder.glob("programs/*.py"))]
    cases += [Case(path.stem, "service", path.read_text()) for path in sorted(folder.glob("services/*.py"))]
    for path in sorted([*folder.glob("*.txt"), *folder.glob("facts/*.txt")]):
        cases += facts(path)
    return cases


def load(only: str = "", folders: Iterable[Path] = (SHARED, OWN)) -> list[Case]:
    """Return the cases whose name matches the pattern (`l*`, `lang_01?`) or that are of that kind."""
    cases = [case for folder in folders for case in in_folder(folder)]
    return [case for case in cases if not only or case.kind == only or fnmatch.fnmatchcase(case.name, only)]
