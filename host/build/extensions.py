"""Which modules of stack/std/_types an image needs: methods that MicroPython's types lack, in Python.

The name of a method decides, because the type is unknown before the program runs. Names used by the
network stack and the runtime do not count: they need none of these methods."""

import ast
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from host.build.freeze import Module, parse
from host.paths import STACK

FOLDER = "_types/"
WITHOUT = tuple(STACK / name for name in ("_boot.py", "mkernel", "mnet", "std/_types", "std/_lowered.py"))
HIDDEN = {"eval", "exec", "compile"}  # a program that calls one of these can use any name


@lru_cache(maxsize=4096)
def _names(path: Path, _changed: int) -> frozenset[str]:
    found = set()
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found.add(node.value)  # getattr(x, "name")
        elif isinstance(node, ast.TryStar):
            found.add("BaseExceptionGroup")
    return frozenset(found)


def names(module: Module) -> frozenset[str]:
    """Every name that the module's code says."""
    if any(module.source == path or path in module.source.parents for path in WITHOUT):
        return frozenset()
    return _names(module.source, module.source.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def provided(path: Path) -> frozenset[str]:
    """What an extension is for: its builtins, the methods in its classes (_Text ...).

    Methods that only syntax calls, such as __enter__, are asked for by the type's name.
    """
    found = set()
    for node in parse(path).body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            continue
        if not node.name.startswith("_"):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            for each in methods(node):
                found.add(node.name[1:].lower() if each.startswith("__") else each)
    return frozenset(found)


def methods(node: ast.ClassDef) -> Iterable[str]:
    for each in node.body:
        if isinstance(each, ast.FunctionDef):
            yield each.name
        elif isinstance(each, ast.Assign):
            yield from (target.id for target in each.targets if isinstance(target, ast.Name))


def needed(known: Iterable[Module], said: Iterable[str]) -> list[Module]:
    """The extensions for what the reached modules say."""
    said = set(said)
    candidates = [
        each for each in known if each.path.startswith(FOLDER) and each.source.name != "__init__.py"
    ]
    return [each for each in candidates if said & HIDDEN or said & provided(each.source)]
