"""Images: the same inputs give the same bytes, wherever they are built."""

from pathlib import Path

import pytest

from host import elf, image, micropython, unikernel
from host import inspect as inspection


@pytest.fixture(scope="module")
def hello() -> image.Image:
    if not micropython.MPY_CROSS.is_file():
        pytest.skip("mpy-cross is not built: make test builds it")
    return image.build("hello")


def test_the_same_inputs_give_the_same_bytes(
    hello: image.Image, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Library, platform and image, all made again in another folder."""
    here = hello.path.read_bytes()
    monkeypatch.setattr(image, "BUILD", tmp_path)
    monkeypatch.setattr(image, "LIBRARY", tmp_path / "port")
    there = image.build("hello")
    assert there.path.is_relative_to(tmp_path)
    assert there.path.read_bytes() == here


def test_what_is_said_of_an_image(hello: image.Image) -> None:
    text = image.describe(hello)
    assert f"{hello.path.stat().st_size} bytes" in text and " main" in text


def test_inspect(hello: image.Image, capsys: pytest.CaptureFixture[str]) -> None:
    inspection.show("hello")
    shown = capsys.readouterr().out
    for word in ("r-x", ".text", "main.py", "TCP_CONNECTIONS"):
        assert word in shown


def test_frozen_modules_take_room(hello: image.Image) -> None:
    sizes = inspection.module_sizes(elf.load(hello.debug), hello.modules)
    assert sizes["main.py"] > 0 and sizes["_boot.py"] > 0


@pytest.mark.parametrize("name", unikernel.names())
def test_every_image_keeps_its_promises(name: str, hello: image.Image) -> None:
    built = image.build(name)
    loaded = elf.load(built.path)
    elf.check(loaded, unikernel.load(name).devices, name)
    assert {segment.protection for segment in loaded.segments} == {"r-x", "r--", "rw-"}
    assert built.path.stat().st_size < 600 * 1024
