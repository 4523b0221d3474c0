"""CPython's own tests: methods that passed before pass (`invoke cpython-tests --accept` writes the list)."""

import re
import subprocess
from collections import Counter

import pytest

from host.check.compat import cpython
from host.errors import HostError

pytestmark = pytest.mark.timeout(1500)


def test_the_figures_in_the_documentation_are_those_of_the_list() -> None:
    row = re.compile(r"^\| ([a-z0-9._]+) \| (\d+) \|", re.MULTILINE)
    documented = dict(row.findall(cpython.DOCUMENT.read_text()))
    together = documented.pop("together")
    counts = Counter(map(cpython.file_of, cpython.accepted()))
    assert {name: int(count) for name, count in documented.items() if int(count)} == dict(counts)
    assert int(together) == counts.total()


def test_methods_that_passed_still_pass() -> None:
    try:
        cpython.package()
    except (HostError, subprocess.SubprocessError) as error:
        pytest.skip(f"no {cpython.PACKAGE} from Debian: {error}")
    wanted = cpython.accepted()
    passed = {outcome.name for outcome in cpython.run() if outcome.passed}
    assert wanted
    # Some measure time: once more where one is missing.
    again = sorted({cpython.file_of(name) for name in wanted - passed})
    if again:
        passed |= {outcome.name for outcome in cpython.run(again) if outcome.passed}
    assert sorted(wanted - passed) == []
