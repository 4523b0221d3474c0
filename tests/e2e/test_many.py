"""Many connections: at once, one after the other; no state is left in the guest."""

import random
import resource
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

import pytest
from e2e import lab, peers

from host.net import tap
from host.net.netns import Namespace
from host.run.guest import Guest

TABLES = ("fibers", "connections", "ports", "time_waits", "stalled", "half_open", "timers")
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends a reset


def counters() -> dict[str, Any]:
    answer: dict[str, Any] = peers.ask(lab.GUEST, "counters")
    return answer


def assert_back_to(before: dict[str, Any]) -> None:
    """Check that tables, timers and fibers are as before, and the heap about as full."""
    lab.eventually(
        lambda: all(counters()[name] <= before[name] for name in TABLES), f"tables as in {before}", 60
    )
    after = counters()
    assert after["bugs"] == 0
    assert after["heap"] < before["heap"] + 16384


def test_two_hundred_at_once(echo: Guest) -> None:
    lengths = random.Random(1)
    socks = [peers.connect(lab.GUEST, lab.PORT) for _ in range(200)]
    peers.run([peers.Conversation(s, lengths.randrange(100000), seed) for seed, s in enumerate(socks)])


def test_a_thousand_in_a_row_leave_nothing(probe: Guest) -> None:
    for seed in range(50):
        peers.converse(lab.GUEST, lab.PORT, 100, seed)
    before = counters()
    for seed in range(1000):
        peers.converse(lab.GUEST, lab.PORT, 1000, seed)
    assert counters()["opened"] == before["opened"] + 1000
    assert_back_to(before)


def test_connections_that_end_badly_leave_nothing(probe: Guest) -> None:
    """Resets at every stage: at once, with data in flight in both directions, after a half close."""

    def wave() -> None:
        for number in range(100):
            with peers.connect(lab.GUEST, lab.PORT) as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                sock.send(bytes(1000 * (number % 10)))
                if number % 3 == 0:
                    sock.shutdown(socket.SHUT_WR)

    wave()
    before = counters()
    for _ in range(5):
        wave()
    assert_back_to(before)
    peers.converse(lab.GUEST, lab.PORT, 100000)


def test_the_memory_of_many_comes_back(probe: Guest) -> None:
    def wave() -> None:
        socks = [peers.connect(lab.GUEST, lab.PORT) for _ in range(100)]
        peers.run([peers.Conversation(sock, 20000, seed) for seed, sock in enumerate(socks)])

    wave()
    before = counters()
    for _ in range(4):
        wave()
    assert_back_to(before)


CLIENTS = 8
DUAL = f"--ipv6={lab.GUEST6}/64"
TIME_WAITS = 4096  # mnet/limits.py: the oldest is evicted


@pytest.fixture
def many_files() -> Iterator[None]:
    """Room for more descriptors than a process usually has."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] < 4096:
        pytest.skip(f"no more than {before[1]} open files on this machine")
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_thousand_at_once(namespace: Namespace, many_files: None) -> None:
    """Of both families: all are open before the first sends data."""
    with tap.tap("tap0", *lab.HOSTS), lab.server(DUAL, name=lab.PROBE, memory=128):
        peers.run([peers.Conversation(peers.connect(each, lab.PORT), 1000) for each in lab.BOTH])
        a_thousand_at_once()  # the tables of timers and files keep the size that they reach here
        before = counters()
        a_thousand_at_once()
        assert counters()["opened"] == before["opened"] + 1000
        assert_back_to(before)


def a_thousand_at_once() -> None:
    before = counters()
    addresses = cycle(lab.BOTH)
    socks = [peers.connect(next(addresses), lab.PORT) for _ in range(1000)]
    assert counters()["connections"] == before["connections"] + 1000
    peers.run([peers.Conversation(sock, 5000, seed) for seed, sock in enumerate(socks)])


def test_silent_handshakes_do_not_lock_new_clients_out(namespace: Namespace, many_files: None) -> None:
    """More of them than the server has stacks and buffers: the ones idle for longest are disconnected."""
    with tap.tap("tap0", *lab.HOSTS), lab.server("server", memory=16):
        silent = []
        for number in range(700):
            silent.append(peers.connect(lab.GUEST, lab.PORT))
            if number % 100 == 99:
                start = time.monotonic()
                peers.converse(lab.GUEST, lab.PORT, 1000, number)
                assert time.monotonic() - start < 3
        peers.converse(lab.GUEST, lab.PORT, 1000)
        silent[0].settimeout(peers.TIMEOUT)
        try:
            assert silent[0].recv(1) == b""  # the peer gets a FIN
        except ConnectionResetError:
            pass
        for sock in silent:
            sock.close()


def one_after_the_other(count: int, port: int) -> None:
    """Clients with one connection at a time each; the guest closes first where it is the source."""

    def client(number: int) -> None:
        address = lab.BOTH[number % 2]
        for seed in range(number, count, CLIENTS):
            if port == peers.SOURCE:
                peers.download(address, 100)
            else:
                peers.converse(address, port, 100, seed)

    with ThreadPoolExecutor(CLIENTS) as pool:  # a thread is in the namespace of the one that starts it
        for done in [pool.submit(client, number) for number in range(CLIENTS)]:
            done.result()


def at_rest() -> dict[str, Any]:
    """Return the guest's state after every timeout, those of its neighbors included."""
    peers.ask(lab.GUEST, "later")
    return counters()


def test_ten_thousand_one_after_the_other(namespace: Namespace) -> None:
    """Half of them are closed by the guest first: TIME-WAIT is bounded, and all of it comes back."""
    with tap.tap("tap0", *lab.HOSTS), lab.server(DUAL, name=lab.PROBE):
        for port in (lab.PORT, peers.SOURCE):
            one_after_the_other(100, port)
        before = at_rest()
        one_after_the_other(5000, lab.PORT)
        lab.eventually(lambda: counters()["connections"] == 0, "no connection is left")
        one_after_the_other(5000, peers.SOURCE)
        lab.eventually(lambda: counters()["connections"] == TIME_WAITS, "the oldest have gone")
        during = counters()
        assert during["opened"] == before["opened"] + 10_000
        assert (during["time_waits"], during["ports"], during["half_open"]) == (TIME_WAITS, 1, 0)
        assert during["heap"] < before["heap"] + TIME_WAITS * 4096
        after = at_rest()
        assert {name: after[name] for name in TABLES} == {name: before[name] for name in TABLES}
        assert after["heap"] < before["heap"] + 16384 and after["bugs"] == 0
