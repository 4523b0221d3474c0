"""Images: the same inputs give the same bytes, wherever they are built."""

from pathlib import Path

import pytest

from host import board, elf, unikernel
from host.board import image_path
from host.build import current, image, micropython
from host.build import inspect as inspection
from host.build.modules import Module
from host.errors import HostError, LaunchError
from host.options import Options
from host.paths import STACK
from host.run import foreground


@pytest.fixture(scope="module")
def hello() -> image.Image:
    if not micropython.MPY_CROSS.is_file():
        pytest.skip("mpy-cross is not built: make test builds it")
    return image.build("hello")


def test_the_same_inputs_give_the_same_bytes(
    hello: image.Image, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Library, platform and image, all made again in another folder."""
    here = hello.path.read_bytes()
    for module in (board, image):
        monkeypatch.setattr(module, "BUILD", tmp_path)
    monkeypatch.setattr(image, "LIBRARY", tmp_path / "port")
    there = image.build("hello")
    assert there.path.is_relative_to(tmp_path)
    assert there.path.read_bytes() == here


def test_description_of_an_image(hello: image.Image) -> None:
    text = image.describe(hello)
    assert f"{hello.path.stat().st_size} bytes" in text and " main" in text


def test_inspect(hello: image.Image, capsys: pytest.CaptureFixture[str]) -> None:
    inspection.show("hello")
    shown = capsys.readouterr().out
    for word in ("r-x", ".text", "main.py", "TCP_CONNECTIONS"):
        assert word in shown


def test_frozen_modules_take_room(hello: image.Image) -> None:
    sizes = inspection.module_sizes(elf.load(hello.debug), hello.modules)
    assert sizes["main.py"] > 0 and sizes["_boot.py"] > 0


# KiB; others than the first two have their imports from CPython's library.
LARGEST = {
    "echo": 620,
    "hello": 364,
    "agent": 760,
    "bench": 640,
    "chat": 1100,
    "kv": 1300,
    "proxy": 1200,
    "web": 1900,
}


@pytest.mark.parametrize("name", unikernel.names())
def test_every_image_keeps_its_promises(name: str, hello: image.Image) -> None:
    built = image.build(name)
    loaded = elf.load(built.path)
    elf.check(loaded, unikernel.load(name).devices, name)
    assert {segment.protection for segment in loaded.segments} == {"r-x", "r--", "rw-"}
    assert built.path.stat().st_size < LARGEST[name] * 1024


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An image on disk, and a build that makes it again; nothing is compiled."""
    for module in (board, image):
        monkeypatch.setattr(module, "BUILD", tmp_path / "build")
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "main.py").write_text("print('old')\n")
    (folder / "unikernel.toml").write_text("")
    path = image_path("app")
    path.parent.mkdir(parents=True)
    path.write_text("an image")
    current.write(path, current.Mark(current.sources(unikernel.load(folder))))
    return folder


def test_an_image_is_current_until_its_sources_change(application: Path) -> None:
    app = unikernel.load(application)
    assert current.is_current(app, "qemu-virtio")
    (application / "main.py").write_text("print('new one')\n")
    assert not current.is_current(app, "qemu-virtio")


@pytest.mark.parametrize("change", ["new.py", "main.py", "unikernel.toml"])
def test_files_that_come_and_go_count(change: str, application: Path) -> None:
    path = application / change
    path.unlink() if path.exists() else path.touch()
    if change != "unikernel.toml":
        assert not current.is_current(unikernel.load(application), "qemu-virtio")


@pytest.mark.parametrize("error", [HostError("no"), KeyboardInterrupt()])
def test_a_failed_build_leaves_no_image(error: BaseException, application: Path) -> None:
    path = image_path("app")
    with pytest.raises(type(error)), image.whole(path):
        assert path.exists() and not current.mark_path(path).exists()  # if this process were killed now
        raise error
    assert not path.exists() and not current.is_current(unikernel.load(application), "qemu-virtio")


def test_run_builds_again_what_is_older_than_its_sources(
    application: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Path] = []
    monkeypatch.setattr(image, "build", lambda name, *more, **settings: built.append(name))
    foreground.bring_up_to_date(application, "qemu-virtio")
    assert built == []
    (application / "main.py").write_text("print('new one')\n")
    foreground.bring_up_to_date(application, "qemu-virtio")
    assert built == [application]

    def fails(name: Path, *more: object, **settings: object) -> None:
        raise HostError("SyntaxError")

    monkeypatch.setattr(image, "build", fails)
    with pytest.raises(LaunchError, match="SyntaxError"):
        foreground.run(application, Options())


def test_the_text_for_tracebacks(tmp_path: Path) -> None:
    """Return the application's modules, without ours."""
    main = tmp_path / "main.py"
    main.write_text('print("é")\n')
    modules = [Module("main.py", main), Module("_boot.py", STACK / "_boot.py")]
    made = image.source_text(modules, tmp_path)
    names: dict[str, dict[str, str]] = {}
    exec(made.source.read_text(), {}, names)
    assert names["SOURCES"] == {"main.py": 'print("é")\n'}


def test_code_that_may_be_interrupted(tmp_path: Path) -> None:
    """Return the application's modules, without ours."""
    modules = [Module("main.py", tmp_path / "main.py"), Module("queue.py", STACK / "std" / "queue.py")]
    text = image.preemption(modules, tmp_path).source.read_text()
    assert "_turn.start(('main.py',))" in text
