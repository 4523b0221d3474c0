"""Which modules of stack/std/_types an image needs: methods that MicroPython's types lack, in Python.

The name of a method decides, because the type is unknown before the program runs. Names used by the network
stack and the runtime do not count: they need none of these methods."""

import ast
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from host.build.modules import Module, parse, remembered
from host.paths import STACK

FOLDER = "_types/"
SOCKETS = "mnet/sockets/"  # some of its modules serve few programs (mnet/sockets/optional.py)
WITHOUT = tuple(STACK / name for name in ("_boot.py", "mkernel", "mnet", "std/_types", "std/_lowered.py"))
CALENDAR = "_time.py"  # the part of time that few programs need
PARSER = "_strptime.py"
GENERICS = "_generics.py"  # makes list[int] and int | None
REDUCE = "_reduce.py"  # object.__reduce_ex__() and the like
REDUCES = {".__reduce_ex__", ".__reduce__", ".__getstate__"}
ALIAS, UNION = "type[]", "type|"  # the names that syntax() yields for them
HTTPS = "https:"  # a text that begins so needs TLS
TYPES = {
    "bool",
    "bytes",
    "defaultdict",
    "deque",
    "dict",
    "float",
    "frozenset",
    "int",
    "list",
    "object",
    "set",
    "str",
    "tuple",
    "type",
}
HIDDEN = {"eval", "exec", "compile"}  # a program that calls one of these can use any name


@lru_cache(maxsize=4096)
def _names(path: Path, _changed: int) -> frozenset[str]:
    return remembered("names", path, lambda: used(path))


def used(path: Path) -> frozenset[str]:
    found = set()
    tree = parse(path)
    tree.body = [node for node in tree.body if not is_list_of_names(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(f".{node.attr}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found |= {node.value, f".{node.value}"}  # getattr(x, "name")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(HTTPS):
            found.add(HTTPS)
        elif isinstance(node, ast.keyword) and node.arg == "ssl":  # open_connection(ssl=True)
            found.add("ssl")
        elif isinstance(node, ast.ImportFrom):
            names_of = f".{node.module}" if node.names[0].name == "*" else ""
            found |= {f"{names_of}.{each.name}" for each in node.names}
        elif isinstance(node, ast.TryStar):
            found.add("BaseExceptionGroup")
        found |= syntax(node)
    return frozenset(found)


def is_list_of_names(node: ast.stmt) -> bool:
    """Whether this assigns __all__, which lists names without using them."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return False
    return node.targets[0].id == "__all__"


def names(module: Module) -> frozenset[str]:
    """Return every name that the module's code uses."""
    if any(module.source == path or path in module.source.parents for path in WITHOUT):
        return frozenset()
    return _names(module.source, module.source.stat().st_mtime_ns)


def syntax(node: ast.AST) -> set[str]:
    """Return the methods that syntax calls: slices with a step, del; `name()` is a call that an extension may
    replace."""
    if isinstance(node, ast.Slice) and node.step is not None:
        return {".__getitem__", ".__setitem__", ".__delitem__"}
    if isinstance(node, ast.Subscript) and is_type(node.value):
        return {ALIAS}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return {UNION} if is_type(node.left) or is_type(node.right) else set()
    if isinstance(node, ast.Delete):
        parts = (each for target in node.targets for each in ast.walk(target))
        return {".__delitem__"} if any(isinstance(each, ast.Subscript) for each in parts) else set()
    if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
        name = node.func.id if isinstance(node.func, ast.Name) else f".{node.func.attr}"
        plain = len(node.args) <= 1 and not any(isinstance(each, ast.Starred) for each in node.args)
        plain = plain and not node.keywords
        return set() if plain else {f"{name}()"}
    return set()


def is_type(node: ast.AST) -> bool:
    """Whether an operand names a type, or is None."""
    if isinstance(node, ast.Constant):
        return node.value is None
    if isinstance(node, ast.Attribute):  # of a module: collections.deque[int]
        return node.attr in TYPES or (node.attr[:1].isupper() and not node.attr.isupper())
    return isinstance(node, ast.Name) and (node.id in TYPES or node.id[:1].isupper())


@lru_cache(maxsize=64)
def provided(path: Path) -> frozenset[str]:
    """Return the names that need an extension: its builtins, the methods in its classes (_Text ...). The name
    of a type needs __enter__, and its call __call__. keywords.py is needed for calls only."""
    found = set()
    call = "()" if path.stem == "keywords" else ""
    has_methods = "EXTENSIONS" in names_in(path)  # without it the private classes are helpers
    for node in parse(path).body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            continue
        if not node.name.startswith("_"):
            found.add(node.name + call)
        elif isinstance(node, ast.ClassDef) and has_methods:
            for each in methods(node):
                name = node.name[1:].lower() if each in ("__enter__", "__call__") else f".{each}"
                found.add(name + call)
    return frozenset(found)


def names_in(path: Path) -> dict[str, ast.expr]:
    """Return the names that a module assigns at its top level, and the values."""
    return {
        target.id: node.value
        for node in parse(path).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def asked(module: Module) -> frozenset[str]:
    """Return the names of the module time that are in this file (stack/std/time.py)."""
    return frozenset({".strptime"}) if module.path == PARSER else public(module.source)


@lru_cache(maxsize=64)
def public(path: Path) -> frozenset[str]:
    """Return the public names of a module, each with a dot."""
    found = set()
    for node in parse(path).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return frozenset(f".{name}" for name in found if not name.startswith("_"))


def methods(node: ast.ClassDef) -> Iterable[str]:
    for each in node.body:
        if isinstance(each, ast.FunctionDef):
            yield each.name
        elif isinstance(each, ast.Assign):
            for target in each.targets:
                yield from (name.id for name in ast.walk(target) if isinstance(name, ast.Name))


def needed(known: Iterable[Module], said: Iterable[str]) -> list[Module]:
    """Return the extensions for the names that the reached modules use."""
    said, known = set(said), list(known)
    candidates = [
        each for each in known if each.path.startswith(FOLDER) and each.source.name != "__init__.py"
    ]
    wanted = [each for each in candidates if said & HIDDEN or said & provided(each.source)]
    if said & {ALIAS, UNION, *HIDDEN}:
        wanted += [each for each in known if each.path == GENERICS]
    if said & REDUCES:
        wanted += [each for each in known if each.path == REDUCE]
    wanted += [each for each in known if each.path.startswith(SOCKETS) and said & needed_for(each.source)]
    return wanted + [each for each in known if each.path in (CALENDAR, PARSER) and said & asked(each)]


@lru_cache(maxsize=64)
def needed_for(path: Path) -> frozenset[str]:
    """Return the names in NEEDED_FOR of a module of the sockets; "*" are all that it defines. A program that
    hides its names needs them all."""
    body = names_in(path)
    if "NEEDED_FOR" not in body:
        return frozenset()
    value = ast.literal_eval(body["NEEDED_FOR"])
    names = set(body) if value == "*" else set(value)
    return frozenset({*names, *(f".{name}" for name in names), *HIDDEN})
