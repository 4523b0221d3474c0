"""A guest as tools report it: ping, arping, ndisc6, traceroute; and a link that goes down."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e import lab, peers

from host.bootstrap import SBIN
from host.net import netns, tap
from host.run.guest import Guest

NOBODY = "fd00::77"


def run(command: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a tool in this namespace; skipped if it is not installed."""
    path = shutil.which(command) or shutil.which(command, path=SBIN)
    if path is None:
        pytest.skip(f"no {command} on this machine")
    return subprocess.run(
        [path, *words], capture_output=True, text=True, check=False, timeout=peers.TIMEOUT * 2
    )


@pytest.fixture(scope="module")
def guest(network_obstacle: str) -> Iterator[Guest]:
    """One echo server with both families for all of these tests."""
    if network_obstacle:
        pytest.skip(network_obstacle)
    with netns.Namespace(), tap.tap("tap0", *lab.HOSTS):
        with lab.server(f"--ipv6={lab.GUEST6}/64 server") as booted:
            yield booted


@pytest.mark.parametrize("address", lab.BOTH)
def test_the_largest_pings(guest: Guest, address: str) -> None:  # ICMP-1, V6-13
    done = run("ping", "-n", "-q", "-c", "3", "-i", "0.2", "-s", "65507", address)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 received" in done.stdout


@pytest.mark.parametrize("address", lab.BOTH)
def test_a_flood_of_pings(guest: Guest, address: str) -> None:
    done = run("ping", "-n", "-q", "-f", "-c", "2000", address)
    assert "2000 received" in done.stdout, done.stdout + done.stderr


def test_arping_sees_the_address_in_use(guest: Guest) -> None:  # ARP-7
    used = run("arping", "-D", "-q", "-c", "2", "-w", "20", "-I", "tap0", lab.GUEST)
    free = run("arping", "-D", "-q", "-c", "1", "-w", "2", "-I", "tap0", lab.NOBODY)
    assert (used.returncode, free.returncode) == (1, 0)
    answered = run("arping", "-f", "-c", "5", "-w", "20", "-I", "tap0", lab.GUEST)
    assert answered.returncode == 0, answered.stdout + answered.stderr


def test_ndisc6(guest: Guest) -> None:  # ND-2
    found = run("ndisc6", "-1", "-n", "-q", lab.GUEST6, "tap0")
    nobody = run("ndisc6", "-1", "-n", "-r", "1", "-w", "200", NOBODY, "tap0")
    assert found.returncode == 0, found.stdout + found.stderr
    assert nobody.returncode == 2


def test_rdisc6(guest: Guest) -> None:
    """A host does not announce that it ceased to be a router (RFC 4861 6.2.6)."""
    nobody = run("rdisc6", "-1", "-n", "-r", "2", "-w", "300", "tap0")
    assert nobody.returncode == 2, nobody.stdout + nobody.stderr


@pytest.mark.parametrize("address", lab.BOTH)
@pytest.mark.parametrize("how", [["-U"], ["-I"], ["-T", "-p", str(lab.PORT)], ["-T", "-p", "9001"]])
def test_traceroute_to_the_guest(guest: Guest, address: str, how: list[str]) -> None:
    """One hop, with any probe: a closed UDP port, an echo, a SYN to an open port and to a closed one."""
    done = run("traceroute", "-n", "-q", "1", "-w", "20", "-m", "3", *how, address)
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and len(lines) == 2, done.stdout + done.stderr
    assert lines[1].split()[:2] == ["1", address]


@pytest.mark.parametrize("address", lab.BOTH)
def test_a_link_that_is_down_for_a_while(guest: Guest, address: str) -> None:
    """A connection continues."""
    Path("/proc/sys/net/ipv6/conf/tap0/keep_addr_on_down").write_text("1")
    with peers.connect(address, lab.PORT) as sock:
        sock.sendall(b"before")
        assert sock.recv(100) == b"before"
        tap.ip("link", "set", "tap0", "down")
        sock.send(b"meanwhile")
        tap.ip("link", "set", "tap0", "up")
        assert sock.recv(100) == b"meanwhile"
    peers.converse(address, lab.PORT, 100_000)
