"""The Linux side: pings, conversations with digests, datagrams, servers. Every wait has a limit."""

import hashlib
import json
import random
import selectors
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

PIECE = 1 << 16
MIB = 1 << 20
SINK, SOURCE = 9001, 9002  # of the probe
PROBE_PIECE = 16384  # that it sends at once: its number, and what is always the same
FILLER = (bytes(range(251)) * 66)[: PROBE_PIECE - 8]
TIMEOUT = 60.0  # seconds; on a noisy machine every step may take long
ECHO_REQUEST, ECHO_REPLY = 8, 0
ECHO_REQUEST6, ECHO_REPLY6 = 128, 129


class Conversation:
    """Sends `length` seeded bytes, half closes, and reads to the end: the same bytes must return. Sending and
    receiving are concurrent, as run() finds the socket ready."""

    def __init__(self, sock: socket.socket, length: int, seed: int = 0) -> None:
        self.sock = sock
        self.left = length
        self.length = length
        self.received = 0
        self.ended = False
        self._random = random.Random(seed)
        self._pending = memoryview(b"")
        self._sent, self._got = hashlib.sha256(), hashlib.sha256()
        self.sock.setblocking(False)

    @property
    def events(self) -> int:
        sending = selectors.EVENT_WRITE if self.left >= 0 else 0
        return sending | (0 if self.ended else selectors.EVENT_READ)

    def write(self) -> None:
        if not self._pending and self.left:
            piece = self._random.randbytes(min(self.left, PIECE))
            self._sent.update(piece)
            self._pending = memoryview(piece)
        if self._pending:
            n = self.sock.send(self._pending)
            self._pending = self._pending[n:]
            self.left -= n
        if not self.left:
            self.sock.shutdown(socket.SHUT_WR)
            self.left = -1

    def read(self) -> None:
        data = self.sock.recv(PIECE)
        self._got.update(data)
        self.received += len(data)
        self.ended = not data

    def check(self) -> None:
        if self.received < self.length:
            raise ConnectionAbortedError(f"{self.received} of {self.length} bytes came back")
        assert self.received == self.length
        assert self._got.digest() == self._sent.digest()


def run(conversations: Sequence[Conversation], timeout: float = TIMEOUT) -> None:
    """Run all conversations at once; each is checked, and its socket closed."""
    deadline = time.monotonic() + timeout
    with selectors.DefaultSelector() as selector, ExitStack() as socks:
        for each in conversations:
            socks.enter_context(each.sock)
            selector.register(each.sock, each.events, each)
        while selector.get_map():
            ready = selector.select(max(0.0, deadline - time.monotonic()))
            assert ready, f"{len(selector.get_map())} conversations do not end; {progress(conversations)}"
            for key, events in ready:
                go_on(selector, key.data, events)
    for each in conversations:
        each.check()


def go_on(selector: selectors.BaseSelector, each: Conversation, events: int) -> None:
    """Send or receive as the socket is ready."""
    if events & selectors.EVENT_WRITE:
        each.write()
    if events & selectors.EVENT_READ:
        each.read()
    if each.events:
        selector.modify(each.sock, each.events, each)
    else:
        selector.unregister(each.sock)
        each.sock.close()


def progress(conversations: Sequence[Conversation]) -> str:
    worst = min(conversations, key=lambda each: each.received - each.length)
    return f"one has {worst.received} of {worst.length} bytes, with {worst.left} left to send"


def connect(address: str, port: int, timeout: float = TIMEOUT) -> socket.socket:
    return socket.create_connection((address, port), timeout=timeout)


def converse(address: str, port: int, length: int, seed: int = 0, timeout: float = TIMEOUT) -> None:
    """Run one conversation with an echo server."""
    with connect(address, port) as sock:
        run([Conversation(sock, length, seed)], timeout)


class Segments(NamedTuple):
    """Return received and sent segments of a Linux connection, and how many of those had data."""

    out: int
    into: int
    text_in: int
    text_out: int


def segments(sock: socket.socket) -> Segments:
    out, into, _, _, text_in, text_out = struct.unpack_from(
        "6I", sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160), 136
    )
    return Segments(out, into, text_in, text_out)


def backed_off(sock: socket.socket) -> int:
    """Return how often in a row the retransmission timer of a Linux connection has expired."""
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 8)[4]


def seeded(length: int, seed: int) -> Iterator[bytes]:
    """Yield `length` bytes of data, in pieces."""
    chance = random.Random(seed)
    block = chance.randbytes(min(length, MIB))
    for at in range(0, length, MIB):
        yield (at.to_bytes(8, "big") + block[8:])[: length - at]


def upload(address: str, length: int, seed: int = 0, timeout: float = TIMEOUT) -> None:
    """Send data to the probe, which returns its digest."""
    digest = hashlib.sha256()
    with connect(address, SINK, timeout) as sock:
        for piece in seeded(length, seed):
            digest.update(piece)
            sock.sendall(piece)
        sock.shutdown(socket.SHUT_WR)
        assert sock.recv(digest.digest_size, socket.MSG_WAITALL) == digest.digest()


def take(sock: socket.socket, digest: "hashlib._Hash", length: int = sys.maxsize) -> None:
    """Receive so many bytes, or to the end of the stream."""
    while length and (data := sock.recv(min(length, MIB))):
        digest.update(data)
        length -= len(data)


def fetch(sock: socket.socket, length: int, halfway: Callable[[], object] = lambda: None) -> None:
    """Make the probe send data and close; `halfway` is called after half of it."""
    received, expected = hashlib.sha256(), hashlib.sha256()
    sock.sendall(length.to_bytes(8, "big"))
    take(sock, received, length // 2)
    halfway()
    take(sock, received)
    for number, at in enumerate(range(0, length, PROBE_PIECE)):
        expected.update((number.to_bytes(8, "big") + FILLER)[: length - at])
    assert received.digest() == expected.digest()


def download(address: str, length: int, timeout: float = TIMEOUT) -> None:
    """The same on a connection of its own."""
    with connect(address, SOURCE, timeout) as sock:
        fetch(sock, length)


def eventually_converse(address: str, port: int, length: int, timeout: float = TIMEOUT) -> None:
    """Run a conversation; repeat it while connections fail."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            return converse(address, port, length)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def read_all(sock: socket.socket) -> bytes:
    """Receive to the end of the stream."""
    pieces = []
    while piece := sock.recv(PIECE):
        pieces.append(piece)
    return b"".join(pieces)


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + bytes(len(data) % 2)))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


class Pinger:
    """Sends ICMP echo requests with random payloads of given sizes and checks the replies."""

    def __init__(self, address: str, seed: int = 0) -> None:
        self._address = address
        self._random = random.Random(seed)
        self._sequence = 0
        self._six = ":" in address
        family = (
            (socket.AF_INET6, socket.IPPROTO_ICMPV6) if self._six else (socket.AF_INET, socket.IPPROTO_ICMP)
        )
        self._sock = socket.socket(family[0], socket.SOCK_RAW, family[1])
        self._sock.settimeout(TIMEOUT)

    def __enter__(self) -> "Pinger":
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()

    def _request(self, size: int) -> tuple[int, bytes]:
        self._sequence = (self._sequence + 1) & 0xFFFF
        payload = self._random.randbytes(size)
        kind = ECHO_REQUEST6 if self._six else ECHO_REQUEST  # the kernel computes the checksum of ICMPv6
        header = struct.pack("!BBHHH", kind, 0, 0, 0x5959, self._sequence)
        total = checksum(header + payload)
        header = struct.pack("!BBHHH", kind, 0, total, 0x5959, self._sequence)
        self._sock.sendto(header + payload, (self._address, 0))
        return self._sequence, payload

    def ping(self, *sizes: int) -> None:
        """Send all requests, then receive all replies, in any order."""
        waiting = dict(self._request(size) for size in sizes)
        while waiting:
            packet = self._sock.recv(PIECE)
            message = packet if self._six else packet[(packet[0] & 15) * 4 :]
            kind, code, _, identifier, sequence = struct.unpack_from("!BBHHH", message)
            if (kind, code, identifier) == (ECHO_REPLY6 if self._six else ECHO_REPLY, 0, 0x5959):
                assert self._six or checksum(message) == 0
                assert message[8:] == waiting.pop(sequence)


def ping(address: str) -> None:
    with Pinger(address) as pinger:
        pinger.ping(56)


@contextmanager
def echo_server(address: str, corrupt: bool = False) -> Iterator[int]:
    """Run a TCP echo server on Linux. Returns its port. With `corrupt` it changes a bit of the last byte of
    each read."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as listener:
        thread = threading.Thread(target=_serve, args=(listener, corrupt), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(TIMEOUT)


def _serve(listener: socket.socket, corrupt: bool) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(TIMEOUT)
            while piece := bytearray(connection.recv(PIECE)):
                piece[-1] ^= int(corrupt)
                connection.sendall(piece)


def ask(address: str, command: str, port: int = 9999, timeout: float = TIMEOUT) -> Any:
    """Return the probe's reply to a command; repeated when a datagram is lost."""
    deadline = time.monotonic() + timeout
    number = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect((address, port))
        while time.monotonic() < deadline:
            number += 1
            try:
                sock.settimeout(5)
                sock.send(f"{command} {number}".encode())
                while (reply := json.loads(sock.recv(PIECE)))["number"] != str(number):
                    pass
                return reply["answer"]
            except OSError:
                sock.settimeout(0.05)  # no neighbor yet, or refused, or lost
    raise TimeoutError(f"the probe does not answer {command!r}")
