"""Frozen code: which modules, under which names, and that the same inputs give the same bytes."""

import re
from pathlib import Path

import pytest

from host import elf, unikernel
from host.build import freeze, imports, micropython, stdlib
from host.build import inspect as inspection
from host.build.modules import Module, compile_module
from host.errors import HostError
from host.manifest import Device, Kind
from host.unikernel import Unikernel

SERVICE = Device(Kind.NET, "service")


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A stack and an application of empty files."""
    for name in (
        "stack/_boot.py",
        "stack/mkernel/__init__.py",
        "stack/mkernel/scheduler.py",
        "stack/mnet/__init__.py",
        "stack/mnet/wire/pure.py",
        "stack/mnet/wire/tcp.py",
        "stack/std/socket.py",
        "stack/lib/metrics.py",
        "app/main.py",
        "app/helper.py",
        "app/test_app.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.setattr(freeze, "STACK", tmp_path / "stack")
    monkeypatch.setattr(stdlib, "FILES", {"re/_parser.py": ""})
    return tmp_path


def frozen(folder: Path, **settings: object) -> list[str]:
    app = Unikernel("app", folder / "app", **settings)  # type: ignore[arg-type]
    return sorted(module.path for module in freeze.available(app))


def test_with_a_net_device(stack: Path) -> None:
    assert frozen(stack, devices=(SERVICE,)) == [
        "_boot.py",
        "helper.py",
        "main.py",
        "metrics.py",
        "mkernel/__init__.py",
        "mkernel/scheduler.py",
        "mnet/__init__.py",
        "mnet/wire/tcp.py",
        "re/_parser.py",
        "socket.py",
    ]


def test_without_one_there_is_no_mnet(stack: Path) -> None:
    assert not any(path.startswith("mnet/") for path in frozen(stack))


def test_an_application_needs_a_main(stack: Path) -> None:
    (stack / "app" / "main.py").unlink()
    with pytest.raises(HostError, match=r"app has no main\.py"):
        frozen(stack)


def test_a_name_taken_twice(stack: Path) -> None:
    (stack / "app" / "socket.py").touch()
    with pytest.raises(
        HostError, match=r"stack/std/socket\.py and .*app/socket\.py would both be frozen as socket\.py"
    ):
        frozen(stack)


def test_a_module_beside_main_hides_one_of_cpythons(stack: Path) -> None:
    (stack / "app" / "re").mkdir()
    (stack / "app" / "re" / "_parser.py").touch()
    app = Unikernel("app", stack / "app")
    [found] = [m for m in freeze.available(app) if m.path == "re/_parser.py"]
    assert found.source == stack / "app" / "re" / "_parser.py"


@pytest.fixture
def tools() -> tuple[Path, Path]:
    """Return mpy-cross and MicroPython's tree, if they have been built."""
    if not (micropython.MPY_CROSS.is_file() and micropython.SOURCE.is_dir()):
        pytest.skip("mpy-cross is not built: make test builds it")
    return micropython.MPY_CROSS, micropython.SOURCE


def modules(folder: Path, count: int = 3) -> list[Module]:
    made = []
    for index in range(count):
        source = folder / f"m{index}.py"
        source.write_text(f"def function{index}():\n    return 'text {index}', {index} << 40\n")
        made.append(Module(f"package/m{index}.py", source))
    return made


def test_the_same_inputs_give_the_same_bytes(tools: tuple[Path, Path], tmp_path: Path) -> None:
    qstrings = tmp_path / "qstrings.h"
    qstrings.write_text("QCFG(BYTES_IN_HASH, (2))\nQCFG(BYTES_IN_LEN, (1))\nQ()\n")
    one = freeze.freeze(modules(tmp_path), *tools, qstrings, tmp_path / "one")
    content = one.read_bytes()
    assert b"package/m1.py" in content and str(tmp_path).encode() not in content
    elsewhere = tmp_path / "else" / "where"
    elsewhere.mkdir(parents=True)
    two = freeze.freeze(modules(elsewhere), *tools, qstrings, elsewhere / "two")
    assert two.read_bytes() == content
    arrays = re.findall(rb"^static const byte \w+\[.*", content, re.MULTILINE)
    assert arrays and all(b"aligned(1)" in each for each in arrays), "no padding between functions"
    before = one.stat().st_mtime_ns
    freeze.freeze(modules(tmp_path), *tools, qstrings, tmp_path / "one")
    assert one.stat().st_mtime_ns == before, "nothing changed, so nothing is to be linked again"


def test_a_constant_of_many_digits_is_frozen(tools: tuple[Path, Path], tmp_path: Path) -> None:
    """CPython, which runs the tools, writes integers of 4300 digits at most by default."""
    qstrings = tmp_path / "qstrings.h"
    qstrings.write_text("QCFG(BYTES_IN_HASH, (2))\nQCFG(BYTES_IN_LEN, (1))\nQ()\n")
    source = tmp_path / "big.py"
    source.write_text(f"N = 0x{'f' * 5000}\n\n\ndef f():\n    return 0x{'f' * 5000}\n")
    assert freeze.freeze([Module("big.py", source)], *tools, qstrings, tmp_path / "one").is_file()


def test_what_only_mpy_cross_refuses_is_one_line(tools: tuple[Path, Path], tmp_path: Path) -> None:
    source = tmp_path / "bad.py"
    source.write_text("import micropython\n\n@micropython.viper\ndef f(x: unknown): pass\n")
    with pytest.raises(HostError, match=r"compiling .*bad\.py failed: .*ViperTypeError") as caught:
        compile_module(Module("bad.py", source), tools[0], tmp_path / "bad.mpy")
    assert "\n" not in str(caught.value)


def test_sizes_are_listed_by_module() -> None:
    names = ["mnet/tcp.py", "mnet/tcp/input.py", "main.py", "unused.py"]
    symbols = {
        "fun_data_mnet_tcp_listen": 100,
        "fun_data_mnet_tcp_input__lt_module_gt_": 10,
        "const_qstr_table_data_mnet_tcp_input": 5,
        "proto_fun_main__lt_module_gt_": 1,
        "children_main": 2,
        "mp_qstr_frozen_const_pool": 1000,
    }
    image = elf.Elf(0, (), (), (), symbols)
    sizes = inspection.module_sizes(image, [Module(name, Path(name)) for name in names])
    assert dict(sizes) == {"mnet/tcp.py": 100, "mnet/tcp/input.py": 15, "main.py": 3, "unused.py": 0}


def test_limits_are_read_with_their_comments(tmp_path: Path) -> None:
    path = tmp_path / "limits.py"
    path.write_text(
        "from micropython import const\nSECOND = const(10)\nLIFE = 6 * SECOND   # RFC 1\n_OWN = const(1)\n"
    )
    assert inspection.limits(path) == [("SECOND", 10, ""), ("LIFE", 60, "RFC 1")]


def test_the_stacks_own_limits_are_numbers() -> None:
    bounds = inspection.limits()
    assert len(bounds) > 10 and all(isinstance(value, int) for _, value, _ in bounds)


def test_every_unikernel_has_a_frozen_set(tools: tuple[Path, Path]) -> None:
    for name in unikernel.names():
        application = unikernel.load(name)
        reached, _ = imports.walk(application, freeze.available(application), ())
        paths = {module.path for module in reached}
        assert {"_boot.py", "main.py", "mkernel/scheduler.py"} <= paths
        assert ("mnet/host.py" in paths) == bool(application.devices)
