"""Signals to the tender at moments that no test from outside hits."""

import os
import subprocess
from pathlib import Path

import pytest

from host.paths import ROOT

from .conftest import BACK_ENDS, command, on

KVM = BACK_ENDS[0]  # unicorn checks for signals by itself, every now and then


@pytest.mark.parametrize("back_end", [KVM])
def test_a_signal_just_before_the_guest_runs_ends_it(back_end: str, plain: Path, tmp_path: Path) -> None:
    """The first run ends with the guest's line, the second would never end."""
    library = tmp_path / "signal_before_run.so"
    source = Path(__file__).with_name("signal_before_run.c")
    subprocess.run(
        ["gcc", "-Wall", "-Werror", "-shared", "-fPIC", "-DRUN=2", "-o", library, source], check=True
    )
    done = subprocess.run(
        command(*on(back_end, plain, "spin")),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        env={**os.environ, "LD_PRELOAD": str(library)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, b"spinning\n", b"")
