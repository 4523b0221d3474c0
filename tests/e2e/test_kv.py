"""The application kv: Redis's own tools work with it, what it appended is there after a restart, and bad
requests end their own connection only."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import ways
from e2e import lab, peers

from host.options import Block
from host.run.guest import Guest

pytestmark = ways.needs_blocks
PORT = 6379
DISK = 16 << 20


@pytest.fixture(autouse=True, scope="module")
def image() -> None:
    lab.build("kv")


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    with path.open("wb") as file:
        file.truncate(DISK)
    return path


@contextmanager
def serving(disk: Path, arguments: str = "") -> Iterator[Guest]:
    with lab.server(arguments, "kv", blocks=(Block("data", disk),)) as guest:
        yield guest


def tool(name: str, *words: str) -> str:
    """Run one of Redis's tools; returns its output."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    argv = [path, "-h", lab.GUEST, *words]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def cli(*words: str) -> str:
    return tool("redis-cli", *words).rstrip("\n")


def ask(sock: socket.socket, *words: str) -> bytes:
    sock.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(w), w.encode()) for w in words))
    return sock.recv(65536)


def test_redis_cli(tap0: str, disk: Path) -> None:
    with serving(disk):
        assert cli("set", "name", "ü", "ex", "100") == "OK"
        assert cli("--no-raw", "get", "name") == '"\\xc3\\xbc"'
        assert 90 < int(cli("ttl", "name")) <= 100
        assert cli("rpush", "queue", "a", "b", "c") == "3"
        assert cli("lrange", "queue", "-2", "-1") == "b\nc"
        assert cli("hset", "table", "x", "1", "y", "2") == "2"
        assert cli("hincrby", "table", "y", "40") == "42"
        assert cli("zadd", "ranking", "2.5", "second", "1", "first") == "2"
        assert cli("zrange", "ranking", "0", "-1", "withscores") == "first\n1\nsecond\n2.5"
        assert cli("get", "queue").startswith("WRONGTYPE")
        assert cli("nonsense", "a").startswith("ERR unknown command 'nonsense'")
        assert sorted(cli("--scan").splitlines()) == ["name", "queue", "ranking", "table"]
        assert cli("del", "queue", "table", "none") == "2"
        assert cli("dbsize") == "2"


def test_redis_benchmark(tap0: str, disk: Path) -> None:
    """Every kind of request that it has, from fifty connections at once."""
    with serving(disk):
        rows = tool("redis-benchmark", "--csv", "-n", "500").splitlines()
        assert len(rows) > 18
        assert all(float(json.loads(row.split(",")[1])) > 0 for row in rows[1:])
        with peers.connect(lab.GUEST, PORT) as sock:
            assert b"connected_clients:1\r\n" in ask(sock, "INFO")


def test_what_was_appended_is_there_after_a_restart(tap0: str, disk: Path) -> None:
    arguments = "--append /data/kv.aof"
    with serving(disk, arguments) as guest:
        assert cli("mset", "a", "1", "b", "2") == "OK"
        assert cli("set", "c", "3", "px", "600000") == "OK"
        assert cli("sadd", "letters", *"abcdef") == "6"
        popped = cli("spop", "letters", "2").splitlines()
        assert cli("del", "a") == "1"
        guest.wait_for("kv: listening")
        lab.eventually(
            lambda: b"spop" not in disk.read_bytes() and b"SREM" in disk.read_bytes(), "written out"
        )
    with serving(disk, arguments):
        assert cli("get", "a") == ""
        assert cli("mget", "b", "c") == "2\n3"
        assert 0 < int(cli("pttl", "c")) <= 600000
        assert set(cli("smembers", "letters").splitlines()) == set("abcdef") - set(popped)


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (b"*1\r\n$-5\r\n", b"-ERR Protocol error: invalid bulk length\r\n"),
        (b"*1\r\n:5\r\n", b"-ERR Protocol error: expected '$', got ':'\r\n"),
        (b"*99999999999\r\n", b"-ERR Protocol error: invalid multibulk length\r\n"),
        (
            b"*2\r\n$900000\r\n%b\r\n$900000\r\n" % bytes(900000),
            b"-ERR Protocol error: invalid bulk length\r\n",
        ),
        (b"x" * 70000, b"-ERR Protocol error: too big inline request\r\n"),
    ],
    ids=["negative", "type", "words", "large", "line"],
)
def test_bad_requests(kv: Guest, request_: bytes, problem: bytes) -> None:
    with peers.connect(lab.GUEST, PORT) as other, peers.connect(lab.GUEST, PORT) as sock:
        sock.sendall(request_)
        found = b""
        while piece := sock.recv(65536):
            found += piece
        assert found == problem
        assert ask(other, "PING") == b"+PONG\r\n"


@pytest.fixture(scope="module")
def kv(network_obstacle: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guest]:
    if network_obstacle:
        pytest.skip(network_obstacle)
    from host.net import netns, tap

    disk = tmp_path_factory.mktemp("kv") / "data"
    disk.write_bytes(bytes(DISK))
    with netns.Namespace(), tap.tap("tap0", f"{lab.HOST}/24"), serving(disk, "--memory 1") as guest:
        yield guest


def test_memory_is_bounded(kv: Guest) -> None:
    with peers.connect(lab.GUEST, PORT) as sock:
        replies = [ask(sock, "SET", f"key{number}", "x" * 60000) for number in range(30)]
        assert replies[0] == b"+OK\r\n" and replies[-1].startswith(b"-OOM ")
        assert ask(sock, "FLUSHALL") == b"+OK\r\n"
        assert ask(sock, "SET", "key", "value") == b"+OK\r\n"


def test_a_client_that_does_not_read_delays_no_other(kv: Guest) -> None:
    with peers.connect(lab.GUEST, PORT) as deaf, peers.connect(lab.GUEST, PORT) as sock:
        assert ask(sock, "SET", "large", "y" * 30000) == b"+OK\r\n"
        deaf.settimeout(2)
        with pytest.raises(TimeoutError):  # the image stops reading when its replies are not taken
            while True:
                deaf.sendall(b"GET large\r\n" * 1000)
        assert ask(sock, "STRLEN", "large") == b":30000\r\n"
