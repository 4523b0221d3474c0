"""A task that computes for long is reported on the console, and lets the scheduler's loop run if that is
configured; a task that reads the console waits like any other. The cases are in watch/main.py."""

import re
from pathlib import Path

import pytest
import ways

from host import board as boards
from host.build import image
from host.options import Options
from host.run import launch

APPLICATION = Path(__file__).with_name("watch")


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    image.build(APPLICATION)


def run(arguments: str, board: str = boards.DEFAULT, code: int = 0) -> str:
    with launch.launch(APPLICATION, Options(arguments=ways.quiet(arguments)), board) as guest:
        ended = guest.wait(timeout=60)
        text = str(guest.console.text.replace("\r\n", "\n"))
    assert ended == code, text
    return text


def test_who_computes_is_named_with_its_traceback() -> None:
    text = run("--watchdog=0.5 computes 2.2")
    lines = text.splitlines()
    told = [
        n for n, line in enumerate(lines) if line.startswith("watchdog: task cruncher has not waited for")
    ]
    assert 1 <= len(told) <= 3, text  # once a second at most
    places = re.findall(r'File "([^"]+)", line (\d+), in (\w+)', text)
    source = (APPLICATION / "main.py").read_text().splitlines()
    assert ("main.py", "outer") in {(file, block) for file, _, block in places}, text
    inner = [int(line) for file, line, block in places if (file, block) == ("main.py", "busy")]
    assert inner and all(source[line - 1].strip() for line in inner)
    first = next(int(line) for file, line, block in places if block == "outer")
    assert source[first - 1].strip() == "return busy(seconds)"
    assert lines[-1] == "done"


def test_generators_are_in_the_traceback() -> None:
    text = run("--watchdog=0.5 in_a_generator 1")
    assert ", in numbers" in text, text
    assert text.splitlines()[-1] == "done 1"


def test_it_can_be_switched_off() -> None:
    assert run("--watchdog=0 computes 2.5").splitlines() == ["done"]


def test_who_waits_in_between_is_not_named() -> None:
    assert run("--watchdog=1 waits_often").splitlines() == ["done"]


def test_a_loop_that_sleeps_in_between_is_not_named() -> None:
    assert run("--watchdog=1 waits_while_the_loop_works").splitlines() == ["done"]


@pytest.mark.parametrize("value", ["x", "-1", ""])
def test_another_value_is_refused(value: str) -> None:
    assert f"--watchdog={value}: a number of seconds" in run(f"--watchdog={value} waits_often", code=2)


def test_the_loop_runs_while_a_task_computes_if_told_to() -> None:
    without, with_, in_a_thread, *errors = run("--watchdog=0 lets_the_loop_run").splitlines()
    assert without == "without 0 0.0"
    polls, rest = with_.split(" ", 2)[1:]
    assert int(polls) >= 10, with_
    assert rest == "0.01 others []", "another task ran in the middle of one that did not wait"
    assert in_a_thread == "in a thread True"
    assert errors == ["ValueError", "TypeError"]


def test_reading_the_console_stops_no_other_task() -> None:
    assert run("reads").split("\n")[0].startswith("ticks 20 read")


@pytest.mark.parametrize("board", ["solo5-hvt", "solo5-spt"])
def test_input_ends_where_there_is_none(board: str) -> None:
    if all(launch.ways(board).values()):
        pytest.skip("; ".join(launch.ways(board).values()))
    image.build(APPLICATION, board)
    assert run("--solo5:quiet reads_to_the_end", board).splitlines() == ["['', '', '']", "prompt EOFError"]
