"""Namespaces, taps, bridges, captures and the bad cable, for real: a UDP frame goes through all of them."""

import os
import socket
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host import netns, pcap, tap, wire
from host.errors import HostError
from host.netns import Namespace
from host.wire import Direction, Faults

FRAME = bytes.fromhex("ffffffffffff 020000000001 0800") + bytes(50)


def links() -> set[str]:
    output = tap.ip("-brief", "link")
    return {line.split()[0].partition("@")[0] for line in output.splitlines()}


def test_a_namespace_holds_what_is_made_in_it(namespace: Namespace) -> None:
    with tap.tap("tap0", "10.0.0.1/24"), tap.tap("tap1"), tap.bridge("br0", "tap1"):
        assert {"tap0", "tap1", "br0"} <= links()
        assert "10.0.0.1/24" in tap.ip("address", "show", "dev", "tap0")
    assert links() == {"lo"}


def test_a_namespace_is_left_when_its_block_fails(namespace: Namespace) -> None:
    before = os.readlink("/proc/thread-self/ns/net")
    with pytest.raises(ValueError), Namespace():
        assert os.readlink("/proc/thread-self/ns/net") != before
        raise ValueError
    assert os.readlink("/proc/thread-self/ns/net") == before


def test_without_the_right_it_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, *arguments: int) -> None:
        raise PermissionError(1, "Operation not permitted", name)

    monkeypatch.setattr(netns, "_call", refuse)
    with pytest.raises(HostError, match="needs root"), Namespace():
        pass


def test_children_are_in_the_namespace(namespace: Namespace) -> None:
    with tap.tap("tap5"):
        done = subprocess.run(["ip", "-brief", "link"], capture_output=True, text=True, check=True)
        assert "tap5" in done.stdout


def test_a_named_namespace_is_found_and_removed(network_obstacle: str) -> None:
    if network_obstacle or os.geteuid() != 0:
        pytest.skip(network_obstacle or "a named namespace needs root")
    name = f"pymnet-test-{os.getpid()}"
    before = os.readlink("/proc/thread-self/ns/net")
    with Namespace(name), tap.tap("tap0"):
        done = subprocess.run(
            ["ip", "netns", "exec", name, "ip", "link"], capture_output=True, text=True, check=True
        )
        assert "tap0" in done.stdout
    assert os.readlink("/proc/thread-self/ns/net") == before
    assert not Path(f"/run/netns/{name}").exists()


def test_a_namespace_that_is_somebody_elses_is_left_alone(network_obstacle: str) -> None:
    if network_obstacle or os.geteuid() != 0:
        pytest.skip(network_obstacle or "a named namespace needs root")
    name = f"pymnet-test-{os.getpid()}"
    with Namespace(name):
        with pytest.raises(HostError, match=f"{name} is there already; if unused: ip netns delete {name}"):
            Namespace(name).__enter__()
        assert name in tap.ip("netns", "list")


def test_the_obstacle_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert netns.obstacle() == "no ip command"


def test_the_complaint_of_ip_is_the_error(namespace: Namespace) -> None:
    with pytest.raises(HostError, match="^ip link set nothing up: Cannot find device"):
        tap.ip("link", "set", "nothing", "up")


def send_frame(interface: str, frame: bytes) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((interface, 0))
        raw.send(frame)


def test_a_capture_holds_the_frames(namespace: Namespace, tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    with tap.tap("tap0"):
        far = tap.open_tap("tap0")
        with pcap.capture("tap0", path):
            send_frame("tap0", FRAME)
            os.write(far, FRAME[::-1])
        os.close(far)
    content = path.read_bytes()
    assert content.startswith(pcap.file_header())
    frames, offset = [], pcap.FILE_HEADER.size
    while offset < len(content):
        _, fraction, length, original = struct.unpack_from("<IIII", content, offset)
        assert fraction < 10**9 and length == original
        frames.append(content[offset + 16 : offset + 16 + length])
        offset += 16 + length
    assert frames == [FRAME, FRAME[::-1]]


def test_a_cable_without_faults_joins_two_taps(namespace: Namespace) -> None:
    """Two ends with addresses in one namespace would talk over lo, so the frames are sent and seen raw."""
    with tap.tap("left"), tap.tap("right"), wire.wire("left", "right", Faults(), seed=1) as cable:
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(pcap.ETH_P_ALL)) as seen:
            seen.bind(("right", 0))
            seen.settimeout(10)
            for index in range(100):
                send_frame("left", FRAME + bytes([index]))
            assert [seen.recv(2048) for _ in range(100)] == [FRAME + bytes([index]) for index in range(100)]
        assert cable.directions["left"].counts == {"frames": 100}


def test_the_last_frame_is_not_held_for_ever(namespace: Namespace) -> None:
    with tap.tap("left"), tap.tap("right"), wire.wire("left", "right", Faults(reorder=1.0), seed=1):
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(pcap.ETH_P_ALL)) as seen:
            seen.bind(("right", 0))
            seen.settimeout(10)
            send_frame("left", FRAME)
            assert seen.recv(2048) == FRAME


def through(direction: Direction, frames: list[bytes]) -> list[bytes]:
    return [out for frame in frames for out in direction.feed(frame)] + direction.release()


FRAMES = [index.to_bytes(4, "big") * 4 for index in range(2000)]
BAD = Faults(loss=0.05, duplicate=0.05, reorder=0.05, corrupt=0.01)


def test_a_seed_tells_all() -> None:
    assert through(Direction(BAD, "7"), FRAMES) == through(Direction(BAD, "7"), FRAMES)
    assert through(Direction(BAD, "7"), FRAMES) != through(Direction(BAD, "8"), FRAMES)


def test_faults_come_about_as_often_as_asked() -> None:
    direction = Direction(BAD, "7")
    through(direction, FRAMES)
    for fault, expected in (("lost", 100), ("duplicated", 95), ("reordered", 90), ("corrupted", 19)):
        assert expected * 0.6 < direction.counts[fault] < expected * 1.4, fault


def test_one_fault_does_not_shift_another() -> None:
    """The frames lost are the same whatever else happens."""
    lossy = set(through(Direction(Faults(loss=0.1), "7"), FRAMES))
    worse = set(through(Direction(Faults(loss=0.1, duplicate=0.3, reorder=0.3), "7"), FRAMES))
    assert lossy == worse and len(lossy) < len(FRAMES)


def test_a_reordered_frame_comes_behind_the_next() -> None:
    direction = Direction(Faults(reorder=1.0), "7")
    assert through(direction, [b"1", b"2", b"3", b"4"]) == [b"2", b"1", b"4", b"3"]


@given(st.binary(min_size=1, max_size=64), st.integers(0, 10**6))
def test_a_bit_error_is_one_bit(frame: bytes, where: int) -> None:
    other = wire.flip_bit(frame, where % (len(frame) * 8))
    assert sum((a ^ b).bit_count() for a, b in zip(frame, other, strict=True)) == 1
