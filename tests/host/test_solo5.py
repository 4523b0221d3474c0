"""Solo5's notes, its manifest as JSON, its tenders' command line: read, written, refused."""

import json
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from hypothesis import given
from hypothesis import strategies as st

from host import abi, elf, manifest
from host import board as boards
from host.board import Board
from host.build import image
from host.errors import HostError, LaunchError
from host.manifest import Device, Kind
from host.options import Block, Net, Options
from host.run import launch, solo5

SERVICE, DATA = Device(Kind.NET, "service"), Device(Kind.BLOCK, "data")
HVT, SPT = boards.load("solo5-hvt"), boards.load("solo5-spt")
Builder = Callable[..., Path]

# The ABI note ------------------------------------------------------------------------------------


def test_targets() -> None:
    assert abi.decode(struct.pack("<IIII", 1, 2, 0, 0)) == "hvt"
    assert abi.decode(struct.pack("<IIII", 2, 2, 0, 0)) == "spt"
    assert (HVT.target, SPT.target, boards.load("qemu-virtio").target) == ("hvt", "spt", "")


@pytest.mark.parametrize("target_and_version", [(0, 2), (7, 2), (1, 1), (1, 3)])
def test_another_abi_is_refused(target_and_version: tuple[int, int]) -> None:
    target, version = target_and_version
    with pytest.raises(HostError, match=f"^the ABI note has target {target}, version {version}$"):
        abi.decode(struct.pack("<IIII", target, version, 0, 0))


@given(st.binary(max_size=40))
def test_any_bytes_are_an_abi_or_refused(descriptor: bytes) -> None:
    try:
        assert abi.decode(descriptor) in abi.TARGETS.values()
    except HostError:
        pass


def test_an_image_for_another_tender_is_refused(tiny: Builder) -> None:
    content = elf.load(tiny(SERVICE))
    with pytest.raises(
        HostError, match="^tiny: the image is for no tender, the board's images are for solo5-hvt$"
    ):
        elf.check(content, [SERVICE], "tiny", "hvt")


# Damaged images ----------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.1, 0.5, 0.99])
def test_a_truncated_image_is_one_line(tiny: Builder, share: float) -> None:
    path = tiny(SERVICE)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(HostError, match=r"^[^\n]*tiny\.elf is (not an ELF image|damaged)[^\n]*$"):
        elf.load(path)


def test_a_damaged_image_is_read_or_refused(tiny: Builder, tmp_path: Path) -> None:
    """Corrupt every byte of the headers."""
    whole = tiny(SERVICE).read_bytes()
    path = tmp_path / "spoilt.elf"
    for offset in range(64 + 56 * 5):
        spoilt = bytearray(whole)
        spoilt[offset] ^= 0xFF
        path.write_bytes(spoilt)
        try:
            elf.load(path).devices()
        except HostError as error:
            assert "\n" not in str(error)


# The manifest as JSON ----------------------------------------------------------------------------


def test_the_json_is_that_of_the_elftool() -> None:
    assert json.loads(manifest.to_json([SERVICE, DATA])) == {
        "type": "solo5.manifest",
        "version": 1,
        "devices": [{"name": "service", "type": "NET_BASIC"}, {"name": "data", "type": "BLOCK_BASIC"}],
    }


names = st.from_regex(r"[A-Za-z0-9]{1,67}", fullmatch=True)


@given(st.lists(st.builds(Device, st.sampled_from(Kind), names), unique_by=lambda device: device.name))
def test_json_is_read_back(devices: list[Device]) -> None:
    assert manifest.from_json(manifest.to_json(devices)) == tuple(devices)


def spoilt(**more: object) -> str:
    return json.dumps(json.loads(manifest.to_json([SERVICE])) | more)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "the manifest is no JSON: "),
        ("[]", "the manifest has no \"type\": 'solo5.manifest'"),
        (spoilt(type="solo5.abi"), 'the manifest has no "type"'),
        (spoilt(version=2), "the manifest has version 2, not 1"),
        (spoilt(devices={}), "the manifest has no list of devices"),
        (spoilt(devices=["service"]), "the manifest has the device 'service': expected a name and a type"),
        (
            spoilt(devices=[{"name": "a", "type": "NET_FAST"}]),
            "a device of type 'NET_FAST': known are BLOCK_",
        ),
        (spoilt(devices=[{"name": 1, "type": "NET_BASIC"}]), "the device name 1: expected text"),
        (spoilt(devices=[{"name": "a b", "type": "NET_BASIC"}]), "device name 'a b': 1 to 67 letters"),
        (spoilt(devices=[{"name": "a", "type": "NET_BASIC"}] * 2), "two devices of the same name"),
    ],
)
def test_a_wrong_json_is_one_line(text: str, complaint: str) -> None:
    with pytest.raises(HostError) as caught:
        manifest.from_json(text)
    assert complaint in str(caught.value) and "\n" not in str(caught.value)


# Images as the linker makes them -----------------------------------------------------------------

PRESENT, WRITABLE, USER, NO_EXECUTE = 1, 2, 4, 1 << 63
TEXT, RODATA, DATA_PAGE = PRESENT | USER, PRESENT | USER | NO_EXECUTE, PRESENT | WRITABLE | USER | NO_EXECUTE
BOOT_START, BOOT_END, PAGE = 0x10000, 0x15000, 4096


@pytest.fixture(scope="module", params=["solo5-hvt", "solo5-spt"])
def built(request: pytest.FixtureRequest) -> tuple[Board, Path]:
    board = boards.load(request.param)
    return board, image.build("echo", board.name).path


def test_an_image_is_what_a_tender_accepts(built: tuple[Board, Path]) -> None:
    board, path = built
    content = elf.load(path)
    elf.check(content, [SERVICE], "echo", board.target)
    assert 0x100000 <= content.entry < content.end
    end = 0x100000
    for segment in content.segments:
        assert segment.address % PAGE == 0 and segment.address >= end and segment.file_size > 0
        end = segment.address + segment.memory_size
    with path.open("rb") as file:
        assert next(ELFFile(file).iter_segments("PT_INTERP")).get_interp_name() == "/nonexistent/solo5/"


def test_the_elftool_reads_the_same_manifest(built: tuple[Board, Path]) -> None:
    if not shutil.which("solo5-elftool"):
        pytest.skip("no solo5-elftool on PATH")
    done = subprocess.run(["solo5-elftool", "query-manifest", built[1]], capture_output=True, check=True)
    assert manifest.from_json(done.stdout.decode()) == (SERVICE,)


def test_the_page_tables_give_each_page_its_rights() -> None:
    """Walk the tables from the root as the processor does, with the image as memory."""
    whole = image.build("echo", "solo5-hvt")
    with whole.debug.open("rb") as file:
        program = ELFFile(file)
        symbols = {s.name: s["st_value"] for s in program.get_section_by_name(".symtab").iter_symbols()}
        memory = {s["p_vaddr"]: s.data() for s in program.iter_segments("PT_LOAD")}

    def entry(table: int, index: int) -> int:
        base = max(address for address in memory if address <= table)
        number: int = struct.unpack_from("<Q", memory[base], table - base + 8 * index)[0]
        return number

    def rights(address: int) -> int:
        table = symbols["hvt_page_map"]
        for shift in (39, 30, 21):
            above = entry(table, address >> shift & 511)
            if not above & PRESENT:
                return 0
            assert above & 0xFFF == PRESENT | WRITABLE | USER
            table = above & ~0xFFF
        last = entry(table, address >> 12 & 511)
        assert not last & PRESENT or last & ~(NO_EXECUTE | 0xFFF) == address
        return last & (NO_EXECUTE | 0xFFF)

    def expected(address: int) -> int:
        if address in (symbols[f"x86_{name}_guard"] for name in ("start", "fault", "ring0", "double")):
            return 0
        borders = [
            (0, 0),
            (BOOT_START, RODATA),
            (BOOT_END, 0),
            (symbols["image_text"], TEXT),
            (symbols["image_rodata"], RODATA),
            (symbols["image_data"], DATA_PAGE),
            (-(-symbols["image_end"] // (2 << 20)) * (2 << 20), 0),
        ]
        return [right for start, right in borders if start <= address][-1]

    for address in [*range(0, 8 << 20, PAGE), 1 << 30, 1 << 39]:
        assert rights(address) == expected(address), hex(address)


# Command lines -----------------------------------------------------------------------------------


def test_the_command_line() -> None:
    nets = (Net("service", tap="tap0", mac="02:00:00:00:00:01"), Net("other", tap="tap1"))
    options = Options(nets, (Block("data", Path("disk.img")),), "server --ipv4=10.0.0.2/24", memory=65)
    assert solo5.command(["solo5-hvt"], Path("echo.elf"), options) == [
        "solo5-hvt",
        "--mem=64",
        "--net:service=tap0",
        "--net-mac:service=02:00:00:00:00:01",
        "--net:other=tap1",
        "--block:data=disk.img",
        "--",
        "echo.elf",
        "server --ipv4=10.0.0.2/24",
    ]
    assert solo5.command(["x"], Path("hello.elf"), Options(memory=8)) == ["x", "--mem=8", "--", "hello.elf"]


@pytest.mark.parametrize(
    ("board", "returned", "said", "code"),
    [
        (HVT, 0, [], 0),
        (HVT, 134, [], 134),
        (HVT, 1, [], 1),
        (HVT, 1, ["solo5-hvt: adjusting memory to 4194304 bytes"], 1),
        (HVT, 1, ["solo5-hvt: Could not open disk: x"], None),
        (HVT, 7, ["solo5-hvt: WARNING: something"], 7),
        (HVT, -9, [], None),
        (HVT, -11, [], None),
        (SPT, -11, [], 139),
        (SPT, -9, [], None),
    ],
)
def test_the_guests_code(board: Board, returned: int, said: list[str], code: int | None) -> None:
    assert solo5.guest_code(board, returned, said) == code


def test_without_a_tender_it_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LaunchError, match="^board solo5-spt: no solo5-spt on PATH$"):
        solo5.attempts(SPT, Path("hello.elf"), Options(memory=16))
    assert launch.ways("solo5-spt") == {"solo5-spt": "no solo5-spt on PATH"}


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (Options(nets=(Net("service"),)), "--net service=user: board solo5-hvt has taps only: "),
        (Options(gdb=True), "--gdb: board solo5-hvt has no debugger"),
        (Options(memory=4098), "--mem 4098: Solo5 gives 4096 MiB at most"),
        (Options(accelerator="warp"), "--accel warp: board solo5-hvt has solo5-hvt"),
    ],
)
def test_what_the_boards_cannot_do_is_one_line(options: Options, complaint: str) -> None:
    with pytest.raises(LaunchError) as caught:
        solo5.attempts(HVT, Path("hello.elf"), options)
    assert str(caught.value).startswith(complaint)
