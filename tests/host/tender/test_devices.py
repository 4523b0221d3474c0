"""The host's side of a guest's devices, without a guest."""

import os

import pytest

from host.net import netns
from host.net.tap import ip, open_tap, tap
from host.tender.devices import OK, Net

OBSTACLE = netns.obstacle()


@pytest.mark.skipif(bool(OBSTACLE), reason=OBSTACLE)
def test_a_tap_that_is_down_loses_frames() -> None:
    with netns.Namespace(), tap("tap0"):
        end = open_tap("tap0")
        net = Net(end, bytes(6), 1500)
        for state in ("down", "up"):
            ip("link", "set", "tap0", state)
            assert net.write(memoryview(bytes(60))) == OK
        os.close(end)
