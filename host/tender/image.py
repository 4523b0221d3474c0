"""An hvt image, validated before it is loaded: images that Solo5's loader refuses are refused here too."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elftools.common.exceptions import ELFError
from elftools.construct import ConstructError
from elftools.elf.elffile import ELFFile

from host import abi, manifest
from host.elf import protection
from host.errors import HostError
from host.manifest import Device
from host.tender.memory import PAGE, Range

KERNEL_START = 0x100000
NOTE = struct.Struct("<III8s")
TARGET = "hvt"


@dataclass(frozen=True)
class Segment:
    address: int
    data: bytes
    pages: Range  # the memory it occupies, with its protection


@dataclass(frozen=True)
class Image:
    entry: int
    segments: tuple[Segment, ...]
    manifest: bytes  # manifest for the guest: without the note's padding
    devices: tuple[Device, ...]

    @property
    def end(self) -> int:
        return max(segment.pages.end for segment in self.segments)


def align_up(value: int, alignment: int) -> int:
    return -(-value // alignment) * alignment


def check_header(elf: Any) -> None:
    header = elf.header
    wanted = (("e_type", "ET_EXEC"), ("e_machine", "EM_X86_64"), ("e_ehsize", 64), ("e_phentsize", 56))
    if elf.elfclass != 64 or not elf.little_endian or any(header[name] != value for name, value in wanted):
        raise HostError("not a 64-bit x86 executable")
    if header["e_phnum"] < 1:
        raise HostError("no program headers")


def contents(elf: Any, header: Any, size: int, what: str) -> bytes:
    """Return all bytes of a segment."""
    if header["p_offset"] + header["p_filesz"] > size:
        raise HostError(f"{what} ends behind the end of the file: the image is cut short")
    elf.stream.seek(header["p_offset"])
    data: bytes = elf.stream.read(header["p_filesz"])
    return data


def segment_of(elf: Any, header: Any, size: int, floor: int, memory: int) -> Segment:
    """Validate a PT_LOAD segment. It begins at or above `floor`, the end of the previous one."""
    address, length, alignment = header["p_vaddr"], header["p_memsz"], header["p_align"] or 1
    what = f"the segment at {address:#x}"
    kind = protection(header["p_flags"])
    if alignment & (alignment - 1):
        raise HostError(f"{what} has the alignment {alignment:#x}, no power of two")
    start, end = address - address % alignment, align_up(address + length, alignment)
    if start % PAGE or end % PAGE:
        raise HostError(f"{what} does not take whole pages: align it to {PAGE:#x}")
    if address < KERNEL_START or start < KERNEL_START:
        raise HostError(f"{what} begins below {KERNEL_START:#x}")
    if start < floor:
        raise HostError(f"{what} overlaps the one before it, or comes out of order")
    if length < header["p_filesz"]:
        raise HostError(f"{what} is larger in the file than in memory")
    if end > memory:
        raise HostError(f"{what} ends at {end:#x}, beyond the guest's {memory >> 20} MiB: give it more --mem")
    if {"w", "x"} <= set(kind):
        raise HostError(f"{what} is writable and executable")
    return Segment(address, contents(elf, header, size, what), Range(start, end, kind))


def segments_of(elf: Any, size: int, memory: int) -> Iterator[Segment]:
    floor = KERNEL_START
    for index in range(elf.num_segments()):
        header = elf.get_segment(index).header
        # A segment without bytes in the file needs no copy: memory is zeroed.
        if header["p_type"] == "PT_LOAD" and header["p_filesz"]:
            segment = segment_of(elf, header, size, floor, memory)
            floor = segment.pages.end
            yield segment


def notes_of(elf: Any, size: int) -> dict[int, bytes]:
    """Return Solo5's notes: only the first of each PT_NOTE, as Solo5 does."""
    notes = {}
    for index in range(elf.num_segments()):
        header = elf.get_segment(index).header
        if header["p_type"] != "PT_NOTE":
            continue
        data = contents(elf, header, size, f"the note at {header['p_vaddr']:#x}")
        if len(data) < NOTE.size:
            continue
        name_size, length, kind, name = NOTE.unpack_from(data)
        if name_size == len(manifest.NOTE_NAME) and name.rstrip(b"\0") == b"Solo5":
            if len(data) < NOTE.size + length:
                raise HostError(f"the note of type {kind:#x} is cut short")
            notes[kind] = data[NOTE.size : NOTE.size + length]
    return notes


def check_abi(note: bytes | None) -> None:
    if note is None or len(note) != abi.DESCRIPTOR.size:
        raise HostError("no Solo5 ABI note: not a Solo5 image")
    number, version = abi.DESCRIPTOR.unpack(note)
    target = abi.TARGETS.get(number, number)
    if target != TARGET:
        raise HostError(f"built for {target}, this is a tender for {TARGET}")
    if version != abi.VERSION:
        raise HostError(f"built for version {version} of the ABI, this tender has version {abi.VERSION}")


def parse(file: Any, size: int, memory: int) -> Image:
    elf = ELFFile(file)
    check_header(elf)
    notes = notes_of(elf, size)
    check_abi(notes.get(abi.NOTE_TYPE))
    note = notes.get(manifest.NOTE_TYPE)
    if note is None:
        raise HostError("no device manifest")
    devices = manifest.decode(note)
    segments = tuple(segments_of(elf, size, memory))
    entry = elf.header["e_entry"]
    if not segments or not KERNEL_START <= entry < memory:
        raise HostError(f"its entry {entry:#x} lies outside the guest's memory")
    return Image(entry, segments, note[len(manifest.PADDING.pack()) :], devices)


def load(path: Path, memory: int) -> Image:
    """Read and validate an image for a guest with `memory` bytes. HostError says what is wrong with it."""
    try:
        with path.open("rb") as file:
            return parse(file, path.stat().st_size, memory)
    except OSError as error:
        raise HostError(f"{path}: {error.strerror}") from error
    except HostError as error:
        raise HostError(f"{path}: {error}") from error
    except (ELFError, ConstructError, ValueError, OverflowError, struct.error) as error:
        raise HostError(f"{path}: not an ELF image ({error})") from error
