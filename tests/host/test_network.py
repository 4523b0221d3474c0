"""Namespaces, taps, bridges and captures of the kernel."""

import fcntl
import os
import select
import socket
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from host.errors import HostError
from host.net import netns, pcap, tap
from host.net.netns import Namespace

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


def test_a_namespace_beside_takes_interfaces_and_visitors(namespace: Namespace) -> None:
    with netns.Beside() as other:
        tap.ip("link", "add", "here", "type", "veth", "peer", "name", "there")
        other.take("there")
        assert links() == {"lo", "here"}
        with pytest.raises(ValueError), other.inside():
            assert links() == {"lo", "there"}
            raise ValueError
        assert links() == {"lo", "here"}
    with pytest.raises(HostError):  # it is removed, with its interfaces
        other.take("here")


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


def test_foreign_namespace_is_left_alone(network_obstacle: str) -> None:
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


def checksum_is_whole(frame: bytes) -> bool:
    """The checksum of an IPv4 frame with UDP (RFC 768): pseudo-header and datagram sum up to all ones."""
    header = (frame[14] & 15) * 4
    datagram = frame[14 + header : 14 + int.from_bytes(frame[16:18], "big")]
    text = frame[26:34] + bytes([0, 17]) + len(datagram).to_bytes(2, "big") + datagram
    total = sum(struct.unpack(f"!{len(text) // 2}H", text))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total == 0xFFFF


def first_datagram(end: int, send: Callable[[], object]) -> bytes:
    """The first frames are lost: the host takes a moment to detect that the tap has another end."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        send()
        while select.select([end], [], [], 0.05)[0]:
            frame = os.read(end, 2048)
            if len(frame) >= 24 and frame[12:14] == b"\x08\x00" and frame[23] == 17:
                return frame
    raise TimeoutError("no datagram")


def leave_offloads(name: str) -> None:
    """The offloads that QEMU leaves on an existing tap: TUN_F_CSUM, TSO4, TSO6."""
    end = tap.open_tap(name)
    fcntl.ioctl(end, tap.TUNSETOFFLOAD, 1 | 2 | 4)
    os.close(end)


@pytest.mark.parametrize("how", ["opened", "checked"])
def test_a_tap_that_had_offloads_gives_whole_frames(namespace: Namespace, how: str) -> None:
    with tap.tap("tap0", "10.0.0.1/24"):
        tap.ip("neighbor", "replace", "10.0.0.2", "lladdr", "02:00:00:00:00:02", "dev", "tap0")
        leave_offloads("tap0")
        if how == "checked":  # and then opened by a program unaware of it
            tap.check("tap0")
            end = os.open("/dev/net/tun", os.O_RDWR)
            fcntl.ioctl(end, tap.TUNSETIFF, tap.IFREQ.pack(b"tap0", tap.IFF_TAP | tap.IFF_NO_PI))
        else:
            end = tap.open_tap("tap0")
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                frame = first_datagram(end, lambda: sender.sendto(b"sixteen letters.", ("10.0.0.2", 9)))
            assert checksum_is_whole(frame)
        finally:
            os.close(end)
