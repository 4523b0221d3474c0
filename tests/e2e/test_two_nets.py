"""A program with two devices that starts its stacks itself and serves with asyncio."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e import lab, peers

from host.net import netns, tap
from host.options import Net, Options
from host.run.guest import Guest

TWO_NETS = Path(__file__).with_name("twonets")
NAMED = Path(__file__).with_name("named")
LEFT, RIGHT = "10.0.0.2", "10.0.1.2"


@pytest.fixture
def guest(namespace: netns.Namespace) -> Iterator[Guest]:
    lab.build(TWO_NETS)
    nets = (Net("right", "tap1"), Net("left", "tap0"))  # in any order: the manifest's counts
    with tap.tap("tap0", "10.0.0.1/24"), tap.tap("tap1", "10.0.1.1/24"):
        with lab.booted(Options(nets=nets), TWO_NETS) as booted:
            booted.wait_for(lab.READY)
            yield booted


def test_both_are_served_until_told_to_stop(guest: Guest) -> None:
    peers.ping(LEFT)
    peers.ping(RIGHT)
    socks = [peers.connect(address, lab.PORT) for address in (LEFT, RIGHT) for _ in range(20)]
    peers.run([peers.Conversation(sock, 20_000, seed) for seed, sock in enumerate(socks)])
    with peers.connect(RIGHT, lab.PORT) as sock:
        sock.sendall(b"stop")
        assert sock.recv(100) == b"stop"
    assert guest.wait(30) == 0
    console = guest.console.text.replace("\r\n", "\n")
    assert "middle: [Errno 19] " in console and "'middle' is not in the manifest" in console
    assert "the image has: left, right\n" in console
    assert "addresses ['10.0.0.2/24'] ['10.0.1.2/24']\n" in console
    assert "opened 41 bugs 0\nrunning ['left']\n" in console


def test_an_address_of_the_other_side_is_not_answered(guest: Guest) -> None:
    """No forwarding: packets received on one interface are for that interface's address."""
    tap.ip("route", "add", f"{RIGHT}/32", "via", LEFT, "dev", "tap0")
    with pytest.raises(OSError):
        peers.connect(RIGHT, lab.PORT, timeout=1.5)
    tap.ip("route", "delete", f"{RIGHT}/32")
    peers.converse(RIGHT, lab.PORT, 1000)


def test_arguments_of_each_device(namespace: netns.Namespace) -> None:
    """--ipv4:NAME= and so on configure one device of several; the bare form is for the first."""
    lab.build(NAMED)
    arguments = "--ipv4=10.0.0.2/24 --ipv6=off --ipv4:right=10.0.1.2/24 --ipv4-gateway:right=10.0.1.1"
    nets = (Net("right", "tap1"), Net("left", "tap0"))
    with tap.tap("tap0", "10.0.0.1/24"), tap.tap("tap1", "10.0.1.1/24"):
        with lab.booted(Options(nets=nets, arguments=arguments), NAMED) as guest:
            guest.wait_for(lab.READY)
            for address in (LEFT, RIGHT):
                peers.converse(address, lab.PORT, 10_000)
            assert guest.wait(30) == 0
    console = guest.console.text.replace("\r\n", "\n")
    assert "named: left ['10.0.0.2/24']\nnamed: right ['10.0.1.2/24', 'fe80::" in console
    assert "named: left received some\nnamed: right received some\n" in console
    assert "named: opened 2 segments True\n" in console
