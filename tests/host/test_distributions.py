"""importlib.metadata of an image: what the build finds, and the module over it, here on CPython."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from host.build import distributions, imports
from host.build.modules import Module
from host.errors import HostError
from host.paths import STACK
from host.unikernel import Unikernel

PYPROJECT = """\
[project]
name = "my.Service"
version = "1.2.3"
dependencies = ["other>=1"]

[project.scripts]
serve = "main:run"
"""
METADATA = "Name: other_thing\nVersion: 4.0rc1\nSummary: two\n lines\n\nVersion: of the body\n"
USER = Module(distributions.USER, STACK / "std" / distributions.USER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.py").write_text("from importlib.metadata import version\n")
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    info = tmp_path / "packages" / "other_thing-4.0rc1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(METADATA)
    (info / "entry_points.txt").write_text("[plugins]\na = other_thing.part:Class.method\n")
    return tmp_path


def loaded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The image's module importlib.metadata."""
    made = distributions.made([USER], [folder])
    assert [module.path for module in made] == [distributions.MADE]
    data = ModuleType("importlib._distributions")
    exec(made[0].source.read_text(), data.__dict__)
    monkeypatch.setitem(sys.modules, "importlib._distributions", data)
    module = ModuleType("metadata")
    exec(USER.source.read_text(), module.__dict__)
    return module


def test_versions(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = loaded(folder, monkeypatch)
    assert metadata.version("my-service") == metadata.version("My_.Service") == "1.2.3"
    assert metadata.version("other-thing") == "4.0rc1"
    assert metadata.requires("my.service") == ["other>=1"]
    assert metadata.requires("other-thing") is None
    assert metadata.metadata("other_thing")["summary"] == "two\n lines"
    assert sorted(each.name for each in metadata.distributions()) == ["my.Service", "other_thing"]
    with pytest.raises(metadata.PackageNotFoundError, match="No package metadata was found for third"):
        metadata.version("third")


def test_entry_points(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = loaded(folder, monkeypatch)
    (script,) = metadata.entry_points(group="console_scripts")
    assert (script.name, script.module, script.attr) == ("serve", "main", "run")
    points = metadata.entry_points()
    assert points.groups == {"console_scripts", "plugins"} and points["a"].attr == "Class.method"


def test_they_are_in_an_image_that_imports_the_module(folder: Path) -> None:
    main = Module("main.py", folder / "main.py")
    application = Unikernel("service", folder)
    package = Module("importlib/__init__.py", STACK / "std" / "importlib" / "__init__.py")
    reached, _ = imports.walk(application, [main, package, USER], ())
    assert distributions.MADE in {module.path for module in reached}
    assert distributions.made([main], folder) == []


def test_a_wrong_pyproject_is_an_error(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[project\n")
    with pytest.raises(HostError, match="pyproject.toml: "):
        distributions.made([USER], [folder])
