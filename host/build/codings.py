"""Encodings that are not in C: an image holds those whose names its program says as texts ("cp1252")."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from host.build import stdlib
from host.build.modules import Module, generated, is_ours
from host.build.zones import texts

PACKAGE = "encodings/"
USER = "encodings/__init__.py"
MADE = "encodings/_names.py"
# A name with a digit or a hyphen; plain words are aliases, too ("greek"), but mostly they are words.
PLAUSIBLE = re.compile(r"(?=.*[a-z])(?=.*[0-9_-])[a-z0-9][a-z0-9_. -]{2,23}|idna|punycode", re.IGNORECASE)


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


def said(modules: Iterable[Module]) -> Iterator[tuple[str, str]]:
    """Yield the name as the program says it, and the encoding's module. Of CPython's modules only what they
    encode names of hosts with counts: some have long lists of encodings."""
    for module in modules:
        if not is_ours(module.source):
            known = module.source.is_relative_to(stdlib.FOLDER)
            for text in texts(module.source):
                if name := coding(text) if not known or text == "idna" else "":
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
