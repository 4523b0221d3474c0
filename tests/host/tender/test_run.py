"""The tender runs a guest: the guest's input, its hypercalls, its end."""

import fcntl
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from host import manifest
from host.manifest import Device, Kind
from host.paths import ROOT
from host.tender.console import FEATURE_PUTS_SOME

from .conftest import BACK_ENDS, Build, command, complaint, on, run

pytestmark = pytest.mark.parametrize("back_end", BACK_ENDS)


def test_arguments_console_and_status(back_end: str, plain: Path, tmp_path: Path) -> None:
    status = tmp_path / "status"
    done = run(*on(back_end, f"--status={status}", "--", plain, "say", "hello,", "  world"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "hello,   world", "")
    assert status.read_text() == "exit 0\n"


@pytest.mark.parametrize(("status", "code"), [(0, 0), (7, 7), (255, 255), (256, 0)])
def test_exit_codes(back_end: str, plain: Path, status: int, code: int) -> None:
    assert run(*on(back_end, plain, "exit", status)).returncode == code


def test_boot_info(back_end: str, build: Build) -> None:
    image = build(Device(Kind.BLOCK, "a"), Device(Kind.BLOCK, "b"))
    files = [image.with_name(name) for name in ("disk-a", "disk-b")]
    for number, file in enumerate(files, 1):
        file.write_bytes(bytes(4096 * number))
    words = [f"--block:a={files[0]}", f"--block:b={files[1]}", "--block-sector-size:b=4096"]
    argv = command(*on(back_end, *words, image, "info"))
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, timeout=60)
    *numbers, blob = done.stdout.split(b"\n", 5)
    memory, end, frequency, features, ring = map(int, numbers)
    assert (memory, features, ring) == (16 << 20, FEATURE_PUTS_SOME, 0)
    assert 0x100000 < end < 0x200000 and 10**8 < frequency < 10**10
    assert manifest.HEADER.unpack_from(blob) == (1, 3)
    entries = list(manifest.ENTRY.iter_unpack(blob[8:]))
    assert [(e[0].rstrip(b"\0"), e[3]) for e in entries] == [(b"", 0), (b"a", 1), (b"b", 1)]
    told = [(int.from_bytes(blob[at : at + 8], "little"), int.from_bytes(blob[at + 8 : at + 10], "little"))
            for at in (8 + 104 + 72, 8 + 208 + 72)]  # fmt: skip
    assert told == [(4096, 512), (8192, 4096)]


def test_a_guest_can_ask_how_much_the_console_takes(back_end: str, plain: Path) -> None:
    """Without a reader the pipe fills: the guest continues, and gets an event when there is room again."""
    argv = command(*on(back_end, plain, "offer", 1 << 20))
    with subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as tender:
        try:
            assert tender.stdout is not None
            deadline = time.monotonic() + 30
            while waiting(tender.stdout.fileno()) < 65536:
                assert time.monotonic() < deadline and tender.poll() is None
                time.sleep(0.01)
            assert tender.stdout.read() == bytes(1 << 20)
            assert tender.wait(timeout=20) == 0
        finally:
            tender.kill()


def waiting(pipe: int) -> int:
    """Return how many bytes can be read."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


def test_walltime(back_end: str, plain: Path) -> None:
    before = time.time_ns()
    now = int(run(*on(back_end, plain, "walltime")).stdout)
    assert before <= now <= time.time_ns()


def test_poll_waits(back_end: str, with_net: Path, plain: Path) -> None:
    assert int(run(*on(back_end, plain, "poll", 50_000_000)).stdout) >= 50_000_000


def test_block(back_end: str, with_block: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(bytes(2048))
    done = run(*on(back_end, f"--block:data={disk}", with_block, "block", 1))
    # written and read back; beyond the end, around the end of numbers, and of no device: EINVAL
    assert done.stdout.split() == ["0", "1", "2", "2", "2"], done
    assert disk.read_bytes() == bytes(512) + bytes(i * 7 & 0xFF for i in range(1024)) + bytes(512)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("puts_at 4294967296", "outside its memory"),
        ("puts_at 18446744073709551600", "outside its memory"),
        ("puts_ending_at 0", "outside its memory"),  # like Solo5, not even the last byte
        ("argument_at 16777208", "outside its memory"),
        ("argument_at 4294967288", "outside its memory"),
        ("port 1281", "the segment 0x100000"),  # WALLTIME into the text
        ("port 1285", "a call that is not there: port 0x505 (BLOCK_READ)"),
        ("port 1295", "a call that is not there: port 0x50f (unknown)"),
        ("port 1536", "a call that is not there: port 0x600"),
        ("byte", "only 32-bit `out`"),
    ],
)
def test_what_no_guest_may_do(back_end: str, plain: Path, words: str, expected: str) -> None:
    line = complaint(run(*on(back_end, plain, *words.split())))
    assert line.startswith("stopped the guest: ") and expected in line


def test_the_host_keeps_the_text_as_it_is(back_end: str, plain: Path) -> None:
    line = complaint(run(*on(back_end, plain, "text")))
    # The same text when the processor runs the guest, KVM emulates it, or unicorn does.
    expected = (
        "translation fault",
        "touched memory that is not there, or wrote where it must not",
        "Write to write-protected memory",
    )
    assert any(each in line for each in expected), line


def test_the_last_byte_but_one_may_be_used(back_end: str, plain: Path) -> None:
    assert run(*on(back_end, plain, "puts_ending_at 1")).returncode == 8


def test_nothing_is_read_into_a_protected_segment(back_end: str, with_block: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(bytes(2048))
    line = complaint(run(*on(back_end, f"--block:data={disk}", with_block, "read_into_text", 1)))
    assert "(r-x)" in line


def test_a_processor_that_cannot_go_on(back_end: str, plain: Path) -> None:
    if back_end == "kvm":
        assert "hlt" in complaint(run(*on(back_end, plain, "hlt")))
        assert "triple fault" in complaint(run(*on(back_end, plain, "triple")))
    else:
        done = run(*on(back_end, plain, "triple"))
        assert done.returncode == 120 + 14 and "page fault (#PF)" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it(back_end: str, plain: Path, number: signal.Signals) -> None:
    argv = command(*on(back_end, plain, "spin"))
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tender:
        assert tender.stdout is not None and tender.stderr is not None
        assert tender.stdout.readline() == b"spinning\n"
        tender.send_signal(number)
        assert tender.wait(timeout=20) == 1
        assert tender.stderr.read() == b""
