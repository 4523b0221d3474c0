"""Guests connected to each other by a bridge."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from e2e import lab, peers

from host.net import netns, tap


@pytest.fixture
def bridge(namespace: netns.Namespace) -> Iterator[str]:
    """A bridge with tap0 and tap1, and the host's address on it."""
    with tap.tap("tap0"), tap.tap("tap1"):
        with tap.bridge("br0", "tap0", "tap1", addresses=(f"{lab.HOST}/24",)) as name:
            yield name


def run_client(length: int, **more: object) -> None:
    arguments = f"client {lab.GUEST} {length}"
    with lab.booted(lab.on_tap(arguments, lab.OTHER, "tap1", **more)) as client:  # type: ignore[arg-type]
        assert client.wait(120) == 0
        assert f"{length} of {length} bytes came back" in client.console.text


def test_a_server_for_two_clients(bridge: str, accelerator: str) -> None:
    """As mnet's own test."""
    with lab.server("server --limit 2", accelerator=accelerator) as server:
        run_client(4096, accelerator=accelerator)
        run_client(65536, accelerator=accelerator)
        assert server.wait(30) == 0


def test_a_lot(bridge: str) -> None:
    with lab.server("server"):
        run_client(16 << 20)
        peers.converse(lab.GUEST, lab.PORT, 1 << 20)


def test_the_client_waits_for_a_server_that_boots_later(bridge: str) -> None:
    """ARP requests and SYNs are retransmitted: the server may start after the client."""
    with ExitStack() as stack:
        options = lab.on_tap(f"client {lab.GUEST} 4096", lab.OTHER, "tap1")
        with lab.booted(options) as client:
            stack.enter_context(lab.server("server"))
            assert client.wait(60) == 0
