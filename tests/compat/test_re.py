"""Regular expressions by grammar, on texts of the same letters: CPython's re and ours find the same."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from host.build import freeze, micropython
from host.paths import ROOT, STACK

SCRIPT = Path(__file__).with_name("re_cases.py")
STOPPED = "stopped: regular expression takes too long"
BATCH, BATCHES = 100, 5

LETTERS = st.sampled_from([*"aaabbc_ ", "\n", "A", "-", "1", "é", "É", "Ω", "я", "😀"])
SUBJECTS = st.text(LETTERS, max_size=12)
ESCAPES = st.sampled_from(
    [r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\n", r"\-", r"\x61", r"\u00e9", r"\.", r"\t"]
)
PLACES = st.sampled_from(["^", "$", r"\b", r"\B", r"\A", r"\Z"])
IN_SETS = st.one_of(
    LETTERS.map(lambda c: rf"\{c}" if c == "-" else c),
    ESCAPES,
    st.sampled_from(["a-c", "A-Z", "0-9", "à-ÿ", "α-ω"]),
)
SETS = st.builds(
    "[{}{}]".format, st.sampled_from(["", "^"]), st.lists(IN_SETS, min_size=1, max_size=3).map("".join)
)
ATOMS = st.one_of(
    LETTERS, LETTERS, ESCAPES, SETS, PLACES, st.just("."), st.sampled_from([r"\1", r"\2", "(?P=n)"])
)
REPEATS = st.sampled_from(
    ["", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?", "{2,}", "*+", "++", "?+", "{,2}"]
)
OPENINGS = st.sampled_from(
    ["(", "(", "(?:", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?P<n>", "(?i:", "(?s-i:", "(?(1)", "(?#"]
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    piece = st.builds("{}{}".format, inner, REPEATS)
    group = st.builds("{}{}){}".format, OPENINGS, inner, REPEATS)
    return st.one_of(
        piece,
        group,
        st.lists(piece, min_size=2, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join),
    )


PATTERNS = st.recursive(ATOMS, grown, max_leaves=8)
FLAGS = st.sampled_from([0, 0, 2, 8, 16, 64, 256, 2 | 8, 2 | 256, 8 | 16])
TEMPLATES = st.sampled_from(["x", r"<\1>", r"\g<0>\n", r"\g<n>", r"\2\1", "", r"\q", r"\101"])
CASES = st.tuples(PATTERNS, FLAGS, SUBJECTS, TEMPLATES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    micropython.unix()
    return freeze.lay_out(tmp_path_factory.mktemp("library"))


def outcomes(argv: list[str | Path], cases: list[tuple[str, int, str, str]], path: Path) -> list[str]:
    path.write_text(json.dumps(cases))
    done = subprocess.run([*argv, path], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-2000:]
    lines = done.stdout.splitlines()
    assert len(lines) == len(cases)
    return lines


def differences(cases: list[tuple[str, int, str, str]], folder: Path) -> list[tuple[object, str, str]]:
    ours = [
        micropython.UNIX,
        "-X",
        "heapsize=64m",
        SCRIPT,
        folder,
        STACK,
        ROOT / "tests" / "shims",
    ]
    theirs = outcomes([sys.executable, "-W", "ignore", SCRIPT], cases, folder / "cases.json")
    mine = outcomes(ours, cases, folder / "cases.json")
    return [
        each for each in zip(cases, theirs, mine, strict=True) if each[1] != each[2] and each[2] != STOPPED
    ]


@pytest.mark.parametrize("number", range(BATCHES))
def test_patterns_by_grammar(number: int, folder: Path) -> None:
    found = []

    @seed(number)
    @settings(
        max_examples=5,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def batch(data: st.DataObject) -> None:
        cases = [data.draw(CASES) for _ in range(BATCH)]
        found.extend(differences(cases, folder))

    batch()
    assert sorted(found, key=lambda each: len(str(each[0])))[:5] == []
