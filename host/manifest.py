"""Solo5's device manifest (ABI version 2, note type MFT1): written into every image, read back from it;
and the same as the JSON that Solo5's elftool reads and writes.

The note's descriptor: 4 bytes of padding, u32 version, u32 entries, then 104 bytes an entry. Entry 0 is
reserved and nameless; a device's handle is its index. In the file every `attached` is 0: machines set it.
"""

import json
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from host.errors import HostError

NOTE_NAME = b"Solo5\0"
NOTE_TYPE = 0x3154464D  # "MFT1"
SECTION = ".note.solo5.manifest"
SYMBOL = "solo5_manifest"
VERSION = 1
ENTRIES_MAX = 64
RESERVED_FIRST = 0x40000000
NAME = re.compile(r"[A-Za-z0-9]{1,67}")

PADDING = struct.Struct("<4x")
HEADER = struct.Struct("<II")
ENTRY = struct.Struct("<68sI16xQB7x")  # name, type, filled in by the machine, reserved for the host, attached
NOTE_HEADER = struct.Struct("<III8s")


class Kind(Enum):
    NET = "net"
    BLOCK = "block"


TYPES = {Kind.BLOCK: 1, Kind.NET: 2}
KINDS = {number: kind for kind, number in TYPES.items()}

JSON_TYPE = "solo5.manifest"
JSON_TYPES = {Kind.BLOCK: "BLOCK_BASIC", Kind.NET: "NET_BASIC"}
JSON_KINDS = {name: kind for kind, name in JSON_TYPES.items()}


@dataclass(frozen=True)
class Device:
    kind: Kind
    name: str

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise HostError(f"device name {self.name!r}: 1 to 67 letters and digits are allowed")


def encode(devices: Sequence[Device]) -> bytes:
    """Return the descriptor of the note."""
    if len(devices) >= ENTRIES_MAX:
        raise HostError(f"{len(devices)} devices: a manifest has room for {ENTRIES_MAX - 1}")
    entries = [ENTRY.pack(b"", RESERVED_FIRST, 0, 0)]
    entries += [ENTRY.pack(device.name.encode(), TYPES[device.kind], 0, 0) for device in devices]
    return PADDING.pack() + HEADER.pack(VERSION, len(entries)) + b"".join(entries)


def decode(descriptor: bytes) -> tuple[Device, ...]:
    """Return the devices of a descriptor. HostError if the build cannot have written it."""
    start = PADDING.size + HEADER.size
    if len(descriptor) < start:
        raise HostError("the manifest is cut short")
    version, count = HEADER.unpack_from(descriptor, PADDING.size)
    if version != VERSION or not 1 <= count <= ENTRIES_MAX:
        raise HostError(f"the manifest has version {version} and {count} entries")
    if len(descriptor) != start + count * ENTRY.size:
        raise HostError(f"the manifest has {len(descriptor)} bytes for {count} entries")
    entries = list(ENTRY.iter_unpack(descriptor[start:]))
    if entries[0] != (bytes(68), RESERVED_FIRST, 0, 0):
        raise HostError("the manifest's first entry is not the reserved one")
    devices = []
    for name, number, _host, attached in entries[1:]:
        if number not in KINDS or attached:
            raise HostError(f"the manifest has an entry of type {number}, attached {attached}")
        devices.append(Device(KINDS[number], name.rstrip(b"\0").decode("ascii", "replace")))
    return tuple(devices)


def to_json(devices: Sequence[Device]) -> str:
    """Return the manifest as `solo5-elftool query-manifest` prints it."""
    entries = [{"name": device.name, "type": JSON_TYPES[device.kind]} for device in devices]
    return json.dumps({"type": JSON_TYPE, "version": VERSION, "devices": entries}, indent=2)


def device_of(entry: object) -> Device:
    """Parse one device of the JSON."""
    if not isinstance(entry, dict) or entry.keys() != {"name", "type"}:
        raise HostError(f"the manifest has the device {entry!r}: expected a name and a type")
    name, kind = entry["name"], entry["type"]
    if kind not in JSON_KINDS:
        known = " and ".join(JSON_KINDS)
        raise HostError(f"the manifest has a device of type {kind!r}: known are {known}")
    if not isinstance(name, str):
        raise HostError(f"the manifest has the device name {name!r}: expected text")
    return Device(JSON_KINDS[kind], name)


def from_json(text: str) -> tuple[Device, ...]:
    """Return the devices of such a JSON. HostError says what is wrong with it."""
    try:
        manifest = json.loads(text)
    except ValueError as error:
        raise HostError(f"the manifest is no JSON: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("type") != JSON_TYPE:
        raise HostError(f'the manifest has no "type": {JSON_TYPE!r}')
    if manifest.get("version") != VERSION:
        raise HostError(f"the manifest has version {manifest.get('version')!r}, not {VERSION}")
    entries = manifest.get("devices")
    if not isinstance(entries, list):
        raise HostError("the manifest has no list of devices")
    devices = tuple(device_of(entry) for entry in entries)
    if len({device.name for device in devices}) < len(devices):
        raise HostError("the manifest has two devices of the same name")
    return devices


def assembly(devices: Sequence[Device], origin: str) -> str:
    """Return the note as assembler source."""
    descriptor = encode(devices)
    manifest = descriptor[PADDING.size :]
    rows = [manifest[:8], *(manifest[i : i + ENTRY.size] for i in range(8, len(manifest), ENTRY.size))]
    names = ["header", "reserved", *(f"{device.kind.value} {device.name}" for device in devices)]
    lines = [
        f"# Made by host/manifest.py from {origin}.",
        f'    .section {SECTION}, "a", @note',
        "    .balign 8",
        f"    .long {len(NOTE_NAME)}, {len(descriptor)}, {NOTE_TYPE:#x}",
        '    .ascii "Solo5\\0\\0\\0"',
        "    .long 0",
        f"    .globl {SYMBOL}",
        f"    .type {SYMBOL}, @object",
        f"{SYMBOL}:",
    ]
    for name, row in zip(names, rows, strict=True):
        lines.append(f"    .byte {', '.join(map(str, row))}  # {name}")
    lines += [f"    .size {SYMBOL}, . - {SYMBOL}", '    .section .note.GNU-stack, "", @progbits', ""]
    return "\n".join(lines)
