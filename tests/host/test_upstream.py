"""Counting of the results of MicroPython's own test runner."""

import pytest

from host.check.upstream import Count, count

WHOLE = "897 tests performed (27253 individual testcases)\n897 tests passed\n"


@pytest.mark.parametrize(
    ("output", "code", "expected"),
    [
        (f"{WHOLE}2 tests skipped: a b\n", 0, Count(897, 0, 2)),
        (WHOLE, 0, Count(897, 0, 0)),
        ("9 tests performed\n900 tests passed\n3 tests failed: a b c\n", 1, Count(900, 3, 0)),
        ("12 tests passed\n", 0, Count(12, 1, 0)),  # where are the others?
        (WHOLE, 2, Count(897, 1, 0)),
        ("Traceback ...\n", 1, Count(0, 1, 0)),
    ],
)
def test_count(output: str, code: int, expected: Count) -> None:
    assert count(output, code, least=890) == expected


def test_counts_add_up() -> None:
    assert Count(1, 2, 3) + Count(10, 20, 30) == Count(11, 22, 33)
