"""docs/walkthrough.md names functions and files that exist."""

import ast
import re
from pathlib import Path

import pytest

from host.paths import ROOT

TEXT = (ROOT / "docs" / "walkthrough.md").read_text()
ROW = re.compile(r"^\| `([\w.]+)` \| `([\w/.]+)` \|", re.MULTILINE)
INLINE = re.compile(r"`([\w.]+)`\s\(`([\w/.]+\.py)`")
FILE = re.compile(r"`((?:stack|port|tests|host|boards)/[\w/.]+\.(?:py|c|h|md|toml))`")
STEPS = sorted({*ROW.findall(TEXT), *INLINE.findall(TEXT)})


def names(path: Path) -> set[str]:
    """Return the functions, classes and methods of a file, a method as Class.method."""
    if path.suffix == ".c":
        return set(re.findall(r"^[\w *]+?\b(\w+)\(", path.read_text(), re.MULTILINE))
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef):
            found |= {node.name}
            found |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
    return found


@pytest.mark.parametrize(("name", "file"), STEPS)
def test_a_step_exists(name: str, file: str) -> None:
    assert name in names(ROOT / file)


def test_the_files_exist() -> None:
    named = [name for name in FILE.findall(TEXT) if "NAME" not in name]
    assert len(STEPS) > 30 and named
    assert [name for name in named if not (ROOT / name).is_file()] == []
