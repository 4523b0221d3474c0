"""The clients of the services: their requests, and the expected replies."""

import hashlib
import hmac
import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable

PORT = 7000
TIMEOUT = 10.0  # seconds per reply
UDP = {"v13"}
ARGUMENTS = {"v17": ("PEER",)}


class Wrong(Exception):
    """The service replied incorrectly."""


def key(name: str) -> str:
    """Return v01 for v01_thread_echo."""
    return name.partition("_")[0]


def expect(found: object, wanted: object) -> None:
    if found != wanted:
        raise Wrong(f"answered {found!r}, expected {wanted!r}")


def connect(port: int) -> socket.socket:
    """Open a connection that works: user networking accepts connections before the guest listens."""
    return socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)


def receive(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count and (chunk := connection.recv(count - len(data))):
        data += chunk
    return data


def echo(port: int) -> None:
    """Test three clients in turn, each with two messages."""
    for number in range(3):
        with connect(port) as connection:
            for message in (b"hello %d" % number, bytes(range(256))):
                connection.sendall(message)
                expect(receive(connection, len(message)), message)


def echo_once(port: int) -> None:
    """Test that it closes after its first reply."""
    with connect(port) as connection:
        connection.sendall(b"hello")
        expect(receive(connection, 6), b"hello")


def echo_udp(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("127.0.0.1", port))
        sock.settimeout(1)
        sock.send(b"datagram")
        expect(sock.recv(100), b"datagram")


def http_path(port: int) -> None:
    for path in ("/", "/a/b"):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=TIMEOUT) as answer:
            expect(answer.headers["Content-Type"], "application/json")
            expect(json.loads(answer.read()), {"path": path})


def http_items(port: int) -> None:
    url = f"http://127.0.0.1:{port}/item"
    item = {"name": "é", "sizes": [1, 2.5, None]}
    try:
        urllib.request.urlopen(url, timeout=TIMEOUT)
        raise Wrong("found what is not there")
    except urllib.error.HTTPError as error:
        expect(error.code, 404)
        expect(json.loads(error.read()), {"error": "no such item", "path": "/item"})
    with urllib.request.urlopen(url, json.dumps(item).encode(), timeout=TIMEOUT) as answer:
        expect((answer.status, json.loads(answer.read())), (201, item))
    with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
        expect(json.loads(answer.read()), item)


def key_value(port: int) -> None:
    with connect(port) as connection:
        for command, wanted in (
            (b"GET a\n", b"$-1\r\n"),
            (b"SET a 123\n", b"+OK\r\n"),
            (b"get a\n", b"$3\r\n123\r\n"),
            (b"DEL a\n", b"-ERR\r\n"),
        ):
            connection.sendall(command)
            expect(receive(connection, len(wanted)), wanted)


def proxy(port: int) -> None:
    """Test a connection through it to the peer's echo service, and that it closes with ours."""
    with connect(port) as connection:
        connection.sendall(b"through the proxy")
        connection.shutdown(socket.SHUT_WR)
        expect(receive(connection, 100), b"through the proxy")


def chat(port: int) -> None:
    with connect(port) as one, connect(port) as other:
        for connection in (one, other):  # each is registered once it receives its own message
            connection.sendall(b"hello\n")
            expect(receive(connection, 6), b"hello\n")
        other.sendall(b"again\n")
        expect(receive(one, 12), b"hello\nagain\n")


def challenge(port: int) -> None:
    for secret, wanted in ((b"secret", b"OK\n"), (b"guess", b"NO\n")):
        with connect(port) as connection:
            nonce = bytes.fromhex(receive(connection, 33).decode())
            connection.sendall(hmac.new(secret, nonce, hashlib.sha256).hexdigest().encode())
            expect(receive(connection, 3), wanted)


TALKS: dict[str, Callable[[int], None]] = {
    "v01": echo,
    "v03": echo,
    "v05": echo_once,
    "v07": echo,
    "v09": http_path,
    "v11": http_items,
    "v13": echo_udp,
    "v15": key_value,
    "v17": proxy,
    "v19": echo,
    "v21": echo,
    "v23": echo,
    "v25": chat,
    "v27": challenge,
    "v29": http_path,
}


def talk(name: str, port: int, ended: Callable[[], bool], timeout: float = TIMEOUT) -> str:
    """Retry until the service replies correctly. Returns what was wrong with the last reply, or nothing."""
    deadline = time.monotonic() + timeout
    conversation = TALKS.get(key(name))
    if conversation is None:
        return "nobody here knows how to talk to it"
    while True:
        try:
            conversation(port)
            return ""
        except (OSError, ValueError, Wrong) as error:
            if ended() or isinstance(error, Wrong | ValueError) or time.monotonic() > deadline:
                return f"{type(error).__name__}: {error}"
        time.sleep(0.1)
