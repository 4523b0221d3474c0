"""The board unikraft-qemu without Unikraft: the error message, its files, and the command line."""

import re
from pathlib import Path

import pytest

from host import board
from host.build import image, unikraft
from host.errors import HostError
from host.options import Net, Options
from host.paths import BOARDS, ROOT
from host.run import launch, qemu
from host.run import unikraft as runner

BOARD = board.load("unikraft-qemu")
FILES = BOARDS / BOARD.name
BLOCKS = ROOT / "tests" / "guest" / "block"
# What kraft sets by itself, from the target; and what the application adds.
OF_TARGET = {"ARCH_X86_64", "PLAT_KVM", "KVM_VMM_QEMU", "KVM_BOOT_PROTO_MULTIBOOT"}
OWN = re.compile(r"^config (APPPYMNET_\w+)", re.MULTILINE)


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv(unikraft.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    return monkeypatch


def test_without_unikraft(nothing: pytest.MonkeyPatch) -> None:
    for attempt in (
        lambda: image.build("echo", BOARD.name),
        lambda: launch.launch("echo", Options(), BOARD.name),
    ):
        with pytest.raises(HostError, match=r"^no Unikraft: set UNIKRAFT_DIR to [^\n]*$") as caught:
            attempt()
        assert caught.value.code == 2
    assert all("UNIKRAFT_DIR" in why for why in launch.ways(BOARD.name).values())


def test_a_folder_that_is_no_tree(nothing: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nothing.setenv(unikraft.VARIABLE, str(tmp_path))
    assert unikraft.obstacle() == f"UNIKRAFT_DIR={tmp_path} is no tree of Unikraft's core"
    (tmp_path / "Makefile.uk").touch()
    assert not unikraft.obstacle() and not launch.ways(BOARD.name)["tcg"]


def test_an_image_with_disks_is_refused(nothing: pytest.MonkeyPatch) -> None:
    message = r"^[^\n]*unikernel\.toml: block data: board unikraft-qemu has no block devices$"
    with pytest.raises(HostError, match=message) as caught:
        image.build(BLOCKS, BOARD.name)
    assert caught.value.code == 1


def kraftfile() -> dict[str, str]:
    """Its kconfig."""
    text = (FILES / "Kraftfile").read_text()
    return dict(re.findall(r"^    CONFIG_(\w+): '([^']*)'$", text, re.MULTILINE))


def defconfig() -> dict[str, str]:
    text = unikraft.configuration(BOARD, 1)
    off = re.findall(r"^# CONFIG_(\w+) is not set$", text, re.MULTILINE)
    return dict(re.findall(r"^CONFIG_(\w+)=(.*)$", text, re.MULTILINE)) | dict.fromkeys(off, "n")


def test_kraft_and_make_configure_the_same() -> None:
    by_make = {name: value for name, value in defconfig().items() if name not in OF_TARGET}
    own = dict.fromkeys(OWN.findall((FILES / "Config.uk").read_text()))
    by_kraft = kraftfile()
    assert by_kraft.keys() - own.keys() == by_make.keys() - own.keys()
    assert by_make.items() <= by_kraft.items()
    assert own.keys() <= by_kraft.keys()


def test_the_makefile_names_files_that_are_there() -> None:
    text = (FILES / "Makefile.uk").read_text()
    sources = re.findall(r"\$\(APPPYMNET_ROOT\)/(port/\S+\.c)", text)
    assert sources and all((ROOT / source).is_file() for source in sources)
    folder = ROOT / "port" / "platform" / "unikraft"
    elsewhere = re.findall(r"\w+\.c", (folder / "platform.mk").read_text())
    for path in sorted(folder.glob("*.c")):  # by one build or the other
        assert (f"port/platform/unikraft/{path.name}" in sources) != (path.name in elsewhere)


def test_each_number_of_networks_is_a_configuration() -> None:
    assert "CONFIG_APPPYMNET_NETS=3\n" in unikraft.configuration(BOARD, 3)


def values(words: list[str], option: str) -> list[str]:
    return [value for name, value in zip(words, words[1:], strict=False) if name == option]


def test_the_command_line() -> None:
    options = Options(nets=(Net("service"),), arguments="server")
    words = list(qemu.command(BOARD, Path("/echo.elf"), options, "tcg", "/status", runner.arguments))
    assert values(words, "-append") == ["-- --ipv4=10.0.2.15/24 --ipv4-gateway=10.0.2.2 server"]
    devices = values(words, "-device")
    assert "isa-debugcon,iobase=0xe9,chardev=status" in devices
    assert any(device.startswith("virtio-net-pci,romfile=,netdev=net0,mac=") for device in devices)
    assert not any("virtserialport" in device for device in devices)


@pytest.mark.parametrize(
    ("given", "passed"),
    [("", "--"), ("a -- b", "-- a -- b"), (r"a\b", r"-- a\\b"), (r"'a\b' \c", r"-- 'a\b' \\c")],
)
def test_image_arguments(given: str, passed: str) -> None:
    assert runner.arguments(Options(arguments=given)) == passed
