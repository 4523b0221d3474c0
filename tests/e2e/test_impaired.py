"""Data both ways over links that lose, duplicate, reorder and delay, on both families."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from e2e import lab, peers
from e2e.cables import cable

from host.net import netns
from host.net.wire import Faults, Wire

KIB = 1 << 10
TIMEOUT = 180.0  # seconds: after losses in a row a retransmission waits long
# The path, and how much data takes a few seconds on it; with 10 % loss most of that is timeouts
PATHS = {
    "near": (Faults(loss=0.001, delay=0.001), 8 * peers.MIB),
    "usual": (Faults(loss=0.01, duplicate=0.01, reorder=0.02, delay=0.005), 2 * peers.MIB),
    "bad": (Faults(loss=0.1, duplicate=0.05, reorder=0.05, delay=0.001), 100 * KIB),
    "far": (Faults(loss=0.002, reorder=0.01, delay=0.1), 300 * KIB),
}


@contextmanager
def probed(faults: Faults, seed: int) -> Iterator[Wire]:
    with cable(faults, seed, "", "tap0") as joined:
        with lab.server(f"--ipv6={lab.GUEST6}/64", name=lab.PROBE):
            yield joined
            assert peers.ask(lab.GUEST, "counters")["bugs"] == 0


@pytest.mark.parametrize("name", PATHS)
def test_text_arrives_whole(namespace: netns.Namespace, name: str) -> None:
    faults, length = PATHS[name]
    with probed(faults, seed=1) as joined:
        for address in lab.BOTH:
            peers.upload(address, length, timeout=TIMEOUT)
            peers.download(address, length, timeout=TIMEOUT)
        for direction in joined.directions.values():
            assert direction.counts["lost"]
