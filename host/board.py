"""boards/NAME/board.toml: boards as data. Which platform of the port a board links, and how its images
run."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from host.errors import HostError
from host.manifest import Kind
from host.paths import BOARDS, BUILD, shown

DEFAULT = os.environ.get("PYMNET_BOARD") or "qemu-virtio"


@dataclass(frozen=True)
class Board:
    name: str
    arch: str  # a folder of port/arch/
    platform: str  # a folder of port/platform/
    runner: str  # how its images are started: a key of RUNNERS in host/run/launch.py
    linker: str  # how its images are linked: a key of LINKERS in host/build/image.py
    devices: tuple[Kind, ...]  # device kinds that its port has drivers for
    settings: dict[str, Any]  # the table of the runner

    @property
    def target(self) -> str:
        """The target of Solo5's ABI note; empty for none."""
        target: str = self.settings.get("abi", "")
        return target


def image_path(name: str, board: str = DEFAULT) -> Path:
    """Return the path of the image of the application `name`."""
    return BUILD / board / f"{name}.elf"


def names() -> list[str]:
    return sorted(path.parent.name for path in BOARDS.glob("*/board.toml"))


def load(name: str) -> Board:
    path = BOARDS / name / "board.toml"
    try:
        table = tomllib.loads(path.read_text())
        runner = table["runner"]
        devices = tuple(Kind(device) for device in table["devices"])
        linker = table.get("linker", "port")
        return Board(name, table["arch"], table["platform"], runner, linker, devices, table[runner])
    except FileNotFoundError:
        raise HostError(f"no board {name!r}: there are {', '.join(names()) or 'none'}") from None
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise HostError(f"{shown(path)}: {error}") from error
