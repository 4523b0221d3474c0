"""zlib's source: pinned, and only its C files go into MicroPython's."""

import io
import tarfile
from pathlib import Path

import pytest

from host.build import apt, zlib
from host.errors import HostError


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tarball in the cache, pinned."""
    monkeypatch.setattr(zlib, "cache", lambda: tmp_path)
    path = tmp_path / "sources" / zlib.TARBALL
    path.parent.mkdir()
    with tarfile.open(path, "w:bz2") as tar:
        for name in ("zlib-1/inflate.c", "zlib-1/zlib.h", "zlib-1/README", "zlib-1/contrib/minizip.c"):
            member = tarfile.TarInfo(name)
            member.size = len(name)
            tar.addfile(member, io.BytesIO(name.encode()))
    monkeypatch.setattr(zlib, "SHA256", zlib.sha256(path.read_bytes()).hexdigest())
    return path


def test_only_its_c_files(archive: Path, tmp_path: Path) -> None:
    zlib.add(tmp_path / "tree")
    folder = tmp_path / "tree" / "lib" / "zlib"
    assert sorted(path.name for path in folder.iterdir()) == ["inflate.c", "zlib.h"]
    assert (folder / "zlib.h").read_text() == "zlib-1/zlib.h"


def test_another_tarball_is_refused(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tampered = archive.read_bytes() + b"!"
    archive.write_bytes(tampered)
    monkeypatch.setattr(apt, "fetch_source", lambda *arguments: archive.write_bytes(tampered))
    with pytest.raises(HostError, match="not the pinned one"):
        zlib.add(tmp_path / "tree")
    assert not archive.exists()
