"""User networking: ports of 127.0.0.1 are forwarded to the guest, without root."""

import socket
import subprocess

import pytest
import ways
from e2e import command, lab, peers

from host.options import Forward, Net, Options
from host.run import launch

pytestmark = ways.needs_user_network
NOBODY = ["unshare", "--user", "--"]  # a user without a name and without any capability


def test_tcp_and_udp(namespace: object, accelerator: str) -> None:
    forwards = (Forward(9000, lab.PORT), Forward(9000, lab.PORT, "udp"), Forward(9007, 7))
    nets = (Net("service", forwards=forwards),)
    with lab.booted(Options(nets=nets, arguments="server --inetd", accelerator=accelerator)) as guest:
        guest.wait_for(lab.READY)
        peers.converse("127.0.0.1", 9000, 1 << 20)
        peers.converse("127.0.0.1", 9007, 1000)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(peers.TIMEOUT)
            sock.connect(("127.0.0.1", 9000))
            for size in (0, 1, 1000, 1400):
                sock.send(bytes(size))
                assert sock.recv(2048) == bytes(size)


def test_another_address(namespace: object) -> None:
    """With user networking the image's address can be set as well; the forward uses it."""
    options = Options(
        nets=(Net("service", forwards=(Forward(8080, 80),)),), arguments="--ipv4=10.0.2.99/24 server -p 80"
    )
    with lab.booted(options) as guest:
        guest.wait_for(lab.READY)
        peers.converse("127.0.0.1", 8080, 1000)


def test_the_client_reaches_the_host(namespace: object) -> None:
    with peers.echo_server("127.0.0.1") as port:
        arguments = f"client 10.0.2.2:{port} 1000000"
        with lab.booted(Options(nets=(Net("service"),), arguments=arguments)) as guest:
            assert guest.wait(60) == 0


def test_user_networking_needs_no_root(namespace: object) -> None:
    tried = subprocess.run([*NOBODY, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"no user namespace: {tried.stderr.strip()}")
    port = launch.free_port()
    words = ["run", "echo", "--net", f"service=user:{port}:9000", "--net", f"service=user:{port}:9000/udp"]
    with command.running(*words, "--args", "server", prefix=NOBODY) as running:
        running.wait_for(lab.READY)
        peers.converse("127.0.0.1", port, 100_000)
        running.signal(2)
        assert running.wait() == 130
