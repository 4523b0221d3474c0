"""Build steps: complete, up to date or repeated."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from host.build import steps
from host.errors import HostError
from host.paths import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "made"


def test_incremental_keeps_what_is_there(folder: Path) -> None:
    with steps.incremental(folder, "inputs"):
        (folder / "object.o").touch()
    with steps.incremental(folder, "inputs"):
        assert (folder / "object.o").exists()


def test_incremental_restarts_with_other_inputs(folder: Path) -> None:
    with steps.incremental(folder, "inputs"):
        (folder / "object.o").touch()
    with steps.incremental(folder, "others"):
        assert not (folder / "object.o").exists()


def test_moved_folder_restarts(folder: Path) -> None:
    with steps.incremental(folder, "inputs"):
        (folder / "object.o").touch()
    moved = folder.rename(folder.with_name("moved"))
    with steps.incremental(moved, "inputs"):
        assert not (moved / "object.o").exists()


def test_a_compiler_error_keeps_what_was_compiled(folder: Path) -> None:
    with pytest.raises(HostError), steps.incremental(folder, "inputs"):
        (folder / "object.o").touch()
        raise HostError("syntax")
    with steps.incremental(folder, "inputs"):
        assert (folder / "object.o").exists()


def test_interrupted_build_restarts(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt), steps.incremental(folder, "inputs"):
        (folder / "object.o").touch()
        raise KeyboardInterrupt
    with steps.incremental(folder, "inputs"):
        assert not (folder / "object.o").exists()


def test_killed_build_restarts(folder: Path) -> None:
    """kill -9 leaves no time to tidy up."""
    script = (
        "import os, sys; from pathlib import Path; from host.build import steps\n"
        "folder = Path(sys.argv[1])\n"
        "with steps.incremental(folder, 'inputs'):\n"
        "    (folder / 'object.o').touch(); os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(folder)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL and (folder / "object.o").exists()
    with steps.incremental(folder, "inputs"):
        assert not (folder / "object.o").exists()


def test_unchanged_files_keep_their_time(folder: Path) -> None:
    def version(changing: str) -> Callable[[Path], None]:
        def make(into: Path) -> None:
            for name, text in (("same.c", "text"), ("changed.c", changing)):
                (into / name).write_text(text)
                os.utime(into / name, (1, 1))  # as an archive gives it

        return make

    steps.made_whole(folder, "1", version("old"))
    os.utime(folder / "same.c", (2, 2))
    steps.made_whole(folder, "2", version("new"))
    assert (folder / "same.c").stat().st_mtime == 2
    assert (folder / "changed.c").read_text() == "new" and (folder / "changed.c").stat().st_mtime > 2


def test_the_lock_is_held_by_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(steps, "BUILD", tmp_path)
    script = (
        "import sys; from pathlib import Path; from host.build import steps\n"
        "steps.BUILD = Path(sys.argv[1])\n"
        "with steps.lock(): print('mine')\n"
    )
    with steps.lock():
        argv = [sys.executable, "-c", script, str(tmp_path)]
        other = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert other.stderr is not None
        assert "waiting for another build" in other.stderr.readline()
    assert other.communicate(timeout=30)[0] == "mine\n"


def test_a_generated_file_keeps_its_time(tmp_path: Path) -> None:
    path = steps.write_if_changed(tmp_path / "made.c", "text")
    os.utime(path, (1, 1))
    assert steps.write_if_changed(path, "text").stat().st_mtime == 1
    assert steps.write_if_changed(path, "other").stat().st_mtime != 1


def test_a_digest_names_what_it_is_of(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("1")
    first = steps.digest(["ab", file])
    assert first == steps.digest(["ab", file]) != steps.digest(["a", "b", file])
    file.write_text("2")
    assert steps.digest(["ab", file]) != first
