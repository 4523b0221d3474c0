"""Packages of PyPI: each program of tests/compat/packages uses one as its documentation does. `passes` lists
those that run on the unix build, and so does docs/packages.md."""

import re

import pytest

from host import unikernel
from host.build import packages
from host.check.compat import layout, places
from host.check.compat.corpus import OWN, Case
from host.errors import HostError
from host.paths import ROOT

FOLDER = OWN / "packages"
NAMES = (FOLDER / "passes").read_text().split()


def normal(name: str) -> str:
    return name.rstrip("_").lower().replace("_", "-")


@pytest.mark.timeout(900)
def test_programs_on_the_unix_build() -> None:
    try:
        packages.packages(unikernel.load(FOLDER))
    except HostError as error:
        pytest.skip(f"the packages cannot be fetched: {error}")
    cases = [Case(name, "program", (FOLDER / f"{name}.py").read_text()) for name in NAMES]
    laid_out = layout.lay_out(cases, FOLDER)
    assert not laid_out.unbuilt
    found = list(places.on_unix(laid_out))
    assert len(found) == len(NAMES)
    assert not [str(each) for each in found if not each.passed]


def test_the_documentation_lists_them() -> None:
    text = (ROOT / "docs" / "packages.md").read_text()
    listed = re.findall(r"^\| `([\w.-]+)` \| ([\w.]+) \|", text, re.MULTILINE)
    pinned = dict(re.findall(r"^(\S+)==(\S+)", (FOLDER / "unikernel.lock").read_text(), re.MULTILINE))
    assert [(name, pinned[name]) for name in map(normal, NAMES)] == listed
