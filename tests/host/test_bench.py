"""The pure parts of the benchmarks: tables, bars, the document, output of tools; and failures."""

import os
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from host import bench
from host import board as boards
from host.bench import (
    document,
    entry,
    frames,
    images,
    interpreter,
    load,
    lossy,
    machine,
    network,
    offloads,
    peers,
    ping,
    segments,
    tenders,
)
from host.bench.document import Bar
from host.bench.machine import Gate
from host.bench.table import Table, relative_spread, shown
from host.errors import HostError, LaunchError
from host.net.tap import tap
from host.run import launch

BEGIN, END = document.marks()
BAD_WORDS = [
    ("trip", "nowhere"),
    ("dance", "127.0.0.1"),
    ("http", "127.0.0.1", 5000),
    ("frames-in", "127.0.0.1", 59),
    ("frames-in", "127.0.0.1", 1515),
]


def table(**cells: float) -> Table:
    made = Table("Numbers", ["one", "two"])
    for column, value in cells.items():
        made.add("row", column, value)
    return made


@pytest.mark.parametrize(
    ("value", "text"),
    [(12345.6, "12 346"), (99.96, "100.0"), (12.34, "12.3"), (1.234, "1.23"), (3.0, "3"), (0.0, "0")],
)
def test_numbers_have_three_digits(value: float, text: str) -> None:
    assert shown(value) == text


def test_a_cell_is_the_median() -> None:
    made = table()
    for value in (9.0, 1.0, 5.0):
        made.add("row", "one", value)
    assert made.value("row", "one") == 5.0
    assert made.value("row", "two") is None
    assert made.rows() == [["row", "5", ""]]


def test_rows_keep_their_order_and_show_what_disturbed_them() -> None:
    made = table()
    made.add("second", "one", 1)
    made.add("first", "one", 2, disturbed=True)
    assert [row[0] for row in made.rows()] == ["second", "first \\*"]
    assert "other work" in made.markdown()
    assert "other work" not in table(one=1).markdown()


def test_a_failure_says_why_once_and_leaves_the_rest() -> None:
    made = table(one=1)
    for _ in range(2):
        with made.attempt(["row", "other"], ["two"]):
            raise HostError("no such thing\nand much more")
    assert made.rows() == [["row", "1", "failed"], ["other", "", "failed"]]
    assert made.failures == 2
    assert made.markdown().count("- two: no such thing") == 1
    assert "more" not in made.markdown()


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (TimeoutError("nothing in 3 s"), "- nothing in 3 s"),
        (FileNotFoundError(2, "No such file or directory", "gcc"), "- gcc: No such file or directory"),
        (EOFError("the guest ended"), "- the guest ended"),
    ],
)
def test_what_fails_everywhere_names_no_column(error: Exception, text: str) -> None:
    made = table()
    with made.attempt(["row"], ["one", "two"]):
        raise error
    assert text in made.markdown().splitlines()


def test_a_bug_is_not_a_failure() -> None:
    with pytest.raises(KeyError), table().attempt(["row"], ["one"]):
        raise KeyError("bug")


def test_one_failed_sample_among_good_ones_is_not_missing() -> None:
    made = table(one=1)
    made.fail(["row"], ["one"], "once")
    assert made.failures == 0
    assert made.value("row", "one") == 1


def test_spread() -> None:
    assert relative_spread([1, 2, 3]) == 0.0  # too few samples
    assert relative_spread([90, 95, 100, 105, 110]) == pytest.approx(0.05)
    assert relative_spread([0, 0, 0, 0]) == 0.0


def test_bars_are_judged() -> None:
    tables = {"numbers": table(one=100)}
    verdicts = {
        Bar("t", "numbers", "row", "one", 100): "met",
        Bar("t", "numbers", "row", "one", 99): "**missed**",
        Bar("t", "numbers", "row", "one", 100, at_least=True): "met",
        Bar("t", "numbers", "row", "one", 101, at_least=True): "**missed**",
        Bar("t", "numbers", "row", "two", 1): "not measured",
    }
    assert {bar: bar.judge(tables)[2] for bar in verdicts} == verdicts


def test_every_bar_is_about_a_number_that_is_measured() -> None:
    rows = {
        "images": list(images.SIZES),
        "boot": [images.FIRST_LINE, images.FIRST_PING, images.FIRST_PING_LARGE, images.SMALLEST],
        "network": network.rows_of(True),
        "lossy": lossy.ROWS,
        "segments": list(segments.ROWS.values()),
        "interpreter": [interpreter.MEAN],
    }
    columns = {
        "images": [images.KIB],
        "boot": ["TCG"],
        "network": [document.TCG],
        "lossy": [],
        "segments": [segments.MULTIPLES, segments.BYTES],
        "interpreter": [interpreter.TIME],
    }
    assert set(rows) == set(bench.GROUPS)
    for bar in document.BARS:
        assert bar.row in rows[bar.table] and bar.column in columns[bar.table]


@pytest.mark.parametrize("board", [board for board in document.BOARD_BARS if board])
def test_every_bar_of_a_board_is_about_a_number_that_is_measured(
    board: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = {boards.load(board).settings["program"]: "", "kvm": "", "unicorn": ""}
    monkeypatch.setattr(launch, "ways", lambda _board: ways)
    moments = (images.FIRST_LINE, images.FIRST_PING, images.FIRST_PING_LARGE)
    rows = [*(moment + images.INSIDE for moment in moments), images.SMALLEST]
    columns = [way.name for way in tenders.starts(board)]
    assert "boot" in bench.groups_of(board)
    for bar in document.BOARD_BARS[board]:
        assert bar.table == "boot" and bar.row in rows and bar.column in columns


def test_the_tenders_that_are_there_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = {"solo5-hvt": "no solo5-hvt on PATH", "kvm": "", "unicorn": ""}
    monkeypatch.setattr(launch, "ways", lambda _board: ways)
    monkeypatch.setattr(tenders, "accelerators", lambda: ["tcg"])
    assert [way.name for way in tenders.starts("solo5-hvt")] == ["our tender", "QEMU, TCG"]
    assert [(way.name, way.extra) for way in tenders.carriers("solo5-hvt")] == [
        ("our tender", ()),
        ("our tender, no ring", ("--no-ring",)),
        ("QEMU, TCG", ()),
    ]
    ways["solo5-hvt"], ways["kvm"] = "", "kvm: no /dev/kvm"
    assert [way.name for way in tenders.carriers("solo5-hvt")] == ["solo5-hvt", "QEMU, TCG"]


def test_a_board_that_nothing_here_runs_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "ways", lambda _board: {"solo5-spt": "no solo5-spt on PATH"})
    with pytest.raises(HostError, match="--board solo5-spt: nothing here .*: no solo5-spt on PATH"):
        tenders.tenders("solo5-spt")


def test_only_what_was_measured_is_judged() -> None:
    part = document.measured([("CPU", "fast")], "3 rounds", {"images": images_table(465.0)})
    assert "- CPU: fast" in part and "(3 rounds)" in part
    assert "| image of echo, stripped: at most 620 KiB | 465 | met |" in part
    assert "segment in" not in part


def images_table(kib: float) -> Table:
    made = Table("Images", [images.KIB])
    made.add("echo", images.KIB, kib)
    return made


def test_only_the_part_between_the_marks_changes(tmp_path: Path) -> None:
    path = tmp_path / "performance.md"
    path.write_text(f"# Before\n{BEGIN}\nold\n{END}\n# After\n")
    for part in ("first", "second"):
        document.write(part, path=path)
    assert path.read_text() == f"# Before\n{BEGIN}\n\nsecond\n\n{END}\n# After\n"


def test_a_board_has_a_part_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "performance.md"
    begin, end = document.marks("solo5-hvt")
    path.write_text(f"{BEGIN}\nold\n{END}\n{begin}\nold\n{end}\n")
    document.write("new", "solo5-hvt", path)
    assert path.read_text() == f"{BEGIN}\nold\n{END}\n{begin}\n\nnew\n\n{end}\n"
    with pytest.raises(HostError, match="lacks the marks .* --board solo5-spt"):
        document.write("new", "solo5-spt", path)


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END}{BEGIN}"])
def test_a_document_without_marks_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "performance.md"
    path.write_text(text)
    with pytest.raises(HostError, match=r"performance\.md lacks the marks"):
        document.check(path=path)


@pytest.mark.parametrize("board", document.BOARD_BARS)
def test_our_document_has_the_marks(board: str) -> None:
    document.check(board)


def test_an_unknown_group_is_refused_before_anything_is_built() -> None:
    with pytest.raises(HostError, match="--only cpu: there are images, boot, network, lossy, segments, "):
        bench.run(only="cpu")
    with pytest.raises(HostError, match="--only network: there are boot, frames"):
        bench.run(only="network", board="solo5-hvt")


def test_an_unknown_board_is_refused_before_anything_is_built() -> None:
    with pytest.raises(HostError, match="--board toaster: .* with it solo5-hvt, solo5-spt"):
        bench.run(board="toaster")


@pytest.mark.parametrize("line", ["", "mbit", "mbit fast", "mbit 1 segment"])
def test_what_the_load_generator_does_not_print(line: str) -> None:
    with pytest.raises(ValueError):
        load.parse(line)


def test_what_the_load_generator_prints() -> None:
    assert load.parse("rate 12.5 median 3.25\n") == {"rate": 12.5, "median": 3.25}


def test_a_load_generator_that_finds_no_peer_says_so() -> None:
    with pytest.raises(HostError, match="load: connect to port 9000: Connection refused"):
        load.measure("trip", "127.9.9.9", 0.1)


@pytest.mark.parametrize("words", BAD_WORDS)
def test_bad_words_to_the_load_generator(words: tuple[str, ...]) -> None:
    what, address, *rest = words
    with pytest.raises(HostError, match="^load: "):
        load.measure(what, address, 0.1, *rest)


def test_what_a_program_of_the_interpreter_prints() -> None:
    assert interpreter.parse("bm", "250500 256 (True, True)\n") == 250.5
    for output, complaint in (("", "bm: no output"), ("-1 -1 SKIP: no params", "bm: -1 -1 SKIP: no params")):
        with pytest.raises(HostError, match=complaint):
            interpreter.parse("bm", output)


def test_what_the_segments_program_prints() -> None:
    found = segments.parse("loop 21.5 1 0\nin 1386 64.5 0.00\nout 1750 81.4 0.00\n")
    assert found["in"] == (1386, 64.5, 0)
    with pytest.raises(ValueError, match="no line for out"):
        segments.parse("loop 21.5 1 0\nin 1386 64.5 0.00\n")


def test_smallest() -> None:
    for least in range(1, 65):
        tried: list[int] = []

        def works(number: int, least: int = least, tried: list[int] = tried) -> bool:
            tried.append(number)
            return number >= least

        assert images.smallest(works, 64) == least
        assert len(tried) <= 7
    with pytest.raises(LaunchError, match="not even 64"):
        images.smallest(lambda number: False, 64)


def test_cpu_model() -> None:
    assert machine.cpu_model("processor : 0\nmodel name\t: Foo 3000\nmodel name\t: Bar\n") == "Foo 3000"
    assert machine.cpu_model("") == os.uname().machine


def test_a_tool_that_is_not_there() -> None:
    assert machine.first_line("no-such-tool", "--version") == "no no-such-tool"


class Machine:
    """Counts ticks as /proc/stat: a row of shares of them in use, one for each reading."""

    def __init__(self, *shares: float) -> None:
        self.shares = list(shares)
        self.busy = self.idle = 0
        self.slept = 0.0

    def read(self) -> str:
        return f"cpu {self.busy} 0 0 {self.idle} 0 0 0 0 0 0\ncpu0 ...\n"

    def sleep(self, seconds: float) -> None:
        share = self.shares.pop(0)
        self.busy += round(1000 * share)
        self.idle += round(1000 * (1 - share))
        self.slept += seconds


def test_the_gate_waits_for_a_quiet_machine() -> None:
    world = Machine(0.9, 0.5, 0.01)
    assert Gate(10, world.read, world.sleep).wait()
    assert world.shares == []


def test_the_gate_times_out_once_for_all() -> None:
    world = Machine(*[0.9] * 5, 0.01)
    gate = Gate(2.5 * Gate.WINDOW, world.read, world.sleep)
    assert not gate.wait()  # one reading, and three more
    assert not gate.wait()  # a look
    assert gate.wait()


ENTER = "import fcntl\ntry: fcntl.ioctl(0, 0xAE80)\nexcept OSError: print('refused')"


def test_the_entry_into_a_guest_is_noted() -> None:
    entry.build()
    with entry.noted() as entered:
        assert entered() is None
        before = time.monotonic()
        done = subprocess.run([sys.executable, "-c", ENTER], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        moment = entered()
    assert done.stdout == b"refused\n"  # the call itself reached the kernel
    assert moment is not None and before < moment < time.monotonic()
    assert not os.environ.keys() & set(entry.VARIABLES)


def test_what_enters_no_guest_notes_nothing() -> None:
    with entry.noted() as entered:
        subprocess.run([sys.executable, "-c", ENTER.replace("0xAE80", "0xAE81")], stdout=subprocess.DEVNULL)
        assert entered() is None


def test_pinning_ends() -> None:
    before = os.sched_getaffinity(0)
    with machine.pinned(machine.cores()[0]):
        assert os.sched_getaffinity(0) == {machine.cores()[0]}
    assert os.sched_getaffinity(0) == before


def test_ping() -> None:
    request = ping.request(7)
    assert ping.checksum(request) == 0
    ipv4 = bytes([0x46]) + bytes(23)  # with 4 bytes of options
    reply = bytes([ping.ECHO_REPLY]) + request[1:]
    assert ping.is_reply(ipv4 + reply)
    assert not ping.is_reply(ipv4 + request)
    assert not ping.is_reply(ipv4 + reply[:4] + b"\0\0" + reply[6:])


def test_frames_are_counted_at_the_tap(namespace: object) -> None:
    with pytest.raises(HostError, match="load: no interface tap0"):
        load.measure("frames-out", "10.0.0.2", 0.1)
    with tap("tap0", "10.0.0.1/24"):
        with pytest.raises(HostError, match="load: not one frame in 0.1 seconds"):
            load.measure("frames-out", "10.0.0.2", 0.1)


def test_rows_of_frames_are_distinct() -> None:
    assert len(set(frames.ROWS)) == len(frames.KINDS)


def test_offloads_of_nothing(namespace: object) -> None:
    with pytest.raises(HostError, match="offloads of nowhere: No such device"):
        offloads.turn_off("nowhere")


def no_namespace(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> None:
    class NoNamespace:
        def __enter__(self) -> None:
            raise HostError("a network namespace of our own needs root")

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(module, "Namespace", NoNamespace)


def test_without_a_network_the_rows_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    no_namespace(monkeypatch, network)
    made = network.measure(peers.peers(["tcg"]), 1, 0.1, Gate(0), lambda text: None)
    assert "- a network namespace of our own needs root" in made.markdown().splitlines()
    assert made.failures == 3 * len(network.rows_of(True) + network.rows_of(False))


def test_without_a_network_nothing_is_lost_either(monkeypatch: pytest.MonkeyPatch) -> None:
    no_namespace(monkeypatch, lossy)
    made = lossy.measure(peers.peers(["tcg"]), 1, 0.1, Gate(0), lambda text: None)
    assert made.failures == 3 * len(lossy.ROWS) == 3 * len(set(lossy.ROWS))


def test_a_path_delays_each_way_by_half_a_trip() -> None:
    path = lossy.Path(0.001, 50)
    assert (path.faults.loss, path.faults.delay) == (0.001, 0.025)
    assert path.row("in") == "in, 0.1 % lost, 50 ms"
