"""The end of an image: exit codes, exceptions, threads, memory. The cases are in runtime/main.py."""

from pathlib import Path

import pytest
import ways

from host.build import image
from host.options import Options
from host.run import launch

APPLICATION = Path(__file__).with_name("runtime")


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    image.build(APPLICATION)


def run(arguments: str, **more: object) -> tuple[int, str]:
    """Return exit code and console."""
    with launch.launch(APPLICATION, Options(arguments=arguments, **more)) as guest:  # type: ignore[arg-type]
        code = guest.wait(timeout=60)
        return code, guest.console.text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        ("returns", 0, ["name __main__ arguments []"]),
        ("returns 'two words' -x", 0, ["name __main__ arguments ['two words', '-x']"]),
        ("exits 7", 7, []),
        ("exits 0", 0, []),
        ("exits_with_text", 1, ["a last word"]),
        ("raises", 1, ["Traceback", 'File "main.py"', "in raises", "ConnectionResetError:"]),
        (
            "asks_for_what_is_not_there",
            0,
            [
                "NotImplementedError native code has to be frozen",
                "NotImplementedError files need a [[block]] in unikernel.toml",
                "bytecode",
            ],
        ),
        ("deadlocks", 3, ["deadlock: every task waits for another one: main"]),
        ("powers_off", 9, []),
        ("waits_for_threads", 0, ["main done", "thread done"]),
        ("fails_with_threads", 1, ["ValueError: main failed", "thread done"]),
        ("fails_in_a_task", 0, ["Unhandled exception in task", "KeyError: 'missing'", "main lives"]),
        ("runs_at_exit", 0, ["main done", "at exit"]),
        ("recurses", 0, ["main: maximum recursion depth", "task: maximum recursion depth"]),
        ("overflows_in_c", 0, ["caught maximum recursion depth"]),
        (
            "runs_out_of_stacks",
            0,
            ["MemoryError no memory for a fiber's stack", "fibers True", "again works"],
        ),
        ("runs_out_of_heap", 0, ["MemoryError in the task that asked", "again 1000000"]),
        ("spares_the_others", 0, ["MemoryError in the task that asked", "others {'ticked'}"]),
        ("packs", 0, ["fits True"]),
        ("gives_memory_back", 0, ["fibers, stacks: True heap: True"]),
    ],
)
def test_ends_as_it_should(arguments: str, code: int, expected: list[str]) -> None:
    got, console = run(arguments)
    place = 0
    for text in expected:
        place = console.find(text, place)
        assert place >= 0, f"{text!r} is missing, or too early, in:\n{console}"
    assert got == code, console


def test_a_thousand_fibers_keep_what_they_hold(accelerator: str) -> None:
    code, console = run(ways.quiet("holds_a_thousand"), memory=96, accelerator=accelerator)
    assert console.splitlines() == ["alive True", "let go of True", "kept 1000"]
    assert code == 0
