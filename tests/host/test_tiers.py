"""The test runner itself: counts, times, skips that nobody expected."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from host import board as boards
from host import mutate, tiers
from host.errors import HostError
from host.paths import ROOT
from host.tiers import Result


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Tests of our own, with the project's conftest."""
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "conftest.py").symlink_to(ROOT / "tests" / "conftest.py")
    monkeypatch.delenv("CI", raising=False)  # there, only expected skips may happen
    monkeypatch.setattr(tiers, "TESTS", tests)
    monkeypatch.setattr(tiers, "REPORTS", tmp_path / "reports")
    return tests


def add(world: Path, tier: str, body: str) -> None:
    (world / tier).mkdir(exist_ok=True)
    (world / tier / "test_it.py").write_text(body)


BODY = """\
import pytest
def test_right(): pass
def test_wrong(): assert False
def test_left_out(): pytest.skip("no such device")
"""


def test_counts(world: Path) -> None:
    add(world, "unit", BODY)
    result = tiers.run_tier("unit")
    assert (result.passed, result.failed) == (1, 1) and result.seconds > 0


def test_the_sums_are_the_last_line(world: Path, capfd: pytest.CaptureFixture[str]) -> None:
    add(world, "unit", BODY.replace("assert False", "pass"))
    add(world, "sim", "def test_right(): pass\n")
    assert tiers.run(["unit", "sim"]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "3 passed, 0 failed, 1 skipped"


def test_a_broken_test_file_is_a_failure(world: Path) -> None:
    add(world, "unit", "import nothing_of_that_name\n")
    assert tiers.run(["unit"]) == 1


def test_a_tier_that_cannot_run_is_a_failure(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> Result:
        raise HostError("no compiler")

    monkeypatch.setitem(tiers.TIERS, "mp", fail)
    add(world, "unit", "def test_right(): pass\n")
    assert tiers.run(["mp", "unit"]) == 1


def test_mutations_count_like_tests(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutate, "run", lambda: (3, 1))
    result = tiers.run_tier("mutate")
    assert (result.passed, result.failed) == (3, 1)


def test_an_unknown_tier() -> None:
    with pytest.raises(HostError, match="no tier 'moon': there are lint, unit"):
        tiers.run(["moon"])


@pytest.mark.parametrize(
    ("expected", "ci", "code"),
    [("", "true", 1), ("", "", 0), ("*::test_left_out  # no device\n", "true", 0), ("*::other\n", "true", 1)],
)
def test_skips_under_ci(world: Path, expected: str, ci: str, code: int) -> None:
    add(world, "unit", BODY.replace("assert False", "pass"))
    (world / "conftest.py").unlink()
    (world / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (world / "expected_skips").write_text(expected)
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(world)]
    done = subprocess.run(
        argv, env=os.environ | {"CI": ci}, capture_output=True, text=True, check=False, cwd=world
    )
    assert done.returncode == code, done.stdout
    assert ("not listed in tests/expected_skips" in done.stdout) == bool(code)


def test_what_a_board_has_not_may_be_skipped(world: Path) -> None:
    (world / "expected_skips").write_text("")
    add(world, "unit", 'import pytest\ndef test_it(): pytest.skip("board x has taps only")\n')
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(world / "unit")]
    assert subprocess.run(argv, env=os.environ | {"CI": "true"}, cwd=world, check=False).returncode == 0


@pytest.mark.parametrize("board", boards.names())
def test_the_tests_of_every_board_are_found(board: str) -> None:
    """Also of those whose images nothing here can run."""
    folders = [f"tests/{name}" for name in ("guest", "e2e", "packetimpact")]
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--collect-only", *folders]
    environment = os.environ | {"PYMNET_BOARD": board}
    done = subprocess.run(argv, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
