"""The test tiers, from the bottom of the ladder to the top: how they run, their counts and times."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

from host import board as boards
from host import unikernel
from host.build import freeze, image, micropython
from host.check import lint, mutate, nomem, sim, upstream
from host.errors import HostError
from host.net import netns
from host.paths import BUILD, ROOT
from host.report import say
from host.run import launch

TESTS = ROOT / "tests"
REPORTS = BUILD / "test"
NETWORKED = ("e2e", "packetimpact")  # these make network namespaces
SEEDS = 1000  # of each run
SLOWEST = 20  # tests, named under CI
MP_TIMEOUT = 900  # seconds for all tests on MicroPython's unix build
PLAIN_COUNT = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.MULTILINE)


@dataclass(frozen=True)
class Result:
    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        counts = f"{self.passed:5} passed {self.failed:3} failed {self.skipped:3} skipped"
        return f"{self.name:12} {self.seconds:7.1f} s  {counts}"


def chosen_board() -> str:
    """Return the board of `--board` or the environment."""
    return os.environ.get("PYMNET_BOARD") or boards.DEFAULT


def has_tests(folder: Path) -> bool:
    return any(folder.rglob("test_*.py"))


def counted(name: str, report: Path, code: int) -> Result:
    """Read pytest's JUnit report. A run that ended badly without a failed test (such as an unlisted skip)
    is a failure."""
    passed = failed = skipped = 0
    if report.is_file():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            wrong = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            failed, skipped = failed + wrong, skipped + int(suite.get("skipped", 0))
            passed += int(suite.get("tests", 0)) - wrong - int(suite.get("skipped", 0))
    return Result(name, passed, failed or int(code != 0), skipped)


def pytest(name: str, prefix: Sequence[str] = (), board: str = "") -> Result:
    board = board or chosen_board()
    folder, report = TESTS / name, REPORTS / board / f"{name}.xml"
    if not has_tests(folder):
        say(f"tests/{name} has no tests yet")
        return Result(name)
    report.unlink(missing_ok=True)
    slowest = [f"--durations={SLOWEST}"] if os.environ.get("CI") == "true" else []
    argv = [*prefix, sys.executable, "-m", "pytest", *slowest, f"--junitxml={report}", str(folder)]
    environment = os.environ | {"PYMNET_BOARD": board}
    code = subprocess.run(argv, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode
    return counted(name, report, code)


def run_lint(name: str) -> Result:
    wrong = lint.run()
    return Result(name, len(lint.CHECKS) - wrong, wrong)


def run_mutate(name: str) -> Result:
    """Run the mutations: unit and simulation tests must notice each."""
    return Result(name, *mutate.run())


def run_mp(name: str) -> Result:
    """Run the portable unit tests on MicroPython's unix build."""
    runner = TESTS / "mp" / "run.py"
    if not runner.is_file():
        say("tests/mp has no runner yet")
        return Result(name)
    freeze.lay_out(BUILD / "library")
    argv = [str(micropython.unix()), "-X", "heapsize=64m", str(runner)]
    try:
        done = subprocess.run(
            argv,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            timeout=MP_TIMEOUT,
        )
    except subprocess.TimeoutExpired as error:
        last = (error.stdout or b"").decode(errors="replace").splitlines()[-1:]
        raise HostError(f"no end after {MP_TIMEOUT} s; the last line: {' '.join(last) or 'none'}") from None
    print(done.stdout, end="", flush=True)
    match = PLAIN_COUNT.search(done.stdout)
    if not match:
        return Result(name, failed=1)
    passed, failed, skipped = (int(count or 0) for count in match.groups())
    return Result(name, passed, failed or int(done.returncode != 0), skipped)


def run_nomem(name: str) -> Result:
    """Check that a failed allocation loses nothing else."""
    return Result(name, *nomem.run())


def run_upstream(name: str) -> Result:
    """Run MicroPython's own tests on the same build."""
    count = upstream.run()
    return Result(name, count.passed, count.failed, count.skipped)


def run_seeds(name: str) -> Result:
    """Run scenarios of two stacks, drawn from seeds."""
    tally = sim.play(0, SEEDS)
    return Result(name, tally.seeds - len(tally.failures), len(tally.failures))


def run_booted(name: str, board: str = "") -> Result:
    """Run the tests of booted images on a board."""
    board = board or chosen_board()
    for each in unikernel.names():
        image.build(each, board)
    return pytest(name, netns.command_prefix() if name in NETWORKED else (), board)


def run_board(board: str) -> Result:
    """Run the same tests on another board, if its images can run here."""
    obstacles = launch.ways(board).values()
    if all(obstacles):
        say("; ".join(obstacles))
        return Result(board, skipped=1)
    guest, e2e = (run_booted(name, board) for name in ("guest", "e2e"))
    sums = (getattr(guest, what) + getattr(e2e, what) for what in ("passed", "failed", "skipped"))
    return Result(board, *sums)


TIERS: dict[str, Callable[[str], Result]] = {
    "lint": run_lint,
    "unit": pytest,
    "sim": pytest,
    "mutate": run_mutate,
    "seeds": run_seeds,
    "mp": run_mp,
    "nomem": run_nomem,
    "upstream": run_upstream,
    "c": pytest,
    "host": pytest,
    "compat": pytest,
    "guest": run_booted,
    "e2e": run_booted,
    "packetimpact": run_booted,
    "solo5-hvt": run_board,
    "solo5-spt": run_board,
    "unikraft-qemu": run_board,
}


def run_tier(name: str) -> Result:
    """Run one tier. An error that keeps it from running counts as a failure, and the next tier still runs."""
    start = time.monotonic()
    say(f"--- {name}")
    REPORTS.mkdir(parents=True, exist_ok=True)
    try:
        result = TIERS[name](name)
    except HostError as error:
        say(f"{name}: {error}")
        result = Result(name, failed=1)
    return replace(result, seconds=time.monotonic() - start)


def run(names: Sequence[str] = ()) -> int:
    """Run the tiers; print the time of each and one line with the totals. Returns the number of failed
    tests."""
    for name in names:
        if name not in TIERS:
            raise HostError(f"no tier {name!r}: there are {', '.join(TIERS)}")
    results = [run_tier(name) for name in names or TIERS]
    print("\ntier         time       tests")
    for result in results:
        print(result)
    passed, failed, skipped = (
        sum(getattr(r, what) for r in results) for what in ("passed", "failed", "skipped")
    )
    print(f"\n{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return int(failed)
