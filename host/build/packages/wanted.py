"""What an application asks for: requirements of PyPI and folders, each with the line that names it."""

import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from host.errors import HostError
from host.paths import shown
from host.unikernel import Unikernel

NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:[\[<>=!~;@(]|$)")


@dataclass(frozen=True)
class Wanted:
    text: str  # as pip takes it, or the path of a folder
    where: str  # file:line


@dataclass(frozen=True)
class Wants:
    """`origin` is the file that names them; `argv` are pip's arguments for the requirements."""

    origin: str
    paths: tuple[Wanted, ...]
    requirements: tuple[Wanted, ...]
    argv: tuple[str, ...]

    def lines(self) -> dict[str, str]:
        """Return file:line of each requirement by its name."""
        named = ((NAME.match(each.text), each.where) for each in self.requirements)
        return {normalized(match[1]): where for match, where in named if match}


def normalized(name: str) -> str:
    """Return a package's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_path(text: str) -> bool:
    return text.startswith((".", "/"))


def lines_of(path: Path, texts: Iterable[str]) -> list[Wanted]:
    """Return each entry of `packages` with its line."""
    lines = path.read_text().splitlines() if path.is_file() else []
    start = next((i for i, line in enumerate(lines) if re.match(r"\s*[\"']?packages[\"']?\s*=", line)), 0)
    found = []
    for text in texts:
        quoted = (f'"{text}"', f"'{text}'")
        numbers = (i for i, line in enumerate(lines[start:], start + 1) if any(q in line for q in quoted))
        found.append(Wanted(text, f"{shown(path)}:{next(numbers, start + 1)}"))
    return found


def of_toml(application: Unikernel) -> Wants:
    path = application.folder / "unikernel.toml"
    entries = lines_of(path, application.packages)
    requirements = []
    for each in entries:
        match = NAME.match(each.text)
        if not match and not is_path(each.text):
            raise HostError(
                f"{each.where}: packages: {each.text!r} is neither a requirement (name==1.*) nor a ./path"
            )
        # asyncio, dataclasses ...: the image's own, as CPython's own hides a package of that name
        if match and match[1] not in sys.stdlib_module_names:
            requirements.append(each)
    paths = tuple(each for each in entries if is_path(each.text))
    more = [each for path in paths for each in of_project(application.folder / path.text)]
    every = (*requirements, *more)
    return Wants(shown(path), paths, every, ("--", *(each.text for each in every)))


def of_project(folder: Path) -> list[Wanted]:
    """Return the dependencies that a folder's pyproject.toml names."""
    path = folder / "pyproject.toml"
    if not path.is_file():
        return []
    try:
        table = tomllib.loads(path.read_text()).get("project", {})
    except tomllib.TOMLDecodeError as error:
        raise HostError(f"{shown(path)}: {error}") from None
    return [Wanted(text, shown(path)) for text in table.get("dependencies", ())]


def of_requirements(path: Path) -> Wants:
    """Return the lines of requirements.txt; pip reads the file itself."""
    lines = [
        Wanted(line.strip(), f"{shown(path)}:{number}")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    return Wants(shown(path), (), tuple(lines), ("--requirement", path.name))


def wanted(application: Unikernel) -> Wants:
    path = application.folder / "requirements.txt"
    if not application.names_packages and path.is_file():
        return of_requirements(path)
    return of_toml(application)
