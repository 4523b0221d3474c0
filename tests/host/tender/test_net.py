"""The tender's network: hypercalls and the net ring, with frames through a tap."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from host.manifest import Device, Kind
from host.net import netns
from host.net.tap import tap
from host.paths import ROOT

from .conftest import BACK_ENDS, Build, command, complaint, on, run

OBSTACLE = netns.obstacle()
pytestmark = [
    pytest.mark.parametrize("back_end", BACK_ENDS),
    pytest.mark.skipif(bool(OBSTACLE), reason=OBSTACLE),
]
KIND = 0x88B5  # IEEE 802: local experiments
DESTINATION, SOURCE = bytes.fromhex("020000000002"), bytes.fromhex("020000000001")


@pytest.fixture
def link() -> Iterator[str]:
    with netns.Namespace(), tap("tap0"):
        yield "tap0"


def frame(text: bytes) -> bytes:
    return (DESTINATION + SOURCE + KIND.to_bytes(2, "big") + text).ljust(60, b"\0")


FIRST = frame(b"is the guest there?")


def exchange(end: socket.socket, sent: bytes) -> bytes:
    """Return the echoed frames; late answers to the first frames are not among them."""
    end.send(sent)
    while True:
        got, address = end.recvfrom(2048)
        if address[2] != socket.PACKET_OUTGOING and (got != FIRST or got == sent):  # type: ignore[attr-defined]
            return got


def frames_through(link: str, argv: list[str]) -> int:
    """Echo frames of many sizes through the guest. Returns its exit code."""
    with subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.DEVNULL) as tender:
        try:
            with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(KIND)) as end:
                end.bind((link, KIND))
                end.settimeout(0.2)
                for _ in range(100):
                    try:
                        assert exchange(end, FIRST) == FIRST
                        break
                    except TimeoutError:
                        continue
                end.settimeout(20)
                for size in (1, 100, 1000, 1500):
                    for number in range(50):
                        text = number.to_bytes(1, "big") * size
                        assert exchange(end, frame(b"." + text[1:])) == frame(b"." + text[1:])
                end.send(frame(b"q"))
                return tender.wait(timeout=20)
        finally:
            tender.kill()


@pytest.mark.parametrize("words", ["mirror", "ring"])
def test_frames(back_end: str, link: str, with_net: Path, words: str) -> None:
    argv = command(*on(back_end, f"--net:service={link}", with_net, words))
    assert frames_through(link, argv) == 0


def test_device_information_for_the_guest(back_end: str, link: str, with_net: Path) -> None:
    words = [f"--net:service={link}", "--net-mac:service=02:aa:bb:cc:dd:ee"]
    argv = command(*on(back_end, *words, with_net, "info"))
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, timeout=60)
    *numbers, blob = done.stdout.split(b"\n", 5)
    assert (int(numbers[3]) & 1, int(numbers[4])) == (1, 16 << 20)
    entry = blob[8 + 104 :]
    assert entry[72:78].hex(":") == "02:aa:bb:cc:dd:ee" and entry[78:80] == (1500).to_bytes(2, "little")
    assert entry[96] == 1


def test_without_the_ring(back_end: str, link: str, with_net: Path) -> None:
    argv = command(*on(back_end, "--no-ring", f"--net:service={link}", with_net, "info"))
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, timeout=60)
    features, ring = done.stdout.split(b"\n")[3:5]
    assert (int(features) & 1, ring) == (0, b"0")
    argv = command(*on(back_end, "--no-ring", f"--net:service={link}", with_net, "mirror"))
    assert frames_through(link, argv) == 0


def test_two_nets(back_end: str, link: str, build: Build) -> None:
    image = build(Device(Kind.NET, "service"), Device(Kind.NET, "other"))
    with tap("tap1"):
        argv = command(*on(back_end, f"--net:service={link}", "--net:other=tap1", image, "mirror"))
        assert frames_through("tap1", argv) == 0


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ring_tail 1025", "ent_tail is 1025 entries ahead"),
        ("ring_tail 4294967295", "ent_tail is 4294967295 entries ahead"),
        ("ring_entry 1", "outside its memory"),
        ("ring_entry 2", "outside its memory"),
        ("ring_entry 3", "operation 3"),
        ("ring_reads", "commits that the guest does not take"),
    ],
)
def test_hostile_rings(back_end: str, link: str, with_net: Path, words: str, expected: str) -> None:
    line = complaint(run(*on(back_end, f"--net:service={link}", with_net, *words.split())))
    assert line.startswith("stopped the guest: ") and expected in line


def test_taps_that_cannot_be_used(back_end: str, link: str, with_net: Path) -> None:
    assert "no such tap here" in complaint(run(*on(back_end, "--net:service=tap9", with_net)))
    subprocess.run(["ip", "link", "set", link, "down"], check=True)
    assert "the tap is down" in complaint(run(*on(back_end, f"--net:service={link}", with_net)))
