"""An idle guest uses no processor time."""

import time

import pytest
from e2e import lab, peers

WHILE = 3.0  # seconds
SHARE = 0.1  # of a processor; the benchmark has the exact number


@pytest.mark.parametrize("connections", [0, 100])
def test_idle_costs_next_to_nothing(tap0: str, accelerator: str, connections: int) -> None:
    """Processor time, not the clock, is measured: other programs do not count. The best of three counts."""
    with lab.server("server", accelerator=accelerator) as guest:
        idle = [peers.connect(lab.GUEST, lab.PORT) for _ in range(connections)]
        used = []
        for _ in range(3):
            before, start = guest.cpu_time, time.monotonic()
            time.sleep(WHILE)
            used.append((guest.cpu_time - before) / (time.monotonic() - start))
            if used[-1] < SHARE:
                break
        assert min(used) < SHARE
        for sock in idle:
            sock.close()
        peers.converse(lab.GUEST, lab.PORT, 1000)
