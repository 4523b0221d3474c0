"""Reading of an image, and the errors of invalid ones."""

from pathlib import Path

import pytest

from host import elf
from host.errors import HostError
from host.manifest import Device, Kind

SERVICE = Device(Kind.NET, "service")


def test_segments_and_sections(tiny) -> None:  # type: ignore[no-untyped-def]
    image = elf.load(tiny(SERVICE))
    assert image.entry == 0x100000
    assert {segment.protection for segment in image.segments} <= {"r--", "r-x"}
    assert {".text", ".rodata", ".note.solo5.manifest"} <= {section.name for section in image.sections}
    elf.check(image, [SERVICE], "tiny")


def test_writable_code_is_refused(tiny) -> None:  # type: ignore[no-untyped-def]
    image = elf.load(tiny(link=("-Wl,-N", "-Wl,--no-warn-rwx-segments")))
    with pytest.raises(HostError, match="tiny: the segment at 0x[0-9a-f]+ is writable and executable"):
        elf.check(image, [], "tiny")


def test_another_manifest_is_refused(tiny) -> None:  # type: ignore[no-untyped-def]
    image = elf.load(tiny(SERVICE))
    with pytest.raises(HostError, match="its manifest has net:service, its unikernel.toml net:other"):
        elf.check(image, [Device(Kind.NET, "other")], "tiny")


def test_no_manifest_is_refused(tiny) -> None:  # type: ignore[no-untyped-def]
    path = tiny()
    image = elf.load(path)
    without = elf.Elf(image.entry, image.segments, image.sections, (), {})
    with pytest.raises(HostError, match="no device manifest"):
        elf.check(without, [], "tiny")


def test_no_image(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"no image .*echo\.elf: build it first \(invoke build echo\)"):
        elf.load(tmp_path / "echo.elf")


@pytest.mark.parametrize("content", [b"", b"no ELF at all", b"\x7fELF" + bytes(12)])
def test_not_an_image(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "echo.elf"
    path.write_bytes(content)
    with pytest.raises(HostError, match="is not an ELF image"):
        elf.load(path)
