"""CPython's own modules: each is the file that it was when it was chosen, or it is not used."""

from pathlib import Path

import pytest

from host.build import stdlib
from host.errors import HostError
from host.paths import STACK


@pytest.fixture(autouse=True)
def package() -> None:
    try:
        stdlib.package()
    except HostError as error:
        pytest.skip(f"no {stdlib.PACKAGE} from Debian: {error}")


def test_files_are_provided_when_they_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stdlib, "FOLDER", tmp_path)
    stdlib.unpack.cache_clear()
    stdlib.provide(STACK / "nothing.py")
    assert list(tmp_path.iterdir()) == []
    stdlib.provide(tmp_path / "re" / "_parser.py")
    assert all(stdlib.is_as_pinned(tmp_path / name) for name in stdlib.FILES)


def test_another_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stdlib, "FOLDER", tmp_path)
    monkeypatch.setattr(stdlib, "FILES", {"re/_parser.py": "0" * 64})
    stdlib.unpack.cache_clear()
    with pytest.raises(HostError, match="not the file that host/build/stdlib.py names"):
        stdlib.provide(tmp_path / "re" / "_parser.py")
    assert not (tmp_path / "re" / "_parser.py").exists()
    stdlib.unpack.cache_clear()


def test_a_package_is_laid_out_with_our_part_of_it(tmp_path: Path) -> None:
    names = {path.name for path in (stdlib.lay_out(tmp_path) / "re").iterdir()}
    assert names == {"__init__.py", "_constants.py", "_casefix.py", "_compiler.py", "_parser.py"}
