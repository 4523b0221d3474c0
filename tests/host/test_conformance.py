"""The score sheet is complete, and the document is up to date."""

from host.check import conformance
from host.check.conformance import Section, Sheet, named, page

SOURCE = '''
# X-1: outside of every test
def helper():  # X-2
    pass

def test_one():  # X-3, X-4
    """As X-5 has it."""
    # X-6
    return "X-7"

def test_two():
    assert UTF-8  # UTF-8
'''


def test_items_are_named_in_comments_and_docstrings() -> None:
    pairs = [("X-3", "test_one"), ("X-4", "test_one"), ("X-5", "test_one"), ("X-6", "test_one")]
    assert list(named(SOURCE)) == [*pairs, ("UTF-8", "test_two")]


def sheet(shown: dict[str, list[str]], waived: dict[str, str]) -> Sheet:
    return Sheet([Section("Things", "RFC 1", {"X-1": "is so", "X-2": "is not"})], waived, shown)


def test_what_is_neither_shown_nor_waived_is_a_problem() -> None:
    assert sheet({"X-1": ["a"]}, {"X-2": "no"}).problems() == []
    assert sheet({"X-1": ["a"]}, {}).problems() == ["X-2: no test names it"]
    assert sheet({"X-1": ["a"], "X-2": ["b"]}, {"X-2": "no"}).problems() == ["X-2: waived, but shown by b"]
    assert len(sheet({"X-1": ["a"]}, {"X-2": "no", "X-9": "?"}).problems()) == 1


def test_a_row_for_each_item() -> None:
    text = page(sheet({"X-1": ["[a](b)", "[c](d)"]}, {"X-2": "nobody needs it"}))
    assert "2 items: 1 shown, 1 waived." in text
    assert "| X-1 | is so | [a](b), [c](d) |\n| X-2 | is not | waived: nobody needs it |\n" in text


def test_every_item_is_shown_or_waived_with_a_reason() -> None:
    collected = conformance.collect()
    assert collected.problems() == []
    assert len(collected.waived) * 10 <= len(collected.items)


def test_the_document_is_what_the_tests_say() -> None:
    assert not conformance.stale(), "docs/conformance.md is stale: run `invoke conformance`"
