"""What an ELF image holds, through pyelftools: segments and their protection, sections, notes, symbols."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elftools.common.exceptions import ELFError
from elftools.elf.constants import P_FLAGS, SH_FLAGS
from elftools.elf.elffile import ELFFile

from host import manifest
from host.errors import HostError
from host.paths import shown


@dataclass(frozen=True)
class Segment:
    address: int
    file_size: int
    memory_size: int
    flags: int

    @property
    def protection(self) -> str:
        bits = ((P_FLAGS.PF_R, "r"), (P_FLAGS.PF_W, "w"), (P_FLAGS.PF_X, "x"))
        return "".join(letter if self.flags & bit else "-" for bit, letter in bits)


@dataclass(frozen=True)
class Section:
    name: str
    size: int
    in_file: bool


@dataclass(frozen=True)
class Elf:
    entry: int
    segments: tuple[Segment, ...]  # loaded ones
    sections: tuple[Section, ...]  # that take memory
    notes: tuple[tuple[str, int, bytes], ...]
    symbols: dict[str, int]  # name -> size, objects and functions

    @property
    def end(self) -> int:
        """The address behind the last byte."""
        return max((segment.address + segment.memory_size for segment in self.segments), default=0)

    def writable_code(self) -> list[Segment]:
        return [segment for segment in self.segments if {"w", "x"} <= set(segment.protection)]

    def devices(self) -> tuple[manifest.Device, ...]:
        """The devices that the image's manifest names."""
        for name, kind, descriptor in self.notes:
            if (name.encode(), kind) == (manifest.NOTE_NAME.rstrip(b"\0"), manifest.NOTE_TYPE):
                return manifest.decode(descriptor)
        raise HostError("the image has no device manifest")


def notes(elf: Any) -> Iterator[tuple[str, int, bytes]]:
    """From the program headers: that is where tenders look. Only the first note of each counts there."""
    for segment in elf.iter_segments("PT_NOTE"):
        for note in segment.iter_notes():
            kind = note["n_type"]
            yield note["n_name"], kind if isinstance(kind, int) else 0, note["n_descdata"]
            break


def symbols(elf: Any) -> dict[str, int]:
    table = elf.get_section_by_name(".symtab")
    if table is None:
        return {}
    wanted = ("STT_OBJECT", "STT_FUNC")
    return {s.name: s["st_size"] for s in table.iter_symbols() if s["st_info"]["type"] in wanted}


def parse(elf: Any) -> Elf:
    segments = tuple(
        Segment(s["p_vaddr"], s["p_filesz"], s["p_memsz"], s["p_flags"]) for s in elf.iter_segments("PT_LOAD")
    )
    sections = tuple(
        Section(s.name, s["sh_size"], s["sh_type"] != "SHT_NOBITS")
        for s in elf.iter_sections()
        if s["sh_flags"] & SH_FLAGS.SHF_ALLOC
    )
    return Elf(elf["e_entry"], segments, sections, tuple(notes(elf)), symbols(elf))


def load(path: Path) -> Elf:
    try:
        with path.open("rb") as file:
            return parse(ELFFile(file))
    except FileNotFoundError:
        raise HostError(f"no image {shown(path)}: build it first (invoke build {path.stem})") from None
    except ELFError as error:
        raise HostError(f"{shown(path)} is not an ELF image: {error}") from error


def check(elf: Elf, devices: Sequence[manifest.Device], what: str) -> None:
    """The promises of every image: W^X, and the manifest that its unikernel.toml asks for."""
    for segment in elf.writable_code():
        raise HostError(f"{what}: the segment at {segment.address:#x} is writable and executable")
    found = elf.devices()
    if found != tuple(devices):
        described = [
            " ".join(f"{d.kind.value}:{d.name}" for d in each) or "none" for each in (found, devices)
        ]
        raise HostError(f"{what}: its manifest has {described[0]}, its unikernel.toml {described[1]}")
