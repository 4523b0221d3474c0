"""The tables of unicodedata: our module over them agrees with CPython's."""

import importlib.util
import random
import sys
import types
import unicodedata
from pathlib import Path

import pytest

from host.build import freeze, imports, stdlib, unicode
from host.build.modules import Module
from host.paths import STACK
from host.unikernel import Unikernel

SOURCE = STACK / "std" / unicode.USER
PROPERTIES = (
    "category bidirectional combining east_asian_width mirrored decimal digit numeric decomposition name"
).split()


@pytest.fixture(scope="module")
def ours() -> types.ModuleType:
    tables = unicode.made([Module(unicode.USER, SOURCE), Module("x.py", Path(__file__))])
    for each in tables:
        made = types.ModuleType(each.path.removesuffix(".py"))
        exec(each.source.read_text(), made.__dict__)
        sys.modules[made.__name__] = made
    spec = importlib.util.spec_from_file_location("ours", SOURCE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(module: types.ModuleType, name: str, *arguments: str) -> object:
    try:
        return getattr(module, name)(*arguments)
    except ValueError as error:
        return str(error)


def points(seed: int, count: int) -> list[str]:
    """Characters of every block, more of the first ones."""
    chance = random.Random(seed)
    tops = (0x250, 0x3000, 0x10000, 0x20000, 0x110000)
    return [chr(chance.randrange(chance.choice(tops))) for _ in range(count)]


def test_properties(ours: types.ModuleType) -> None:
    assert unicodedata.name("é")  # names are used, so that the tables have them
    for letter in points(1, 1500):
        theirs = [said(unicodedata, name, letter) for name in PROPERTIES]
        assert [said(ours, name, letter) for name in PROPERTIES] == theirs, hex(ord(letter))


def test_normal_forms(ours: types.ModuleType) -> None:
    chance = random.Random(2)
    letters = [*points(2, 300), *map(chr, range(0x300, 0x330)), *"가각힣한\u1100\u1161\u11a8ﬁ①"]
    for _ in range(600):
        text = "".join(chance.choice(letters) for _ in range(5))
        for form in ("NFC", "NFD", "NFKC", "NFKD"):
            theirs = unicodedata.normalize(form, text)
            assert ours.normalize(form, text) == theirs, (form, text.encode("unicode-escape"))


def test_names_only_where_a_program_asks_for_them(tmp_path: Path) -> None:
    for source, wanted in (
        ("import unicodedata\nunicodedata.normalize('NFC', x.name)", [unicode.TABLES]),
        ("from unicodedata import lookup", [unicode.TABLES, unicode.NAMES]),
    ):
        path = tmp_path / "main.py"
        path.write_text(source)
        made = unicode.made([Module("main.py", path), Module(unicode.USER, SOURCE)])
        assert [module.path for module in made] == wanted
    assert unicode.made([Module("main.py", tmp_path / "main.py")]) == []


def tables_of(folder: Path, text: str) -> set[str]:
    """The modules about Unicode in the image of a program."""
    stdlib.have()
    (folder / "main.py").write_text(text)
    application = Unikernel("app", folder)
    reached, _ = imports.walk(application, freeze.available(application), ())
    return {module.path for module in reached} & {unicode.USER, unicode.TABLES, unicode.NAMES}


def test_regular_expressions_need_names_only_for_named_characters(tmp_path: Path) -> None:
    r"""The parser of `re` looks up \N{...}: most programs have none, and the names are large."""
    assert tables_of(tmp_path, "import re\nre.compile('a|b')\n") == set()
    assert tables_of(tmp_path, "import re, unicodedata\n") == {unicode.USER, unicode.TABLES}
    every = {unicode.USER, unicode.TABLES, unicode.NAMES}
    assert tables_of(tmp_path, "import re\nre.compile(r'\\N{EM DASH}')\n") == every
