"""Read-only files of an image: which a pattern names, and what is refused."""

import os
from pathlib import Path

import pytest

from host import unikernel
from host.build import current, files, freeze, image, imports
from host.build.modules import generated
from host.errors import HostError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "main.py",
        "ca.pem",
        "static/index.html",
        "static/css/a.css",
        "static/.hidden",
        "a b/[1].txt",
    ):
        path = tmp_path / "app" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text of {name}\n")
    return tmp_path / "app"


def names(folder: Path, *patterns: str, **image_table: object) -> list[str]:
    table = "".join(f"{key} = {value!r}\n" for key, value in {"files": list(patterns), **image_table}.items())
    (folder / "unikernel.toml").write_text(f"[image]\n{table}")
    return [each.path for each in files.all_of(unikernel.load(folder))]


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        (["ca.pem"], ["ca.pem"]),
        (["static/**"], ["static/css/a.css", "static/index.html"]),
        (["static"], ["static/css/a.css", "static/index.html"]),
        (["static/"], ["static/css/a.css", "static/index.html"]),
        (["./static/*"], ["static/index.html"]),
        (["**/*.css", "*.pem", "ca.pem"], ["ca.pem", "static/css/a.css"]),
        (["static/.hidden"], ["static/.hidden"]),
        (["a b"], ["a b/[1].txt"]),
        (["a b/[[]1].txt"], ["a b/[1].txt"]),
        (["main.py"], ["main.py"]),
        ([], []),
    ],
)
def test_patterns(folder: Path, patterns: list[str], found: list[str]) -> None:
    assert names(folder, *patterns) == found


def test_exclusions_count(folder: Path) -> None:
    assert names(folder, "static", exclude=["*.css"]) == ["static/index.html"]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("none.txt", "there is no such file"),
        ("static/*.txt", "there is no such file"),
        ("empty", "there is no such file"),
        ("../other", "only files below"),
        ("/etc/passwd", "only files below"),
        ("tmp/x", "/tmp is the image's own folder"),
        ("run/x", "/run is the image's own folder"),
        ("pipe", "pipe is no regular file"),
        ("gone", "gone is no regular file"),
        ("line*", "not a printable name"),
        ("bytes*", "not a printable name"),
    ],
)
def test_what_is_refused(folder: Path, pattern: str, reason: str) -> None:
    """One line, with the file, the line and the pattern."""
    for name in ("empty", "tmp", "run"):
        (folder / name).mkdir()
    for name in ("tmp/x", "run/x", "line\nbreak"):
        (folder / name).touch()
    os.close(os.open(os.fsencode(folder) + b"/bytes\xff", os.O_CREAT))
    os.mkfifo(folder / "pipe")
    (folder / "gone").symlink_to("nowhere")
    with pytest.raises(HostError) as caught:
        names(folder, pattern)
    text = str(caught.value)
    assert "unikernel.toml:2: [image]: files: " in text and reason in text and "\n" not in text


def test_two_files_of_one_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(_application: object) -> list[files.DataFile]:
        return [files.DataFile("x", folder / "ca.pem"), files.DataFile("x", folder / "main.py")]

    monkeypatch.setattr(files, "named", twice)
    with pytest.raises(HostError, match=r"ca\.pem and .*main\.py would both be the file /x$"):
        names(folder)


def test_a_file_is_no_folder(folder: Path) -> None:
    both = [files.DataFile("x", folder / "ca.pem"), files.DataFile("x/y", folder / "main.py")]
    with pytest.raises(HostError, match="x is a file and a folder"):
        files.tree(both)


def test_the_tree_is_sorted_and_numbered(folder: Path) -> None:
    names(folder, "static", "ca.pem")
    found = files.tree(files.all_of(unikernel.load(folder)))
    css = ("css", 4, (("a.css", 1, None),))
    assert found == (("ca.pem", 0, None), ("static", 3, (css, ("index.html", 2, None))))


def test_data_of_packages(folder: Path) -> None:
    (folder / "static" / "x.pyc").touch()
    assert [each.path for each in files.beside(folder)] == [
        "a b/[1].txt",
        "ca.pem",
        "static/css/a.css",
        "static/index.html",
    ]


def test_the_assembler_reads_any_path(tmp_path: Path) -> None:
    strange = tmp_path / 'a "b" \\c'
    strange.mkdir()
    (strange / "x").write_bytes(b"0123456789abcdef")
    code = files.content([files.DataFile("x", strange / "x")], strange)
    assert (strange / "files.bin").read_bytes() == b"0123456789abcdef" + bytes(16)
    assert r"a \\\"b\\\" \\\\c/files.bin" in code and ", 16, rom_bytes + 0}" in code


def test_an_image_without_files_has_no_driver_of_them(folder: Path) -> None:
    (folder / "main.py").write_text("open('ca.pem')\n")

    def reached(*patterns: str) -> set[str]:
        names(folder, *patterns)
        application = unikernel.load(folder)
        modules, _ = imports.walk(application, freeze.available(application), ())
        return {module.path for module in modules} & {files.MODULE, files.DRIVER}

    assert reached() == set() and reached("ca.pem") == {files.MODULE, files.DRIVER}
    (folder / "main.py").write_text("print('opens nothing')\n")
    assert reached("ca.pem") == set()


def test_an_image_is_not_current_when_a_file_changed(folder: Path) -> None:
    names(folder, "static")
    before = current.sources(unikernel.load(folder))
    (folder / "static" / "css" / "a.css").write_text("changed")
    changed = current.sources(unikernel.load(folder))
    (folder / "static" / "new").touch()
    assert len({before, changed, current.sources(unikernel.load(folder))}) == 3


def test_modules_that_the_build_makes_are_not_shown_in_tracebacks(folder: Path) -> None:
    """Tables of Unicode have megabytes, which would be compiled as texts of the user's."""
    (folder / "unikernel.toml").write_text("")
    own = freeze.own_modules(unikernel.load(folder))
    made = image.source_text([*own, generated("_unicode_names.py", "NAMES = 'many'\n")], folder)
    assert "text of main.py" in made.source.read_text() and "many" not in made.source.read_text()
