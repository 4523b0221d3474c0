"""For every pytest tier: which skips may happen, the signals of children, and the end of what tests start."""

import fnmatch
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

EXPECTED = Path(__file__).with_name("expected_skips")


def expected_skips(text: str) -> list[str]:
    """Return one pattern of test ids a line; text after a # is the reason."""
    patterns = (line.partition("#")[0].strip() for line in text.splitlines())
    return [pattern for pattern in patterns if pattern]


def is_of_the_board(report: pytest.TestReport | pytest.CollectReport) -> bool:
    """Whether it was skipped because of the board, not of this machine (tests/ways.py)."""
    return isinstance(report.longrepr, tuple) and report.longrepr[2].startswith("Skipped: board ")


class SkipControl:
    """Fails the run when a test was skipped that is not listed."""

    def __init__(self, patterns: list[str]) -> None:
        self.patterns = patterns
        self.unexpected: list[str] = []

    def note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail") and not is_of_the_board(report):
            if not any(fnmatch.fnmatchcase(report.nodeid, pattern) for pattern in self.patterns):
                self.unexpected.append(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.note(report)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.unexpected and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for nodeid in self.unexpected:
            terminalreporter.write_line(
                f"skipped, but not listed in tests/expected_skips: {nodeid}", red=True
            )


INHERITED = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
KILL_TIMEOUT = 10.0  # seconds until a killed process is gone


def give_children_default_signals() -> None:
    """Under nohup, and in the background of a shell, some signals come ignored and children would inherit
    that. A handler that does nothing ignores them in this process alone: exec() resets it."""
    for number in INHERITED:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


def children(pid: int) -> Iterator[int]:
    """Return the children of every thread of a process that have not been waited for."""
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            yield from map(int, Path(f"/proc/{pid}/task/{thread}/children").read_text().split())
    except (FileNotFoundError, ProcessLookupError):  # it has ended
        return


def start_time(pid: int) -> str:
    """Return a value that distinguishes a process from a later one with its number; "" if it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def descendants() -> set[tuple[int, str]]:
    """Return the descendants of this process: (number, time of start)."""
    found: set[tuple[int, str]] = set()
    pending = [os.getpid()]
    while pending:
        for pid in children(pending.pop()):
            if started := start_time(pid):
                found.add((pid, started))
                pending.append(pid)
    return found


def kill(leftover: set[tuple[int, str]]) -> None:
    """End these processes, and wait until they have ended."""
    for pid, _ in leftover:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    deadline = time.monotonic() + KILL_TIMEOUT
    while leftover & descendants() and time.monotonic() < deadline:
        time.sleep(0.01)


class ProcessControl:
    """End processes that a test has started and left, and at the end of the session those of fixtures. A
    process that existed before the call of the test belongs to a fixture, which other tests may use."""

    def __init__(self) -> None:
        self.before: set[tuple[int, str]] | None = None
        self.own = descendants()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        self.before = descendants()
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Iterator[None]:
        try:
            return (yield)
        finally:
            if self.before is not None:
                kill(descendants() - self.before)
            self.before = None

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        kill(descendants() - self.own)


def pytest_configure(config: pytest.Config) -> None:
    give_children_default_signals()
    config.pluginmanager.register(ProcessControl())
    if os.environ.get("CI") == "true":
        config.pluginmanager.register(SkipControl(expected_skips(EXPECTED.read_text())))
