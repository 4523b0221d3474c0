"""Large and small transfers one way, over a clean link, compared by digest."""

import pytest
from e2e import lab, peers

from host.run.guest import Guest

LENGTHS = [1, 1428, 1429, 65536, peers.MIB + 1, 64 * peers.MIB]


@pytest.mark.parametrize("address", lab.BOTH)
@pytest.mark.parametrize("length", LENGTHS)
def test_to_the_guest(dual: Guest, address: str, length: int) -> None:
    peers.upload(address, length)


@pytest.mark.parametrize("address", lab.BOTH)
@pytest.mark.parametrize("length", LENGTHS)
def test_from_the_guest(dual: Guest, address: str, length: int) -> None:
    peers.download(address, length)
