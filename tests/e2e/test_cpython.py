"""The same program on CPython and Linux, unchanged: server and client, TCP and UDP."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from e2e import lab, peers

from host.paths import UNIKERNELS
from host.run import launch

ECHO = [sys.executable, str(UNIKERNELS / "echo" / "main.py")]


@contextmanager
def server(*words: str) -> Iterator["subprocess.Popen[str]"]:
    argv = [*ECHO, "server", *words]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            assert lab.READY in process.stdout.readline()
            yield process
        finally:
            process.kill()


def client(*words: str) -> "subprocess.CompletedProcess[str]":
    argv = [*ECHO, "client", *words]
    return subprocess.run(
        argv, capture_output=True, stdin=subprocess.DEVNULL, text=True, timeout=60, check=False
    )


def test_the_server(namespace: object) -> None:
    with server("--inetd", "--limit", "2") as process:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(peers.TIMEOUT)
            for port in (lab.PORT, 7):
                sock.sendto(b"a datagram", ("127.0.0.1", port))
                assert sock.recv(2048) == b"a datagram"
        peers.converse("127.0.0.1", lab.PORT, 1 << 20)
        peers.converse("127.0.0.1", lab.PORT, 0)
        assert process.wait(30) == 0


def test_the_client(namespace: object) -> None:
    with peers.echo_server("127.0.0.1") as port:
        done = client(f"127.0.0.1:{port}", "1000000")
    assert (done.returncode, done.stdout) == (0, "client: 1000000 of 1000000 bytes came back\n")
    with peers.echo_server("127.0.0.1", corrupt=True) as port:
        assert client(f"127.0.0.1:{port}").returncode == 1
    done = client(f"127.0.0.1:{launch.free_port()}")
    assert (done.returncode, done.stdout) == (1, "echo: [Errno 111] Connection refused\n")


@pytest.mark.parametrize("arguments", [["server", "--what"], ["client"], []])
def test_bad_arguments(arguments: list[str]) -> None:
    done = subprocess.run([*ECHO, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and "usage: echo server" in done.stdout


def test_an_image_and_cpython_talk(tap0: str) -> None:
    with server(), lab.booted(lab.on_tap(f"client {lab.HOST} 1000000")) as guest:
        assert guest.wait(60) == 0
    with lab.server("server"):
        assert client(lab.GUEST, "1000000").returncode == 0
