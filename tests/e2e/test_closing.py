"""Half close, no close, closed port: the ends of connections."""

import random
import socket
import struct

import pytest
from e2e import lab, peers, remote

from host.run.guest import Guest

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends a reset


def test_the_rest_comes_after_a_half_close(echo: Guest) -> None:
    """More than the windows hold: most of it is echoed after our FIN has arrived."""
    data = random.Random(1).randbytes(500_000)
    with peers.connect(lab.GUEST, lab.PORT) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        sock.setblocking(False)
        sent = sock.send(data)
        sock.settimeout(peers.TIMEOUT)
        sock.shutdown(socket.SHUT_WR)
        assert peers.read_all(sock) == data[:sent]


def test_no_text_at_all(echo: Guest) -> None:
    with peers.connect(lab.GUEST, lab.PORT) as sock:
        sock.shutdown(socket.SHUT_WR)
        assert sock.recv(1) == b""


def test_the_server_survives_resets(echo: Guest) -> None:
    for length in (0, 1, 100_000):
        with peers.connect(lab.GUEST, lab.PORT) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            sock.setblocking(False)
            if length:
                sock.send(bytes(length))
    peers.converse(lab.GUEST, lab.PORT, 100_000)
    assert "Traceback" not in echo.console.text


def test_a_closed_port_refuses(echo: Guest) -> None:
    with pytest.raises(ConnectionRefusedError):
        peers.connect(lab.GUEST, 9001)


def test_another_port(tap0: str) -> None:
    with lab.server("server -p 80"):
        peers.converse(lab.GUEST, 80, 1000)
        with pytest.raises(ConnectionRefusedError):
            peers.connect(lab.GUEST, lab.PORT)


def test_the_limit_ends_the_server(tap0: str) -> None:
    """Accepted connections are served to their end; later clients are refused, or reset."""
    with lab.server("server --limit 3") as guest:
        first = peers.connect(lab.GUEST, lab.PORT)
        peers.converse(lab.GUEST, lab.PORT, 1000)
        peers.converse(lab.GUEST, lab.PORT, 1000)
        assert guest.running
        peers.run([peers.Conversation(first, 100_000)])
        assert guest.wait(30) == 0


def test_an_image_that_ends_sends_fins(probe: Guest) -> None:
    """Open connections are closed in order when the program ends."""
    with peers.connect(lab.GUEST, lab.PORT) as sock:
        sock.sendall(b"hello")
        assert sock.recv(5) == b"hello"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as command:
            command.sendto(b"quit", (lab.GUEST, 9999))
        assert sock.recv(1) == b""
    assert probe.wait(30) == 0


def test_either_side_may_close_first_and_go_on_reading(agent_connection: remote.Connection) -> None:
    """RFC 9293 3.6: a FIN ends one direction only."""
    agent, sock, number = agent_connection
    agent.do("shutdown", socket=number, how="SHUT_WR")
    assert sock.recv(1) == b""
    received = agent.begin("drain", socket=number, length=100_000)
    sock.sendall(bytes(100_000))
    assert agent.end(received) == {"received": 100_000}
    sock.shutdown(socket.SHUT_WR)
    assert agent.recv(number) == b""


def test_a_reset_ends_what_waits_in_the_guest(agent_connection: remote.Connection) -> None:
    agent, sock, number = agent_connection
    waiting = agent.begin("recv", socket=number)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    sock.close()
    with pytest.raises(ConnectionResetError):
        agent.end(waiting)
    with pytest.raises(BrokenPipeError):
        agent.send(number, b"anybody?")


def test_the_guest_resets(agent_connection: remote.Connection) -> None:
    """With data in flight in both directions."""
    agent, sock, number = agent_connection
    linger = {"level": "SOL_SOCKET", "option": "SO_LINGER", "value": RESET.hex()}
    agent.do("setsockopt", socket=number, **linger)
    sock.sendall(b"never read")
    agent.send(number, b"never read either")
    agent.do("close", socket=number)
    with pytest.raises(ConnectionResetError):
        peers.read_all(sock)


def test_a_close_before_all_is_read_is_a_reset(agent_connection: remote.Connection) -> None:
    """RFC 1122 4.2.2.13: the peer must know that its data is lost."""
    agent, sock, number = agent_connection
    sock.sendall(b"never read")
    assert agent.recv(number, 1) == b"n"
    agent.do("close", socket=number)
    with pytest.raises(ConnectionResetError):
        sock.recv(1)
