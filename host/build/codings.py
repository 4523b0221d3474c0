"""Encodings that are not in C: an image holds those whose names its program says as texts ("cp1252")."""

import ast
import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from host.build import stdlib
from host.build.modules import Module, generated, parse, remembered
from host.build.zones import texts
from host.paths import STACK

PACKAGE = "encodings/"
USER = "encodings/__init__.py"
MADE = "encodings/_names.py"
# A name with a digit or a hyphen; plain words are aliases, too ("greek"), but mostly they are words.
PLAUSIBLE = re.compile(r"(?=.*[a-z])(?=.*[0-9_-])[a-z0-9][a-z0-9_. -]{2,23}|idna|punycode", re.IGNORECASE)

CALLS = {"encode", "decode", "str", "bytes"}


def normal(text: str) -> str:
    return text.lower().replace("-", "_").replace(" ", "_")


@lru_cache(maxsize=4096)
def coding(text: str) -> str:
    """Return the name of the module for an encoding's name, empty if it is none."""
    if not PLAUSIBLE.fullmatch(text):
        return ""
    try:
        return normal(codecs.lookup(text).name)
    except (LookupError, UnicodeError, ValueError):
        return ""


@lru_cache(maxsize=256)
def arguments(path: Path) -> frozenset[str]:
    """Return the texts that a file gives to encode(), decode(), str() and bytes()."""
    return remembered("arguments", path, lambda: given_to_calls(path))


def given_to_calls(path: Path) -> frozenset[str]:
    calls = (node for node in ast.walk(parse(path)) if isinstance(node, ast.Call))
    given = (
        each
        for call in calls
        if ast.unparse(call.func).split(".")[-1] in CALLS
        for argument in call.args
        for each in ast.walk(argument)
    )
    return frozenset(
        each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)
    )


def said(modules: Iterable[Module]) -> Iterator[tuple[str, str]]:
    """Yield the name as the program says it, and the encoding's module. Of CPython's modules only arguments
    of calls count: some have long lists of encodings."""
    for module in modules:
        if not module.source.is_relative_to(STACK):
            known = module.source.is_relative_to(stdlib.FOLDER)
            for text in arguments(module.source) if known else texts(module.source):
                if name := coding(text):
                    yield normal(text), name


def needed(reached: Mapping[str, Module], known: Mapping[str, Module]) -> list[Module]:
    """Return the modules of the encodings that these modules name."""
    names = {name for _, name in said(reached.values())}
    if "idna" in names:
        names.add("punycode")
    paths = [path for path in (f"{PACKAGE}{name}.py" for name in sorted(names)) if path in known]
    return [known[path] for path in (*paths, USER, "codecs.py")] if paths else []


def made(reached: Iterable[Module]) -> list[Module]:
    """Return the module with the names of these encodings, if there are any."""
    modules = list(reached)
    paths = {module.path for module in modules}
    if USER not in paths:
        return []
    pairs = {text: name for text, name in said(modules) if f"{PACKAGE}{name}.py" in paths and text != name}
    return [generated(MADE, f"NAMES = {dict(sorted(pairs.items()))!r}\n")]
