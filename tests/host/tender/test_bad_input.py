"""Command lines and images that the tender refuses, each with one line."""

from pathlib import Path

import pytest

from host.errors import HostError
from host.manifest import Device, Kind
from host.tender import image as images
from host.tender.command import UsageError, parse

from .conftest import Build, complaint, run

MEMORY = 16 << 20


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "no image"),
        (["--mem=64"], "no image"),
        (["--mem=x", "i"], "--mem=x"),
        (["--mem=1", "i"], "--mem=1"),
        (["--mem=5000", "i"], "--mem=5000"),
        (["--net:service", "i"], "--net:service"),
        (["--net:=tap0", "i"], "name of a device"),
        (["--net:a-b=tap0", "i"], "name of a device"),
        (["--net-mac:a=02:00:00:00:00:01", "i"], "no --net:a"),
        (["--net:a=tap0", "--net-mac:a=02:00", "i"], "such as 02:00"),
        (["--block-sector-size:a=512", "i"], "no --block:a"),
        (["--block:a=f", "--block-sector-size:a=500", "i"], "power of two"),
        (["--accel=fast", "i"], "there are kvm and unicorn"),
        (["--frobnicate", "i"], "unknown option --frobnicate"),
        (["--frobnicate:a=b", "i"], "unknown option --frobnicate:a"),
    ],
)
def test_command_lines(words: list[str], expected: str) -> None:
    with pytest.raises(UsageError, match=expected):
        parse(words)


def test_a_command_line() -> None:
    words = "--mem=63 --net:a=t --net-mac:a=02:00:00:00:00:07 --block:b=f -- image --net:c=d x"
    command = parse(words.split())
    assert command.memory == 62 << 20  # whole large pages
    assert (command.nets, command.macs) == ({"a": "t"}, {"a": bytes([2, 0, 0, 0, 0, 7])})
    assert command.blocks == {"b": Path("f")}
    assert (command.image, command.arguments) == (Path("image"), "--net:c=d x")


def test_usage_is_shown() -> None:
    done = run("--frobnicate")
    assert done.returncode == 1 and done.stderr.startswith("tender: unknown option --frobnicate\nusage: ")


def test_devices_and_command_line_must_agree(build: Build, plain: Path, tmp_path: Path) -> None:
    image = build(Device(Kind.BLOCK, "data"))
    assert "the image wants the device data: --block:data=FILE" in complaint(run(image))
    assert "--block:other: the image has data" in complaint(run("--block:other=x", image))
    assert "--net:data: the image has no such device" in complaint(run("--net:data=tap0", image))
    assert "No such file" in complaint(run("--block:data=/nonexistent", image))
    disk = tmp_path / "disk"
    disk.write_bytes(bytes(1000))
    assert "1000 bytes are not a multiple of the sector, 512" in complaint(run(f"--block:data={disk}", image))


def test_too_many_arguments(plain: Path) -> None:
    assert "8192" in complaint(run(plain, "x" * 8192))


def changed(image: Path, folder: Path, offset: int, data: bytes) -> Path:
    copy = folder / "changed.hvt"
    content = bytearray(image.read_bytes())
    content[offset : offset + len(data)] = data
    copy.write_bytes(content)
    return copy


def refused(path: Path, memory: int = MEMORY) -> str:
    with pytest.raises(HostError) as caught:
        images.load(path, memory)
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)
    return str(caught.value)


def program_header(image: Path, kind: int, number: int = 0) -> int:
    """Return the offset of the number-th program header of a type."""
    content = image.read_bytes()
    start, count = int.from_bytes(content[32:40], "little"), int.from_bytes(content[56:58], "little")
    offsets = [start + 56 * i for i in range(count)]
    return [at for at in offsets if int.from_bytes(content[at : at + 4], "little") == kind][number]


def test_images(plain: Path, build: Build, tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "none")
    assert "not a 64-bit x86 executable" in refused(changed(plain, tmp_path, 18, b"\x03\0"))
    assert "not an ELF image" in refused(changed(plain, tmp_path, 0, b"\x7fFLE"))
    assert "outside the guest's memory" in refused(changed(plain, tmp_path, 24, bytes(8)))
    assert "built for spt" in refused(build(target=2))
    assert "version 1 of the ABI" in refused(build(version=1))
    assert "give it more --mem" in refused(plain, memory=1 << 20)
    images.load(plain, MEMORY)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (4, 7, "is writable and executable"),
        (8, 1 << 40, "cut short"),
        (16, 0x1000, "begins below 0x100000"),
        (32, 1 << 40, "cut short|larger in the file"),
        (40, 1 << 40, "give it more --mem"),
        (48, 0x1001, "no power of two"),
        (48, 16, "does not take whole pages"),
    ],
)
def test_segments(plain: Path, tmp_path: Path, field: int, value: int, expected: str) -> None:
    at = program_header(plain, 1)
    size = 4 if field == 4 else 8
    line = refused(changed(plain, tmp_path, at + field, value.to_bytes(size, "little")))
    assert any(each in line for each in expected.split("|")), line


def test_segments_in_order(plain: Path, tmp_path: Path) -> None:
    second = program_header(plain, 1, 1)
    assert "overlaps" in refused(changed(plain, tmp_path, second + 16, (0x100000).to_bytes(8, "little")))


def test_images_cut_short_never_crash_it(plain: Path, tmp_path: Path) -> None:
    content = plain.read_bytes()
    path = tmp_path / "short.hvt"
    end = program_header(plain, 4, 1) + 56
    for length in [*range(0, end, 7), *range(end, len(content), 509)]:
        path.write_bytes(content[:length])
        try:
            images.load(path, MEMORY)
        except HostError as error:
            assert "\n" not in str(error)


def test_bits_that_flip_never_crash_it(plain: Path, tmp_path: Path) -> None:
    content = plain.read_bytes()
    path = tmp_path / "flipped.hvt"
    for bit in range(0, 8 * (64 + 56 * 4), 3):
        flipped = bytearray(content)
        flipped[bit >> 3] ^= 1 << (bit & 7)
        path.write_bytes(flipped)
        try:
            images.load(path, MEMORY)
        except HostError as error:
            assert "\n" not in str(error)


def test_manifests(tmp_path: Path, build: Build) -> None:
    image = build(Device(Kind.NET, "service"))
    at = int.from_bytes(image.read_bytes()[(place := program_header(image, 4, 1)) + 8 : place + 16], "little")
    entry = at + 24 + 8 + 104
    assert "type 9" in refused(changed(image, tmp_path, entry + 68, bytes([9])))
    assert "attached 1" in refused(changed(image, tmp_path, entry + 96, bytes([1])))
    assert "version 2" in refused(changed(image, tmp_path, at + 24, bytes([2])))
    assert "no device manifest" in refused(changed(image, tmp_path, at + 8, b"XXXX"))
