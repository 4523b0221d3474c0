"""QEMU's command line."""

from pathlib import Path

import pytest

from host import board
from host.options import Block, Forward, Net, Options
from host.run import qemu

BOARD = board.load("qemu-virtio")
IMAGE = Path("/images/echo.elf")


def command(options: Options, accelerator: str = "tcg") -> list[str]:
    return list(qemu.command(BOARD, IMAGE, options, accelerator, "/proc/self/fd/9"))


def values(words: list[str], option: str) -> list[str]:
    return [value for name, value in zip(words, words[1:], strict=False) if name == option]


def test_the_machine() -> None:
    words = command(Options(memory=24, arguments="server -p 9000"), "kvm")
    assert words[0] == "qemu-system-x86_64"
    assert values(words, "-accel") == ["kvm"]
    assert values(words, "-cpu") == ["max,-arch-capabilities"]
    assert values(words, "-m") == ["24"]
    assert values(words, "-kernel") == ["/images/echo.elf"]
    assert values(words, "-append") == ["server -p 9000"]
    assert "file,id=status,path=/proc/self/fd/9" in values(words, "-chardev")
    assert {"-no-reboot", "-nodefaults", "-no-user-config"} <= set(words)


def test_a_tap() -> None:
    words = command(Options(nets=(Net("service", tap="tap0", mac="02:00:00:00:00:01"),)))
    assert values(words, "-netdev") == ["tap,id=net0,ifname=tap0,script=no,downscript=no"]
    assert "virtio-net-device,netdev=net0,mac=02:00:00:00:00:01" in values(words, "-device")
    assert values(words, "-append") == [""]


def test_user_networking() -> None:
    net = Net("service", forwards=(Forward(8080, 80), Forward(5353, 53, "udp")))
    words = command(Options(nets=(net,), arguments="server"))
    assert values(words, "-netdev") == [
        "user,id=net0,hostfwd=tcp:127.0.0.1:8080-10.0.2.15:80,hostfwd=udp:127.0.0.1:5353-10.0.2.15:53"
    ]
    assert values(words, "-append") == ["--ipv4=10.0.2.15/24 --ipv4-gateway=10.0.2.2 server"]


def test_user_networking_with_an_address_of_the_users() -> None:
    net = Net("service", forwards=(Forward(8080, 80),))
    words = command(Options(nets=(net,), arguments="--ipv4=10.0.2.77/24"))
    assert values(words, "-netdev") == ["user,id=net0,hostfwd=tcp:127.0.0.1:8080-10.0.2.77:80"]
    assert values(words, "-append") == ["--ipv4=10.0.2.77/24"]


def test_devices_keep_their_order_and_have_addresses_of_their_own() -> None:
    words = command(Options(nets=(Net("a", tap="tap0"), Net("b", tap="tap1"))))
    cards = [value.split(",mac=") for value in values(words, "-device") if value.startswith("virtio-net")]
    assert [card for card, _ in cards] == ["virtio-net-device,netdev=net0", "virtio-net-device,netdev=net1"]
    assert cards[0][1] != cards[1][1]
    assert all(int(mac[:2], 16) & 3 == 2 for _, mac in cards), "locally administered, unicast"


def test_capture_behind_user_networking() -> None:
    one = Options(nets=(Net("a"),), pcap=Path("/tmp/x,y.pcap"))
    assert values(command(one), "-object") == ["filter-dump,id=dump0,netdev=net0,file=/tmp/x,,y.pcap"]
    two = Options(nets=(Net("a"), Net("b", tap="tap0")), pcap=Path("/tmp/x.pcap"))
    assert values(command(two), "-object") == ["filter-dump,id=dump0,netdev=net0,file=/tmp/x-a.pcap"]


def test_gdb() -> None:
    words = command(Options(gdb=True))
    assert values(words, "-gdb") == ["tcp:127.0.0.1:1234"] and "-S" in words


def test_a_block_device() -> None:
    table = {**BOARD.settings, "block": "virtio-blk-device"}
    other = board.Board("other", "x86_64", "qemu", "qemu", "port", BOARD.devices, table)
    options = Options(blocks=(Block("data", Path("disk")),))
    words = list(qemu.command(other, IMAGE, options, "tcg", "s"))
    assert values(words, "-drive") == ["if=none,id=block0,format=raw,file=disk"]
    assert "virtio-blk-device,drive=block0" in values(words, "-device")


@pytest.mark.parametrize("name", board.names())
def test_every_board_loads(name: str) -> None:
    assert board.load(name).name == name
