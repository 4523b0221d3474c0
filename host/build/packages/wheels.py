"""The files of locked releases: in the user's cache by their SHA-256, unpacked in the build folder."""

import os
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from host.build import stdlib, steps
from host.build.packages import pip
from host.build.packages.lock import Pinned
from host.build.packages.wanted import Wants
from host.errors import HostError, os_errors
from host.paths import BUILD, cache
from host.report import step

UNPACKED = BUILD / "packages"
CHANGES = Path(__file__).with_name("changes")
WITHOUT = "# without:"
BUILT = "built"  # the folder of a wheel that was built here
DAMAGED = "it is not what its hash says; remove it, and the next build fetches it again"
LIBRARIES = ("purelib", "platlib")  # of NAME-VERSION.data: what belongs beside the wheel's own modules


@dataclass(frozen=True)
class Wheel:
    name: str
    path: Path
    digest: str  # of the file that the lock file names: this one, or the source archive of a built one

    @property
    def is_built(self) -> bool:
        return self.path.parent.name == BUILT


def folder_of(digest: str) -> Path:
    return cache() / "python" / digest


def kept(pinned: Pinned) -> Wheel | None:
    """Return the wheel of a release if the cache has it, whole."""
    for digest in pinned.hashes:
        folder = folder_of(digest)
        wheels = sorted([*folder.glob("*.whl"), *folder.glob(f"{BUILT}/*.whl")])
        if wheels:
            return Wheel(pinned.name, wheels[0], digest)
    return None


def keep(archive: Path, pinned: Sequence[Pinned]) -> None:
    """Put a fetched file into the cache; of a source archive the wheel that its own build makes."""
    digest = sha256(archive.read_bytes()).hexdigest()
    owner = next((each for each in pinned if digest in each.hashes), None)
    if owner is None:
        raise HostError(f"{archive.name}: its hash is none of the locked ones")
    folder = folder_of(digest)
    with TemporaryDirectory(prefix="pymnet-wheel-") as name:
        if archive.suffix != ".whl":
            folder /= BUILT
            words = ["wheel", "--no-deps", f"--wheel-dir={name}", str(archive)]
            wrong = pip.run(words, Path(name), for_guest=False)
            if wrong:
                raise HostError(f"{owner.where}: building {owner.what} failed: {pip.reason(wrong)}")
            archive = next(Path(name).glob("*.whl"))
        with os_errors("cannot keep a package"):
            folder.mkdir(parents=True, exist_ok=True)
            partial = folder / f"{archive.name}.{os.getpid()}"
            shutil.copyfile(archive, partial)
            partial.rename(folder / archive.name)


def fetch(missing: Sequence[Pinned], wants: Wants, folder: Path) -> None:
    """Let pip download releases and compare their hashes."""
    with TemporaryDirectory(prefix="pymnet-pip-") as name, step(f"Fetching {len(missing)} packages"):
        into, listed = Path(name) / "files", Path(name) / "requirements.txt"
        listed.write_text("".join(each.line for each in missing))
        words = ["download", "--no-deps", "--require-hashes", f"--dest={into}", f"--requirement={listed}"]
        wrong = pip.run(words, folder)
        if wrong:
            raise pip.explained(wrong, {each.name: each.where for each in missing}, wants.origin)
        for archive in sorted(into.iterdir()):
            keep(archive, missing)


def provided(pinned: Sequence[Pinned], wants: Wants, folder: Path) -> list[Wheel]:
    """Return the wheels of all releases, fetching those that the cache lacks."""
    missing = [each for each in pinned if kept(each) is None]
    if missing:
        fetch(missing, wants, folder)
    found = [(each, kept(each)) for each in pinned]
    for each, wheel in found:
        if wheel is None:
            raise HostError(f"{each.where}: pip has not fetched {each.what}")
    return [wheel for _, wheel in found if wheel]


def target(name: str) -> str:
    """Return where a file of a wheel belongs; nothing if it is not for import (PEP 427)."""
    parts = PurePosixPath(name).parts
    if not parts or name.endswith("/"):
        return ""
    if parts[0].endswith(".data"):
        parts = parts[2:] if len(parts) > 2 and parts[1] in LIBRARIES else ()
    return "/".join(parts)


def copy(archive: zipfile.ZipFile, name: str, into: Path) -> None:
    """Write one file of a wheel below a folder, if it is for import."""
    place = target(name)
    if place.startswith("/") or ".." in PurePosixPath(place).parts:
        raise HostError(f"{archive.filename}: has a file outside of it: {name}")
    if place:
        (into / place).parent.mkdir(parents=True, exist_ok=True)
        (into / place).write_bytes(archive.read(name))


def changes() -> list[Path]:
    """Return what is changed in packages: files of the same names, with what comes in place of the parts that
    no image can run."""
    return sorted(CHANGES.rglob("*.py"))


def change(folder: Path) -> None:
    """Take parts out of a package's files (`# without: NAME Class.method`), and append what replaces them."""
    for path in changes():
        file, text = folder / path.relative_to(CHANGES), path.read_text()
        if file.is_file():
            lines = (line for line in text.splitlines() if line.startswith(WITHOUT))
            names = {name for line in lines for name in line.removeprefix(WITHOUT).split()}
            file.write_text(stdlib.without(file.read_text(), names) + "\n\n" + text)


def unpacked(wheel: Wheel) -> Path:
    """Return the folder with a wheel's files."""
    folder = UNPACKED / "-".join([*wheel.path.name.split("-")[:2], wheel.digest[:12]])

    def make(into: Path) -> None:
        content = wheel.path.read_bytes()
        if not wheel.is_built and sha256(content).hexdigest() != wheel.digest:
            raise HostError(f"{wheel.path}: {DAMAGED}")
        try:
            with zipfile.ZipFile(wheel.path) as archive:
                for name in archive.namelist():
                    copy(archive, name, into)
        except zipfile.BadZipFile:
            raise HostError(f"{wheel.path}: {DAMAGED}") from None
        change(into)

    steps.made_whole(folder, steps.digest([wheel.digest, *changes()]), make)
    return folder
