"""Time zones: an image that imports zoneinfo holds UTC and the zones whose names its program says, from
Debian's package tzdata."""

import ast
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from host.build import stdlib
from host.build.modules import Module, generated, is_ours, parse
from host.build.steps import digest, made_whole
from host.paths import BUILD

PACKAGE = "tzdata"
FOLDER = BUILD / "zones"
INSIDE = "usr/share/zoneinfo"
USER = "zoneinfo/_zones.py"  # of stack/std, imports what is made here
MADE = "zoneinfo/_data.py"
MAGIC = b"TZif"


@lru_cache(maxsize=1)
def folder() -> Path:
    """Return the folder of the package's files, after unpacking them if necessary."""
    package = stdlib.package(PACKAGE)
    made_whole(FOLDER, digest([package.name]), lambda into: stdlib.unpack([package], into))
    return FOLDER / INSIDE


def texts(path: Path) -> set[str]:
    return {
        node.value
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def zone(name: str) -> bytes:
    """Return the zone's data (RFC 8536), empty if there is no such zone."""
    parts = name.split("/")
    if not all(part.replace("_", "").replace("-", "").replace("+", "").isalnum() for part in parts):
        return b""
    path = folder().joinpath(*parts)
    content = path.read_bytes() if path.is_file() else b""
    return content if content.startswith(MAGIC) else b""


def made(reached: Iterable[Module]) -> list[Module]:
    """Return the module with the zones that these modules name, if one of them can use it."""
    modules = list(reached)
    if not any(module.path == USER for module in modules):
        return []
    names = set().union(*(texts(module.source) for module in modules if not is_ours(module.source)))
    found = {name: data for name in sorted(names) if (data := zone(name))}
    lines = "".join(f"    {name!r}: {data!r},\n" for name, data in found.items())
    return [generated(MADE, f"ZONES = {{\n{lines}}}\n")]
