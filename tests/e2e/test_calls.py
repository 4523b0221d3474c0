"""The results of socket calls, in an image and, with the same program, on CPython: line for line the same."""

import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e import lab, peers

CALLS = Path(__file__).with_name("calls")
END = "--- end"


def play(connection: socket.socket) -> None:
    """Serve one end of a connection: the first line selects the behaviour."""
    with connection:
        connection.settimeout(peers.TIMEOUT)
        command = b""
        while not command.endswith(b"\n"):
            command += connection.recv(1) or b"\n"
        if command == b"reset\n":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(b"+")
        if command != b"echo\n":
            # a reset must not overtake the answer
            while command == b"reset\n" and peers.backed_off(connection) + unacknowledged(connection):
                threading.Event().wait(0.01)
            return
        try:
            while data := connection.recv(4096):
                connection.sendall(data)
        except ConnectionError:  # there may be data that it has not read
            pass


def unacknowledged(connection: socket.socket) -> int:
    return int(
        struct.unpack_from("I", connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104), 24)[0]
    )


def serve(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=play, args=(connection,), daemon=True).start()


def echo_datagrams(sock: socket.socket) -> None:
    while True:
        try:
            data, address = sock.recvfrom(4096)
            if address is None:  # shut down
                return
            sock.sendto(data, address)
        except OSError:
            return


@pytest.fixture
def peer(tap0: str) -> Iterator[int]:
    """The port of a peer at the host's address, over TCP and UDP."""
    with (
        socket.create_server((lab.HOST, 0)) as listener,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as dgram,
    ):
        port = listener.getsockname()[1]
        dgram.bind((lab.HOST, port))
        threads = [
            threading.Thread(target=serve, args=(listener,), daemon=True),
            threading.Thread(target=echo_datagrams, args=(dgram,), daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            yield port
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            try:
                dgram.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            dgram.close()


def parts(lines: list[str]) -> dict[str, list[str]]:
    """Return the lines of each part of the program."""
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("--- "):
            found[line] = []
        elif found:
            found[list(found)[-1]].append(line)
    return found


def on_cpython(port: int) -> list[str]:
    argv = [sys.executable, "-W", "ignore", str(CALLS / "main.py"), lab.HOST, str(port)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.endswith(END + "\n"), done.stdout[-2000:] + done.stderr
    return done.stdout.splitlines()


def test_calls_do_what_they_do_on_cpython(peer: int) -> None:
    lab.build(CALLS)
    expected = parts(on_cpython(peer))
    with lab.booted(lab.on_tap(f"{lab.HOST} {peer}"), CALLS) as guest:
        code = guest.wait(120)
        found = parts(guest.console.text.splitlines())
    assert code == 0 and list(found) == list(expected)
    for name, lines in expected.items():
        assert found[name] == lines, name
