"""Each line of tests/compat/known/differences.txt holds on CPython and not here; the document lists all."""

import pytest

from host.check import compat
from host.check.compat import differences


def test_every_difference_is_one() -> None:
    on_cpython = {outcome.name: outcome.why for outcome in compat.outcomes(differences.cases(), "cpython")}
    assert on_cpython and not {name: why for name, why in on_cpython.items() if why}


def test_the_document_has_them_all() -> None:
    endings = differences.outcomes()
    gone = [name for name, why in endings.items() if not why]
    assert not gone, "these hold now: take them out of tests/compat/known/differences.txt"
    if differences.table(endings) != differences.documented():
        pytest.fail("invoke compat --differences writes what has changed into docs/differences.md")
