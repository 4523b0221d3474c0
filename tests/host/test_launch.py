"""Launching: obstacles are detected first; then a real QEMU with the smallest guest."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from host import board
from host.errors import LaunchError
from host.manifest import Device, Kind
from host.net import tap
from host.options import Block, Forward, Net, Options
from host.paths import ROOT
from host.run import launch, qemu

Builder = Callable[..., Path]
SERVICE = Device(Kind.NET, "service")
TCG = "tcg"
needs_qemu = pytest.mark.skipif(not shutil.which("qemu-system-x86_64"), reason="no qemu-system-x86_64")


def user_net(*forwards: Forward) -> Options:
    return Options(nets=(Net("service", forwards=forwards),), accelerator=TCG)


def refused(options: Options) -> str:
    with pytest.raises(LaunchError) as caught:
        launch.launch("tiny", options)
    assert "\n" not in str(caught.value) and caught.value.code == 125
    return str(caught.value)


def test_no_unikernel() -> None:
    with pytest.raises(LaunchError, match="no unikernel 'nobody'"):
        launch.launch("nobody", Options())


def test_no_board(tiny: Builder) -> None:
    tiny()
    with pytest.raises(LaunchError, match="no board 'nowhere': there are .*qemu-virtio"):
        launch.launch("tiny", Options(), "nowhere")


def test_no_image(tiny: Builder) -> None:
    tiny().unlink()
    assert "build it first (invoke build tiny)" in refused(Options())


def test_a_device_that_is_not_attached(tiny: Builder) -> None:
    tiny(SERVICE)
    assert refused(Options()).endswith("tiny.elf wants the device service: --net service=tap0")


def test_a_device_that_the_image_does_not_have(tiny: Builder) -> None:
    tiny(SERVICE)
    assert "--net other=...: " in refused(Options(nets=(Net("service"), Net("other"))))


def test_a_board_without_block_devices(tmp_path: Path) -> None:
    plain = replace(board.load(board.DEFAULT), devices=(Kind.NET,))
    with pytest.raises(LaunchError, match="--block: board qemu-virtio has no block devices yet"):
        launch.attach(
            Options(blocks=(Block("data", tmp_path),)), [Device(Kind.BLOCK, "data")], plain, "x.elf"
        )


@pytest.mark.parametrize(("kind", "protocol"), [(socket.SOCK_STREAM, "tcp"), (socket.SOCK_DGRAM, "udp")])
def test_a_port_in_use(tiny: Builder, kind: socket.SocketKind, protocol: str) -> None:
    tiny(SERVICE)
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if protocol == "tcp":
            taken.listen()
        port = taken.getsockname()[1]
        assert f"{protocol} port {port} is in use" in refused(user_net(Forward(port, 80, protocol)))


def test_no_qemu(tiny: Builder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tiny()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "no qemu-system-x86_64 on this machine" in refused(Options())


def test_no_kvm(tiny: Builder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tiny()
    monkeypatch.setattr(qemu, "KVM", tmp_path / "kvm")
    assert refused(Options(accelerator="kvm")).startswith("--accel kvm: no ")
    assert not launch.ways("qemu-virtio")["tcg"] and launch.ways("qemu-virtio")["kvm"]


def test_no_permission_for_kvm(tiny: Builder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tiny()
    monkeypatch.setattr(qemu, "KVM", tmp_path / "kvm")
    (tmp_path / "kvm").touch()
    monkeypatch.setattr(qemu, "kvm_is_usable", lambda: False)
    assert "no permission to use" in refused(Options(accelerator="kvm"))


def test_an_unknown_accelerator(tiny: Builder) -> None:
    tiny()
    assert refused(Options(accelerator="warp")) == "--accel warp: board qemu-virtio has kvm and tcg"


def test_taps_are_looked_at(tiny: Builder, namespace: object) -> None:
    tiny(SERVICE)
    options = Options(nets=(Net("service", tap="tap7"),))
    assert refused(options).startswith("no tap tap7 here; make it: ip tuntap add dev tap7 mode tap")
    with tap.tap("tap7"):
        tap.ip("link", "set", "tap7", "down")
        assert refused(options) == "the tap tap7 is down: ip link set tap7 up"
        tap.ip("link", "set", "tap7", "up")
        launch.launch("tiny", options)
    with tap.bridge("tap7"):
        assert refused(options) == "tap7 is not a tap"


@needs_qemu
@pytest.mark.parametrize("accelerator", ["kvm", "tcg"])
def test_boot(tiny: Builder, accelerator: str) -> None:
    if accelerator == "kvm" and qemu.kvm_obstacle():
        pytest.skip(qemu.kvm_obstacle())
    tiny(SERVICE, code="7")
    options = Options(nets=(Net("service"),), accelerator=accelerator)
    with launch.launch("tiny", options) as guest:
        assert guest.wait(30) == 7
        assert guest.console.text == "hello\n"


@needs_qemu
def test_a_guest_without_a_status(tiny: Builder) -> None:
    tiny(status=False)
    with launch.launch("tiny", Options(accelerator=TCG)) as guest:
        with pytest.raises(
            LaunchError, match=r"the runner \(tcg\) ended with code \d+ and no status from the guest"
        ):
            guest.wait(30)


@needs_qemu
def test_on_a_tap_with_a_capture(tiny: Builder, namespace: object, tmp_path: Path) -> None:
    tiny(SERVICE, code="0")
    with tap.tap("tap0", "10.0.0.1/24"):
        options = Options(nets=(Net("service", tap="tap0"),), accelerator=TCG, pcap=tmp_path / "x.pcap")
        with launch.launch("tiny", options) as guest:
            assert guest.wait(30) == 0
    assert (tmp_path / "x.pcap").read_bytes()[:4] == bytes.fromhex("4d3cb2a1")


@needs_qemu
def test_a_capture_that_cannot_be_written(tiny: Builder, namespace: object) -> None:
    tiny(SERVICE)
    with tap.tap("tap0"):
        options = Options(nets=(Net("service", tap="tap0"),), accelerator=TCG, pcap=Path("/nowhere/x.pcap"))
        with pytest.raises(LaunchError, match="--pcap: /nowhere/x.pcap: No such file"):
            launch.launch("tiny", options).start()


INVOKE = [str(Path(sys.executable).with_name("invoke"))]


def invoke(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*INVOKE, *words], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["run", "nobody"], "run: no unikernel 'nobody'"),
        (["run", "nobody", "--net", "x"], "run: --net x: expected DEVICE=..."),
        (["run", "nobody", "--mem", "much"], "run: --mem much: expected a number of MiB"),
        (["demo", "--net", "carrier-pigeon"], "demo: NET=carrier-pigeon: expected user or tap"),
    ],
)
def test_the_task_says_it_in_one_line(words: list[str], complaint: str) -> None:
    done = invoke(*words)
    assert done.returncode == 125
    assert done.stderr.startswith(complaint) and done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_the_paths_of_images() -> None:
    assert board.image_path("echo", "qemu-virtio") == ROOT / "build" / "qemu-virtio" / "echo.elf"
