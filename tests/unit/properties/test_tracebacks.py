"""What is printed of exceptions that were never raised is what CPython prints: chains, groups, notes."""

import traceback

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mkernel import tracebacks

TEXTS = st.sampled_from(["", "one", "two\nlines", "é"])
PLAIN = st.builds(lambda kind, text: kind(text), st.sampled_from([ValueError, KeyError, OSError]), TEXTS)


def chained(
    error: BaseException,
    cause: BaseException | None,
    context: BaseException | None,
    suppressed: bool,
    note: str,
) -> BaseException:
    error.__context__ = context
    if cause is not None:
        error.__cause__ = cause
    error.__suppress_context__ = suppressed
    if note:
        error.add_note(note)
    return error


def larger(smaller: st.SearchStrategy[BaseException]) -> st.SearchStrategy[BaseException]:
    maybe = st.none() | smaller
    groups = st.builds(
        lambda text, parts: BaseExceptionGroup(text, parts), TEXTS, st.lists(smaller, min_size=1, max_size=3)
    )
    return groups | st.builds(chained, smaller, maybe, maybe, st.booleans(), TEXTS)


ERRORS: st.SearchStrategy[BaseException] = st.recursive(PLAIN, larger, max_leaves=6)


@pytest.fixture(autouse=True)
def without_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracebacks, "entries", lambda error: [])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ERRORS)
def test_as_cpython(error: BaseException) -> None:
    assert "\n".join(tracebacks.lines(error)) + "\n" == "".join(traceback.format_exception(error))
