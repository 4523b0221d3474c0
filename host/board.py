"""boards/NAME/board.toml: a board is data. The port's platform it links, and how its machine is started."""

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
    platform: str  # a folder of port/
    runner: str  # what starts it: a key of RUNNERS in host/run/launch.py
    linker: str  # what links its images: a key of LINKERS in host/build/image.py
    devices: tuple[Kind, ...]  # kinds its port has drivers for
    settings: dict[str, Any]  # the runner's own table

    @property
    def target(self) -> str:
        """Of Solo5's ABI note; empty where there is none."""
        target: str = self.settings.get("abi", "")
        return target


def image_path(name: str, board: str = DEFAULT) -> Path:
    """Where the image of the application `name` is built."""
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
        return Board(name, table["platform"], runner, linker, devices, table[runner])
    except FileNotFoundError:
        raise HostError(f"no board {name!r}: there are {', '.join(names()) or 'none'}") from None
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise HostError(f"{shown(path)}: {error}") from error
