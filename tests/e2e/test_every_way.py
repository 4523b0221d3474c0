"""Tests that must pass with every runner of the board, the slowest included."""

import pytest
import ways
from e2e import lab, peers


@pytest.mark.parametrize("name", ways.WAYS)
def test_a_hundred_pings_and_64_kib(tap0: str, name: str) -> None:
    with lab.server("server", accelerator=ways.usable(name)), peers.Pinger(lab.GUEST) as pinger:
        for _ in range(100):
            pinger.ping(56)
        peers.converse(lab.GUEST, lab.PORT, 1 << 16)
