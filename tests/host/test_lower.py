"""Lowering keeps meaning, lines and names, and leaves modules unchanged that do not need it."""

import array
import ast
import contextlib
import importlib.util
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from host.build import freeze, lower, micropython
from host.build.lower.descriptions import ASKS
from host.build.modules import CROSS_OPTIONS, Module, compile_module, parse
from host.errors import HostError
from host.paths import ROOT, STACK, UNIKERNELS

PROGRAMS = sorted((ROOT / "tests" / "compat" / "programs").glob("syntax_*.py"))
FROZEN = sorted([*STACK.rglob("*.py"), *UNIKERNELS.rglob("*.py")])


def lowered(source: str) -> str:
    text = lower.lower(ast.parse(source), always=True)
    assert text is not None
    return text


@pytest.fixture
def helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The module that lowered code imports, and the parts of MicroPython that it needs."""
    monkeypatch.setitem(sys.modules, "uarray", array)
    spec = importlib.util.spec_from_file_location("_lowered", STACK / "std" / "_lowered.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, "_lowered", module)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: str(path.stem))
def test_the_programs_mean_the_same(path: Path, helpers: None) -> None:
    """On CPython, where they are valid unchanged."""
    code = compile(lowered(path.read_text()), str(path), "exec")
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, {"__name__": "__main__", "__file__": str(path)})


def test_the_stack_needs_none() -> None:
    """The library and applications may have CPython's syntax, the network stack has MicroPython's only."""
    stack = [path for path in FROZEN if path.is_relative_to(STACK) and not path.is_relative_to(STACK / "std")]
    assert stack
    assert [path for path in stack if lower.lower(parse(path)) is not None] == []


def compiled(source: Path, folder: Path) -> bytes:
    made = folder / "made.mpy"
    argv = [micropython.mpy_cross(), *CROSS_OPTIONS, "-s", "x.py", "-o", made, source]
    subprocess.run(argv, check=True)
    return made.read_bytes()


def test_what_is_written_is_what_was_read(tmp_path: Path) -> None:
    """Bytecode and line table, of every file of stack/ but eight: a folded tuple counts as its last line, and
    constant defaults of arguments that stand on lines of their own as the line of the def."""
    text = tmp_path / "text.py"
    different = []
    for path in FROZEN:
        if not path.is_relative_to(STACK) or lower.lower(parse(path)) is not None:
            continue
        if any(name in path.read_text() for name in ASKS):
            continue  # in code of others such files keep descriptions of functions; ours do without
        text.write_text(lowered(path.read_text()))
        if compiled(path, tmp_path) != compiled(text, tmp_path):
            different.append(path.relative_to(ROOT).as_posix())
    assert sorted(different) == [
        "stack/mnet/ip/v6/ipv6.py",
        "stack/mnet/runner.py",
        "stack/mnet/stats.py",
        "stack/mnet/tcp/states.py",
        "stack/std/_ssl/names.py",
        "stack/std/json/__init__.py",
        "stack/std/unicodedata.py",
        "stack/std/warnings.py",
    ]


RAISES = '''\
"""Several
lines."""
from __future__ import annotations

value = {**{"a": 1}}


def f(a, /, *rest: int) -> int:
    """Text."""
    match [a, *rest]:
        case [1, 2]:
            raise ValueError("11")
        case [3, _]:
            return (
                a
                + undefined_15
            )
        case [x] if x / 0:
            pass
    try:
        raise ExceptionGroup("g", [ValueError()])
    except* ValueError:
        raise KeyError(21)


for arguments in (1, 2), (3, 4), (5,), (6, 6, 6):
    try:
        f(*arguments)
    except Exception as error:
        import sys

        sys.print_exception(error)
'''

SCRIPT = """\
import builtins
import sys


class Group(Exception):
    def split(self, kinds):
        return self, None


sys.path[:] = [{folder!r}]
builtins.ExceptionGroup = builtins.BaseExceptionGroup = Group
import raises
"""


def test_a_statement_may_begin_with_an_open_parenthesis(tmp_path: Path) -> None:
    """Its first name is lines below; mpy-cross would count a continued line's blanks as an indentation."""
    source = tmp_path / "source.py"
    source.write_text(lowered("def f(x):\n    (\n        a,\n        b,\n    ) = x\n    return a\n"))
    assert compiled(source, tmp_path)


def test_tracebacks_name_the_lines_of_the_file(tmp_path: Path) -> None:
    source = tmp_path / "raises.py"
    source.write_text(RAISES)
    for module in (Module("raises.py", source), Module("_lowered.py", STACK / "std" / "_lowered.py")):
        path = tmp_path / "lib" / module.path
        compile_module(module, micropython.mpy_cross(), path.with_suffix(".mpy"))
    for left in (tmp_path / "lib").glob("*.py"):
        left.unlink()
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(folder=str(tmp_path / "lib")))
    done = subprocess.run(
        [micropython.unix(), script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = re.findall(r'File "raises.py", line (\d+), in f\n', done.stdout + done.stderr)
    assert lines == [
        "12",
        "15",
        "18",
        "21",
        "23",
        "23",  # again, where the clauses of except* end
    ]  # MicroPython's messages name operations, not operands


def test_a_syntax_error_is_cpythons(tmp_path: Path) -> None:
    source = tmp_path / "wrong.py"
    source.write_text("x = 1\nif x = 2:\n    pass\n")
    with pytest.raises(HostError) as caught:
        compile_module(Module("wrong.py", source), Path("none"), tmp_path / "wrong.mpy")
    text = str(caught.value)
    assert 'wrong.py", line 2' in text and "    if x = 2:\n       ^^^^^" in text
    assert "SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='?" in text


@pytest.mark.parametrize(
    "source",
    ["return 1", "def f():\n    nonlocal x", "async def f(): [await x async for x in y]; yield; return 1"],
)
def test_what_only_the_compiler_of_cpython_sees(source: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.py"
    path.write_text(source + "\n")
    with pytest.raises(HostError, match="SyntaxError"):
        parse(path)


def library_names(folder: Path) -> Path:
    """Strings that the library has already, which mpy-tool needs."""
    names = folder / "qstrs.h"
    names.write_text("QCFG(BYTES_IN_LEN, (2))\nQCFG(BYTES_IN_HASH, (2))\nQ(x)\n")
    return names


def test_floats_are_frozen_with_all_bits(tmp_path: Path) -> None:
    """And those beyond the range of a C float are frozen at all (port/patches/0303)."""
    source = tmp_path / "main.py"
    source.write_text("x = [0.30000000000000004, 1e308, 1e400, -1e400]\n")
    modules = [Module("main.py", source)]
    names = library_names(tmp_path)
    content = freeze.freeze(modules, micropython.mpy_cross(), micropython.SOURCE, names, tmp_path / "out")
    text = content.read_text()
    assert (1e308).hex() in text and "__builtin_inf()" in text


def test_strings_with_surrogates_are_frozen(tmp_path: Path) -> None:
    """As literals and as names; mpy-tool treated them as strict UTF-8 (port/patches/0301)."""
    source = tmp_path / "main.py"
    source.write_text('x = "\\udcff"\ny = "\\udcff" * 2 + "a long one that is not interned \\ud800"\n')
    names = library_names(tmp_path)
    modules = [Module("main.py", source)]
    content = freeze.freeze(modules, micropython.mpy_cross(), micropython.SOURCE, names, tmp_path / "out")
    assert "\\xed\\xb3\\xbf" in content.read_text()


TYPE_PARAMETERS = """\
class Box[T]:
    def __init__(self, item: T):
        self.item = item


def first[T](items: list[T]) -> T:
    return items[0]


type Pair[A] = tuple[A, A]
assert Box[int](3).item == 3 and first([1, 2]) == 1 and Pair.__name__ == "Pair"
"""


@pytest.mark.skipif(sys.version_info < (3, 12), reason="this Python does not parse type parameters")
def test_type_parameters(helpers: None) -> None:
    exec(compile(lowered(TYPE_PARAMETERS), "types.py", "exec"), {"__name__": "__main__"})


def test_the_annotation_of_unpacked_arguments_is_their_item(helpers: None) -> None:
    made: dict[str, object] = {}
    text = "def f(*rest: *(int,)) -> str: pass\nnoted = f.__annotations__\n"
    exec(compile(lowered(text), "unpacked.py", "exec"), made)
    assert made["noted"] == {"rest": int, "return": str}


def test_waiting_coroutines_of_micropython_are_no_generators() -> None:
    text = "async def f():\n    yield 1\n"
    assert "async_generator" in lowered(text)
    assert "async_generator" not in (lower.lower(ast.parse(text), True, is_micropythons=True) or "")
