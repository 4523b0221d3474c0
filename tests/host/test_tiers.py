"""The test runner itself: counts, times, unlisted skips."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from host import board as boards
from host.check import mutate, tiers
from host.check.tiers import Result
from host.errors import HostError
from host.paths import ROOT


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


def inner(world: Path, *options: str, ignoring: bool = False) -> "subprocess.CompletedProcess[str]":
    """Run pytest on the tests of `world`; `ignoring`: started as by nohup in the background of a shell."""
    quiet = ["-q", "-p", "no:cacheprovider"]
    argv = [sys.executable, "-m", "pytest", *quiet, *options, str(world)]
    if ignoring:
        argv = ["/bin/sh", "-c", "trap '' HUP INT QUIT; exec \"$@\"", "sh", *argv]
    return subprocess.run(argv, capture_output=True, text=True, check=False, cwd=world, timeout=60)


SIGNALS = """\
import os, signal, subprocess, sys
import pytest
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_it(number):
    os.kill(os.getpid(), number)  # what is ignored here stays so
    with subprocess.Popen(["sleep", "60"]) as child:
        child.send_signal(number)
        assert child.wait(timeout=20) == -number
"""


def test_children_get_default_signals_under_nohup(world: Path) -> None:
    add(world, "unit", SIGNALS)
    done = inner(world, ignoring=True)
    assert done.returncode == 0 and "3 passed" in done.stdout, done.stdout


HANGS = """\
import subprocess, threading
def test_it(): threading.Event().wait()
def test_another(): pass
"""


def test_a_test_that_hangs_fails_and_the_next_one_runs(world: Path) -> None:
    add(world, "unit", HANGS)
    done = inner(world, "--timeout=1")
    assert "1 failed, 1 passed" in done.stdout, done.stdout


def test_every_test_is_limited_in_time(pytestconfig: pytest.Config) -> None:
    assert 0 < float(pytestconfig.getini("timeout")) <= 600


LEAVES = """\
import subprocess
import pytest
def note(process):
    with open("pids", "a") as file: file.write("%d\\n" % process.pid)
@pytest.fixture(scope="module")
def of_the_module():
    process = subprocess.Popen(["sleep", "60"])
    note(process)
    yield process
def test_fails(of_the_module):
    note(subprocess.Popen(["sh", "-c", "sleep 60 & wait"]))
    assert False
def test_next(of_the_module):
    assert of_the_module.poll() is None
    with open("pids") as file: left = int(file.readlines()[-1])
    with open("/proc/%d/stat" % left) as file: assert file.read().rpartition(")")[2].split()[0] == "Z"
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_a_test_has_started_ends_with_it(world: Path) -> None:
    """At its end if the test started it, at the end of the session if a fixture did, which other tests
    use."""
    add(world, "unit", LEAVES)
    done = inner(world)
    assert "1 failed, 1 passed" in done.stdout, done.stdout
    pids = list(map(int, (world / "pids").read_text().split()))
    assert len(pids) == 2
    deadline = time.monotonic() + 20
    while any(map(is_alive, pids)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_slowest_are_named_under_ci(
    world: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    add(world, "unit", "import time\ndef test_slow(): time.sleep(0.01)\n")
    (world / "expected_skips").write_text("")
    for value, expected in (("", False), ("true", True)):
        monkeypatch.setenv("CI", value)
        assert tiers.run(["unit"]) == 0
        assert ("slowest 20 durations" in capfd.readouterr().out) == expected
