"""A guest of our own for the tender's tests, and the ways to run it."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from host import manifest
from host.manifest import Device, Kind
from host.paths import ROOT
from host.tender import emulator, kvm

HERE = Path(__file__).parent
ABI_NOTE = """\
    .section .note.solo5.abi, "a", @note
    .balign 4
    .long 6, 16, 0x31494241
    .ascii "Solo5\\0\\0\\0"
    .long {target}, {version}, 0, 0
"""
FLAGS = (
    "-O1 -Wall -Wextra -Werror -std=gnu11 -ffreestanding -fno-pic -no-pie -mno-red-zone -mgeneral-regs-only"
)
LINK = "-fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables -nostdlib -static"

BACK_ENDS = [
    pytest.param(name, marks=pytest.mark.skipif(bool(obstacle), reason=f"{name}: {obstacle}"))
    for name, obstacle in (("kvm", kvm.obstacle()), ("unicorn", emulator.obstacle()))
]

Build = Callable[..., Path]


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """build(device, ..., target=1, version=2, script="guest.ld") -> the guest's image."""
    folder = tmp_path_factory.mktemp("guests")
    made: dict[object, Path] = {}

    def make(*devices: Device, target: int = 1, version: int = 2, script: Path = HERE / "guest.ld") -> Path:
        key = (devices, target, version, script)
        if key not in made:
            image = folder / f"{len(made)}.hvt"
            notes = image.with_suffix(".S")
            abi = ABI_NOTE.format(target=target, version=version)
            notes.write_text(abi + manifest.assembly(devices, "a test"))
            argv = ["gcc", *FLAGS.split(), *LINK.split(), "-Wl,--build-id=none", "-Wl,-z,max-page-size=4096"]
            subprocess.run([*argv, f"-T{script}", "-o", image, HERE / "guest.c", notes], check=True)
            made[key] = image
        return made[key]

    return make


@pytest.fixture(scope="session")
def plain(build: Build) -> Path:
    """A guest without devices."""
    return build()


@pytest.fixture(scope="session")
def with_net(build: Build) -> Path:
    return build(Device(Kind.NET, "service"))


@pytest.fixture(scope="session")
def with_block(build: Build) -> Path:
    return build(Device(Kind.BLOCK, "data"))


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "host.tender", *map(str, words)]


Run = Callable[..., subprocess.CompletedProcess[str]]


def run(*words: object, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run the tender to its end."""
    return subprocess.run(
        command(*words), cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout
    )


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """Return the tender's one line."""
    assert done.returncode == 1, done
    (line,) = done.stderr.splitlines()
    return line.removeprefix("tender: ")


def on(back_end: str, *words: object) -> Sequence[object]:
    return [f"--accel={back_end}", "--mem=16", *words]
