"""Recursion never overflows a stack: it ends in RecursionError, in C as in Python, and tasks call as deep as
main. The operations are in recursion/main.py."""

import re
from pathlib import Path

import pytest
import ways

from host.build import image
from host.options import Options
from host.run import launch

APPLICATION = Path(__file__).with_name("recursion")

# These end differently on every stack: a result, or another error.
OTHERS = {"deflate", "lookup", "isinstance", "getattr", "exec targets", "exec with"}
# More than 200 brackets within each other are a SyntaxError, as on CPython.
BRACKETS = {"eval brackets", "eval parentheses", "eval if", "exec del"}


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    image.build(APPLICATION)


def run(arguments: str, memory: int = 0) -> str:
    """Return the console of an image that ended with exit code 0."""
    with launch.launch(APPLICATION, Options(arguments=ways.quiet(arguments), memory=memory)) as guest:
        code = guest.wait(timeout=180)
        text = guest.console.text.replace("\r\n", "\n")
    assert code == 0, text
    return str(text)


def outcomes(text: str) -> dict[str, list[str]]:
    lines = (line.split(": ", 1) for line in text.splitlines() if ": " in line)
    return {name: rest.split(", ") for name, rest in lines}


def test_every_operation_ends_in_an_exception_or_a_result() -> None:
    done = outcomes(run("deeds"))
    assert len(done) > 60
    assert "RecursionError" in done["list =="]
    unexpected = {
        name: each
        for name, each in done.items()
        if name not in OTHERS | BRACKETS and not set(each) <= {"RecursionError", "a result"}
    }
    assert not unexpected
    assert all("SyntaxError" in done[name][0] for name in BRACKETS)


def test_recursion_error_is_a_runtime_error() -> None:
    assert run("names").split() == ["True", "RecursionError"]


def test_250_calls_in_every_task_and_900_in_main() -> None:
    assert run("depths").splitlines() == ["900 250", "[250]"] * 3


def test_frames_of_deep_waiting_tasks_are_kept() -> None:
    assert run("waits_deep").split() == ["True"]


def test_a_thousand_idle_tasks_fit_in_16_mib() -> None:
    text = run("idle 1000", memory=16)
    alive, ended = re.search(r"alive (\d+)", text), re.search(r"ended (\d+) pieces (\d+)", text)
    assert alive and ended and alive[1] == "1000" and ended[1] == "0", text
    assert int(ended[2]) < 50, "the frames of tasks that have ended are kept"


def test_threading_stack_size_is_cpythons() -> None:
    lines = run("stack_sizes").splitlines()
    assert lines[:3] == ["0 0 65536", "RecursionError", "a result"]
    assert lines[3:5] == [f"size not valid: {size} bytes" for size in (1, 32767)]
    assert lines[5:] == ["size must be 0 or a positive value"]
