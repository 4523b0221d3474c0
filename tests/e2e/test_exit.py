"""Data that an image has sent before it ends arrives."""

import socket
from pathlib import Path

import pytest
from e2e import lab, peers

APPLICATION = Path(__file__).with_name("last")


@pytest.mark.parametrize("turn", range(5))
def test_the_last_datagram_leaves(tap0: str, turn: int) -> None:
    lab.build(APPLICATION)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((lab.HOST, 7000))
        sock.settimeout(peers.TIMEOUT)
        with lab.booted(lab.on_tap("--ipv6=off"), APPLICATION) as guest:
            data, address = sock.recvfrom(100)
            assert data == b"first"
            sock.sendto(b"go on", address)
            assert guest.wait(30) == 7
        sock.settimeout(1)  # it has arrived, if it was to arrive
        assert sock.recv(100) == b"last"
