"""The image's view of its machine: arguments, clocks, entropy, memory, console; on q35 as well."""

import contextlib
import json
import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import ways

from host.board import image_path
from host.build import image
from host.errors import LaunchError
from host.options import Net, Options
from host.run import launch, qemu
from host.run.guest import Attempt, Guest

APPLICATION = Path(__file__).with_name("machine")
BOARD = ways.BOARD
SECOND = 10**9
MIB = 1 << 20
# The memory that an image needs, and the most that it uses for itself.
LEAST, TAKEN = (4, 4 * MIB) if BOARD.runner == "unikraft" else (3, 3 * MIB)

needs_little = pytest.mark.skipif(
    LEAST > 3, reason=f"board {BOARD.name}: the launcher refuses less than {LEAST} MiB"
)

pytestmark = ways.needs_qemu_board


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    image.build("hello")
    image.build(APPLICATION)


needs_empty_words = pytest.mark.skipif(
    BOARD.runner == "unikraft", reason=f"board {BOARD.name}: Unikraft leaves out words that are empty"
)


def guest(arguments: str, accelerator: str = "tcg", **more: object) -> Guest:
    return launch.launch(APPLICATION, Options(arguments=arguments, accelerator=accelerator, **more))


def ends(guest: Guest) -> tuple[int, str]:
    """Return exit code and console."""
    with guest:
        return guest.wait(timeout=60), guest.console.text.replace("\r\n", "\n")


# Machines -----------------------------------------------------------------------------------------


def test_hello_on_q35() -> None:
    """A PC with firmware and without virtio: the serial port is the console."""

    def command(status: str) -> list[str]:
        words = ["qemu-system-x86_64", "-machine", "q35", "-accel", "tcg", "-cpu", BOARD.settings["cpu"]]
        words += ["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-m", "64"]
        words += ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]
        words += qemu.status(status, BOARD.settings.get("status_port", qemu.STATUS_PORT))
        return [*words, "-kernel", str(image_path("hello"))]

    assert ends(Guest([Attempt("tcg", command)])) == (0, "Hello from pymnet!\n")


@pytest.mark.parametrize("memory", [LEAST, 16, 64, 2048, 3072, 4096])
def test_memory_of_any_size(memory: int, accelerator: str) -> None:
    usable = min(memory, 3072) << 20  # what there is above 3 GiB lies elsewhere
    code, console = ends(guest(f"memory {usable}", accelerator, memory=memory))
    assert code == 0, console
    total, heap, stacks = map(int, re.findall(r"\d+", console.splitlines()[0]))
    assert usable - TAKEN < total < usable
    assert total * 0.9 < heap + stacks <= total and heap > total // 2
    assert "looked at" in console


@needs_little
def test_hello_in_two_mebibytes(accelerator: str) -> None:
    assert ends(launch.launch("hello", Options(memory=2, accelerator=accelerator))) == (
        0,
        "Hello from pymnet!\n",
    )


@needs_little
def test_too_little_memory_for_the_devices_is_one_line() -> None:
    image.build("echo")
    options = Options(nets=(Net("service"),), arguments="server", memory=2, accelerator="tcg")
    code, console = ends(launch.launch("echo", options))
    assert (code, console) == (1, "not enough memory for this image: give the machine more\n")


def test_too_little_memory_for_the_image_is_one_line() -> None:
    with pytest.raises(LaunchError, match=r"^--mem 1: .*hello\.elf"):
        launch.launch("hello", Options(memory=1))


# Arguments ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("   a   b ", ("a", "b")),
        ("'two words' \"three more words\"", ("two words", "three more words")),
        pytest.param("'' \"\" x''y", ("", "", "xy"), marks=needs_empty_words),
        ("--option='a b' \"it's\" 'say \"hi\"'", ("--option=a b", "it's", 'say "hi"')),
        (
            "a,b=c;d|e&f>g<h$i`j*k?l[m]n{o}p~q#r%s^t@u!v\\w",
            ("a,b=c;d|e&f>g<h$i`j*k?l[m]n{o}p~q#r%s^t@u!v\\w",),
        ),
        ("grüße 日本語 🐍", ("grüße", "日本語", "🐍")),
        ("-x -- --y=z", ("-x", "--", "--y=z")),
        ("x" * 3000 + " " + "y" * 1000, ("x" * 3000, "y" * 1000)),
    ],
    ids=["none", "blanks", "quotes", "empty", "mixed", "signs", "letters", "dashes", "long"],
)
def test_arguments_arrive(text: str, words: tuple[str, ...]) -> None:
    code, console = ends(guest(f"arguments {text}"))
    match = re.fullmatch(r"arguments (\(.*\)) end\n", console)
    assert match and code == 0, console
    assert eval(match[1]) == words


def test_the_longest_arguments_and_longer_ones() -> None:
    longest = "arguments " + "x" * (4095 - len("arguments "))
    code, console = ends(guest(longest))
    assert code == 0 and console.count("x") == 4095 - len("arguments ")
    code, console = ends(guest(longest + "x"))
    assert code == 1
    assert console.count("\n") == 1 and "image arguments are longer than 4095 bytes" in console


# Entropy ------------------------------------------------------------------------------------------


def with_sources(
    arguments: str, accelerator: str, device: bool, instructions: bool, extra: tuple[str, ...] = ()
) -> Guest:
    """A guest whose machine has a virtio-rng, or a processor with RDRAND and RDSEED, or both, or neither."""
    settings = dict(BOARD.settings)
    if not device:
        rest = [word for word in settings["arguments"] if word != "virtio-rng-device"]
        settings["arguments"] = [
            word
            for word, following in zip(rest, [*rest[1:], ""], strict=True)
            if word != "-device" or following.startswith("virtio")
        ]
    if not instructions:
        settings["cpu"] += ",-rdrand,-rdseed"
    board = replace(BOARD, settings=settings)
    options = Options(arguments=arguments, memory=32, accelerator=accelerator, extra=extra)
    path = image_path(APPLICATION.name, BOARD.name)
    return Guest(launch.RUNNERS[board.runner].attempts(board, path, options))


has_device = pytest.mark.skipif(
    "virtio-rng-device" not in BOARD.settings.get("arguments", ()),
    reason=f"board {BOARD.name} drives no random device",
)


@pytest.mark.parametrize(
    ("device", "instructions"),
    [pytest.param(True, True, marks=has_device), pytest.param(True, False, marks=has_device), (False, True)],
)
def test_one_source_of_entropy_is_enough(device: bool, instructions: bool, accelerator: str) -> None:
    seen = set()
    for _ in range(2):
        code, console = ends(with_sources("numbers", accelerator, device, instructions))
        match = re.fullmatch(r"random ([0-9a-f]{32})\n", console)
        assert match and code == 0, console
        seen.add(match[1])
    assert len(seen) == 2


# With TCG only: on a PVM host the guest sees the bare processor's CPUID, whatever -cpu says.


def test_without_entropy_the_image_says_so_and_stops() -> None:
    code, console = ends(with_sources("numbers", "tcg", device=False, instructions=False))
    assert code == 1
    assert re.fullmatch(r"no entropy: [^\n]*--insecure-entropy[^\n]*\n", console)


def test_without_entropy_it_goes_on_if_told_to() -> None:
    code, console = ends(with_sources("numbers --insecure-entropy", "tcg", device=False, instructions=False))
    assert code == 0 and re.fullmatch(r"random [0-9a-f]{32}\n", console)


# Clocks -------------------------------------------------------------------------------------------


class Watch:
    """Compare the guest's clocks with the host's, as each of its lines arrives."""

    LINE = re.compile(rb"clock (\d+) (\d+)\r?\n")

    def __init__(self) -> None:
        self.readings: list[
            tuple[float, float, float]
        ] = []  # host time, guest monotonic, guest wall minus host
        self.line = b""  # that has not ended: a serial port brings it byte by byte

    def __call__(self, data: bytes) -> None:
        now = time.monotonic()
        whole, end, self.line = (self.line + data).rpartition(b"\n")
        for monotonic, wall in self.LINE.findall(whole + end):
            self.readings.append((now, int(monotonic) / SECOND, int(wall) / SECOND - time.time()))

    def until(self, condition: Callable[[], bool], what: str, timeout: float = 20.0) -> None:
        deadline = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < deadline, f"{what}: {self.readings[-3:]}"
            time.sleep(0.02)

    def at_least(self, seconds: float) -> None:
        """Wait until it has run for so much longer, by the host's clock."""
        start = time.monotonic()
        self.until(lambda: bool(self.readings) and self.readings[-1][0] - start >= seconds, "no clock")

    @property
    def wall_error(self) -> float:
        return abs(self.readings[-1][2])


@contextlib.contextmanager
def watched(accelerator: str, **more: object) -> Iterator[tuple[Guest, Watch]]:
    watch = Watch()
    options = Options(arguments="clock", accelerator=accelerator, **more)  # type: ignore[arg-type]
    with launch.launch(APPLICATION, options, copy_to=watch) as running:
        running.wait_for("clock ", timeout=30)
        yield running, watch


def test_clocks_agree_with_the_hosts(accelerator: str) -> None:
    with watched(accelerator) as (_, watch):
        watch.at_least(3.0)
    monotonic = [reading[1] for reading in watch.readings]
    assert monotonic == sorted(monotonic) and len(monotonic) > 5
    first, last = watch.readings[0], watch.readings[-1]
    assert last[1] - first[1] == pytest.approx(last[0] - first[0], rel=0.1, abs=0.5)
    assert watch.wall_error < 2


def test_the_wall_clock_is_right_after_the_runner_was_stopped(accelerator: str) -> None:
    with watched(accelerator) as (running, watch):
        watch.at_least(0.5)
        os.kill(running.pid, signal.SIGSTOP)
        time.sleep(2.5)  # this is the pause, no condition is awaited
        os.kill(running.pid, signal.SIGCONT)
        watch.at_least(1.5)
        watch.until(lambda: watch.wall_error < 1.5, "the wall clock is wrong")
    monotonic = [reading[1] for reading in watch.readings]
    assert monotonic == sorted(monotonic)


def monitor(path: Path, *commands: str | dict[str, object]) -> None:
    """Send commands to QEMU's monitor (QMP), by name or with their arguments."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        with connection.makefile("rw") as lines:
            lines.readline()  # its greeting
            for command in ("qmp_capabilities", *commands):
                lines.write(json.dumps({"execute": command} if isinstance(command, str) else command) + "\n")
                lines.flush()
                while "return" not in (answer := json.loads(lines.readline())):
                    assert "error" not in answer, answer


def qmp(path: Path) -> tuple[str, str]:
    return "-qmp", f"unix:{path},server=on,wait=off"


def query(path: Path, command: str) -> dict[str, Any]:
    """Return the answers of QEMU's monitor."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        with connection.makefile("rw") as lines:
            lines.readline()  # its greeting
            for each in ("qmp_capabilities", command):
                lines.write(json.dumps({"execute": each}) + "\n")
                lines.flush()
                while "return" not in (answer := json.loads(lines.readline())):
                    assert "error" not in answer, answer
    returned: dict[str, Any] = answer["return"]
    return returned


def test_the_wall_clock_is_right_after_the_machine_was_paused(accelerator: str, tmp_path: Path) -> None:
    extra = ("-qmp", f"unix:{tmp_path / 'monitor'},server=on,wait=off")
    with watched(accelerator, extra=extra) as (_, watch):
        watch.at_least(0.5)
        monitor(tmp_path / "monitor", "stop")
        stopped = len(watch.readings)
        time.sleep(2.5)  # this is the pause, no condition is awaited
        assert len(watch.readings) <= stopped + 1
        monitor(tmp_path / "monitor", "cont")
        watch.at_least(1.5)
        watch.until(lambda: watch.wall_error < 1.5, "the wall clock is wrong")
    monotonic = [reading[1] for reading in watch.readings]
    assert monotonic == sorted(monotonic)


def until_status(path: Path, command: str, status: str) -> None:
    """Wait until the monitor answers."""
    deadline = time.monotonic() + 30
    while True:
        with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
            if query(path, command).get("status") == status:
                return
        assert time.monotonic() < deadline, status
        time.sleep(0.05)


def snapshot(accelerator: str, file: Path, sources: dict[str, bool]) -> None:
    """Save the state of a machine that draws numbers, in a file."""
    path = file.with_suffix(".qmp")
    with with_sources("draws", accelerator, **sources, extra=qmp(path)) as running:
        running.wait_for("draw ")
        monitor(path, "stop", {"execute": "migrate", "arguments": {"uri": f"exec:cat >{file}"}})
        until_status(path, "query-migrate", "completed")


def drawn_by_copy(accelerator: str, file: Path, sources: dict[str, bool], count: int) -> list[str]:
    """Return the last three of the first `count` numbers of a machine that is resumed from there."""
    path = file.with_suffix(".copy")
    path.unlink(missing_ok=True)
    extra = (*qmp(path), "-incoming", f"exec:cat {file}")
    with with_sources("draws", accelerator, **sources, extra=extra) as running:
        until_status(path, "query-status", "paused")
        monitor(path, "cont")
        running.wait_for(re.compile(rf"(draw [0-9a-f]{{32}}\r?\n){{{count}}}"))
        return re.findall("draw ([0-9a-f]{32})", running.console.text)[count - 3 : count]


@pytest.mark.parametrize(
    "sources",
    [
        {"device": True, "instructions": True},
        {"device": False, "instructions": True},
        pytest.param({"device": True, "instructions": False}, marks=has_device),
    ],
    ids=["both", "processor", "device"],
)
def test_two_copies_of_a_snapshot_draw_other_numbers(sources: dict[str, bool], tmp_path: Path) -> None:
    """At once where the processor has a generator; otherwise the device is read when the clock has jumped,
    which is checked once a second."""
    file = tmp_path / "snapshot"
    snapshot("tcg", file, sources)
    time.sleep(1.5)
    count = 3 if sources["instructions"] else 40
    first, second = (set(drawn_by_copy("tcg", file, sources, count)) for _ in range(2))
    assert len(first) == len(second) == 3 and not first & second


def test_sleeps_are_not_too_short(accelerator: str) -> None:
    code, console = ends(guest("sleeps", accelerator))
    assert code == 0 and console == "".join(f"slept {n} enough\n" for n in (0, 1, 20, 300))


def test_waiting_costs_no_processor_time(accelerator: str) -> None:
    """Generous: a busy loop would use all of it."""
    with guest("idles", accelerator) as running:
        running.wait_for("idle", timeout=30)
        time.sleep(0.5)
        before = running.cpu_time
        time.sleep(3)
        assert running.cpu_time - before < 0.6


# Console ------------------------------------------------------------------------------------------


def slow_reader() -> Callable[[bytes], None]:
    """Read slowly at first, so that every buffer on the way is full."""
    left = [20]

    def read(_: bytes) -> None:
        if left[0]:
            left[0] -= 1
            time.sleep(0.05)

    return read


@pytest.mark.parametrize("reader", [None, slow_reader()], ids=["fast", "slow"])
def test_a_megabyte_of_lines_arrives(reader: Callable[[bytes], None] | None, accelerator: str) -> None:
    options = Options(arguments="lines 20000 --watchdog=0", accelerator=accelerator)
    with launch.launch(APPLICATION, options, copy_to=reader) as running:
        assert running.wait(timeout=100) == 0
        lines = running.console.text.replace("\r\n", "\n").splitlines()
    assert lines == [f"line {n} {'.' * (n % 90)}" for n in range(20000)]
    assert sum(map(len, lines)) > 1 << 20


def test_a_megabyte_without_a_line_end_arrives(accelerator: str) -> None:
    assert ends(guest(f"one_line {1 << 20}", accelerator)) == (0, "x" * (1 << 20))
