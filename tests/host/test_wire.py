"""The impaired link: its faults as pure functions, and frames through real taps."""

import math
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host.errors import HostError
from host.net import netns, pcap, tap, wire
from host.net.netns import Namespace
from host.net.wire import Direction, Faults, Line

FRAME = bytes.fromhex("ffffffffffff 020000000001 0800") + bytes(50)
FRAMES = [index.to_bytes(4, "big") * 4 for index in range(2000)]
BAD = Faults(loss=0.05, duplicate=0.05, reorder=0.05, corrupt=0.01)


def through(direction: Direction, frames: list[bytes]) -> list[bytes]:
    return [out for frame in frames for out in direction.feed(frame)] + direction.release()


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
    worse = set(through(Direction(Faults(loss=0.1, duplicate=0.3, reorder=0.3, mtu=100), "7"), FRAMES))
    assert lossy == worse and len(lossy) < len(FRAMES)


def test_a_reordered_frame_comes_behind_the_next() -> None:
    direction = Direction(Faults(reorder=1.0), "7")
    assert through(direction, [b"1", b"2", b"3", b"4"]) == [b"2", b"1", b"4", b"3"]


@given(st.binary(min_size=1, max_size=64), st.integers(0, 10**6))
def test_a_bit_error_is_one_bit(frame: bytes, where: int) -> None:
    other = wire.flip_bit(frame, where % (len(frame) * 8))
    assert sum((a ^ b).bit_count() for a, b in zip(frame, other, strict=True)) == 1


def test_packets_beyond_the_mtu_vanish() -> None:
    """Bytes before the packet do not count; and the MTU may change."""
    direction = Direction(Faults(mtu=1000), "7")
    frames = [bytes(wire.ETHERNET + length) for length in (1000, 1001)]
    assert through(direction, frames) == frames[:1]
    assert direction.counts["too long"] == 1
    direction.faults = Faults(mtu=1001)
    assert through(direction, frames) == frames


@given(st.lists(st.integers(0, 10)), st.integers(0, 9))
def test_each_frame_arrives_after_the_delay(gaps: list[int], delay: int) -> None:
    """In order, and at the moment that due() names: not before."""
    line, now = Line(Direction(Faults(delay=delay), "7")), 0
    entered: list[tuple[bytes, float]] = []
    arrived: list[tuple[bytes, float]] = []

    def leave_until(end: float) -> None:
        while (at := line.due()) <= end and at != math.inf:
            assert line.leave(at - 1) == []
            arrived.extend((frame, at) for frame in line.leave(at))

    for index, gap in enumerate(gaps):
        leave_until(now + gap)
        now += gap
        line.enter(b"%d" % index, now)
        entered.append((b"%d" % index, now + delay))
    leave_until(math.inf)
    assert arrived == entered


def test_a_frame_held_back_is_released_in_time() -> None:
    line = Line(Direction(Faults(reorder=1.0, delay=1.0), "7"))
    line.enter(b"1", 5.0)
    assert line.due() == 5.0 + wire.HOLD and line.leave(5.0) == []
    assert line.leave(line.due()) == [] and line.due() == 6.0 + wire.HOLD
    assert line.leave(line.due()) == [b"1"] and line.due() == math.inf


def send_frame(interface: str, frame: bytes) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((interface, 0))
        raw.send(frame)


@contextmanager
def seen(interface: str) -> Iterator[socket.socket]:
    """Capture the frames at an interface. Two ends with addresses in one namespace would use lo."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(pcap.ETH_P_ALL)) as raw:
        raw.bind((interface, 0))
        raw.settimeout(10)
        yield raw


@contextmanager
def cable(faults: Faults) -> Iterator[wire.Wire]:
    with tap.tap("left"), tap.tap("right"), wire.wire("left", "right", faults, seed=1) as joined:
        yield joined


def test_without_faults_it_joins_two_taps(namespace: Namespace) -> None:
    with cable(Faults()) as joined, seen("right") as right:
        for index in range(100):
            send_frame("left", FRAME + bytes([index]))
        assert [right.recv(2048) for _ in range(100)] == [FRAME + bytes([index]) for index in range(100)]
        assert joined.directions["left"].counts == {"frames": 100}


@pytest.mark.parametrize("faults", [Faults(reorder=1.0), Faults(delay=0.05)])
def test_last_frame_is_released_after_a_while(namespace: Namespace, faults: Faults) -> None:
    with cable(faults), seen("right") as right:
        send_frame("left", FRAME)
        assert right.recv(2048) == FRAME


def test_super_segments_are_cut_before_they_enter(namespace: Namespace) -> None:
    """Segments of Linux's own TCP through it are no longer than the MTU: taps do not cut segments."""
    text = bytes(range(256)) * 400  # less than a socket's buffers hold
    with netns.Beside() as other, tap.tap("left", "10.0.0.1/24"):
        with wire.wire("left", "right", Faults(mtu=1500, delay=0.001), seed=1) as joined:
            other.take("right")  # made by the wire
            with other.inside():
                tap.bring_up("right", ("10.0.0.2/24",))
                listener = socket.create_server(("10.0.0.2", 9000))
            with listener, socket.create_connection(("10.0.0.2", 9000), 10) as sender:
                sender.sendall(text)
                with listener.accept()[0] as receiver:
                    assert receiver.recv(len(text), socket.MSG_WAITALL) == text
        assert joined.directions["left"].counts["frames"] > len(text) // 1500
        assert joined.counts["too long"] == 0
        with other.inside(), pytest.raises(HostError, match="Cannot find device|does not exist"):
            tap.ip("link", "show", "dev", "right")
