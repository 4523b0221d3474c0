"""Time zones: those that a program names, and no others."""

import ast
from pathlib import Path

import pytest

from host.build import stdlib, zones
from host.build.modules import Module
from host.errors import HostError
from host.paths import STACK

USER = Module(zones.USER, STACK / "std" / zones.USER)


@pytest.fixture(autouse=True)
def package() -> None:
    try:
        stdlib.package(zones.PACKAGE)
    except HostError as error:
        pytest.skip(f"no tzdata from Debian: {error}")


def held(source: str, folder: Path, *others: Module) -> dict[str, bytes]:
    path = folder / "main.py"
    path.write_text(source)
    (module,) = zones.made([Module("main.py", path), *others])
    assert module.path == zones.MADE
    found: dict[str, bytes] = ast.literal_eval(module.source.read_text().partition("=")[2].strip())
    return found


def test_the_zones_that_the_program_names(tmp_path: Path) -> None:
    found = held("ZONES = ['Europe/Berlin', 'America/New_York', 'Europe', '../x', 'no']", tmp_path, USER)
    assert sorted(found) == ["America/New_York", "Europe/Berlin"]
    assert found["Europe/Berlin"].startswith(b"TZif") and b"CET" in found["Europe/Berlin"]


def test_none_for_a_program_without_zoneinfo(tmp_path: Path) -> None:
    path = tmp_path / "main.py"
    path.write_text("x = 'Europe/Berlin'")
    assert zones.made([Module("main.py", path)]) == []
