"""--pcap: other programs can read the captured frames, from the handshake to the FINs."""

from pathlib import Path
from typing import Any

import ways
from e2e import lab, peers

from host.options import Forward, Net, Options

SYN, ACK, FIN = 0x02, 0x10, 0x01


def segments(path: Path) -> list[Any]:
    """Return (flags, payload) of the TCP segments to and from the echo port, as scapy reads them."""
    from scapy.layers.inet import TCP
    from scapy.utils import rdpcap

    packets = [packet[TCP] for packet in rdpcap(str(path)) if TCP in packet]
    return [(int(each.flags), bytes(each.payload), each.seq, each.ack) for each in packets]


def assert_tells_the_story(path: Path) -> None:
    seen = segments(path)
    (syn, _, iss, _), (syn_ack, _, irs, confirmed), (ack, _, following, last) = seen[:3]
    assert (syn, syn_ack, ack) == (SYN, SYN | ACK, ACK)
    assert (confirmed, following, last) == (iss + 1, iss + 1, irs + 1)
    assert sum(len(payload) for _, payload, _, _ in seen) >= 2000
    assert sum(flags & FIN for flags, *_ in seen) == 2


def test_on_a_tap(tap0: str, tmp_path: Path) -> None:
    path = tmp_path / "tap.pcap"
    with lab.server("server", pcap=path):
        peers.converse(lab.GUEST, lab.PORT, 1000)
    assert_tells_the_story(path)


@ways.needs_user_network
def test_on_user_networking(namespace: object, tmp_path: Path) -> None:
    path = tmp_path / "user, with a comma.pcap"
    options = Options(
        nets=(Net("service", forwards=(Forward(9000, lab.PORT),)),), arguments="server --limit 1", pcap=path
    )
    with lab.booted(options) as guest:
        guest.wait_for(lab.READY)
        peers.converse("127.0.0.1", 9000, 1000)
        assert guest.wait(30) == 0
    assert_tells_the_story(path)
