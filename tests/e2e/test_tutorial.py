"""docs/tutorial.md: every command runs, in its order, in an empty folder."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import ways

from host.paths import ROOT
from host.run import launch

TUTORIAL = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```sh( background)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DEADLINE = 120  # seconds, until the page is served


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The command on PATH, as pip makes it; here it runs from the checkout, whose build it shares."""
    command = tmp_path / "bin" / "pymnet"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m host.pymnet "$@"\n')
    command.chmod(0o755)
    return {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}"}


@pytest.fixture
def background() -> Iterator[list["subprocess.Popen[str]"]]:
    running: list[subprocess.Popen[str]] = []
    yield running
    for each in running:
        each.terminate()
        each.wait(timeout=30)


def fetch(url: str) -> str:
    """Fetch a page as soon as it is served."""
    until = time.monotonic() + DEADLINE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                text: str = answer.read().decode()
                return text
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@ways.needs_user_network
def test_every_command_of_the_tutorial(
    environment: dict[str, str], background: list["subprocess.Popen[str]"], tmp_path: Path
) -> None:
    folder, page, port = tmp_path, "", str(launch.free_port())
    blocks = BLOCK.findall(TUTORIAL.read_text())
    assert len(blocks) >= 6
    for is_background, text in blocks:
        for line in text.replace("8080", port).splitlines():
            if line.startswith("cd "):
                folder = folder / line.removeprefix("cd ")
            elif is_background:
                background.append(subprocess.Popen(["sh", "-c", f"exec {line}"], cwd=folder, env=environment))
            elif line.startswith("curl "):
                page = fetch(line.split()[-1])
            else:
                subprocess.run(["sh", "-ec", line], cwd=folder, env=environment, timeout=500, check=True)
    assert "<h1>hello works</h1>" in page
    assert folder.name == "hello" and background and all(each.poll() is None for each in background)
