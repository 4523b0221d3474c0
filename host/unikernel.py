"""unikernels/NAME/unikernel.toml: what an application wants of its machine and of the frozen packages.

[image]
memory = 64                # MiB, default of `invoke run`
packages = ["asyncio"]     # of MicroPython's extmod/, frozen beside the application
[[net]]                    # devices, in the order in which they are attached
name = "service"
[[block]]
name = "data"
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from host.errors import HostError
from host.manifest import Device, Kind
from host.paths import UNIKERNELS, shown

DEFAULT_MEMORY = 64


@dataclass(frozen=True)
class Unikernel:
    name: str
    folder: Path
    devices: tuple[Device, ...] = ()
    memory: int = DEFAULT_MEMORY
    packages: tuple[str, ...] = ()


def names() -> list[str]:
    """Every application there is."""
    return sorted(path.parent.name for path in UNIKERNELS.glob("*/unikernel.toml"))


def checked(table: dict[str, Any], known: dict[str, type], where: str) -> dict[str, Any]:
    """The table, every key of it known and of the right type."""
    for key, value in table.items():
        if key not in known:
            raise HostError(f"{where}: unknown key {key!r}; known are {', '.join(known)}")
        if not isinstance(value, known[key]) or isinstance(value, bool):
            raise HostError(f"{where}: {key} must be of type {known[key].__name__}")
    return table


def parse(name: str, folder: Path, text: str) -> Unikernel:
    where = shown(folder / "unikernel.toml")
    try:
        top = checked(tomllib.loads(text), {"image": dict, "net": list, "block": list}, where)
    except tomllib.TOMLDecodeError as error:
        raise HostError(f"{where}: {error}") from error
    image = checked(top.get("image", {}), {"memory": int, "packages": list}, f"{where}: [image]")
    devices = []
    for kind in Kind:
        for entry in top.get(kind.value, []):
            checked(entry, {"name": str}, f"{where}: [[{kind.value}]]")
            devices.append(Device(kind, entry.get("name", "")))
    if len({device.name for device in devices}) < len(devices):
        raise HostError(f"{where}: two devices have the same name")
    memory = image.get("memory", DEFAULT_MEMORY)
    return Unikernel(name, folder, tuple(devices), memory, tuple(image.get("packages", ())))


def load(name: str | Path) -> Unikernel:
    """An application by its name, or one that lives elsewhere (a test's) by its folder."""
    folder = name if isinstance(name, Path) else UNIKERNELS / name
    try:
        return parse(folder.name, folder, (folder / "unikernel.toml").read_text())
    except (FileNotFoundError, NotADirectoryError):
        raise HostError(f"no unikernel {str(name)!r}: there are {', '.join(names()) or 'none'}") from None
