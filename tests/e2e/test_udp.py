"""Datagrams, and the small services of RFC 862, 863 and 864."""

import contextlib
import itertools
import random
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e import lab, peers

from host.run.guest import Guest

ECHO, DISCARD, CHARGEN = 7, 9, 19
LARGEST = 1472
SO_RCVBUFFORCE = 33  # of Linux, which the module does not name


@pytest.fixture
def datagrams(echo: Guest) -> Iterator[socket.socket]:
    """A socket connected to the echo server's port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(peers.TIMEOUT)
        sock.connect((lab.GUEST, lab.PORT))
        yield sock


def test_every_size_comes_back(datagrams: socket.socket) -> None:
    contents = random.Random(1)
    for size in range(LARGEST + 1):
        data = contents.randbytes(size)
        datagrams.send(data)
        assert datagrams.recv(2048) == data


def test_many_at_once_come_back(datagrams: socket.socket) -> None:
    """Bursts as large as the smallest queue on the path: the order may change, nothing else."""
    contents = random.Random(2)
    for _ in range(200):
        burst = [contents.randbytes(contents.randrange(LARGEST + 1)) for _ in range(50)]
        for data in burst:
            datagrams.send(data)
        assert sorted(datagrams.recv(2048) for _ in burst) == sorted(burst)


def test_many_peers(echo: Guest) -> None:
    socks = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(100)]
    for number, sock in enumerate(socks):
        sock.settimeout(peers.TIMEOUT)
        sock.sendto(b"%d" % number, (lab.GUEST, lab.PORT))
    for number, sock in enumerate(socks):
        with sock:
            assert sock.recvfrom(2048) == (b"%d" % number, (lab.GUEST, lab.PORT))


def test_an_answer_comes_from_the_address_that_was_asked(probe: Guest) -> None:  # UDP-6
    """Though the socket is bound to the wildcard: a connected peer receives from no other."""
    for address in (peers.ask(lab.GUEST, "another"), lab.GUEST):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(peers.TIMEOUT)
            sock.connect((address, lab.PORT))
            sock.send(b"whom did I ask?")
            assert sock.recv(100) == b"whom did I ask?"


def test_closed_port_is_unreachable(datagrams: socket.socket) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"to nobody", (lab.GUEST, 9001))
    datagrams.send(b"still there")
    assert datagrams.recv(2048) == b"still there"


def test_echo(echo: Guest) -> None:
    peers.converse(lab.GUEST, ECHO, 100_000)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(peers.TIMEOUT)
        sock.sendto(b"one", (lab.GUEST, ECHO))
        assert sock.recv(2048) == b"one"


@pytest.mark.parametrize("port", [7, 9, 13, 17, 19, 37, lab.PORT])
def test_services_do_not_answer_services(echo: Guest, port: int) -> None:
    """CVE-2024-2169: two hosts would answer each other without end. A barrier shows that the datagrams were
    read."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as service:
        service.bind((lab.HOST, port))
        service.settimeout(peers.TIMEOUT)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as barrier:
            barrier.settimeout(peers.TIMEOUT)
            for to in (lab.PORT,) if port == lab.PORT else (lab.PORT, ECHO, CHARGEN):
                service.sendto(b"from a service", (lab.GUEST, to))
                barrier.sendto(b"from a client", (lab.GUEST, to))
                barrier.recv(2048)
        service.setblocking(False)
        with pytest.raises(BlockingIOError):
            service.recv(2048)


def udp_overflows() -> int:
    """Return the datagrams that this host has lost for lack of room in a socket, of both families."""
    names, values = [
        line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Udp:")
    ]
    six = dict(line.split() for line in Path("/proc/net/snmp6").read_text().splitlines())
    return int(values[names.index("RcvbufErrors")]) + int(six["Udp6RcvbufErrors"])


@pytest.mark.parametrize("command", ["blast4", "blast6", "blast4nb", "blast6nb"])
def test_large_datagrams_in_a_row_all_leave_the_guest(dual: Guest, command: str) -> None:
    """With success reported for 400 of 60 000 bytes, 400 reach this host."""
    with socket.socket(socket.AF_INET6 if "6" in command else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        with contextlib.suppress(PermissionError):
            sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        sock.bind(("", 7777))
        sock.settimeout(5)
        lost = udp_overflows()
        assert peers.ask(lab.GUEST, command) == "blast"
        numbers = []
        with contextlib.suppress(TimeoutError):
            while len(numbers) < 400:
                numbers.append(struct.unpack("!I", sock.recv(65535)[:4])[0])
        assert len(numbers) + udp_overflows() - lost == 400
        assert numbers == sorted(set(numbers))


def test_discard(echo: Guest) -> None:
    with peers.connect(lab.GUEST, DISCARD) as sock:
        sock.sendall(bytes(1 << 20))
        sock.shutdown(socket.SHUT_WR)
        assert sock.recv(1) == b""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"away", (lab.GUEST, DISCARD))
    peers.ping(lab.GUEST)
    assert "Traceback" not in echo.console.text


def chargen_lines() -> Iterator[bytes]:
    """RFC 864: 72 characters a line, the next line begins one character further."""
    ring = bytes(range(32, 127)) * 2
    for start in itertools.cycle(range(95)):
        yield ring[start : start + 72] + b"\r\n"


def test_chargen(echo: Guest) -> None:
    expected = b"".join(itertools.islice(chargen_lines(), 2000))
    with peers.connect(lab.GUEST, CHARGEN) as sock:
        received = bytearray()
        while len(received) < len(expected):
            received += sock.recv(peers.PIECE)
    assert received[: len(expected)] == expected
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(peers.TIMEOUT)
        sock.sendto(b"", (lab.GUEST, CHARGEN))
        assert sock.recv(2048) == next(chargen_lines())
