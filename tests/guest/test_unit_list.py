"""The portable unit tests, frozen into an image and run on the machine."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import ways

from host.build import image
from host.net import netns, tap
from host.options import Net, Options
from host.paths import BUILD, ROOT
from host.run import launch

TESTS = ROOT / "tests"

FOLDERS = ("mkernel", "mnet")  # tests/unit/sockets drives the clock: the unix build runs it
STD = ("_thread", "select", "threading")
TOML = """\
[image]
memory = 128               # a thousand fibers at once need stacks

[[net]]                    # so that mnet is frozen; the tests leave it alone
name = "service"
"""
COUNT = re.compile(r"(\d+) passed, (\d+) failed\r?\n")


def lay_out(folder: Path) -> None:
    """An application whose main.py is the runner, with the tests as its modules."""
    shutil.rmtree(folder, ignore_errors=True)
    sources = [path for name in FOLDERS for path in sorted((TESTS / "unit" / name).rglob("*.py"))]
    for path in [*sources, TESTS / "support.py"]:
        copy = folder / path.relative_to(TESTS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    shutil.copy(TESTS / "mp" / "run.py", folder / "main.py")
    tests = [path for path in sources if path.name.startswith("test_")]
    names = [".".join(path.relative_to(TESTS).with_suffix("").parts) for path in tests]
    # Never called: it imports the tests, and the modules that support.std() loads.
    imports = "".join(f"    import {name}\n" for name in [*names, *STD])
    (folder / "unit_tests.py").write_text(f"MODULES = {names!r}\n\n\ndef everything():\n{imports}")
    (folder / "unikernel.toml").write_text(TOML)


@contextmanager
def attached() -> Iterator[Net]:
    """A peer at the other end of the image's network device."""
    if not ways.IS_SOLO5:
        yield Net("service")
        return
    if reason := netns.obstacle():
        pytest.skip(reason)
    with netns.Namespace(), tap.tap("tap0"):
        yield Net("service", tap="tap0")


def test_the_unit_tests_pass_in_an_image() -> None:
    folder = BUILD / "test" / "unit"
    lay_out(folder)
    image.build(folder)
    with attached() as net, launch.launch(folder, Options(nets=(net,))) as guest:
        passed, failed = guest.wait_for(COUNT, timeout=240).groups()
        assert (failed, guest.wait(timeout=10)) == ("0", 0), guest.console.tail()
    assert int(passed) > 90
