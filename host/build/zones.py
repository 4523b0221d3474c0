"""Time zones: an image that imports zoneinfo holds UTC and the zones whose names its program says, from
Debian's package tzdata."""

import ast
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from host.build import stdlib
from host.build.modules import Module, generated, is_ours, parse, remembered
from host.build.steps import digest, made_whole
from host.paths import BUILD

PACKAGE = "tzdata"
FOLDER = BUILD / "zones"
INSIDE = "usr/share/zoneinfo"
USER = "zoneinfo/_zones.py"  # of stack/std, imports what is made here
MADE = "zoneinfo/_data.py"
MAGIC = b"TZif"
LONGEST = 40  # letters in the name of a zone
IGNORED = str.maketrans("", "", "_-+")


@lru_cache(maxsize=1)
def folder() -> Path:
    """Return the folder of the package's files, after unpacking them if necessary."""
    package = stdlib.package(PACKAGE)
    made_whole(FOLDER, digest([package.name]), lambda into: stdlib.unpack([package], into))
    return FOLDER / INSIDE


def constants(path: Path) -> frozenset[str]:
    return frozenset(
        node.value
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@lru_cache(maxsize=4096)
def _texts(path: Path, _changed: int) -> frozenset[str]:
    return remembered("texts", path, lambda: constants(path))


def texts(path: Path) -> frozenset[str]:
    """Return the texts in a file's code."""
    return _texts(path, path.stat().st_mtime_ns)


def zone(name: str) -> bytes:
    """Return the zone's data (RFC 8536), empty if there is no such zone."""
    parts = name.split("/")
    is_name = len(name) < LONGEST and name.isascii()
    if not is_name or not all(part.translate(IGNORED).isalnum() for part in parts):
        return b""
    path = folder().joinpath(*parts)
    content = path.read_bytes() if path.is_file() else b""
    return content if content.startswith(MAGIC) else b""


def made(reached: Iterable[Module]) -> list[Module]:
    """Return the module with the zones that these modules name, if one of them can use it."""
    modules = list(reached)
    if not any(module.path == USER for module in modules):
        return []
    names = frozenset[str]().union(
        *(texts(module.source) for module in modules if not is_ours(module.source))
    )
    found = {name: data for name in sorted(names) if (data := zone(name))}
    lines = "".join(f"    {name!r}: {data!r},\n" for name, data in found.items())
    return [generated(MADE, f"ZONES = {{\n{lines}}}\n")]
