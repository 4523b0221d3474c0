"""Read an ELF image with pyelftools: segments and their protection, sections, notes, symbols."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from elftools.common.exceptions import ELFError
from elftools.elf.constants import P_FLAGS, SH_FLAGS
from elftools.elf.elffile import ELFFile

from host import abi, manifest
from host.errors import HostError, explain
from host.paths import shown


def protection(flags: int) -> str:
    """A program header's flags as "r-x"."""
    bits = ((P_FLAGS.PF_R, "r"), (P_FLAGS.PF_W, "w"), (P_FLAGS.PF_X, "x"))
    return "".join(letter if flags & bit else "-" for bit, letter in bits)


@dataclass(frozen=True)
class Segment:
    address: int
    file_size: int
    memory_size: int
    flags: int

    @property
    def protection(self) -> str:
        return protection(self.flags)


@dataclass(frozen=True)
class Section:
    name: str
    size: int
    in_file: bool


@dataclass(frozen=True)
class Elf:
    entry: int
    segments: tuple[Segment, ...]  # loadable ones
    sections: tuple[Section, ...]  # those that occupy memory
    notes: tuple[tuple[str, int, bytes], ...]
    symbols: dict[str, int]  # name -> size, objects and functions
    labels: dict[str, int] = field(default_factory=dict)  # name -> address, of symbols without a type

    @property
    def end(self) -> int:
        """The end of the last segment."""
        return max((segment.address + segment.memory_size for segment in self.segments), default=0)

    def writable_code(self) -> list[Segment]:
        return [segment for segment in self.segments if {"w", "x"} <= set(segment.protection)]

    def solo5_note(self, wanted: int) -> bytes | None:
        for name, kind, descriptor in self.notes:
            if (name.encode(), kind) == (manifest.NOTE_NAME.rstrip(b"\0"), wanted):
                return descriptor
        return None

    def devices(self) -> tuple[manifest.Device, ...]:
        """The devices of the image's manifest."""
        descriptor = self.solo5_note(manifest.NOTE_TYPE)
        if descriptor is None:
            raise HostError("the image has no device manifest")
        return manifest.decode(descriptor)

    def target(self) -> str:
        """The Solo5 tender that the image is for; empty for none."""
        descriptor = self.solo5_note(abi.NOTE_TYPE)
        return "" if descriptor is None else abi.decode(descriptor)


def notes(elf: Any) -> Iterator[tuple[str, int, bytes]]:
    """Yield the notes of the program headers, which tenders read. Tenders read only the first note of
    each. An image linked by another build system has sections only."""
    for holder in [*elf.iter_segments("PT_NOTE")] or elf.iter_sections("SHT_NOTE"):
        for note in holder.iter_notes():
            name, kind = note["n_name"], note["n_type"]
            if isinstance(name, str):
                yield name, kind if isinstance(kind, int) else 0, note["n_descdata"]
            break


def symbols(elf: Any) -> dict[str, int]:
    table = elf.get_section_by_name(".symtab")
    if table is None:
        return {}
    wanted = ("STT_OBJECT", "STT_FUNC")
    return {s.name: s["st_size"] for s in table.iter_symbols() if s["st_info"]["type"] in wanted}


def labels(elf: Any) -> dict[str, int]:
    table = elf.get_section_by_name(".symtab")
    if table is None:
        return {}
    return {s.name: s["st_value"] for s in table.iter_symbols() if s["st_info"]["type"] == "STT_NOTYPE"}


def check_whole(elf: Any, size: int) -> None:
    """Check that the file contains everything its headers refer to."""
    for segment in elf.iter_segments():
        if segment["p_offset"] + segment["p_filesz"] > size:
            raise ELFError(f"the segment at {segment['p_vaddr']:#x} is cut short")
    if elf["e_shoff"] + elf["e_shnum"] * elf["e_shentsize"] > size:
        raise ELFError("the section headers are cut short")


def parse(elf: Any) -> Elf:
    segments = tuple(
        Segment(s["p_vaddr"], s["p_filesz"], s["p_memsz"], s["p_flags"]) for s in elf.iter_segments("PT_LOAD")
    )
    sections = tuple(
        Section(s.name, s["sh_size"], s["sh_type"] != "SHT_NOBITS")
        for s in elf.iter_sections()
        if s["sh_flags"] & SH_FLAGS.SHF_ALLOC
    )
    return Elf(elf["e_entry"], segments, sections, tuple(notes(elf)), symbols(elf), labels(elf))


def load(path: Path) -> Elf:
    try:
        with path.open("rb") as file:
            elf = ELFFile(file)
            check_whole(elf, path.stat().st_size)
            return parse(elf)
    except FileNotFoundError:
        raise HostError(f"no image {shown(path)}: build it first (invoke build {path.stem})") from None
    except ELFError as error:
        raise HostError(f"{shown(path)} is not an ELF image: {error}") from error
    except OSError as error:  # such as a header that points outside the file
        raise HostError(f"{shown(path)} cannot be read: {explain(error)}") from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # Errors of pyelftools for invalid headers.
        raise HostError(f"{shown(path)} is damaged: {error}") from error


def check(elf: Elf, devices: Sequence[manifest.Device], what: str, target: str = "") -> None:
    """Check the guarantees of every image: W^X, its tender, and the manifest of its unikernel.toml."""
    for segment in elf.writable_code():
        raise HostError(f"{what}: the segment at {segment.address:#x} is writable and executable")
    if elf.target() != target:
        made, wanted = (f"for solo5-{each}" if each else "for no tender" for each in (elf.target(), target))
        raise HostError(f"{what}: the image is {made}, the board's images are {wanted}")
    found = elf.devices()
    if found != tuple(devices):
        described = [
            " ".join(f"{d.kind.value}:{d.name}" for d in each) or "none" for each in (found, devices)
        ]
        raise HostError(f"{what}: its manifest has {described[0]}, its unikernel.toml {described[1]}")
