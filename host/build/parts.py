"""Which parts of our modules os and io (stack/std) an image needs: those with a name that the program uses,
as os.NAME or in `from os import NAME`. A program that passes the module itself on gets all of them."""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from host.build.modules import Module, parse, remembered
from host.paths import STACK

MODULES = ("os", "io")
PACKAGE = STACK / "std" / "os"
ALL = "*"
# Names that are another module.
ELSEWHERE = {
    "posixpath.py": {"os.path"},
    "_fileio.py": {"io.open", "io.FileIO", "io.open_code"},
    "_open.py": {"builtins.open"},
}
CALLERS = {"open", "eval", "exec", "compile"}  # functions that call open(), or can


@lru_cache(maxsize=4096)
def _names(path: Path, _changed: int) -> frozenset[str]:
    return remembered("names of os", path, lambda: used(path))


def used(path: Path) -> frozenset[str]:
    tree = parse(path)
    aliases: dict[str, str] = {}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                top = each.name.partition(".")[0]
                if top in MODULES and (each.name == top or not each.asname):
                    aliases[each.asname or top] = top
                if each.name == "os.path":
                    found.add("os.path")
        elif isinstance(node, ast.ImportFrom) and not node.level:
            if node.module == "os.path":
                found.add("os.path")
            elif node.module in MODULES:
                found |= {f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Name) and node.id in CALLERS:
            found.add("builtins.open")
    return frozenset(found | set(said(tree, aliases)) if aliases else found)


def names(module: Module) -> frozenset[str]:
    """Return every name of os and io that the module's code uses, os.* for any."""
    if PACKAGE in module.source.parents or not is_counted(module.source):
        return frozenset()
    return _names(module.source, module.source.stat().st_mtime_ns)


def is_counted(path: Path) -> bool:
    """Whether the module is the application's: the network's and the runtime's own modules need no files."""
    return not path.is_relative_to(STACK) or path.is_relative_to(STACK / "std")


def said(node: ast.AST, aliases: dict[str, str]) -> Iterator[str]:
    """Yield os.NAME, and os.* where the module is used as a value."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
        yield f"{aliases[node.value.id]}.{node.attr}"
    elif isinstance(node, ast.Name) and node.id in aliases:
        yield f"{aliases[node.id]}.{ALL}"
    elif isinstance(node, ast.Call) and asks(node, aliases):
        if getattr(node.func, "id", "") == "getattr":
            of, name = node.args[0], node.args[1]
            yield f"{aliases[getattr(of, 'id', '')]}.{getattr(name, 'value', ALL)}"
    else:
        for child in ast.iter_child_nodes(node):
            yield from said(child, aliases)


def asks(node: ast.Call, aliases: dict[str, str]) -> bool:
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
    """Return the names that a part provides."""
    found: set[str] = set()
    for node in parse(path).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            targets = (each for target in node.targets for each in ast.walk(target))
            found |= {each.id for each in targets if isinstance(each, ast.Name)}
    return frozenset(found)


def needed(known: Iterable[Module], wanted: Iterable[str]) -> list[Module]:
    """Return the parts for the names that the reached modules use."""
    wanted = set(wanted)
    return [each for each in known if wanted & names_of(each)] if wanted else []


def names_of(module: Module) -> set[str]:
    """Return os.NAME for every name that needs a module, and os.*."""
    if PACKAGE in module.source.parents:
        found = {f"os.{name}" for name in provided(module.source)}
    else:
        found = ELSEWHERE.get(module.path, set())
    return found | {f"{name.partition('.')[0]}.{ALL}" for name in found}
