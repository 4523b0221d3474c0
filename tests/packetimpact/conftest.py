"""The stacks under test: a booted agent, and the same agent on Linux. One of each for all scenarios."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import ways
from e2e import lab, remote
from packetimpact.connection import Connection
from packetimpact.link import Link

from host import image, netns, tap
from host.paths import UNIKERNELS

BENCH, LINUX, LINUX_CONTROL = "10.0.0.66", "10.0.2.2", "10.0.3.2"
LINUX_BENCH = "10.0.2.66"
# Segments one by one, as they would be on a wire; no answer to our neighbours' questions but ours
CONFIGURE = """
read go
for device in service control; do ip link set $device gso_max_segs 1 addrgenmode none; done
ip address add {address}/24 dev service; ip address add {control}/24 dev control
ip link set lo up; ip link set service up; ip link set control up
exec {python} {agent} --control {control}
"""


@dataclass
class Stack:
    """A stack under test, fresh: no sockets of earlier tests."""

    name: str
    link: Link
    agent: remote.Remote
    ports: Iterator[int]

    def listen(self, **options: int) -> tuple[int, int]:
        """(socket, port) of a new listener."""
        port = next(self.ports)
        return self.agent.listener(port, **options), port

    def connection(self, remote_port: int, **what: object) -> Connection:
        """A connection of ours that is yet to be opened."""
        return Connection(self.link, next(self.ports), remote_port, **what)  # type: ignore[arg-type]

    def established(self, **what: object) -> tuple[Connection, int]:
        """A connection that we have opened, and its socket there."""
        listener, port = self.listen()
        connection = self.connection(port, **what)
        connection.open()
        accepted = self.agent.do("accept", socket=listener)["socket"]
        return connection, accepted

    def connecting(self) -> tuple[Connection, int, int]:
        """A connection whose SYN is on its way to us; its socket, and the request that waits."""
        sock = self.agent.socket()
        local = next(self.ports)
        waiting = self.agent.begin("connect", socket=sock, address=(self.link.address, local))
        syn = self.link.expect(lambda frame: "TCP" in frame and frame["TCP"].dport == local)["TCP"]
        connection = Connection(self.link, local, syn.sport)
        connection.accept_syn(syn)
        return connection, sock, waiting


@pytest.fixture(scope="session")
def space() -> Iterator[None]:
    """The namespace of all scenarios."""
    ways.skip_if_none()
    if obstacle := netns.obstacle():
        pytest.skip(obstacle)
    image.build("agent", lab.BOARD)
    with netns.Namespace():
        yield


@contextmanager
def linux() -> Iterator[None]:
    """The agent as a process in a namespace of its own, on the other ends of two veth pairs."""
    script = CONFIGURE.format(
        address=LINUX, control=LINUX_CONTROL, python=sys.executable, agent=UNIKERNELS / "agent" / "main.py"
    )
    argv = ["unshare", "--net", "sh", "-ec", script]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None and child.stdout is not None
        try:
            lab.eventually(lambda: in_own_namespace(child.pid), "the agent's namespace")
            for ours, theirs, address in (("wire", "service", ""), ("line", "control", "10.0.3.1/24")):
                tap.ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", str(child.pid))
                tap.bring_up(ours, (address,) if address else ())
            child.stdin.write("go\n")
            child.stdin.flush()
            assert lab.READY in child.stdout.readline()
            yield
        finally:
            child.kill()


def in_own_namespace(pid: int) -> bool:
    return namespace_of(str(pid)) != namespace_of("thread-self")


def namespace_of(process: str) -> int:
    return os.stat(f"/proc/{process}/ns/net").st_ino


@pytest.fixture(scope="session")
def guest_agent(space: None) -> Iterator[str]:
    with remote.guest_on_taps("--ipv6=off"):
        yield remote.CONTROL


@pytest.fixture(scope="session")
def linux_agent(space: None) -> Iterator[str]:
    with linux():
        yield LINUX_CONTROL


PORTS = itertools.count(20000)


@pytest.fixture(params=["guest", "linux"])
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    control = request.getfixturevalue(f"{request.param}_agent")
    ends = ("tap0", BENCH, lab.GUEST) if request.param == "guest" else ("wire", LINUX_BENCH, LINUX)
    link = Link(*ends)
    try:
        link.resolve()
        with remote.Remote(control) as agent:
            yield Stack(request.param, link, agent, PORTS)
    finally:
        link.close()
