"""Block devices and the file system on them. The image's part is in block/main.py."""

from pathlib import Path

import pytest
import ways

from host.build import image
from host.options import Block, Options
from host.run import launch

APPLICATION = Path(__file__).with_name("block")
SIZE = 4 << 20

pytestmark = ways.needs_blocks


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    image.build(APPLICATION)


@pytest.fixture
def disks(tmp_path: Path) -> tuple[Path, Path]:
    data, other = tmp_path / "data.img", tmp_path / "other.img"
    data.write_bytes(bytes(number * 7 % 251 for number in range(1 << 12)) * (SIZE >> 12))
    other.write_bytes(bytes(2 * SIZE))
    return data, other


def run(arguments: str, disks: tuple[Path, Path], extra: tuple[str, ...] = ()) -> list[str]:
    """Return the image's output; it ended with exit code 0."""
    blocks = tuple(Block(name, file) for name, file in zip(("data", "other"), disks, strict=True))
    with launch.launch(
        APPLICATION, Options(blocks=blocks, arguments=ways.quiet(arguments), extra=extra)
    ) as guest:
        assert guest.wait(timeout=60) == 0, guest.console.text
        return guest.console.text.splitlines()


def test_devices_have_their_names(disks: tuple[Path, Path]) -> None:
    assert run("describes", disks) == [
        f"<Block data, {SIZE} bytes> 512",
        f"<Block other, {2 * SIZE} bytes> 512",
    ]


def test_bounds(disks: tuple[Path, Path]) -> None:
    assert run("complains", disks) == [
        "ValueError offset and length must be whole sectors",
        "ValueError offset and length must be whole sectors",
        "ValueError beyond the end of the device",
        "ValueError beyond the end of the device",
        "ValueError beyond the end of the device",
        "at the end 0",
        "[Errno 19] block device 'none' is not in the manifest; the image has: data, other",
    ]


def test_every_byte_gets_there(disks: tuple[Path, Path]) -> None:
    assert run("copies", disks) == [f"copied {SIZE}"]
    data, other = (disk.read_bytes() for disk in disks)
    assert other == data + bytes(SIZE)


@ways.needs_qemu_board
def test_a_device_that_cannot_be_written(disks: tuple[Path, Path]) -> None:
    assert run("fails", disks, extra=("-set", "drive.block0.readonly=on")) == ["errno 5"]


def test_files_survive_the_image(disks: tuple[Path, Path]) -> None:
    assert run("formats", disks) == ["written"]
    assert disks[0].read_bytes()[510:512] == b"\x55\xaa"
    size = sum(len(f"line {number}\n") for number in range(1000))
    assert run("finds", disks) == ["['A long name.txt']", f"1001 line 999 {size}", "errno 2"]
