"""The comparison of programs by grammar: it sees what differs, and nothing ends the interpreter."""

import sys
from pathlib import Path

import pytest

from host.build import micropython
from host.check.compat import differential
from host.paths import ROOT

sys.path.insert(0, str(ROOT / "tests" / "fuzz"))
import language


@pytest.fixture(scope="module", autouse=True)
def interpreter() -> None:
    micropython.unix()


def program(body: str) -> str:
    return f"def f():\n    {body}"


def test_what_is_the_same_and_what_is_not(tmp_path: Path) -> None:
    programs = [
        program("return [*'ab', 1], {1, 2}, {'k': None}"),
        program("return this is wrong"),
        program("import sys; return sys.implementation.name"),
        program("return 1 / 0"),
    ]
    found = differential.compare(language.PRELUDE, programs, tmp_path)
    assert [(each.cpython, each.ours) for each in found] == [("'cpython'", "'micropython'")]


def test_what_ends_the_process_is_a_difference(tmp_path: Path) -> None:
    programs = [
        program("return 1"),
        program("import sys, os\n    return os._exit(3) if sys.implementation.name == 'cpython' else 2"),
        program("return 3"),
    ]
    found = differential.compare(language.PRELUDE, programs, tmp_path)
    assert len(found) == 1 and "ended the process with 3" in found[0].cpython and found[0].ours == "2"


def test_after_what_ends_the_process_others_go_on(tmp_path: Path) -> None:
    programs = [
        program("import os\n    return os._exit(3)"),
        program("return 1 if 'micropython' in str(__import__('sys').version).lower() else 2"),
    ]
    found = differential.compare(language.PRELUDE, programs, tmp_path)
    assert [(each.cpython, each.ours) for each in found if each.program == programs[1]] == [("2", "1")]


def test_a_number_is_a_program() -> None:
    assert language.program(1) == language.program(1) != language.program(2)
    assert sum(differential.is_right(language.program(number)) for number in range(100)) > 80


def test_programs_do_what_they_do_on_cpython(tmp_path: Path) -> None:
    count, found = differential.hunt(language.PRELUDE, language.program, tmp_path, 180, seconds=60)
    assert count > 0
    assert found == [], "\n\n".join(map(str, found[:5]))
