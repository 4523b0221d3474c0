"""Fixtures of host tests: unikernels, boards and images of their own."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from host import board, manifest, unikernel
from host.board import image_path
from host.build import image
from host.manifest import Device
from host.net import netns

TINY = Path(__file__).with_name("tiny.S")
Builder = Callable[..., Path]


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    """Make the image of a unikernel "tiny" that boots without an interpreter."""
    monkeypatch.setattr(unikernel, "UNIKERNELS", tmp_path / "unikernels")
    for module in (board, image):
        monkeypatch.setattr(module, "BUILD", tmp_path / "build")

    def build(
        *devices: Device,
        code: str = "0",
        greeting: str = "hello\\n",
        status: bool = True,
        wait: bool = False,
        link: tuple[str, ...] = (),
    ) -> Path:
        folder = tmp_path / "unikernels" / "tiny"
        folder.mkdir(parents=True, exist_ok=True)
        tables = [f'[[{device.kind.value}]]\nname = "{device.name}"\n' for device in devices]
        (folder / "unikernel.toml").write_text("[image]\nmemory = 16\n" + "".join(tables))
        note = tmp_path / "manifest.S"
        note.write_text(manifest.assembly(devices, "a test"))
        path = image_path("tiny")
        path.parent.mkdir(parents=True, exist_ok=True)
        defines = [
            f"-DSTATUS={int(status)}",
            f"-DWAIT={int(wait)}",
            f'-DEXIT="{code}"',
            f'-DGREETING="{greeting}"',
        ]
        layout = ["-Wl,--build-id=none", "-Wl,-Ttext=0x100000", "-Wl,-e,start", *link]
        argv = ["gcc", "-nostdlib", "-static", "-no-pie", *defines, *layout, "-o", path, TINY, note]
        subprocess.run(argv, check=True)
        return path

    return build


@pytest.fixture(scope="session")
def network_obstacle() -> str:
    return netns.obstacle()


@pytest.fixture
def namespace(network_obstacle: str):  # type: ignore[no-untyped-def]
    """A network namespace of the test's own; skipped where none can be made."""
    if network_obstacle:
        pytest.skip(network_obstacle)
    with netns.Namespace() as space:
        yield space
