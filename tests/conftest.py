"""For every pytest tier: a skip says what is missing, and under CI only the expected ones may happen."""

import fnmatch
import os
from pathlib import Path

import pytest

EXPECTED = Path(__file__).with_name("expected_skips")


def expected_skips(text: str) -> list[str]:
    """One pattern of test ids a line; what follows a # is the reason."""
    patterns = (line.partition("#")[0].strip() for line in text.splitlines())
    return [pattern for pattern in patterns if pattern]


def is_of_the_board(report: pytest.TestReport | pytest.CollectReport) -> bool:
    """Whether it was skipped for what the board is, which no machine can mend (tests/ways.py)."""
    return isinstance(report.longrepr, tuple) and report.longrepr[2].startswith("Skipped: board ")


class SkipControl:
    """Fails the run when something was skipped that nobody expected to be."""

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


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("CI") == "true":
        config.pluginmanager.register(SkipControl(expected_skips(EXPECTED.read_text())))
