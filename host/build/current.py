"""What an image is made of, and whether it is up to date. This imports nothing of the build: to find that
there is nothing to do must take no time."""

import fnmatch
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from host.board import image_path
from host.build import files
from host.errors import os_errors
from host.paths import BOARDS, IS_CHECKOUT, PORT, ROOT, STACK, shown
from host.unikernel import Unikernel

OURS = (STACK, PORT, BOARDS, ROOT / "host")
SETTINGS = ("MICROPYTHON_DIR", "UNIKRAFT_DIR")  # variables that name other sources
TESTS = ("tests", "test")


def walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield every file below a folder, without bytecode."""
    for entry in os.scandir(folder):
        if not entry.is_dir(follow_symlinks=False):
            yield entry
        elif entry.name != "__pycache__":
            yield from walk(Path(entry.path))


def stamps(*folders: Path) -> list[str]:
    """Return name, size and time of every file below the folders."""
    found = ((entry.path, entry.stat()) for folder in folders for entry in walk(folder))
    return sorted(f"{path} {stat.st_size} {stat.st_mtime_ns}" for path, stat in found)


def is_left_out(application: Unikernel, path: Path) -> bool:
    """Whether a file or folder is no part of the image: tests, virtual environments, what is hidden or
    excluded."""
    name = path.relative_to(application.folder).as_posix()
    if path.is_dir():
        left = path.name.startswith(".") or path.name in TESTS or (path / "pyvenv.cfg").is_file()
    else:
        # tests beside main.py; those inside packages are frozen only if imported
        left = name.startswith("test_")
    return left or any(fnmatch.fnmatchcase(name, pattern) for pattern in application.exclude)


def python_files(application: Unikernel) -> list[Path]:
    """Return the Python files of the application; of a single file those beside it, and packages."""
    found = []

    def look(folder: Path, packages_only: bool) -> None:
        for path in sorted(folder.iterdir()):
            if path.name == "__pycache__" or is_left_out(application, path):
                continue
            if not path.is_dir():
                found.extend([path] if path.suffix == ".py" else [])
            elif not packages_only or (path / "__init__.py").is_file():
                look(path, False)

    look(application.folder, bool(application.script))
    return found


def of_packages(application: Unikernel) -> Iterator[Path]:
    """Yield the files of packages that are folders of the user's."""
    for text in application.packages:
        if text.startswith((".", "/")) and (application.folder / text).is_dir():
            found = walk(application.folder / text)
            yield from (Path(each.path) for each in found if each.name.endswith((".py", ".toml")))


def of_the_user(application: Unikernel) -> list[str]:
    """Return path, size and time of the files of the user's that an image is made of."""
    own = {*python_files(application), *of_packages(application)}
    own |= {path for path in application.folder.iterdir() if path.suffix in (".toml", ".lock", ".txt")}
    own |= {each.source for each in files.named(application)}  # the lock file stands for packages
    found = ((path, path.stat()) for path in sorted(own) if path.is_file())
    return [f"{path} {stat.st_size} {stat.st_mtime_ns}" for path, stat in found]


def sources(application: Unikernel) -> str:
    """Return a digest of everything that an image is made of: names, sizes and times."""
    lines = [*of_the_user(application), *(f"{name}={os.environ.get(name, '')}" for name in SETTINGS)]
    lines += [*stamps(*OURS), application.script]
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()


@dataclass(frozen=True)
class Mark:
    """What is written beside a complete image: it exists only then."""

    made_of: str
    contents: str = ""  # for people
    has_sources: bool = False
    unsatisfied: int = 0  # imports


def mark_path(image: Path) -> Path:
    return image.with_name(f"{image.name}.sources")


def write(image: Path, mark: Mark) -> None:
    mark_path(image).write_text(json.dumps(asdict(mark)))


def read(image: Path) -> Mark | None:
    """Return the mark of an image; None: there is none, or it is no complete image."""
    try:
        return Mark(**json.loads(mark_path(image).read_text())) if image.is_file() else None
    except (OSError, ValueError, TypeError):
        return None


def is_current(application: Unikernel, board_name: str) -> bool:
    """Whether the image exists and is up to date."""
    mark = read(image_path(application.key, board_name))
    return mark is not None and mark.made_of == sources(application)


def publish(application: Unikernel, board_name: str) -> None:
    """Copy an image that was built in the user's cache to where its user looks: build/BOARD/NAME.elf."""
    if IS_CHECKOUT:
        return
    with os_errors("cannot copy the image"):
        target = application.folder / "build" / board_name / f"{application.name}.elf"
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{target.name}.partial")
        shutil.copyfile(image_path(application.key, board_name), partial)
        partial.rename(target)


def describe(application: Unikernel, board_name: str, strict: bool) -> str:
    """Return the description of an image that need not be built; empty: it must be."""
    path = image_path(application.key, board_name)
    mark = read(path)
    wanted = bool(application.sources)
    if (
        mark is None
        or mark.has_sources != wanted
        or (strict and mark.unsatisfied)
        or "MICROPYTHON_DIR" in os.environ
    ):
        return ""
    return f"{shown(path)}: {mark.contents}" if mark.made_of == sources(application) else ""
