"""Several devices of each kind: each is the one that its name says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import ways
from e2e import lab, peers

from host.net import netns, tap
from host.options import Block, Net, Options
from host.run import launch
from host.run.guest import Guest

APPLICATION = Path(__file__).with_name("two")
LEFT, RIGHT = "10.0.0.2", "10.0.1.2"
PORT = 7000
MIB = 1 << 20

pytestmark = ways.needs_blocks


@pytest.fixture
def guest(namespace: netns.Namespace, tmp_path: Path) -> Iterator[Guest]:
    lab.build(APPLICATION)
    for number, name in enumerate(("first", "second"), 1):
        (tmp_path / name).write_bytes(b"%d st" % number + bytes(number * MIB - 4))
    options = Options(
        nets=(Net("left", tap="tap0"), Net("right", tap="tap1")),
        blocks=tuple(Block(name, tmp_path / name) for name in ("second", "first")),
    )
    with tap.tap("tap0", "10.0.0.1/24"), tap.tap("tap1", "10.0.1.1/24"):
        with launch.launch(APPLICATION, options, lab.BOARD) as running:
            running.wait_for(lab.READY)
            yield running


def test_two_networks_and_two_disks(guest: Guest) -> None:
    for number, name in enumerate(("first", "second"), 1):
        assert f"{name} {number * MIB} b'{number} st'" in guest.console.text
    peers.ping(LEFT)
    peers.ping(RIGHT)
    socks = [peers.connect(address, PORT) for address in (LEFT, RIGHT) * 4]
    peers.run([peers.Conversation(sock, 200_000, seed) for seed, sock in enumerate(socks)])
