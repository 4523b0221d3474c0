"""Build steps whose result is a folder: repeated when an input changes, never left half done."""

import fcntl
import filecmp
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from host.errors import os_errors
from host.paths import BUILD
from host.report import say

STAMP = ".pymnet"
UNFINISHED = ".unfinished"


def digest(parts: Iterable[str | bytes | Path]) -> str:
    """Return a digest of the inputs of a step; a path stands for its content."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            part = part.name.encode() + b"\0" + part.read_bytes()
        elif isinstance(part, str):
            part = part.encode()
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


@contextmanager
def lock() -> Iterator[None]:
    """Allow one build at a time in this clone."""
    with os_errors("cannot lock the build folder"):
        BUILD.mkdir(parents=True, exist_ok=True)
        file = (BUILD / ".lock").open("w")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another build in this folder to end")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_if_changed(path: Path, text: str) -> Path:
    """Write a generated file. Unchanged content keeps its time, so that make does nothing."""
    if not path.is_file() or path.read_text() != text:
        path.write_text(text)
    return path


def stamped(folder: Path) -> str:
    """Return the digest of a folder's inputs, or nothing if the folder is incomplete."""
    try:
        return (folder / STAMP).read_text()
    except FileNotFoundError:
        return ""


def made_whole(folder: Path, inputs: str, make: Callable[[Path], None]) -> None:
    """Make `folder` atomically: under another name until it is complete."""
    if stamped(folder) == inputs:
        return
    partial = folder.with_name(f"{folder.name}.partial")
    with os_errors(f"cannot make {folder.name}"):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        make(partial)
        keep_times(folder, partial)
        (partial / STAMP).write_text(inputs)
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)


def keep_times(old: Path, new: Path) -> None:
    """Set times so that make sees the differences between two versions of a folder: equal content keeps its
    time, other content gets the current time, whatever its archive says."""
    if not old.exists():
        return
    for path in new.rglob("*"):
        if path.is_file() and not path.is_symlink():
            before = old / path.relative_to(new)
            if before.is_file() and filecmp.cmp(before, path, shallow=False):
                shutil.copystat(before, path)
            else:
                os.utime(path)


@contextmanager
def incremental(folder: Path, inputs: str) -> Iterator[None]:
    """Let make continue in a folder. The folder is emptied when `inputs` (which make does not check) changed,
    or when make was killed: it may have left an incomplete file that is newer than its source. Also when the
    folder was copied or moved: the dependencies of gcc contain the old path, and nothing would be compiled
    again."""
    mark = folder / UNFINISHED
    inputs = digest([inputs, str(folder.resolve())])
    with os_errors(f"cannot use {folder.name}"):
        if folder.exists() and (mark.exists() or stamped(folder) != inputs):
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / STAMP).write_text(inputs)
        mark.touch()
    try:
        yield
    except Exception:
        mark.unlink()  # make stopped in order, for example after a compiler error
        raise
    mark.unlink()
