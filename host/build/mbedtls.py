"""Mbed TLS's source from Debian, for the module `_tls` (port/tls, docs/adr/0030)."""

from pathlib import Path

from host.build import sources
from host.build.sources import Source

VERSION = "3.6.6"
SOURCE = Source(
    "mbedtls",
    f"Mbed TLS {VERSION}",
    "trixie",
    f"mbedtls_{VERSION}.orig.tar.bz2",
    "8fb65fae8dcae5840f793c0a334860a411f884cc537ea290ce1c52bb64ca007a",
)
FOLDERS = {"library", "include/mbedtls", "include/psa"}


def is_needed(name: Path) -> bool:
    return name.parent.as_posix() in FOLDERS and name.suffix in (".c", ".h")


def add(tree: Path) -> None:
    """Put Mbed TLS's C files into lib/mbedtls of MicroPython's source."""
    sources.copy(SOURCE.fetch(), tree / "lib" / "mbedtls", is_needed)
