"""Which parts of our module os (stack/std/os) an image needs: those with a name that the program says, as
os.NAME or in `from os import NAME`. A program that hands the module itself to someone gets all of them."""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from host.build.modules import Module, parse
from host.paths import STACK

PACKAGE = STACK / "std" / "os"
ALL = "*"
PATH = "path"  # is another module
PATH_MODULE = "posixpath.py"


@lru_cache(maxsize=4096)
def _names(path: Path, _changed: int) -> frozenset[str]:
    tree = parse(path)
    aliases, found = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                if each.name == "os" or each.name.startswith("os.") and not each.asname:
                    aliases.add(each.asname or "os")
                if each.name == "os.path":
                    found.add(PATH)
        elif isinstance(node, ast.ImportFrom) and node.module in ("os", "os.path") and not node.level:
            found |= {PATH} if node.module == "os.path" else {each.name for each in node.names}
    return frozenset(found | set(said(tree, aliases))) if aliases else frozenset(found)


def names(module: Module) -> frozenset[str]:
    """Every name of os that the module's code says, ALL for any."""
    if PACKAGE in module.source.parents:
        return frozenset()
    return _names(module.source, module.source.stat().st_mtime_ns)


def said(node: ast.AST, aliases: set[str]) -> Iterator[str]:
    """Yield NAME of os.NAME, and ALL for the module as a value."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
        yield node.attr
    elif isinstance(node, ast.Name) and node.id in aliases:
        yield ALL
    elif isinstance(node, ast.Call) and asks(node, aliases):
        if getattr(node.func, "id", "") == "getattr":
            yield str(getattr(node.args[1], "value", ALL))
    else:
        for child in ast.iter_child_nodes(node):
            yield from said(child, aliases)


def asks(node: ast.Call, aliases: set[str]) -> bool:
    """Whether this is hasattr(os, "NAME") or getattr(os, "NAME")."""
    return (
        isinstance(node.func, ast.Name)
        and node.func.id in ("hasattr", "getattr")
        and len(node.args) > 1
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id in aliases
        and isinstance(node.args[1], ast.Constant)
    )


@lru_cache(maxsize=64)
def provided(path: Path) -> frozenset[str]:
    """The names that a part has for others."""
    found: set[str] = set()
    for node in parse(path).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            targets = (each for target in node.targets for each in ast.walk(target))
            found |= {each.id for each in targets if isinstance(each, ast.Name)}
    return frozenset(found)


def needed(known: Iterable[Module], wanted: Iterable[str]) -> list[Module]:
    """The parts for the names of os that the reached modules say."""
    wanted = set(wanted)
    if not wanted:
        return []
    return [
        each
        for each in known
        if (PACKAGE in each.source.parents and (ALL in wanted or wanted & provided(each.source)))
        or (each.path == PATH_MODULE and wanted & {ALL, PATH})
    ]
