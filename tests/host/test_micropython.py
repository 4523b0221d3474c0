"""MicroPython's source: pinned, patched, complete or made again."""

import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from host.build import apt, micropython, sources, steps
from host.errors import HostError

PATCH = """\
--- a/py/hello.c
+++ b/py/hello.c
@@ -1 +1 @@
-old
+new
"""


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache, a build folder and patches of the test's own, without network access."""

    def no_network(*arguments: object) -> None:
        raise HostError("E: Temporary failure resolving somewhere")

    monkeypatch.delenv("MICROPYTHON_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(apt, "fetch_source", no_network)
    monkeypatch.setattr(steps, "BUILD", tmp_path)
    monkeypatch.setattr(micropython, "SOURCE", tmp_path / "src")
    monkeypatch.setattr(micropython, "LOGS", tmp_path / "log")
    monkeypatch.setattr(micropython, "PORT", tmp_path / "port")
    monkeypatch.setattr(micropython.zlib, "add", lambda tree: None)
    monkeypatch.setattr(micropython.mbedtls, "add", lambda tree: None)
    (tmp_path / "port" / "patches").mkdir(parents=True)
    (tmp_path / "cache" / "pymnet" / "sources").mkdir(parents=True)
    return tmp_path


def pack(machine: Path, monkeypatch: pytest.MonkeyPatch, content: str = "old\n") -> Path:
    """A tarball in the cache, pinned."""
    path = machine / "cache" / "pymnet" / "sources" / micropython.ORIGIN.tarball
    with tarfile.open(path, "w:xz") as tar:
        member = tarfile.TarInfo("micropython-1.0/py/hello.c")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content.encode()))
    pinned = replace(micropython.ORIGIN, sha256=sources.digest(path))
    monkeypatch.setattr(micropython, "ORIGIN", pinned)
    return path


def hello(tree: Path) -> str:
    return (tree / "py" / "hello.c").read_text()


def test_no_network_is_one_line(machine: Path) -> None:
    with pytest.raises(
        HostError, match="cannot fetch MicroPython's source: E: Temp.*is the network up.*MICROPYTHON_DIR"
    ):
        micropython.source()
    assert not micropython.SOURCE.exists()


def test_the_cache_needs_no_network(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(machine, monkeypatch)
    assert hello(micropython.source()) == "old\n"


def test_a_wrong_hash_is_refused(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pack(machine, monkeypatch)
    path.write_bytes(path.read_bytes() + b"!")
    tampered = path.read_bytes()
    monkeypatch.setattr(apt, "fetch_source", lambda *a: path.write_bytes(tampered))
    found = sources.digest(path)
    with pytest.raises(HostError, match=f"SHA-256 {found}, not {micropython.ORIGIN.sha256}"):
        micropython.source()
    assert not path.exists()


def test_corrupted_cache_is_fetched_again(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = pack(machine, monkeypatch)
    good = path.read_bytes()
    path.write_bytes(good[:100])
    monkeypatch.setattr(apt, "fetch_source", lambda *a: path.write_bytes(good))
    assert hello(micropython.source()) == "old\n"


def test_patches_are_applied_to_the_copy(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(machine, monkeypatch)
    (machine / "port" / "patches" / "0001-new.patch").write_text(PATCH)
    assert hello(micropython.source()) == "new\n"


def test_a_changed_patch_makes_a_new_copy(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(machine, monkeypatch)
    micropython.source()
    patch = machine / "port" / "patches" / "0001-new.patch"
    patch.write_text(PATCH)
    assert hello(micropython.source()) == "new\n"
    patch.write_text(PATCH.replace("+new", "+newer"))
    assert hello(micropython.source()) == "newer\n"


def test_a_patch_that_does_not_apply(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(machine, monkeypatch, "something else\n")
    (machine / "port" / "patches" / "0001-new.patch").write_text(PATCH)
    with pytest.raises(HostError, match=r"applying .*0001-new\.patch failed: .*FAILED"):
        micropython.source()
    assert not micropython.SOURCE.exists()


def test_a_half_done_copy_is_redone(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(machine, monkeypatch)
    half = machine / "src.partial" / "py"
    half.mkdir(parents=True)
    (half / "hello.c").write_text("half")
    (half / "more.c").write_text("left over")
    tree = micropython.source()
    assert hello(tree) == "old\n"
    assert not (tree / "py" / "more.c").exists()


def test_a_copy_without_its_stamp_is_redone(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(machine, monkeypatch)
    tree = micropython.source()
    (tree / "py" / "hello.c").write_text("changed by hand\n")
    assert hello(micropython.source()) == "changed by hand\n"
    (tree / steps.STAMP).unlink()
    assert hello(micropython.source()) == "old\n"


def test_a_checkout_is_copied_and_stays_as_it_is(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = machine / "checkout"
    (checkout / "py").mkdir(parents=True)
    (checkout / "py" / "mpconfig.h").write_text("")
    (checkout / "py" / "hello.c").write_text("old\n")
    (checkout / ".git").mkdir()
    (machine / "port" / "patches" / "0001-new.patch").write_text(PATCH)
    monkeypatch.setenv("MICROPYTHON_DIR", str(checkout))
    tree = micropython.source()
    assert hello(tree) == "new\n" and hello(checkout) == "old\n"
    assert not (tree / ".git").exists()
    (checkout / "py" / "more.c").write_text("")
    assert (micropython.source() / "py" / "more.c").exists()


def test_a_checkout_that_is_none(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROPYTHON_DIR", str(machine))
    with pytest.raises(HostError, match="MICROPYTHON_DIR=.*no MicroPython there"):
        micropython.source()


def test_a_full_disk_is_one_line(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(machine, monkeypatch)

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr(micropython, "unpack", full)
    with pytest.raises(
        HostError, match="cannot make src: somewhere: No space left on device; free some space"
    ):
        micropython.source()
    assert not micropython.SOURCE.exists()


def test_version(tmp_path: Path) -> None:
    (tmp_path / "py").mkdir()
    lines = [f"#define MICROPY_VERSION_{name} {n}" for name, n in (("MAJOR", 1), ("MINOR", 25), ("MICRO", 0))]
    (tmp_path / "py" / "mpconfig.h").write_text(
        "\n".join([*lines, "#define MICROPY_VERSION_PRERELEASE 0", ""])
    )
    assert micropython.version(tmp_path) == "1.25.0"
