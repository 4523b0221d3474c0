"""The agent's client: socket calls in a guest, or in a process of this host, as methods."""

import errno
import itertools
import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Self

from e2e import lab, peers

from host.net import tap
from host.options import Net, Options
from host.paths import UNIKERNELS

PORT = 9990
CONTROL_HOST, CONTROL = "10.0.1.1", "10.0.1.2"


class Remote:
    """A control connection. Replies arrive in any order: each caller waits for its own."""

    def __init__(self, address: str, port: int = PORT) -> None:
        self.sock = peers.connect(address, port)
        self.sock.settimeout(peers.TIMEOUT)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = self.sock.makefile("rb")
        self.numbers = itertools.count(1)
        self.replies: dict[int | None, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.lines.close()
        self.sock.close()

    def begin(self, command: str, **what: object) -> int:
        """Send a request without waiting."""
        number = next(self.numbers)
        self.sock.sendall(json.dumps({"id": number, "do": command, **what}).encode() + b"\n")
        return number

    def reply(self, number: int | None) -> dict[str, Any]:
        """Return the whole reply, also of an error."""
        while number not in self.replies:
            line = self.lines.readline()
            assert line, "the control connection has ended"
            found = json.loads(line)
            self.replies[found.pop("id")] = found
        return self.replies.pop(number)

    def end(self, number: int) -> dict[str, Any]:
        """Return the reply to a request of begin(). OSError if the call failed there."""
        reply = self.reply(number)
        if "errno" in reply:
            raise OSError(reply["errno"] or errno.ETIME, reply["error"])
        assert "error" not in reply, reply["error"]
        return reply

    def do(self, command: str, **what: object) -> dict[str, Any]:
        """Send a request and wait for the reply."""
        return self.end(self.begin(command, **what))

    def socket(self, family: str = "AF_INET", kind: str = "SOCK_STREAM", **more: object) -> int:
        number = self.do("socket", family=family, type=kind, **more)["socket"]
        assert isinstance(number, int)
        return number

    def listener(self, port: int, address: str = "0.0.0.0", backlog: int = 16) -> int:
        sock = self.socket("AF_INET6" if ":" in address else "AF_INET")
        # Earlier connections may be in TIME-WAIT on that port.
        self.do("setsockopt", socket=sock, level="SOL_SOCKET", option="SO_REUSEADDR", value=1)
        self.do("bind", socket=sock, address=(address, port))
        self.do("listen", socket=sock, backlog=backlog)
        return sock

    def send(self, sock: int, data: bytes) -> int:
        sent = self.do("send", socket=sock, data=data.hex())["sent"]
        assert isinstance(sent, int)
        return sent

    def recv(self, sock: int, length: int = 4096) -> bytes:
        return bytes.fromhex(self.do("recv", socket=sock, length=length)["data"])


class Connection(NamedTuple):
    """Connect a socket of this host to one of an agent's. Returns its number there."""

    agent: Remote
    sock: socket.socket
    number: int


@contextmanager
def connected(agent: Remote, address: str, port: int) -> Iterator[Connection]:
    """Return a connection to `address`, where the agent's sockets are reached."""
    listener = agent.listener(port, "::" if ":" in address else "0.0.0.0")
    waiting = agent.begin("accept", socket=listener)
    with peers.connect(address, port) as sock:
        number = agent.end(waiting)["socket"]
        agent.do("close", socket=listener)
        yield Connection(agent, sock, number)


@contextmanager
def guest_on_taps(arguments: str = "", hosts: Sequence[str] = lab.HOSTS[:1]) -> Iterator[None]:
    """An agent in an image: tap0 is its service device, which has lab.GUEST; tap1 the control device."""
    nets = (Net("service", "tap0"), Net("control", "tap1"))
    arguments = f"--ipv4={lab.GUEST}/24 {arguments} --control {CONTROL}/24"
    with tap.tap("tap0", *hosts), tap.tap("tap1", f"{CONTROL_HOST}/24"):
        with lab.booted(Options(nets=nets, arguments=arguments), "agent") as booted:
            booted.wait_for(lab.READY)
            yield


@contextmanager
def guest(arguments: str = "") -> Iterator[Remote]:
    """Run one agent, with its control connection."""
    with guest_on_taps(arguments), Remote(CONTROL) as remote:
        yield remote


@contextmanager
def dual_guest() -> Iterator[Remote]:
    """The same with both families, at lab.BOTH."""
    with guest_on_taps(f"--ipv6={lab.GUEST6}/64", lab.HOSTS), Remote(CONTROL) as remote:
        yield remote


@contextmanager
def process(address: str = "127.0.0.1") -> Iterator[Remote]:
    """The same agent on CPython, with the sockets of this host."""
    argv = [sys.executable, str(UNIKERNELS / "agent" / "main.py"), "--control", address]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as child:
        try:
            assert child.stdout is not None
            assert lab.READY in child.stdout.readline()
            with Remote(address) as remote:
                yield remote
        finally:
            child.kill()
