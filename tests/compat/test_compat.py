"""What passes stays so: tests/compat/passes has a list of cases for each place (`invoke compat --accept`)."""

from collections.abc import Sequence

import pytest
import ways

from host.check import compat
from host.check.compat import corpus
from host.check.compat.corpus import OWN, SHARED, Case

FACTS = sorted((OWN / "facts").glob("*.txt"))


def expected(where: str, cases: Sequence[Case]) -> set[str]:
    return compat.accepted(where) & {case.name for case in cases}


def check(where: str, cases: Sequence[Case]) -> None:
    wanted = expected(where, cases)
    found = {outcome.name: outcome for outcome in compat.outcomes(cases, where)}
    missing = [str(found.get(name, f"{name} was not run")) for name in sorted(wanted)]
    lost = [line for line in missing if not line.startswith("pass ")]
    assert wanted, "the list is empty"
    assert not lost, "what passed before:\n" + "\n".join(lost)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    if not SHARED.is_dir():
        pytest.skip(corpus.MISSING)
    return corpus.load()


def test_our_own_are_true_on_cpython() -> None:
    own = corpus.load(folders=[OWN])
    outcomes = list(compat.outcomes(own, "cpython"))
    assert outcomes
    assert not [str(outcome) for outcome in outcomes if not outcome.passed]


def test_on_the_unix_build(cases: list[Case]) -> None:
    check("unix", cases)


def test_in_an_image(cases: list[Case]) -> None:
    ways.skip_if_none()
    check("image", cases)
