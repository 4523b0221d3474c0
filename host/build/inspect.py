"""`invoke inspect`: contents and limits of an image."""

import re
import runpy
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from host import abi, elf, unikernel
from host import board as boards
from host.board import image_path
from host.build import image as images
from host.build.modules import Module
from host.elf import Elf
from host.paths import STACK, shown

WIDE = 200  # columns, without a terminal
LIMITS = STACK / "mnet" / "limits.py"
COMMENTED = re.compile(r"^(?P<name>[A-Z][A-Z0-9_]*) = .*?(?:#\s*(?P<comment>.*))?$", re.MULTILINE)
# The names of mpy-tool for the parts of a module.
PARTS = re.compile(
    r"(?:fun_data|proto_fun|children|const_qstr_table_data|const_obj_table_data|const_obj|const_table|frozen_module)_"
)


def kib(size: int) -> str:
    return f"{size / 1024:.1f}"


def module_sizes(image: Elf, modules: Sequence[Module]) -> Counter[str]:
    """Return the bytes of each frozen module in the image, from the symbols of mpy-tool."""
    # Longest name first: a_b_c belongs to module a/b rather than to a.
    by_symbol = sorted(((module.symbol, module.path) for module in modules), key=lambda pair: -len(pair[0]))
    sizes = Counter({module.path: 0 for module in modules})
    for name, size in image.symbols.items():
        if match := PARTS.match(name):
            rest = name[match.end() :]
            owner = next((path for symbol, path in by_symbol if rest.startswith(symbol)), None)
            if owner:
                sizes[owner] += size
    return sizes


@dataclass(frozen=True)
class Stack:
    name: str
    bottom: int
    top: int


def stacks(image: Elf) -> list[Stack]:
    """Return the C stacks of the image: a label marks the start and the end of each."""
    tops = {
        name.removesuffix("_top"): end for name, end in image.labels.items() if name.endswith("_stack_top")
    }
    found = [Stack(name, image.labels[name], top) for name, top in tops.items() if name in image.labels]
    return sorted(found, key=lambda stack: stack.bottom)


def limits(path: Path = LIMITS) -> list[tuple[str, int, str]]:
    """Return the limits of the stack: name, value, comment."""
    text = path.read_text()
    comments = {match["name"]: match["comment"] or "" for match in COMMENTED.finditer(text)}
    twin = ModuleType("micropython")
    twin.const = lambda value: value  # type: ignore[attr-defined]
    with patch.dict(sys.modules, {"micropython": twin}):
        values = runpy.run_path(str(path))
    return [(name, values[name], comment) for name, comment in comments.items() if name in values]


def table(title: str, columns: Iterable[str], rows: Iterable[Sequence[str]]) -> Table:
    """Return a table; columns with an upper-case name hold numbers."""
    made = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column.lower(), justify="right" if column.isupper() else "left", no_wrap=True)
    for row in rows:
        made.add_row(*row)
    return made


def tables(name: str, board_name: str) -> list[Table]:
    path = image_path(unikernel.load(name).key, board_name)
    image, symbols = elf.load(path), elf.load(path.with_name(f"{path.name}.debug"))
    segments = [
        (f"{s.address:#x}", kib(s.file_size), kib(s.memory_size), s.protection) for s in image.segments
    ]
    sections = [(s.name, kib(s.size), "" if s.in_file else "zeroed") for s in image.sections]
    devices = [(d.kind.value, d.name) for d in image.devices()]
    bounds_of_stacks = [
        (s.name, f"{s.bottom:#x}", f"{s.top:#x}", kib(s.top - s.bottom)) for s in stacks(symbols)
    ]
    frozen = module_sizes(symbols, images.frozen(unikernel.load(name))[0])
    modules = [(module, str(size)) for module, size in frozen.most_common()]
    bounds = [(bound, str(value), comment) for bound, value, comment in limits()]
    return [
        table("segments", ("address", "FILE KIB", "MEMORY KIB", "protection"), segments),
        table("sections", ("name", "KIB", ""), sections),
        table("devices", ("kind", "name"), devices),
        table("stacks in the image", ("name", "from", "to", "KIB"), bounds_of_stacks),
        table(f"frozen modules ({kib(frozen.total())} KiB)", ("module", "BYTES"), modules),
        table("limits", ("name", "VALUE", "why"), bounds),
    ]


def show(name: str, board_name: str = boards.DEFAULT) -> None:
    """Print everything. HostError if the image violates a guarantee."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    path = image_path(unikernel.load(name).key, board_name)
    image = elf.load(path)
    made_for = f", Solo5 ABI: {image.target()} version {abi.VERSION}" if image.target() else ""
    console.print(f"{shown(path)}: {path.stat().st_size} bytes, entry {image.entry:#x}{made_for}\n")
    for each in tables(name, board_name):
        console.print(each)
        console.print()
    elf.check(image, unikernel.load(name).devices, shown(path), boards.load(board_name).target)
