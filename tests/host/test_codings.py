"""Encodings that are not in C: those that a program names, and no others."""

from pathlib import Path

import pytest

from host.build import codings, freeze, imports, micropython, modules, stdlib
from host.unikernel import Unikernel


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cp1252", "cp1252"),
        ("Windows-1252", "cp1252"),
        ("ISO-8859-2", "iso8859_2"),
        ("koi8-r", "koi8_r"),
        ("idna", "idna"),
        ("raw_unicode_escape", "raw_unicode_escape"),
        ("greek", ""),
        ("437", ""),
        ("no-such-1", ""),
        ("a text of several words", ""),
        ("x\0-1", ""),
    ],
)
def test_names_of_encodings(text: str, name: str) -> None:
    assert codings.coding(text) == name


def encodings(folder: Path, text: str) -> tuple[set[str], str]:
    """The modules of the image's package `encodings`, and the table of names."""
    (folder / "main.py").write_text(text)
    application = Unikernel("app", folder)
    reached, _ = imports.walk(application, freeze.available(application), ())
    found = {module.path: module for module in reached if module.path.startswith(codings.PACKAGE)}
    names = found.pop(codings.MADE, None)
    assert bool(found) == any(module.path == "codecs.py" for module in reached)
    return {path.removeprefix(codings.PACKAGE) for path in found}, names.source.read_text() if names else ""


def test_what_a_program_names(tmp_path: Path) -> None:
    assert encodings(tmp_path, 'print("a".encode("utf-8"), "greek")') == (set(), "")
    assert encodings(tmp_path, 'print(b"a".decode("windows-1252"))') == (
        {"__init__.py", "cp1252.py"},
        "NAMES = {'windows_1252': 'cp1252'}\n",
    )
    found, _ = encodings(tmp_path, 'print("ü.example".encode("idna"))')
    assert found == {"__init__.py", "_escapes.py", "idna.py", "punycode.py"}


def test_what_a_module_of_cpythons_encodes_with(tmp_path: Path) -> None:
    stdlib.have()
    found, _ = encodings(tmp_path, "import zipfile")
    assert {"cp437.py", "__init__.py"} <= found and "cp1252.py" not in found
    found, _ = encodings(tmp_path, "from email.header import decode_header")
    assert "raw_unicode_escape.py" in found


def test_every_table_can_be_compiled(tmp_path: Path) -> None:
    """They are CPython's own; `_types` and the like are theirs to import."""
    stdlib.have()
    tables = [name for name in stdlib.FILES if name.startswith(codings.PACKAGE)]
    assert len(tables) > 60
    pairs = [
        (modules.Module(name, stdlib.FOLDER / name), tmp_path / Path(name).with_suffix(".mpy"))
        for name in tables
    ]
    assert modules.compile_all(pairs, micropython.mpy_cross()) == {}
