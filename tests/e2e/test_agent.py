"""unikernels/agent: socket calls from outside, in an image and, with the same program, on CPython."""

import errno
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from e2e import lab, peers, remote

from host.net.netns import Namespace
from host.paths import UNIKERNELS

SOMEWHERE = 7000


@pytest.fixture(params=["guest", "CPython"])
def agent(request: pytest.FixtureRequest, namespace: Namespace) -> Iterator[remote.Remote]:
    lab.build("agent")
    with remote.guest() if request.param == "guest" else remote.process() as found:
        yield found


@pytest.fixture
def address(agent: remote.Remote) -> str:
    """Where the agent's sockets are reached."""
    return lab.GUEST if agent.sock.getpeername()[0] == remote.CONTROL else "127.0.0.1"


def test_a_connection(agent: remote.Remote, address: str) -> None:
    """Sockets are made, used, half closed and closed; one that waits blocks no other."""
    listener = agent.listener(SOMEWHERE)
    waiting = agent.begin("accept", socket=listener)
    assert agent.do("poll", socket=listener)["events"] == []
    with peers.connect(address, SOMEWHERE) as sock:
        accepted = agent.end(waiting)
        assert accepted["address"] == list(sock.getsockname())
        number = accepted["socket"]
        names = agent.do("names", socket=number)
        assert names == {"local": [address, SOMEWHERE], "peer": list(sock.getsockname())}
        assert agent.send(number, b"from there") == 10
        assert sock.recv(10, socket.MSG_WAITALL) == b"from there"
        sock.sendall(b"from here")
        assert agent.recv(number) == b"from here"
        received = agent.begin("drain", socket=number, length=100_000)
        sock.sendall(bytes(100_000))
        assert agent.end(received) == {"received": 100_000}
        agent.do("shutdown", socket=number, how="SHUT_WR")
        assert sock.recv(1) == b""
        agent.do("close", socket=number)
    assert agent.do("stats")["sockets"] == 1


def test_datagrams(agent: remote.Remote, address: str) -> None:
    sock = agent.socket(kind="SOCK_DGRAM")
    agent.do("bind", socket=sock, address=("0.0.0.0", SOMEWHERE))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mine:
        mine.settimeout(peers.TIMEOUT)
        mine.sendto(b"\0\xff", (address, SOMEWHERE))
        reply = agent.do("recvfrom", socket=sock)
        assert bytes.fromhex(reply["data"]) == b"\0\xff"
        assert agent.do("sendto", socket=sock, data="0102", address=reply["address"]) == {"sent": 2}
        assert mine.recvfrom(100) == (b"\1\2", (address, SOMEWHERE))


def test_options(agent: remote.Remote, address: str) -> None:
    sock = agent.socket()
    where = {"socket": sock, "level": "IPPROTO_TCP", "option": "TCP_NODELAY"}
    assert agent.do("getsockopt", **where) == {"value": 0}
    agent.do("setsockopt", value=1, **where)
    assert agent.do("getsockopt", **where)["value"] != 0
    linger = {"socket": sock, "level": "SOL_SOCKET", "option": "SO_LINGER"}
    agent.do("setsockopt", value="0100000005000000", **linger)
    assert agent.do("getsockopt", length=8, **linger) == {"value": "0100000005000000"}


def test_congestion_control_is_chosen(agent: remote.Remote, address: str) -> None:
    """For a socket, and for those that a listener accepts; the others keep their own."""
    listener, other = agent.listener(SOMEWHERE), agent.socket()
    where = {"level": "IPPROTO_TCP", "option": "TCP_CONGESTION"}

    def algorithm(sock: int) -> bytes:
        value = agent.do("getsockopt", socket=sock, length=16, **where)["value"]
        return bytes.fromhex(value).rstrip(b"\0")

    usual = algorithm(other)
    assert usual == b"cubic" or address != lab.GUEST
    for name in (b"reno", b"cubic", b"reno"):
        agent.do("setsockopt", socket=listener, value=name.hex(), **where)
        assert algorithm(listener) == name
    waiting = agent.begin("accept", socket=listener)
    with peers.connect(address, SOMEWHERE) as sock:
        number = agent.end(waiting)["socket"]
        assert (algorithm(number), algorithm(other)) == (b"reno", usual)
        received = agent.begin("drain", socket=number, length=100_000)
        sock.sendall(bytes(100_000))
        assert agent.end(received) == {"received": 100_000}
        filling = agent.begin("fill", socket=number, length=100_000)
        with sock.makefile("rb") as stream:
            assert stream.read(100_000) == bytes(100_000)
        agent.end(filling)
    with pytest.raises(FileNotFoundError):
        agent.do("setsockopt", socket=other, value=b"vegas".hex(), **where)


def test_failed_calls_report_their_errno(agent: remote.Remote, address: str) -> None:
    """With the errno of the call, which is 0 for the socket's own timeout."""
    sock = agent.socket()
    with pytest.raises(OSError) as refused:
        agent.do("recv", socket=sock)
    assert refused.value.errno == errno.ENOTCONN
    listener = agent.listener(SOMEWHERE)
    agent.do("settimeout", socket=listener, seconds=0.01)
    assert agent.reply(agent.begin("accept", socket=listener))["errno"] == 0
    agent.do("settimeout", socket=listener, seconds=0)
    with pytest.raises(BlockingIOError):
        agent.do("accept", socket=listener)


@pytest.mark.parametrize(
    ("request_", "complaint"),
    [
        ({"do": "fly"}, "no command 'fly'"),
        ({"do": "recv", "socket": 77}, "no socket 77"),
        ({"do": "recv"}, "recv: socket is missing"),
        ({"do": "socket", "family": "AF_NOWHERE"}, "socket has no 'AF_NOWHERE'"),
        ({"do": "send", "socket": 1, "data": "xyz"}, "data must be hex"),
        ({"do": "drain", "socket": 1, "length": -1}, "-1 is not a number"),
        ({"do": "bind", "socket": 1, "address": 5}, "bind: "),
    ],
)
def test_nonsense_is_answered_and_loses_nothing(request_: dict[str, object], complaint: str) -> None:
    """Without a guest: the parsing of requests does not depend on the stack."""
    with Namespace(), remote.process() as agent:
        sock = agent.socket()
        agent.sock.sendall(b"{]\n[1]\n7\n")
        assert "not an object" in agent.reply(None)["error"]
        name = str(request_.pop("do"))
        assert complaint in agent.reply(agent.begin(name, **request_))["error"]
        assert agent.do("stats")["sockets"] == 1
        agent.do("close", socket=sock)


def test_counters_of_the_host() -> None:
    """On CPython the numbers of Linux."""
    with Namespace(), remote.process() as agent:
        before = agent.do("stats")["stats"]
        agent.listener(SOMEWHERE)
        with peers.connect("127.0.0.1", SOMEWHERE):
            pass
        after = agent.do("stats")["stats"]
        assert after["TCPOrigDataSent"] > before["TCPOrigDataSent"]


def test_bad_arguments() -> None:
    argv = [sys.executable, str(UNIKERNELS / "agent" / "main.py"), "-p", "none"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert done.stdout.startswith("agent: -p none?\nusage: ")
