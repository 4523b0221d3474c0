"""Read-only files of an image (`files` in unikernel.toml): the program rom/main.py reads them and tries to
change them. On CPython the same program runs in a copy that is mounted read-only."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import ways

from host.build import image
from host.options import Options
from host.run import launch

PROGRAM = Path(__file__).with_name("rom")
LARGE = 300_000  # bytes
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && exec "$1" -B main.py'


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("folder") / "rom"
    shutil.copytree(PROGRAM, folder)
    (folder / "large.bin").write_bytes(bytes(range(256)) * (LARGE // 256))
    return folder


def on_cpython(folder: Path) -> list[str]:
    namespace = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", READ_ONLY]
    done = subprocess.run(
        [*namespace, folder, sys.executable], capture_output=True, text=True, timeout=60, check=False
    )
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"no read-only mount on this machine: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_program_reads_its_files_as_on_cpython(application: Path) -> None:
    image.build(application)
    expected = on_cpython(application)
    with launch.launch(application, Options(arguments=ways.quiet(""))) as guest:
        code = guest.wait(timeout=60)
        console = guest.console.text.splitlines()
    assert code == 0, console
    assert [line for line in console if line in set(expected)] == expected, console


def test_the_same_files_give_the_same_image(application: Path) -> None:
    """Times of files do not count, and neither does where the folder is."""
    first = image.build(application).path.read_bytes()
    copy = application.parent / "elsewhere" / "rom"
    shutil.copytree(application, copy, copy_function=shutil.copyfile)
    (copy / "large.bin").touch()
    assert image.build(copy).path.read_bytes() == first


def test_files_that_no_program_opens_take_no_room(tmp_path: Path) -> None:
    folder = tmp_path / "idle"
    folder.mkdir()
    (folder / "main.py").write_text("print('nothing is opened')\n")
    (folder / "large.bin").write_bytes(bytes(LARGE))
    (folder / "unikernel.toml").write_text("")
    without = image.build(folder).path.stat().st_size
    (folder / "unikernel.toml").write_text("[image]\nfiles = ['large.bin']\n")
    assert image.build(folder).path.stat().st_size == without
