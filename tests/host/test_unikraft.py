"""The board unikraft-qemu without Unikraft: what is said then, and the command line."""

from pathlib import Path

import pytest

from host import board, image, launch, qemu, unikraft
from host.errors import HostError
from host.options import Net, Options

BOARD = board.load("unikraft-qemu")


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


def values(words: list[str], option: str) -> list[str]:
    return [value for name, value in zip(words, words[1:], strict=False) if name == option]


def test_the_command_line() -> None:
    options = Options(nets=(Net("service"),), arguments="server")
    words = list(qemu.command(BOARD, Path("/echo.elf"), options, "tcg", "/status", unikraft.arguments))
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
    assert unikraft.arguments(Options(arguments=given)) == passed
