"""unikernels/NAME/unikernel.toml: what an application wants of its machine and of the frozen packages.

[image]
memory = 64                # MiB, default of `invoke run`
packages = ["h11", "./lib"]  # of PyPI, or folders; without the key requirements.txt (docs/packages.md)
files = ["static/**", "ca.pem"]  # read-only files of the image, at the same place below "/"
exclude = ["tools/*"]      # files of the folder that are not for the image
sources = true             # tracebacks show lines of the application's source; what `run` builds has them
preemption = true          # other threads run while one computes in the application's code (docs/adr/0026)
[env]                      # what os.environ begins with; --env:NAME=VALUE adds to it at the start
PORT = "7000"
[[net]]                    # devices, in the order in which they are attached
name = "service"
[[block]]
name = "data"
"""

import hashlib
import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from host.errors import HostError
from host.manifest import Device, Kind
from host.paths import IS_CHECKOUT, UNIKERNELS, shown

DEFAULT_MEMORY = 64


def names() -> list[str]:
    """Return the names of all applications."""
    return sorted(path.parent.name for path in UNIKERNELS.glob("*/unikernel.toml"))


@dataclass(frozen=True)
class File:
    """A unikernel.toml with its text, to report the line of an error."""

    path: str
    text: str

    def line(self, table: str, key: str) -> int:
        """Return the line of a key, in the first table that has it with this value."""
        inside = not table
        for number, line in enumerate(self.text.splitlines(), 1):
            header = re.match(r"\s*\[+\s*([^\]]*?)\s*\]", line)
            if header:
                inside = header[1] == table
                if not table and header[1].partition(".")[0].strip("\"' ") == key:
                    return number
            elif inside and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""", line):
                return number
        return 1

    def checked(self, table: dict[str, Any], known: dict[str, type], name: str = "") -> dict[str, Any]:
        """Return the table after checking that every key is known and of the right type."""
        for key, value in table.items():
            where = f"{self.path}:{self.line(name, key)}: {name and f'[{name}]: '}"
            if key not in known:
                raise HostError(f"{where}unknown key {key!r}; known are {', '.join(known)}")
            if not isinstance(value, known[key]) or isinstance(value, bool) != (known[key] is bool):
                raise HostError(f"{where}{key} must be of type {known[key].__name__}")
        return table

    def texts(self, table: dict[str, Any], key: str, name: str) -> tuple[str, ...]:
        """Return a list of strings."""
        values = table.get(key, [])
        if not all(isinstance(value, str) for value in values):
            raise HostError(f"{self.path}:{self.line(name, key)}: [{name}]: {key} must be a list of texts")
        return tuple(values)

    def environment(self, table: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        """Return the variables of [env]."""
        for name, value in table.items():
            where = f"{self.path}:{self.line('env', name)}: [env]: {name}"
            if not isinstance(value, str):
                raise HostError(f"{where} must be of type str")
            if not name or "=" in name or "\0" in name + value:
                raise HostError(f"{where}: a name has no '=', and neither name nor value a zero byte")
        return tuple(table.items())


@dataclass(frozen=True)
class Unikernel:
    name: str
    folder: Path
    devices: tuple[Device, ...] = ()
    memory: int = DEFAULT_MEMORY
    packages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    sources: bool | None = None  # None: as the caller of the build prefers
    env: tuple[tuple[str, str], ...] = ()
    preemption: bool = False
    file: File = field(default=File("unikernel.toml", ""), compare=False)
    names_packages: bool = field(default=False, compare=False)  # else requirements.txt does
    script: str = ""  # of an application that is a single file: its name

    @property
    def key(self) -> str:
        """Return the name of the image's files: distinct for every folder where these share one place."""
        if IS_CHECKOUT:
            return self.name
        return f"{self.name}-{hashlib.sha256(str(self.folder / self.script).encode()).hexdigest()[:8]}"

    def line(self, table: str, key: str) -> str:
        """Return the file and the line of a key, for messages."""
        return f"{self.file.path}:{self.file.line(table, key)}"


IMAGE = {
    "memory": int,
    "packages": list,
    "files": list,
    "exclude": list,
    "sources": bool,
    "preemption": bool,
}


def parse(name: str, folder: Path, text: str) -> Unikernel:
    where = shown(folder / "unikernel.toml")
    file = File(where, text)
    try:
        top = file.checked(tomllib.loads(text), {"image": dict, "env": dict, "net": list, "block": list})
    except tomllib.TOMLDecodeError as error:
        raise HostError(f"{where}: {error}") from error
    image = file.checked(top.get("image", {}), IMAGE, "image")
    devices = []
    for kind in Kind:
        for entry in top.get(kind.value, []):
            file.checked(entry, {"name": str}, kind.value)
            devices.append(Device(kind, entry.get("name", "")))
    if len({device.name for device in devices}) < len(devices):
        raise HostError(f"{where}: two devices have the same name")
    return Unikernel(
        name,
        folder,
        tuple(devices),
        image.get("memory", DEFAULT_MEMORY),
        file.texts(image, "packages", "image"),
        file.texts(image, "files", "image"),
        file.texts(image, "exclude", "image"),
        image.get("sources"),
        file.environment(top.get("env", {})),
        image.get("preemption", False),
        file,
        "packages" in image,
    )


# Of an application without unikernel.toml.
USUAL = '[[net]]\nname = "service"\n'


def load(name: str | Path) -> Unikernel:
    """Load an application by its name, by its folder or its one file: a path, or a text with a slash or with
    .py at its end. Without unikernel.toml it has one net device."""
    is_path = isinstance(name, Path) or "/" in name or name.endswith(".py") or name in (".", "..")
    path = Path(name).resolve() if is_path else UNIKERNELS / name
    if is_path and path.suffix == ".py" and path.is_file():
        return replace(parse(path.stem, path.parent, settings(path.parent)), script=path.name)
    if (path / "unikernel.toml").is_file() or is_path and (path / "main.py").is_file():
        return parse(path.name, path, settings(path))
    if is_path and path.is_dir():
        raise HostError(f"{shown(path)} has no main.py and no unikernel.toml")
    raise HostError(f"no unikernel {str(name)!r}: there are {', '.join(names()) or 'none'}")


def settings(folder: Path) -> str:
    """Return the text of unikernel.toml, or the usual one."""
    path = folder / "unikernel.toml"
    try:
        return path.read_text() if path.is_file() else USUAL
    except UnicodeDecodeError:
        raise HostError(f"{shown(path)}: this is no text in UTF-8") from None
