"""Streams between Linux and an image, both ways, compared by digest."""

import socket

import pytest
from e2e import lab, peers

from host.net.tap import ip
from host.run.guest import Guest

MIB = 1 << 20


@pytest.mark.parametrize("length", [0, 1, 100, 1448, 1449, 65536, MIB])
def test_what_is_sent_comes_back(echo: Guest, length: int) -> None:
    peers.converse(lab.GUEST, lab.PORT, length)


def test_a_lot_comes_back(tap0: str, accelerator: str) -> None:
    with lab.server("server", accelerator=accelerator):
        peers.converse(lab.GUEST, lab.PORT, 32 * MIB, timeout=180)


@pytest.mark.parametrize("length", [0, 1, 100, 1448, 1449, 65536, MIB, 16 * MIB])
def test_the_client_gets_back_what_it_sends(tap0: str, length: int) -> None:
    with peers.echo_server(lab.HOST) as port:
        with lab.booted(lab.on_tap(f"client {lab.HOST}:{port} {length}")) as guest:
            assert guest.wait(120) == 0
            assert f"{length} of {length} bytes came back" in guest.console.text


def test_the_client_sees_a_difference(tap0: str) -> None:
    with peers.echo_server(lab.HOST, corrupt=True) as port:
        with lab.booted(lab.on_tap(f"client {lab.HOST}:{port} 100000")) as guest:
            assert guest.wait(60) == 1
            assert "100000 of 100000 bytes came back, and they differ" in guest.console.text


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        (f"{lab.HOST}:1", "[Errno 111] Connection refused"),
        ("10.9.9.9", "[Errno 101] Network is unreachable: 10.9.9.9"),
        (lab.NOBODY, "[Errno 113] No route to host"),
    ],
)
def test_no_connection_is_one_line(tap0: str, address: str, complaint: str) -> None:
    with lab.booted(lab.on_tap(f"client {address}")) as guest:
        assert guest.wait(30) == 1
        assert guest.console.text.splitlines() == [f"echo: {complaint}"]


def test_a_small_mtu_on_the_other_side(tap0: str) -> None:
    ip("link", "set", "tap0", "mtu", "576")
    with lab.server("server"):
        peers.converse(lab.GUEST, lab.PORT, MIB)
        with peers.Pinger(lab.GUEST) as pinger:
            pinger.ping(548)


def test_without_window_scaling_timestamps_and_sack(tap0: str, tmp_path_factory: object) -> None:
    for name in ("tcp_window_scaling", "tcp_timestamps", "tcp_sack"):
        with open(f"/proc/sys/net/ipv4/{name}", "w") as file:
            file.write("0")
    with lab.server("server"):
        peers.converse(lab.GUEST, lab.PORT, MIB)


def test_a_reader_that_is_slow_stops_the_sender_and_loses_nothing(echo: Guest) -> None:
    """Both windows close: the guest cannot send, so it does not read, so Linux cannot send."""
    with peers.connect(lab.GUEST, lab.PORT) as sock:
        sock.setblocking(False)
        sent = 0
        piece = bytes(range(256)) * 256
        with pytest.raises(BlockingIOError):
            while sent < 64 * MIB:
                sent += sock.send(piece)
        sock.settimeout(peers.TIMEOUT)
        received = bytearray()
        sock.shutdown(socket.SHUT_WR)
        received += peers.read_all(sock)
    assert len(received) == sent
