"""ICMP echo."""

import random

from e2e import lab, peers

from host.run.guest import Guest

LARGEST = 1472  # the payload of an Ethernet frame of 1500 bytes


def test_every_size_and_none_is_lost(accelerator: str, tap0: str) -> None:
    with lab.server("server", accelerator=accelerator), peers.Pinger(lab.GUEST) as pinger:
        for size in range(LARGEST + 1):
            pinger.ping(size)


def test_bursts(echo: Guest) -> None:
    sizes = random.Random(1)
    with peers.Pinger(lab.GUEST) as pinger:
        for _ in range(64):
            pinger.ping(*(sizes.randrange(LARGEST + 1) for _ in range(32)))
