"""Source packages of Debian: one pinned tarball each, in the user's cache folder."""

import hashlib
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj

from host.build import apt
from host.errors import HostError, os_errors
from host.paths import cache
from host.report import step


@dataclass(frozen=True)
class Source:
    """A source package, the suite that has the wanted version, its tarball and that file's SHA-256."""

    package: str
    title: str
    suite: str
    tarball: str
    sha256: str

    def is_pinned(self, path: Path) -> bool:
        return path.is_file() and digest(path) == self.sha256

    def fetch(self) -> Path:
        """Return the tarball, fetching it if it is missing."""
        path = cache() / "sources" / self.tarball
        if self.is_pinned(path):
            return path
        with os_errors(f"cannot keep {self.title}'s source"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
        with step(f"Fetching {self.title} from Debian's archive"):
            apt.fetch_source(self.package, self.suite, self.tarball, path.parent)
        found = digest(path)
        if found != self.sha256:
            path.unlink()
            raise HostError(
                f"{self.tarball} has the SHA-256 {found}, not {self.sha256}: not used; "
                "try again or ask your mirror"
            )
        return path


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy(archive: Path, into: Path, wanted: Callable[[Path], bool]) -> None:
    """Copy the files of a tarball whose path below its top folder is `wanted`."""
    with tarfile.open(archive) as tar:
        for member in tar:
            name = Path(*Path(member.name).parts[1:])
            content = tar.extractfile(member) if ".." not in name.parts and wanted(name) else None
            if content is not None:
                (into / name).parent.mkdir(parents=True, exist_ok=True)
                with (into / name).open("wb") as file:
                    copyfileobj(content, file)
