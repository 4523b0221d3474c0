"""The machine's apt configuration: which entries are read, and which is Debian's archive."""

import textwrap
from pathlib import Path

import pytest

from host.build import apt
from host.build.apt import Entry
from host.errors import HostError

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def entries(text: str, parse=apt.parse_one_line) -> list[Entry]:  # type: ignore[no-untyped-def]
    return list(parse(textwrap.dedent(text)))


def test_one_line() -> None:
    text = """
        # a comment
        deb http://mirror.example/debian bookworm main contrib # and one behind
        deb-src [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian/ bookworm-updates main
        deb [ trusted=yes ] file:/srv/flat ./
        rpm http://elsewhere.example main
    """
    assert entries(text) == [
        Entry("http://mirror.example/debian", "bookworm", ("main", "contrib")),
        Entry("http://mirror.example/debian/", "bookworm-updates", ("main",), "/k.gpg"),
        Entry("file:/srv/flat", "./", ()),
    ]


def test_deb822() -> None:
    text = f"""\
        Types: deb
        # a comment within
        URIs: http://one.example/debian
          http://two.example/debian
        Suites: bookworm bookworm-updates
        Components: main
        Signed-By: {KEYRING}

        Types: deb
        Enabled: no
        URIs: http://off.example/debian
        Suites: bookworm
        Components: main
    """
    assert entries(text, apt.parse_deb822) == [
        Entry(f"http://{host}.example/debian", suite, ("main",), KEYRING)
        for host in ("one", "two")
        for suite in ("bookworm", "bookworm-updates")
    ]


def test_a_key_within_the_entry_is_kept_whole() -> None:
    key = "Signed-By:\n -----BEGIN\n .\n abc\n"
    (entry,) = apt.parse_deb822(
        f"Types: deb\nURIs: http://a.example/debian\nSuites: sid\nComponents: main\n{key}"
    )
    assert apt.source_entry(entry, "trixie").endswith("Signed-By: \n -----BEGIN\n .\n abc\n")


def test_both_styles_are_read(tmp_path: Path) -> None:
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (tmp_path / "sources.list").write_text("deb http://a.example/debian bookworm main\n")
    (parts / "b.sources").write_text(
        "Types: deb\nURIs: http://b.example/debian\nSuites: sid\nComponents: main\n"
    )
    (parts / "c.list").write_text("deb http://c.example/x stable main\n")
    (parts / "d.list.disabled").write_text("deb http://d.example/x stable main\n")
    assert [entry.uri for entry in apt.configured(tmp_path)] == [
        "http://a.example/debian",
        "http://b.example/debian",
        "http://c.example/x",
    ]


THIRD = Entry("https://apt.third.example", "bookworm", ("main",), "/usr/share/keyrings/third.gpg")
SECURITY = Entry("http://mirror.example/debian-security", "bookworm-security", ("main",), KEYRING)
UPDATES = Entry("http://mirror.example/debian", "bookworm-updates", ("main",), KEYRING)
DOCKER = Entry("https://docker.example/linux/debian", "bookworm", ("stable",), "/k.gpg")
ARCHIVE = Entry("http://mirror.example/debian", "bookworm", ("main",), KEYRING)
PLAIN = Entry("http://mirror.example/anything", "bookworm", ("main",))


@pytest.mark.parametrize("others", [[THIRD], [SECURITY, UPDATES], [DOCKER, THIRD, SECURITY], []], ids=len)
@pytest.mark.parametrize("archive", [ARCHIVE, PLAIN], ids=["signed", "plain"])
def test_the_main_archive_is_found(archive: Entry, others: list[Entry]) -> None:
    assert apt.main_archive([*others, archive]) == archive
    assert apt.main_archive([archive, *others]) == archive


def test_no_main_archive() -> None:
    with pytest.raises(HostError, match="no entry for Debian's main archive.*MICROPYTHON_DIR"):
        apt.main_archive([SECURITY, UPDATES, DOCKER])


def test_source_entry() -> None:
    assert apt.source_entry(PLAIN, "trixie") == (
        "Types: deb-src\nURIs: http://mirror.example/anything\nSuites: trixie\nComponents: main\n"
    )


def test_aptless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HostError, match="no apt-get"):
        apt.fetch_source("micropython", "trixie", "x.tar.xz", tmp_path)


def fake_apt(folder: Path, script: str) -> None:
    tool = folder / "apt-get"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)


@pytest.fixture
def bin_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """First on PATH: for stand-ins of tools."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(apt, "configured", lambda: [ARCHIVE])
    return folder


def test_apt_fails_in_one_line(bin_folder: Path, tmp_path: Path) -> None:
    fake_apt(
        bin_folder, "echo progress; echo 'E: Failed to fetch x  Temporary failure resolving y' >&2; exit 100"
    )
    with pytest.raises(HostError, match="^E: Failed to fetch x  Temporary failure resolving y$"):
        apt.fetch_source("micropython", "trixie", "x.tar.xz", tmp_path)
    assert not (tmp_path / "x.tar.xz").exists()


def test_another_version_in_the_suite(bin_folder: Path, tmp_path: Path) -> None:
    fake_apt(bin_folder, 'case "$*" in *source*) touch micropython_2.0.orig.tar.xz;; esac')
    with pytest.raises(HostError, match="trixie has micropython_2.0.orig.tar.xz where x.tar.xz is wanted"):
        apt.fetch_source("micropython", "trixie", "x.tar.xz", tmp_path)


def test_the_file_is_kept_and_the_private_folder_is_not(bin_folder: Path, tmp_path: Path) -> None:
    fake_apt(bin_folder, f'case "$*" in *source*) echo content > x.tar.xz; pwd > {tmp_path}/where;; esac')
    apt.fetch_source("micropython", "trixie", "x.tar.xz", tmp_path)
    assert (tmp_path / "x.tar.xz").read_text() == "content\n"
    assert not Path((tmp_path / "where").read_text().strip()).exists()
