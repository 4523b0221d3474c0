"""zlib's source from Debian, for the module of that name (port/zlib, docs/adr/0023)."""

import shutil
import tarfile
from hashlib import sha256
from pathlib import Path

from host.build import apt
from host.errors import HostError, os_errors
from host.paths import cache
from host.report import step

SUITE = "bookworm"
TARBALL = "zlib_1.2.13.dfsg.orig.tar.bz2"
SHA256 = "71feb7947e3c00ef125f83b79a4e529bde31171e5babe48b391f06758d1ab0a1"
NEEDED = (".c", ".h")


def is_pinned(path: Path) -> bool:
    return path.is_file() and sha256(path.read_bytes()).hexdigest() == SHA256


def tarball() -> Path:
    """Return the pinned tarball in the user's cache folder, fetching it if it is missing."""
    path = cache() / "sources" / TARBALL
    if is_pinned(path):
        return path
    with os_errors("cannot keep zlib's source"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
    with step("Fetching zlib from Debian's archive"):
        apt.fetch_source("zlib", SUITE, TARBALL, path.parent)
    if not is_pinned(path):
        path.unlink()
        raise HostError(f"{TARBALL} is not the pinned one: not used; try again or ask your mirror")
    return path


def add(tree: Path) -> None:
    """Put zlib's C files into lib/zlib of MicroPython's source."""
    folder = tree / "lib" / "zlib"
    folder.mkdir(parents=True)
    with tarfile.open(tarball()) as tar:
        for member in tar:
            name = Path(member.name)
            content = tar.extractfile(member) if len(name.parts) == 2 and name.suffix in NEEDED else None
            if content is not None:
                with (folder / name.name).open("wb") as file:
                    shutil.copyfileobj(content, file)
