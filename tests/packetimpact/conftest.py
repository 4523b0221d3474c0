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
from packetimpact import info
from packetimpact.connection import Connection
from packetimpact.link import Ends, Link

from host.net import netns, tap
from host.paths import UNIKERNELS

LINUX_CONTROL = "10.0.3.2"
GUEST_ENDS = Ends("tap0", "10.0.0.66", lab.GUEST, "fd00::66", "fd00::2")
LINUX_ENDS = Ends("wire", "10.0.2.66", "10.0.2.2", "fd00:2::66", "fd00:2::2")
# Segments one by one, as they would be on a wire; no addresses but these; errors as often as they are due
CONFIGURE = """
read go
for device in service control; do ip link set $device gso_max_segs 1 addrgenmode none; done
ip address add {address}/24 dev service; ip address add {control}/24 dev control
ip address add {address6}/64 dev service nodad
ip link set lo up; ip link set service up; ip link set control up
echo 0 > /proc/sys/net/ipv6/icmp/ratelimit
echo 0 0 > /proc/sys/net/ipv4/ping_group_range
echo reno > /proc/sys/net/ipv4/tcp_congestion_control
exec {python} {agent} --control {control}
"""


@dataclass
class Stack:
    """Return a fresh stack under test, without sockets of earlier tests."""

    name: str
    link: Link
    agent: remote.Remote
    ports: Iterator[int]

    def listen(self, **options: int) -> tuple[int, int]:
        """Return (socket, port) of a new listener."""
        port = next(self.ports)
        return self.agent.listener(port, **options), port

    def info(self, sock: int) -> info.TcpInfo:
        """Return the TCP_INFO of a connection of the stack."""
        where = {"level": "IPPROTO_TCP", "option": "TCP_INFO", "length": info.LAYOUT.size}
        return info.parse(self.agent.do("getsockopt", socket=sock, **where)["value"])

    def option(self, sock: int, option: str | int, value: int | str, level: str = "IPPROTO_TCP") -> None:
        """Set an option of a socket of the stack."""
        self.agent.do("setsockopt", socket=sock, level=level, option=option, value=value)

    def cookies(self) -> int:
        """Return how many SYNs were answered with cookies."""
        stats = self.agent.do("stats")["stats"]
        found = stats["drops"].get("tcp_syn_cookie", 0) if self.name == "guest" else stats["SyncookiesSent"]
        assert isinstance(found, int)
        return found

    def connection(self, remote_port: int, **what: object) -> Connection:
        """Return a connection of ours that is not open yet."""
        return Connection(self.link, next(self.ports), remote_port, **what)  # type: ignore[arg-type]

    def established(self, delay: float = 0, **what: object) -> tuple[Connection, int]:
        """Return a connection that we have opened, and its socket there; our last segment is delayed by so
        many seconds."""
        listener, port = self.listen()
        connection = self.connection(port, **what)
        connection.open(delay)
        accepted = self.agent.do("accept", socket=listener)["socket"]
        return connection, accepted

    def connecting(self, six: bool = False) -> tuple[Connection, int, int]:
        """Return a connection whose SYN is in flight to us, its socket, and the pending request."""
        sock = self.agent.socket("AF_INET6" if six else "AF_INET")
        local = next(self.ports)
        address = (self.link.address6 if six else self.link.address, local)
        waiting = self.agent.begin("connect", socket=sock, address=address)
        return self.answering(local, six), sock, waiting

    def answering(self, local: int, six: bool = False) -> Connection:
        """Return the connection of a SYN to that port of ours."""
        syn = self.link.expect(lambda frame: "TCP" in frame and frame["TCP"].dport == local)["TCP"]
        connection = Connection(self.link, local, syn.sport, six=six)
        connection.accept_syn(syn)
        return connection


@pytest.fixture(scope="session")
def space() -> Iterator[None]:
    """The namespace of all scenarios."""
    ways.skip_if_none()
    if obstacle := netns.obstacle():
        pytest.skip(obstacle)
    lab.build("agent")
    with netns.Namespace():
        yield


@contextmanager
def linux() -> Iterator[None]:
    """The agent as a process in a namespace of its own, on the other ends of two veth pairs."""
    script = CONFIGURE.format(
        address=LINUX_ENDS.peer,
        address6=LINUX_ENDS.peer6,
        control=LINUX_CONTROL,
        python=sys.executable,
        agent=UNIKERNELS / "agent" / "main.py",
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
    with remote.guest_on_taps(f"--ipv6={GUEST_ENDS.peer6}/64"):
        yield remote.CONTROL


@pytest.fixture(scope="session")
def linux_agent(space: None) -> Iterator[str]:
    with linux():
        yield LINUX_CONTROL


PORTS = itertools.count(20000)


@contextmanager
def fresh(name: str, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """A Stack, with a link to it and a control connection."""
    control = request.getfixturevalue(f"{name}_agent")
    link = Link(GUEST_ENDS if name == "guest" else LINUX_ENDS)
    try:
        link.resolve(link.address)
        link.resolve(link.address6)
        with remote.Remote(control) as agent:
            yield Stack(name, link, agent, PORTS)
    finally:
        link.close()


@pytest.fixture(params=["guest", "linux"])
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    with fresh(request.param, request) as found:
        yield found


@pytest.fixture
def both(request: pytest.FixtureRequest) -> Iterator[list[Stack]]:
    """Both stacks at once, for scenarios that take long."""
    with fresh("guest", request) as guest, fresh("linux", request) as linux_:
        yield [guest, linux_]
