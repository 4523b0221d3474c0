"""Unikraft's own: the launcher's address, and its driver's handling of QEMU's options."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import ways
from e2e import lab, peers

from host.board import image_path
from host.run import launch, unikraft
from host.run.guest import Attempt, Guest

BOARD = ways.BOARD

pytestmark = pytest.mark.skipif(
    BOARD.runner != "unikraft", reason=f"board {BOARD.name} is not an application of Unikraft's"
)


def with_parameters(attempt: Attempt, parameters: str, passed: str) -> Attempt:
    """The same with parameters of Unikraft's before the arguments."""

    def command(status: str) -> list[str]:
        words = list(attempt.command(status))
        words[words.index(passed)] = f"{parameters} {passed}"
        return words

    return replace(attempt, command=command)


@contextmanager
def booted(arguments: str, parameters: str = "", net: str = "") -> Iterator[Guest]:
    """An echo server, with options for its network device."""
    options = replace(lab.on_tap(), arguments=arguments, memory=64)
    board = replace(BOARD, settings={**BOARD.settings, "net": BOARD.settings["net"] + net})
    path, passed = image_path("echo", BOARD.name), unikraft.arguments(options)
    attempts = launch.RUNNERS["unikraft"].attempts(board, path, options)
    with Guest([with_parameters(attempt, parameters, passed) for attempt in attempts]) as guest:
        try:
            guest.wait_for(lab.READY)
            yield guest
        finally:
            print(f"--- console of echo\n{guest.console.tail(40)}")


def test_the_launchers_address_is_the_default(tap0: str) -> None:
    """As `kraft run` passes it."""
    with booted("server", f"netdev.ip={lab.GUEST}/24:{lab.HOST}:8.8.8.8::name"):
        peers.ping(lab.GUEST)
        peers.converse(lab.GUEST, lab.PORT, 100_000)


def test_an_argument_wins(tap0: str) -> None:
    with booted(f"server --ipv4={lab.GUEST}/24", f"netdev.ip={lab.OTHER}/24:{lab.HOST}"):
        peers.ping(lab.GUEST)
        with pytest.raises(OSError):
            peers.connect(lab.OTHER, lab.PORT, timeout=10)


@pytest.mark.parametrize(
    "net", [",csum=off", ",host_mtu=1400", ",mrg_rxbuf=off", ",rx_queue_size=1024", ",guest_csum=off,gso=off"]
)
def test_whatever_the_device_offers(tap0: str, net: str) -> None:
    """The driver reads the MTU at a wrong offset, and offers partial checksums if it may send them."""
    with booted(f"server --ipv4={lab.GUEST}/24", net=net):
        peers.ping(lab.GUEST)
        peers.converse(lab.GUEST, lab.PORT, 1 << 20)
