"""Sources from Debian: pinned, and only what is needed goes into MicroPython's."""

import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from host.build import apt, mbedtls, sources, zlib
from host.errors import HostError

FILES = {
    zlib: ("zlib-1/inflate.c", "zlib-1/zlib.h", "zlib-1/README", "zlib-1/contrib/minizip.c"),
    mbedtls: (
        "mbedtls-3/library/aes.c",
        "mbedtls-3/include/psa/crypto.h",
        "mbedtls-3/README.md",
        "mbedtls-3/programs/aes.c",
        "mbedtls-3/../include/psa/outside.h",
    ),
}
NEEDED = {
    zlib: {"inflate.c", "zlib.h"},
    mbedtls: {"library/aes.c", "include/psa/crypto.h"},
}


@pytest.fixture(params=[zlib, mbedtls], ids=["zlib", "mbedtls"])
def module(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[ModuleType]:
    """One of the modules, with a tarball of the test's own in the cache, pinned."""
    found: ModuleType = request.param
    monkeypatch.setattr(sources, "cache", lambda: tmp_path)
    path = tmp_path / "sources" / found.SOURCE.tarball
    path.parent.mkdir()
    with tarfile.open(path, "w:bz2") as tar:
        for name in FILES[found]:
            member = tarfile.TarInfo(name)
            member.size = len(name)
            tar.addfile(member, io.BytesIO(name.encode()))
    monkeypatch.setattr(found, "SOURCE", replace(found.SOURCE, sha256=sources.digest(path)))
    yield found


def test_only_its_c_files(module: ModuleType, tmp_path: Path) -> None:
    module.add(tmp_path / "tree")
    folder = tmp_path / "tree" / "lib" / module.SOURCE.package
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == NEEDED[module]
    assert not list(tmp_path.rglob("outside.h"))


def test_another_tarball_is_refused(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sources" / module.SOURCE.tarball
    tampered = path.read_bytes() + b"!"
    path.write_bytes(tampered)
    monkeypatch.setattr(apt, "fetch_source", lambda *arguments: path.write_bytes(tampered))
    with pytest.raises(HostError, match="not used; try again or ask your mirror"):
        module.add(tmp_path / "tree")
    assert not path.exists()
