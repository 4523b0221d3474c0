"""Packages of PyPI: chosen for an image, locked, fetched once, unpacked; what is wrong is one line.

The registry is a folder of wheels that the tests make, given to pip as the machine's configuration would."""

import base64
import hashlib
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from host import unikernel
from host.build import freeze, imports, packages
from host.build.packages import guest, lock, wheels
from host.errors import HostError
from host.unikernel import Unikernel

Publish = Callable[..., Path]
Build = Callable[[], list[str]]


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """A folder of wheels, and nothing else, is what pip finds; cache and build folder are the test's own."""
    folder = tmp_path / "registry"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setattr(wheels, "cache", lambda: tmp_path / "cache")
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CONSTRAINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(wheels, "UNPACKED", tmp_path / "build" / "packages")

    def publish(
        name: str,
        version: str,
        files: dict[str, str],
        requires: tuple[str, ...] = (),
        tag: str = "py3-none-any",
    ) -> Path:
        info = f"{name}-{version}.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        metadata += "".join(f"Requires-Dist: {each}\n" for each in requires)
        content = {**files, f"{info}/METADATA": metadata}
        content[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n"
        record = ""
        for path, text in content.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
            record += f"{path},sha256={digest},{len(text.encode())}\n"
        content[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
        path = folder / f"{name}-{version}-{tag}.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for inside, text in content.items():
                archive.writestr(inside, text)
        return path

    return publish


def application(folder: Path, toml: str = "", **files: str) -> Path:
    place = folder / "app"
    place.mkdir(exist_ok=True)
    (place / "unikernel.toml").write_text(toml)
    for name, text in {"main": "", **files}.items():
        (place / f"{name}.py").write_text(textwrap.dedent(text))
    return place


def walked(folder: Path) -> tuple[list[str], list[str]]:
    """The modules in the image that are not the library's, and the warnings."""
    app = unikernel.load(folder)
    reached, missing = imports.walk(app, freeze.available(app), ("sys",))
    ours = [each.path for each in reached if each.source.is_relative_to(folder.parent)]
    return [path for path in ours if path != "main.py"], [str(each) for each in missing]


def test_a_package_and_what_it_needs(tmp_path: Path, registry: Publish) -> None:
    registry(
        "one",
        "1.0",
        {"one/__init__.py": "import two\n", "one/unused.py": "", "one/tests/x.py": ""},
        ("two>1",),
    )
    registry("two", "1.0", {"two.py": "old = True\n"})
    registry("two", "1.5", {"two.py": ""})
    app = application(tmp_path, '[image]\npackages = ["one==1.*"]\n', main="import one")
    assert walked(app) == (["one/__init__.py", "two.py"], [])
    text = (app / lock.NAME).read_text()
    assert "one==1.0 \\\n    --hash=sha256:" in text and "two==1.5" in text


def test_a_filled_cache_needs_no_registry(
    tmp_path: Path, registry: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = registry("one", "1.0", {"one.py": ""})
    app = application(tmp_path, '[image]\npackages = ["one"]\n', main="import one")
    walked(app)
    wheel.unlink()
    monkeypatch.setattr(packages.lock.pip, "run", lambda *_args, **_options: pytest.fail("pip was run"))
    monkeypatch.setattr(wheels, "UNPACKED", tmp_path / "another" / "clone")
    assert walked(app) == (["one.py"], [])


def test_the_lock_file_keeps_releases_until_the_requirements_change(
    tmp_path: Path, registry: Publish
) -> None:
    registry("one", "1.0", {"one.py": ""})
    app = application(tmp_path, '[image]\npackages = ["one"]\n', main="import one")
    walked(app)
    registry("one", "2.0", {"one.py": "", "more.py": ""})
    walked(app)
    assert "one==1.0" in (app / lock.NAME).read_text()
    (app / "unikernel.toml").write_text('[image]\npackages = ["one>1"]\n')
    walked(app)
    assert "one==2.0" in (app / lock.NAME).read_text()


def test_requirements_txt_counts_where_packages_are_not_named(tmp_path: Path, registry: Publish) -> None:
    registry("one", "1.0", {"one.py": ""})
    app = application(tmp_path, main="import one")
    (app / "requirements.txt").write_text("# comment\none>=1  # why\n")
    assert walked(app) == (["one.py"], [])
    (app / "unikernel.toml").write_text("[image]\npackages = []\n")
    assert walked(app)[0] == []


def test_markers_and_tags_are_the_guests(tmp_path: Path, registry: Publish) -> None:
    registry(
        "fast", "1.0", {"fast/__init__.py": "", "fast/_c.abi3.so": ""}, tag="cp39-abi3-manylinux_2_17_x86_64"
    )
    registry("fast", "1.0", {"fast/__init__.py": "pure = 1\n"})
    registry("only", "1.0", {"only.py": ""}, tag="cp311-cp311-manylinux_2_28_x86_64")
    registry("foreign", "1.0", {"foreign.py": ""}, tag="cp311-cp311-win_amd64")
    needs = (
        'cffi; platform_python_implementation == "CPython"',
        'colorama; sys_platform == "win32"',
        'backport; python_version < "3.11"',
        'only; python_version >= "3.11" and sys_platform == "unikernel"',
        "fast",
    )
    registry("one", "1.0", {"one.py": "import fast, only"}, needs)
    app = application(tmp_path, '[image]\npackages = ["one"]\n', main="import one")
    assert walked(app) == (["fast/__init__.py", "one.py", "only.py"], [])
    found = packages.packages(unikernel.load(app))
    assert (
        "pure"
        in next(each for each in found if each.name == "fast").folder.joinpath("fast/__init__.py").read_text()
    )
    assert {"fast", "one", "only"} == {each.name for each in found}
    (app / "unikernel.toml").write_text('[image]\npackages = ["foreign"]\n')
    with pytest.raises(HostError, match=r"toml:2: packages: .*foreign"):
        walked(app)


def one_line(folder: Path) -> str:
    """The error of a build; it is one line."""
    with pytest.raises(HostError) as caught:
        walked(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_package_that_does_not_exist(tmp_path: Path, registry: Publish) -> None:
    registry("one", "1.0", {"one.py": ""})
    app = application(tmp_path, '[image]\nmemory = 32\npackages = [\n  "one",\n  "nothing>=1",\n]\n')
    assert "app/unikernel.toml:5: packages: " in one_line(app)
    assert not (app / lock.NAME).exists(), "nothing half done"
    (app / "unikernel.toml").write_text('[image]\npackages = ["one>7"]\n')
    assert "toml:2: packages: " in one_line(app) and "one>7" in one_line(app)
    (app / "unikernel.toml").write_text('[image]\npackages = ["one two"]\n')
    assert "toml:2: packages: 'one two' is neither" in one_line(app)


def test_releases_that_exclude_each_other(tmp_path: Path, registry: Publish) -> None:
    registry("one", "1.0", {"one.py": ""}, ("base<2",))
    registry("two", "1.0", {"two.py": ""}, ("base>=2",))
    registry("base", "1.0", {"base.py": ""})
    registry("base", "2.0", {"base.py": ""})
    assert "conflict" in one_line(application(tmp_path, '[image]\npackages = ["one", "two"]\n'))


def test_a_hash_that_differs(tmp_path: Path, registry: Publish) -> None:
    registry("one", "1.0", {"one.py": ""})
    app = application(tmp_path, '[image]\npackages = ["one"]\n', main="import one")
    walked(app)
    path = app / lock.NAME
    digest = path.read_text().rpartition("sha256:")[2].strip()
    path.write_text(path.read_text().replace(digest, "0" * 64))
    error = one_line(app)
    assert f"app/{lock.NAME}:3: packages: " in error and digest in error, error
    path.write_text(path.read_text().replace("0" * 64, "0" * 63))
    assert f"{lock.NAME}:3: expected NAME==VERSION" in one_line(app)
    path.write_text("one==1.0\n")
    assert "not a lock file" in one_line(app)


def test_a_damaged_file_of_the_cache(
    tmp_path: Path, registry: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry("one", "1.0", {"one.py": ""})
    app = application(tmp_path, '[image]\npackages = ["one"]\n', main="import one")
    walked(app)
    [wheel] = (tmp_path / "cache").rglob("*.whl")
    wheel.write_bytes(wheel.read_bytes()[:-50])
    monkeypatch.setattr(wheels, "UNPACKED", tmp_path / "another" / "clone")
    assert f"{wheel}: it is not what its hash says" in one_line(app)
    assert not [*(tmp_path / "another").rglob("*.py")]


def test_a_file_outside_of_its_wheel(tmp_path: Path, registry: Publish) -> None:
    registry("one", "1.0", {"../one.py": ""})
    app = application(tmp_path, '[image]\npackages = ["one"]\n')
    assert "has a file outside of it: ../one.py" in one_line(app)


def test_two_files_of_one_name(tmp_path: Path, registry: Publish) -> None:
    registry("one", "1.0", {"same.py": "x = 1\n", "space/one.py": "", "space/__init__.py": ""})
    registry("two", "1.0", {"same.py": "x = 2\n", "space/two.py": "", "space/__init__.py": ""})
    app = application(tmp_path, '[image]\npackages = ["one", "two"]\n')
    assert one_line(app) == "packages one and two have different files of one name: same.py"


def test_what_is_beside_main_hides_a_package(tmp_path: Path, registry: Publish) -> None:
    registry("one", "1.0", {"one/__init__.py": "", "json.py": ""})
    app = application(tmp_path, '[image]\npackages = ["one", "asyncio"]\n', main="import one, json", one="")
    assert walked(app) == (["one.py"], [])


def test_folders(tmp_path: Path, registry: Publish) -> None:
    registry("two", "1.0", {"two.py": ""})
    toml = '[image]\npackages = ["./lib/own", "./lib/plain", "./lib/project"]\n'
    app = application(tmp_path, toml, main="import own.part, loose, inner, two")
    files = {
        "own/__init__.py": "",
        "own/part.py": "",
        "plain/loose.py": "",
        "project/src/inner.py": "",
        "project/pyproject.toml": '[project]\nname = "inner"\nversion = "1"\ndependencies = ["two"]\n',
    }
    for name, text in files.items():
        path = app / "lib" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert walked(app) == (["inner.py", "loose.py", "own/__init__.py", "own/part.py", "two.py"], [])
    (app / "unikernel.toml").write_text('[image]\npackages = ["./none"]\n')
    assert "toml:2: packages: there is no folder ./none" in one_line(app)
    (app / "empty").mkdir()
    (app / "unikernel.toml").write_text('[image]\npackages = ["./empty"]\n')
    assert "app/empty has no Python files" in one_line(app)


def test_what_cannot_be_used_is_named(tmp_path: Path, registry: Publish) -> None:
    parts = {
        "one/__init__.py": """\
            import sys
            import _c_part
            from . import broken
            try:
                import speedups
            except ImportError:
                import other
            if sys.version_info < (3, 8):
                import backport
            if sys.platform == "win32":
                import winreg
            def later():
                import optional
            """,
        "one/broken.py": "print 1\n",
    }
    registry("one", "1.0", {name: textwrap.dedent(text) for name, text in parts.items()})
    app = application(tmp_path, '[image]\npackages = ["one"]\n', main="import one")
    reached, missing = walked(app)
    assert reached == ["one/__init__.py"]
    assert len(missing) == 2 and "one/__init__.py:2: import _c_part: " in missing[0], missing
    assert "one/broken.py" in missing[1] and "line 1" in missing[1], missing


def test_compiled_code_is_named(tmp_path: Path, registry: Publish) -> None:
    files = {"one/__init__.py": "from ._fast import add\n", "one/_fast.cpython-311-x86_64-linux-gnu.so": ""}
    registry("one", "1.0", files, tag="cp311-cp311-manylinux_2_17_x86_64")
    app = application(tmp_path, '[image]\npackages = ["one"]\n', main="import one")
    _, [why] = walked(app)
    assert "one/__init__.py:1: import one._fast: it is compiled code" in why


def test_modules_that_are_named_by_texts(tmp_path: Path, registry: Publish) -> None:
    """Packages choose among their modules by name: tables of texts, f-strings with a prefix."""
    files = {
        "one/__init__.py": """\
            from importlib import import_module
            from . import settings
            def load(name):
                return import_module(settings.PARTS[name].partition(":")[0])
            def backend(name):
                return import_module(f"one.backends.{name}")
            def beside(name):
                return import_module(".near", __name__)
            """,
        "one/settings.py": 'PARTS = {"a": "one.parts.a:Class", "b": "one.parts.b"}\nTEXT = "one.unused is"\n',
        "one/parts/__init__.py": "",
        "one/parts/a.py": "",
        "one/parts/b.py": "",
        "one/parts/c.py": "",
        "one/backends/__init__.py": "",
        "one/backends/x.py": "",
        "one/near.py": "",
        "one/unused.py": "",
    }
    registry("one", "1.0", {name: textwrap.dedent(text) for name, text in files.items()})
    app = application(tmp_path, '[image]\npackages = ["one"]\n', main="import one")
    reached, missing = walked(app)
    assert missing == []
    assert {*files} - {*reached} == {"one/parts/c.py", "one/unused.py"}


def test_the_guest_is_what_a_program_finds() -> None:
    version = ".".join(map(str, guest.PYTHON))
    assert guest.GUEST["python_version"] == version
    assert guest.GUEST["python_full_version"].startswith(f"{version}.")


def test_no_packages(tmp_path: Path) -> None:
    assert packages.packages(Unikernel("app", tmp_path)) == []
