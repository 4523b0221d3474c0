"""Solo5's own: banner, memory, arguments, and failures of the tender as opposed to the guest's."""

import re
import shutil
import time
from pathlib import Path

import pytest
import ways

from host.board import image_path
from host.build import image
from host.errors import LaunchError
from host.options import Options
from host.run import launch, solo5

pytestmark = pytest.mark.skipif(not ways.IS_SOLO5, reason=f"board {ways.BOARD.name} is not run by Solo5")

RUNTIME = Path(__file__).with_name("runtime")
MACHINE = Path(__file__).with_name("machine")
BANNER = r"pymnet on MicroPython v\S+, {}, {} MiB, devices: none\n"


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    for each in ("hello", RUNTIME, MACHINE):
        image.build(each)


def run(name: str | Path, arguments: str = "", **more: object) -> tuple[int, str]:
    """Return exit code and console."""
    with launch.launch(name, Options(arguments=arguments, **more)) as guest:  # type: ignore[arg-type]
        return guest.wait(timeout=60), guest.console.text


def test_the_banner_is_one_line_and_can_be_left_out(accelerator: str) -> None:
    code, console = run("hello", memory=32, accelerator=accelerator)
    assert code == 0
    assert re.fullmatch(BANNER.format(ways.BOARD.name, 32) + "Hello from pymnet!\n", console)
    assert run("hello", "--solo5:quiet", accelerator=accelerator) == (0, "Hello from pymnet!\n")


@pytest.mark.parametrize("memory", [2, 4, 16, 64, 512, 2048, 4096])
def test_memory_of_any_size(memory: int, accelerator: str) -> None:
    code, console = run("hello", "--solo5:quiet", memory=memory, accelerator=accelerator)
    assert (code, console) == (0, "Hello from pymnet!\n")


@pytest.mark.parametrize("memory", [16, 64, 512, 4096])
def test_all_of_the_memory_can_be_used(memory: int, accelerator: str) -> None:
    usable = memory << 20
    code, console = run(MACHINE, f"--solo5:quiet memory {usable}", memory=memory, accelerator=accelerator)
    assert code == 0, console
    total, heap, stacks = map(int, re.findall(r"\d+", console.splitlines()[0]))
    assert usable - (3 << 20) < total < usable
    assert total * 0.9 < heap + stacks <= total and heap > total // 2
    assert "looked at" in console


def test_too_little_and_too_much_memory_is_one_line() -> None:
    with pytest.raises(LaunchError, match=r"^--mem 1: .*hello\.elf alone takes 2 MiB$"):
        run("hello", memory=1)
    with pytest.raises(LaunchError, match=r"^--mem 5000: Solo5 gives 4096 MiB at most$"):
        run("hello", memory=5000)


def test_arguments_as_long_as_solo5_has_room_for(accelerator: str) -> None:
    text = "--solo5:quiet arguments " + "x" * 3000 + " 'two words' " + "y" * 4000
    code, console = run(MACHINE, text, accelerator=accelerator)
    assert code == 0
    assert console == f"arguments ('{'x' * 3000}', 'two words', '{'y' * 4000}') end\n"


def test_clocks(accelerator: str) -> None:
    """Both clocks run at the rate of the host's, and the wall clock is the host's."""
    seen: list[tuple[float, float, float]] = []

    def watch(data: bytes) -> None:
        for monotonic, wall in re.findall(rb"clock (\d+) (\d+)\n", data):
            seen.append((time.monotonic(), int(monotonic) / 1e9, int(wall) / 1e9 - time.time()))

    options = Options(arguments="--solo5:quiet clock", accelerator=accelerator)
    with launch.launch(MACHINE, options, copy_to=watch) as guest:
        guest.wait_for(re.compile(r"(clock \d+ \d+\n){12}"), timeout=60)
    (start, first, _), (end, last, _) = seen[0], seen[-1]
    assert abs((last - first) - (end - start)) < 0.2
    assert all(abs(difference) < 0.2 for _, _, difference in seen)


def test_entropy(accelerator: str) -> None:
    seen = {run(MACHINE, "--solo5:quiet numbers", accelerator=accelerator) for _ in range(2)}
    assert len(seen) == 2
    assert all(code == 0 and re.fullmatch(r"random [0-9a-f]{32}\n", text) for code, text in seen)


@pytest.mark.skipif(
    ways.BOARD.settings.get("faults") != "signal",
    reason=f"board {ways.BOARD.name} has exceptions in the guest",
)
def test_a_fault_is_a_signal(accelerator: str) -> None:
    faults = Path(__file__).with_name("faults")
    image.build(faults)
    assert run(faults, "--solo5:quiet read 0", accelerator=accelerator) == (139, "before\n")
    assert run(faults, "--solo5:quiet write_constant", accelerator=accelerator) == (139, "before\n")


# Images that cannot be run ------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 3, 100, 5000, 200_000])
def test_a_truncated_image_is_one_line(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = image_path("hello")
    cut = tmp_path / "hello.elf"
    cut.write_bytes(whole.read_bytes()[:size])
    monkeypatch.setattr(launch, "image_path", lambda *_: cut)
    with pytest.raises(LaunchError, match=r"^[^\n]*hello\.elf (is not an ELF image|is damaged)[^\n]*$"):
        run("hello")


def test_what_the_tender_says_is_passed_on(tmp_path: Path) -> None:
    """Its exit code 1 could be a guest's: its stderr shows that it is not."""
    name = ways.BOARD.settings["program"]
    if not shutil.which(name):
        pytest.skip(f"no {name} on PATH")
    with pytest.raises(LaunchError, match=rf"the runner \({name}\) .*: {name}: .*none"):
        run("hello", extra=("--block:none=/dev/null",))
    assert run(RUNTIME, "--solo5:quiet exits 1") == (1, "")


def test_a_board_with_taps_only_has_no_debugger_either() -> None:
    with pytest.raises(LaunchError, match=f"^--gdb: board {ways.BOARD.name} has no debugger"):
        run("hello", gdb=True)


def test_errors_of_a_tender_are_distinguished_from_its_remarks() -> None:
    board = ways.BOARD
    assert solo5.guest_code(board, 7, ["adjusting memory to 4194304 bytes"]) == 7
    assert solo5.guest_code(board, 1, ["solo5-hvt: adjusting memory to 4194304 bytes"]) == 1
    assert solo5.guest_code(board, 1, ["solo5-hvt: Could not open: x"]) is None
