"""Mutations: red, survived, and broken ones; and that there is one for each MUST."""

from pathlib import Path

import pytest

from host.check import conformance, mutate
from host.check.mutate import BROKEN, RED, SURVIVED
from host.errors import HostError
from host.paths import ROOT

STACK = """\
def double(n):
    return n + n


def half(n):
    return n // 2
"""
TESTS = """\
from mnet.thing import double, half


def test_one():  # MUST-1
    assert double(2) == 4


def test_another():  # MUST-1
    assert double(3) == 6


def test_half():  # MUST-2
    assert half(8)
"""


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A stack of two functions and their tests."""
    for folder in ("stack/mnet", "tests/unit", "tests/mutations"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    (tmp_path / "stack" / "mnet" / "thing.py").write_text(STACK)
    (tmp_path / "tests" / "unit" / "test_thing.py").write_text(TESTS)
    monkeypatch.setattr(mutate, "ROOT", tmp_path)
    monkeypatch.setattr(conformance, "TESTS", tmp_path / "tests")
    return tmp_path


def add(world: Path, item: str, old: str, new: str, file: str = "thing.py") -> None:
    entry = f"[[{item}]]\nbreaks = 'it'\nfile = '{file}'\nfrom = '''{old}'''\nto = '''{new}'''\n"
    with (world / "tests" / "mutations" / "all.toml").open("a") as out:
        out.write(entry)


def test_one_red_test_is_enough(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(world, "MUST-1", "n + n", "n * n")  # two and two is four all the same
    assert mutate.run(["MUST-1"]) == (1, 0)
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["MUST-1   red      it: test_another: assert 9 == 6", "1 of 1 are red"]
    assert (world / "stack" / "mnet" / "thing.py").read_text() == STACK


def test_what_survives_is_named(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(world, "MUST-1", "n + n", "n - n")
    add(world, "MUST-2", "n // 2", "n // 3")
    assert mutate.run() == (1, 1)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == ["MUST-2   survived it: its tests pass", "1 of 2 are red, MUST-2 survived"]


def test_what_has_no_mutation_is_named(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(world, "MUST-2", "n // 2", "n // 20")
    assert mutate.run() == (1, 1)
    assert capsys.readouterr().out.splitlines()[-1] == "1 of 2 are red, MUST-1 has none"


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("(", "SyntaxError"),  # a collection that fails
        ("n.twice", "AttributeError"),
        ("missing", "NameError"),
    ],
)
def test_to_break_down_is_not_to_be_red(world: Path, new: str, why: str) -> None:
    add(world, "MUST-1", "n + n", new)
    (mutation,) = mutate.load()
    trial = mutate.try_out(mutation, ["tests/unit/test_thing.py::test_one"])
    assert trial.verdict == BROKEN and why in trial.detail


def test_nor_is_to_hang(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(world, "MUST-1", "    return n + n", "    while n:\n        pass")
    monkeypatch.setattr(mutate, "TIMEOUT", 3)
    (mutation,) = mutate.load()
    trial = mutate.try_out(mutation, ["tests/unit/test_thing.py::test_one"])
    assert (trial.verdict, trial.detail) == (BROKEN, "not over after 3 seconds")


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("with pytest.raises(ValueError): half(8)", RED),  # nothing is raised
        ("assert half(8), 'said'", SURVIVED),
        ("assert not half(8), 'said'", RED),
        ("pytest.skip('no such thing')", SURVIVED),
        ("half()", BROKEN),
    ],
)
def test_verdicts(world: Path, body: str, verdict: str) -> None:
    source = f"import pytest\nfrom mnet.thing import half\ndef test_it():\n    {body}\n"
    (world / "tests" / "unit" / "test_it.py").write_text(source)
    assert mutate.run_tests(world, ["tests/unit/test_it.py::test_it"], 60)[0] == verdict


@pytest.mark.parametrize(
    ("old", "file", "why"),
    [
        ("n + m", "thing.py", "is there 0 times"),
        ("return", "thing.py", "is there 2 times"),
        ("n + n", "things.py", "there is no such file"),
    ],
)
def test_text_that_is_not_there_once(world: Path, old: str, file: str, why: str) -> None:
    add(world, "MUST-1", old, "n", file)
    with pytest.raises(HostError, match=why) as error:
        mutate.run()
    assert str(error.value).startswith(f"MUST-1 ({file}: it)") and "\n" not in str(error.value)


def test_tests_that_fail_anyhow_show_nothing(world: Path) -> None:
    add(world, "MUST-1", "n + n", "n * n")
    (world / "tests" / "unit" / "test_thing.py").write_text(TESTS.replace("== 6", "== 7"))
    with pytest.raises(HostError, match="without any mutation: test_another: assert 6 == 7"):
        mutate.run(["MUST-1"])


def test_what_cannot_be_run(world: Path) -> None:
    add(world, "MUST-3", "n + n", "n * n")
    with pytest.raises(HostError, match="MUST-3: no test in tests/unit or tests/sim names it"):
        mutate.run()
    with pytest.raises(HostError, match="no mutation of MUST-9"):
        mutate.run(["MUST-9"])
    (world / "tests" / "mutations" / "all.toml").write_text("[MUST-1]\nfile = 'thing.py'\n")
    with pytest.raises(HostError, match="all.toml: .*: each has file, breaks, from, to"):
        mutate.run()


def test_every_must_has_a_mutation_that_can_be_made() -> None:
    mutations, showing = mutate.load(), conformance.showing()
    assert mutate.missing(mutations, showing) == []
    assert all(mutate.tests_of(each.item, showing) for each in mutations)
