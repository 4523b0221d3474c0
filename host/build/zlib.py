"""zlib's source from Debian, for the module of that name (port/zlib, docs/adr/0023)."""

from pathlib import Path

from host.build import sources
from host.build.sources import Source

SOURCE = Source(
    "zlib",
    "zlib",
    "bookworm",
    "zlib_1.2.13.dfsg.orig.tar.bz2",
    "71feb7947e3c00ef125f83b79a4e529bde31171e5babe48b391f06758d1ab0a1",
)


def is_needed(name: Path) -> bool:
    return len(name.parts) == 1 and name.suffix in (".c", ".h")


def add(tree: Path) -> None:
    """Put zlib's C files into lib/zlib of MicroPython's source."""
    sources.copy(SOURCE.fetch(), tree / "lib" / "zlib", is_needed)
