"""The check of the wording, and the glossary."""

import re
from pathlib import Path

import pytest

from host.check import wording
from host.paths import ROOT, STACK

GLOSSARY = ROOT / "docs" / "glossary.md"


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.py", "x = 1  # nobody reads it", ["a.py:1: 'nobody'"]),
        ("a.py", 'def f():\n    """Do it.\n\n    For\n    ever."""\n', ["a.py:4: 'For ever'"]),
        ("a.py", "# what waits for\n# ever\n", ["a.py:1: 'for ever'"]),
        ("a.py", "def test_somebody_is_told():\n    pass\n", ["a.py:1: 'is_told'", "a.py:1: 'somebody'"]),
        ("a.py", 'nobody = "for ever"\nanew(whom="is told")\n', []),
        (
            "a.c",
            "// The time-out of\n// whom?\nint nobody; /* anew */\n",
            ["a.c:1: 'time-out'", "a.c:2: 'whom'", "a.c:3: 'anew'"],
        ),
        ("a.c", 'puts("for ever // anew");\n', []),
        ("a.md", "It goes\nagain.\n\n    nobody\n\n`anew` ```\nwhom\n```\n", ["a.md:1: 'goes again'"]),
        ("a.toml", "# is told\nbreaks = 'nobody'\n", ["a.toml:1: 'is told'"]),
        ("a.py", "# The peer obeys, whoever hears it.\n", ["'obeys'", "'whoever'", "'hears'"]),
        ("a.md", "A new timeout for everyone: nobodys, forever, a newt.\n", []),
    ],
)
def test_words_are_found_in_prose_only(name: str, text: str, found: list[str]) -> None:
    complaints = sorted(wording.complaints(Path(name), text))
    assert len(complaints) == len(found)
    for complaint, part in zip(complaints, sorted(found), strict=True):
        assert part in complaint


def test_every_folder_of_prose_is_checked() -> None:
    names = {str(path.relative_to(ROOT)) for path in wording.files()}
    assert {
        "README.md",
        "docs/deviations.md",
        "port/console.h",
        "host/elf.py",
        "stack/mnet/rings.py",
    } <= names
    assert not any(name.startswith("port/patches") for name in names)


def test_lint_runs_the_check() -> None:
    from host.check import lint

    assert lint.CHECKS["wording"] is wording.check


def test_the_index_of_decisions_is_complete() -> None:
    """docs/adr/README.md has each record with its title."""
    folder = ROOT / "docs" / "adr"
    index = re.findall(
        r"^\| \[(\d{4})\]\(([\w-]+\.md)\) \| (.+) \|$", (folder / "README.md").read_text(), re.M
    )
    titles = [(path.name, path.read_text().split("\n", 1)[0]) for path in sorted(folder.glob("0*.md"))]
    assert titles == [(name, f"# {number}: {title}") for number, name, title in index]


def test_names_of_the_glossary_exist() -> None:
    """Each row names attributes or functions of its file; those of a TCB are in tcb.py."""
    rows = re.findall(r"^\|.*\| (`[^|]*`) \| `([a-z/0-9_.]+\.py)` \|$", GLOSSARY.read_text(), re.MULTILINE)
    assert len(rows) > 30
    tcb = (STACK / "mnet/tcp/tcb.py").read_text()
    for names, file in rows:
        text = (STACK / "mnet" / file).read_text() + tcb
        for name in re.findall(r"`(\w+)`", names):
            assert re.search(rf"\b{name}\b", text), f"{file} has no {name}"


def test_files_of_the_glossary_exist() -> None:
    for file in re.findall(r"\| `([^`|]+\.py)` \|$", GLOSSARY.read_text(), re.MULTILINE):
        assert (STACK / "mnet" / file).is_file(), file
