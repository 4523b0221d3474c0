"""Imports point one way, in stack/ (wire, protocols, stack, sockets; mkernel beside them) and in host/."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from host.paths import ROOT, STACK

# Lower layers first; a module may import its own layer and those below. The longest matching name counts.
LAYERS = [
    {"mnet.seq", "mnet.errors", "mnet.limits", "mnet.address", "mnet.address6", "mnet.timers", "mnet.stats"},
    {"mnet.wire"},
    {"mnet.rings", "mnet.assembler", "mnet.packet", "mnet.env"},
    {"mnet.link"},
    {"mnet.ip"},
    {"mnet.udp", "mnet.tcp"},
    {"mnet.clients"},
    {"mnet.host", "mnet.interface", "mnet.hooks", "mnet.mib"},
    {"mkernel"},
    {"mnet", "mnet.runner", "mnet.running", "mnet.sockets", "mnet.cli"},
    {"std"},
    {"lib"},
    {"_boot"},
]
# Protocols are pure: no clock, no random source, no device, no socket (rule 1).
PROTOCOLS = 8  # layers
PURE = {"micropython", "struct", "hashlib", "uhashlib", "_wire"}
APART = [{"mnet.udp", "mnet.tcp"}]  # within one layer, and independent of each other
KERNEL = {"micropython", "sys", "heapq", "gc", "uio", "builtins", "_fiber", "_mkernel"}
# made by the build; CPython's; for old names of locks
KERNEL |= {"_sources", "_environment", "_files", "_preemption", "traceback", "warnings"}


def module_name(path: Path, folder: Path = STACK) -> str:
    """Return a file below the folder as a dotted name; a package is its __init__.py."""
    parts = path.relative_to(folder).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(path): path for path in STACK.rglob("*.py")}
HOST_FILES = {module_name(path, ROOT): path for path in (ROOT / "host").rglob("*.py")}
# The folders of host/, lower ones first; its own files are below all of them.
HOST_FOLDERS = ["net", "tender", "build", "run", "check", "bench"]


def imports(name: str, path: Path, files: dict[str, Path] = FILES) -> Iterator[str]:
    """Return the dotted names of a module's imports, submodules as such if there is a file."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                submodule = f"{base}.{alias.name}"
                yield submodule if submodule in files else base


def owner(name: str, groups: set[str]) -> str:
    """Return the longest of `groups` that is `name` or a package around it."""
    fitting = (group for group in groups if name == group or name.startswith(f"{group}."))
    return max(fitting, key=len, default="")


ALL_GROUPS = set().union(*LAYERS)


def layer(name: str) -> int:
    group = owner(name, ALL_GROUPS)
    return next((index for index, groups in enumerate(LAYERS) if group in groups), -1)


def test_every_module_has_a_layer() -> None:
    assert [name for name in FILES if name and layer(name) < 0] == []


@pytest.mark.parametrize("name", sorted(FILES))
def test_imports_point_down(name: str) -> None:
    upward = [used for used in imports(name, FILES[name]) if layer(used) > layer(name)]
    assert upward == []


@pytest.mark.parametrize("name", sorted(name for name in FILES if 0 <= layer(name) < PROTOCOLS))
def test_protocols_are_pure(name: str) -> None:
    foreign = {used for used in imports(name, FILES[name]) if layer(used) < 0}
    assert foreign <= PURE


@pytest.mark.parametrize("name", sorted(name for name in FILES if owner(name, {"mkernel"})))
def test_the_kernel_knows_nothing_of_the_network(name: str) -> None:
    used = set(imports(name, FILES[name]))
    assert {owner(each, {"mnet", "std"}) for each in used} <= {""}
    assert {each for each in used if layer(each) < 0} <= KERNEL


@pytest.mark.parametrize("apart", APART, ids=str)
def test_siblings_do_not_know_each_other(apart: set[str]) -> None:
    for name in FILES:
        mine = owner(name, apart)
        if mine:
            assert {owner(used, apart) for used in imports(name, FILES[name])} <= {"", mine}


def test_no_cycles() -> None:
    graph = {name: set(imports(name, path)) & FILES.keys() - {name} for name, path in FILES.items()}
    list(graphlib.TopologicalSorter(graph).static_order())


def folder(name: str) -> int:
    """Return the layer of a module in host/; -1: it is not in host/."""
    parts = name.split(".")
    if parts[0] != "host":
        return -1
    return HOST_FOLDERS.index(parts[1]) + 1 if len(parts) > 1 and parts[1] in HOST_FOLDERS else 0


def test_the_folders_of_host_point_down() -> None:
    assert {path.parent.name for path in (ROOT / "host").glob("*/__init__.py")} <= set(HOST_FOLDERS)
    upward = {
        name: used
        for name, path in HOST_FILES.items()
        for used in imports(name, path, HOST_FILES)
        if folder(used) > folder(name)
    }
    assert not upward
