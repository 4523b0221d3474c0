"""Imports are walked from main.py: which modules are reached, which are left out, which are missing."""

import textwrap
from pathlib import Path

import pytest

from host.build import freeze, imports
from host.build.modules import Module
from host.errors import HostError
from host.paths import STACK
from host.unikernel import Unikernel

IN_C = ("sys", "time", "collections")


def application(folder: Path, files: dict[str, str], exclude: tuple[str, ...] = ()) -> Unikernel:
    for name, text in files.items():
        path = folder / "app" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return Unikernel("app", folder / "app", exclude=exclude)


def walked(folder: Path, files: dict[str, str], exclude: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    """Return the paths of reached modules and the warnings, without the folder."""
    app = application(folder, files, exclude)
    reached, missing = imports.walk(app, freeze.own_modules(app), IN_C)
    return [module.path for module in reached], [
        str(each).partition("/app/")[2] or str(each) for each in missing
    ]


def test_only_what_main_reaches(tmp_path: Path) -> None:
    reached, missing = walked(
        tmp_path,
        {
            "main.py": """
                import sys, a.b.c as d
                from e import thing, sub
                from . import beside
                def later():
                    import late
                if sys.path:
                    __import__("named")
            """,
            "a/__init__.py": "",
            "a/b/__init__.py": "from ..x import y",
            "a/b/c.py": "from . import sibling",
            "a/b/sibling.py": "",
            "a/x.py": "y = 1",
            "e/__init__.py": "thing = 1",
            "e/sub.py": "",
            "e/unused.py": "",
            "late.py": "",
            "beside.py": "",
            "named.py": "",
            "unused.py": "this is no Python",
        },
    )
    assert missing == []
    assert reached == [
        "a/__init__.py", "a/b/__init__.py", "a/b/c.py", "a/b/sibling.py", "a/x.py", "beside.py",
        "e/__init__.py", "e/sub.py", "late.py", "main.py", "named.py",
    ]  # fmt: skip


def test_what_nothing_satisfies(tmp_path: Path) -> None:
    _, missing = walked(
        tmp_path,
        {
            "main.py": """\
                import yaml
                import own, time
                from collections import OrderedDict
                try:
                    import ujson
                except ImportError:
                    ujson = None
                from typing import TYPE_CHECKING
                if TYPE_CHECKING:
                    import heavy
                else:
                    import light
                import tests.helper
                import turtle
            """,
            "own.py": "\n\nfrom multiprocessing import Process\n",
            "tests/helper.py": "",
        },
    )
    beside = "put it beside main.py, or name it in unikernel.toml: packages = "
    no = "an image does not have it (docs/differences.md); guard it with try, or do without"
    assert missing == [
        f'main.py:1: import yaml: {beside}["yaml"]',
        f"main.py:8: import typing: {no}",
        f'main.py:12: import light: {beside}["light"]',
        "main.py:13: import tests.helper: tests is left out of images (tests, hidden folders, `exclude` in"
        " unikernel.toml)",
        f"main.py:14: import turtle: {no}",
        "own.py:3: import multiprocessing: an image is one process: use threading, concurrent.futures or"
        " asyncio; guard it with try, or do without",
    ]


def test_what_is_left_out(tmp_path: Path) -> None:
    files = {
        "main.py": "",
        "tools/gen.py": "",
        "tests/x.py": "",
        ".venv/lib/y.py": "",
        "env/pyvenv.cfg": "",
        "env/z.py": "",
        "test_main.py": "",
        "kept/test.py": "",
        "kept/test_kit.py": "",
        "kept/tests/w.py": "",
    }
    app = application(tmp_path, files, exclude=("tools/*",))
    kept = ["kept/test.py", "kept/test_kit.py", "main.py"]
    assert [module.path for module in freeze.own_modules(app)] == kept


def test_packages_without_init(tmp_path: Path) -> None:
    files = {"main.py": "from a import b\nimport a.c.d", "a/b.py": "", "a/c/d.py": "", "a/unused.py": ""}
    assert walked(tmp_path, files) == (["a/b.py", "a/c/d.py", "main.py"], [])


def test_strict(tmp_path: Path) -> None:
    app = application(tmp_path, {"main.py": "import nothing_such\n"})
    _, missing = imports.walk(app, freeze.own_modules(app), IN_C)
    assert len(list(imports.check(missing, strict=False))) == 1
    with pytest.raises(HostError, match=r"main\.py:1: import nothing_such: put it beside"):
        list(imports.check(missing, strict=True))


def test_helpers_of_lowered_code_are_reached(tmp_path: Path) -> None:
    for text, wanted in (("x = [*'ab']", True), ("x = ['a']", False)):
        app = application(tmp_path / str(wanted), {"main.py": text})
        helpers = Module("_lowered.py", freeze.STACK / "std" / "_lowered.py")
        reached, missing = imports.walk(app, [*freeze.own_modules(app), helpers], (*IN_C, "array"))
        assert (helpers in reached) == wanted and not missing


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("print('a'.ljust(5))", ["text"]),
        ("getattr(1, 'bit_count')()", ["numbers"]),
        ("with memoryview(b'a') as view: print(view)", ["buffers"]),
        ("try: pass\nexcept* ValueError: pass", ["groups"]),
        ("raise ExceptionGroup('a', [])", ["groups"]),
        ("print(sum([1]))", ["functions"]),
        (
            "eval(input())",
            [
                "buffers",
                "console",
                "finders",
                "functions",
                "groups",
                "keywords",
                "numbers",
                "objects",
                "steps",
                "system",
                "text",
            ],
        ),
        ("print('a'.split())", []),
        ("print('a'.split(maxsplit=1))", ["keywords"]),
        ("x = [1]; del x[0]", ["steps"]),
        ("class A: pass\na = A(); a.b = 1; del a.b", []),
        ("class A:\n    def __init__(self): super().__init__()", []),
        ("__all__ = ['excepthook', 'bit_count']", []),
        ("import sys; sys.exit()", []),
        ("import sys; print(sys.stdout.isatty())", ["console"]),
        ("import sys; print(sys.stdout.name)", []),
    ],
)
def test_extensions_of_types_that_the_program_names(tmp_path: Path, text: str, wanted: list[str]) -> None:
    app = application(tmp_path, {"main.py": text})
    library = freeze.tree(freeze.STACK / "std")
    reached, missing = imports.walk(app, [*freeze.own_modules(app), *library], (*IN_C, "array"))
    found = [each.path for each in reached if each.path.startswith("_types/")]
    assert found == [f"_types/{name}.py" for name in wanted] and not missing


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Vector = list[float]", True),
        ("isinstance(1, int | str)", True),
        ("def f(x: Thing | None): pass", True),
        ("flags = a | b | 4; x = y[int(z)]", False),
    ],
)
def test_aliases_and_unions_bring_their_module(tmp_path: Path, text: str, wanted: bool) -> None:
    app = application(tmp_path, {"main.py": text})
    reached, _ = imports.walk(app, [*freeze.own_modules(app), *freeze.tree(freeze.STACK / "std")], IN_C)
    assert ("_generics.py" in {each.path for each in reached}) == wanted


def test_modules_in_c_are_those_that_are_imported(tmp_path: Path) -> None:
    files = {
        "main.py": "import array, json\ndef never():\n    import hashlib",
        "json.py": "from ujson import decode",
        "unused.py": "import select",
    }
    app = application(tmp_path, files)
    builtin = ("array", "hashlib", "json", "select", "random")
    reached, _ = imports.walk(app, freeze.own_modules(app), builtin)
    assert imports.in_c(reached, builtin) == ["array", "hashlib", "json"]


def parts_of_os(folder: Path, text: str) -> set[str]:
    """Return the names of the parts of os that a program with this text needs."""
    app = application(folder, {"main.py": text})
    modules = [
        *freeze.own_modules(app),
        *freeze.tree(STACK / "std"),
        Module("posixpath.py", folder / "posixpath.py"),
    ]
    (folder / "posixpath.py").write_text("")
    reached, _ = imports.walk(app, modules, ("abc",))
    found = {module.path for module in reached if module.path.startswith(("os/", "posixpath"))}
    return {path.removeprefix("os/").removesuffix(".py") for path in found} - {"__init__"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("import os; os.urandom(1)", set()),
        ("import os; os.getenv('A')", {"_environ"}),
        ("import os as system; system.cpu_count()", {"_machine"}),
        ("from os import strerror", {"_errors"}),
        ("import os; hasattr(os, 'fork') and getattr(os, 'strerror')(1)", {"_errors"}),
        ("import os.path", {"posixpath"}),
        ("from os.path import join", {"posixpath"}),
        ("import os; x.walk()", set()),
    ],
)
def test_parts_of_os_on_demand(text: str, parts: set[str], tmp_path: Path) -> None:
    assert parts_of_os(tmp_path, text) == parts


def test_all_parts_of_os_for_the_module_as_a_value(tmp_path: Path) -> None:
    every = {path.stem for path in (STACK / "std" / "os").glob("_*.py")} - {"__init__"}
    for text in ("import os; vars(os)", "from os import *", "import os; f(getattr(os, name))"):
        assert parts_of_os(tmp_path / str(len(text)), text) >= every


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("import time; time.sleep(1); time.monotonic()", []),
        ("import time; print(time.strftime('%Y'))", ["_time.py"]),
        ("from time import gmtime", ["_time.py"]),
        ("import time; time.strptime('1', '%d')", ["_strptime.py", "_time.py"]),
    ],
)
def test_the_parts_of_time_that_the_program_names(tmp_path: Path, text: str, wanted: list[str]) -> None:
    app = application(tmp_path, {"main.py": text})
    parser = tmp_path / "_strptime.py"  # in place of CPython's, which has many imports
    parser.write_text("")
    library = [*freeze.tree(freeze.STACK / "std"), Module(parser.name, parser)]
    reached, _ = imports.walk(app, [*freeze.own_modules(app), *library], (*IN_C, "array"))
    assert [each.path for each in reached if each.path in ("_time.py", "_strptime.py")] == wanted


def test_some_imports_of_cpythons_modules_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports.stdlib, "FOLDER", tmp_path / "stdlib")
    monkeypatch.setattr(imports.stdlib, "exclusions", lambda: {"big.py": frozenset({"huge"})})
    monkeypatch.setattr(imports.stdlib, "provide", lambda path: None)
    (tmp_path / "stdlib").mkdir()
    (tmp_path / "stdlib" / "big.py").write_text(
        "import small\ndef f():\n    import huge.part\n"
        "def main():\n    import argparse\nif __name__ == '__main__':\n    main()\n"
    )
    app = application(tmp_path, {"main.py": "import big"})
    extra = {name: tmp_path / f"{name}.py" for name in ("small", "huge", "argparse")}
    for path in extra.values():
        path.write_text("")
    library = [Module(f"{name}.py", path) for name, path in extra.items()]
    library.append(Module("big.py", tmp_path / "stdlib" / "big.py"))
    reached, _ = imports.walk(app, [*freeze.own_modules(app), *library], IN_C)
    assert [each.path for each in reached] == ["big.py", "main.py", "small.py"]


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("import io; io.StringIO()", False),
        ("import io; io.open('a')", True),
        ("from io import BytesIO", False),
        ("from io import FileIO", True),
    ],
)
def test_files_of_io_on_demand(text: str, is_there: bool, tmp_path: Path) -> None:
    app = application(tmp_path, {"main.py": text})
    files = Module("_fileio.py", STACK / "std" / "_fileio.py")
    reached, _ = imports.walk(app, [*freeze.own_modules(app), files], ("io",))
    assert (files in reached) == is_there


@pytest.mark.parametrize(
    ("text", "is_there"), [("import big", False), ("from big import Rare; Rare()", True)]
)
def test_imports_of_cpythons_modules_for_a_name(
    text: str, is_there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports.stdlib, "FOLDER", tmp_path / "stdlib")
    monkeypatch.setattr(imports.stdlib, "exclusions", lambda: {"big.py": frozenset({"huge.part?Rare"})})
    monkeypatch.setattr(imports.stdlib, "provide", lambda path: None)
    (tmp_path / "stdlib").mkdir()
    (tmp_path / "stdlib" / "big.py").write_text("class Rare:\n    def f(self):\n        import huge.part\n")
    app = application(tmp_path, {"main.py": text, "huge/__init__.py": "", "huge/part.py": ""})
    library = [Module("big.py", tmp_path / "stdlib" / "big.py")]
    reached, _ = imports.walk(app, [*freeze.own_modules(app), *library], IN_C)
    assert ("huge/part.py" in {each.path for each in reached}) == is_there


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("from collections import UserDict", "collections/users.py"),
        ("import collections as c\nclass A(c.UserList): pass", "collections/users.py"),
        ("import collections\nx = collections.abc.Mapping", "collections/abc.py"),
        ("import typing\nx: typing.ContextManager", "contextlib.py"),
        ("import warnings\nwarnings.filterwarnings('ignore', message='a+')", "re.py"),
    ],
)
def test_modules_that_a_name_asks_for(tmp_path: Path, source: str, module: str) -> None:
    names = "collections/__init__ collections/abc collections/users contextlib re typing warnings"
    library = {f"{name}.py": "" for name in names.split()}
    assert module in walked(tmp_path / "named", {**library, "main.py": source})[0]
    plain = "import collections, typing, warnings\nwarnings.filterwarnings('ignore')"
    assert module not in walked(tmp_path / "plain", {**library, "main.py": plain})[0]


@pytest.mark.parametrize(("text", "is_there"), [("f.open()", False), ("with open('a') as f: pass", True)])
def test_open_on_demand(text: str, is_there: bool, tmp_path: Path) -> None:
    app = application(tmp_path, {"main.py": text})
    files = Module("_open.py", STACK / "std" / "_open.py")
    reached, _ = imports.walk(app, [*freeze.own_modules(app), files], ("io",))
    assert (files in reached) == is_there


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("import threading\nthreading.Lock()", set()),
        ("import threading\nthreading.Event()", {"mkernel/semaphores.py"}),
        ("from threading import Timer", {"mkernel/semaphores.py"}),
        ("from threading import *", {"mkernel/semaphores.py"}),
        ("import threading\nthreading.Event().isSet()", {"mkernel/semaphores.py", "warnings.py"}),
        ("import threading\nthreading.main_thread().getName()", {"warnings.py"}),
        ("import threading\ngetattr(threading, 'Barrier')", {"mkernel/semaphores.py"}),
        ("import threading\neval('1')", {"mkernel/semaphores.py", "warnings.py"}),
    ],
)
def test_what_few_programs_need_of_our_modules(text: str, wanted: set[str], tmp_path: Path) -> None:
    app = application(tmp_path, {"main.py": text})
    library = [*freeze.tree(STACK / "std"), *freeze.tree(STACK / "mkernel", "mkernel/")]
    reached, _ = imports.walk(app, [*freeze.own_modules(app), *library], IN_C)
    assert {each.path for each in reached} & {"mkernel/semaphores.py", "warnings.py"} == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("import socket", set()),
        ("import mnet\nmnet.counters()", {"mnet/mib.py"}),
        ("import mnet\nmnet.up('a').filter(print)", {"mnet/hooks.py"}),
        ("import mnet\nmnet.up('a').capture(print)", {"mnet/hooks.py"}),
    ],
)
def test_what_few_programs_need_of_the_network(text: str, wanted: set[str], tmp_path: Path) -> None:
    app = application(tmp_path, {"main.py": text + "\nimport mnet.runner"})
    library = [*freeze.tree(STACK / "std"), *freeze.tree(STACK / "mkernel", "mkernel/")]
    library += freeze.tree(STACK / "mnet", "mnet/")
    reached, _ = imports.walk(app, [*freeze.own_modules(app), *library], IN_C)
    assert {each.path for each in reached} & {"mnet/mib.py", "mnet/hooks.py"} == wanted


def test_texts_of_our_own_modules_name_no_module_in_c() -> None:
    """mkernel.__all__ has "random", and no image needs the module in C because of that."""
    ours = Module("mkernel/__init__.py", STACK / "mkernel" / "__init__.py")
    assert imports.in_c([ours], ["_fiber", "random"]) == []
