"""What importlib.metadata knows in an image: the application itself (pyproject.toml), its packages, and
those that pip put into its folder (*.dist-info)."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from host.build.modules import Module, generated
from host.errors import HostError
from host.paths import shown

USER = "importlib/metadata.py"  # of stack/std, imports what is made here
MADE = "importlib/_distributions.py"


def installed(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield METADATA and entry_points.txt of each package below the folder."""
    for path in sorted(folder.rglob("*.dist-info/METADATA")):
        points = path.with_name("entry_points.txt")
        head = path.read_text(errors="replace").partition("\n\n")[0]  # the rest is a README
        yield head + "\n", points.read_text() if points.is_file() else ""


def project(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the same of the application, as pip would write it for [project]."""
    if not path.is_file():
        return
    try:
        table = tomllib.loads(path.read_text()).get("project", {})
    except tomllib.TOMLDecodeError as error:
        raise HostError(f"{shown(path)}: {error}") from None
    if "name" not in table or "version" not in table:
        return
    fields = [("Name", table["name"]), ("Version", table["version"])]
    fields += [("Summary", table["description"])] if "description" in table else []
    fields += [("Requires-Dist", each) for each in table.get("dependencies", ())]
    groups = {"console_scripts": table.get("scripts", {}), **table.get("entry-points", {})}
    points = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
        for group, entries in groups.items()
        if entries
    ]
    yield "".join(f"{name}: {value}\n" for name, value in fields), "".join(points)


def made(reached: Iterable[Module], folders: Sequence[Path]) -> list[Module]:
    """Return the module with that metadata, if one of these modules can use it. The first folder is the
    application's, the others are packages'."""
    if not any(module.path == USER for module in reached):
        return []
    found = [*project(folders[0] / "pyproject.toml")]
    found += [each for folder in folders for each in installed(folder)]
    return [generated(MADE, f"FOUND = {found!r}\n")]
