# What a program reads and installs: counters(), filter() and capture() of a running interface.
import struct

import mnet
from mnet.sockets import SOCK_DGRAM, socket
from support import raises
from unit.sockets.network import SERVER, on_network
from unit.sockets.test_datagram import bound


def exchange():
    """One datagram to the right host, and one back."""
    with bound(5000) as server, socket(type=SOCK_DGRAM) as client:
        client.sendto(b"question", (SERVER, 5000))
        server.sendto(b"answer", server.recvfrom(100)[1])
        assert client.recv(100) == b"answer"


@on_network
def test_counters_of_interface_and_protocols(network):
    before = mnet.counters()
    exchange()
    after = mnet.counters("left")
    assert after["UdpOutDatagrams"] - before["UdpOutDatagrams"] == 1
    assert after["UdpInDatagrams"] - before["UdpInDatagrams"] == 1
    assert after["tx_packets"] > before["tx_packets"] and after["rx_packets"] > before["rx_packets"]
    network.left.device.dropped = 3
    network.left.device.errors = 2
    found = network.left.counters()
    assert found["rx_dropped"] == after["rx_dropped"] + 3 and found["tx_errors"] == after["tx_errors"] + 2
    assert raises(OSError, mnet.counters, "nowhere").errno == 19


@on_network
def test_capture_of_an_exchange(network):
    data = []
    network.left.capture(data.append)
    exchange()
    network.left.capture(None)
    count = len(data)
    exchange()
    assert len(data) == count and data[0][:4] == b"\xa1\xb2\xc3\xd4"
    lengths = [struct.unpack("!I", record[8:12])[0] for record in data[1:]]
    assert [len(record) - 16 for record in data[1:]] == lengths
    assert len([record for record in data[1:] if record.endswith((b"question", b"answer"))]) == 2


@on_network
def test_filter_and_capture_are_independent(network):
    data = []
    network.left.capture(data.append)
    network.left.filter(ingress=lambda frame: frame[23] != 17)
    with bound(5000) as server, socket(type=SOCK_DGRAM) as client:
        client.settimeout(1)
        client.sendto(b"question", (SERVER, 5000))
        server.sendto(b"answer", server.recvfrom(100)[1])
        raises(TimeoutError, client.recv, 100)
        assert [record for record in data if record.endswith(b"answer")]
    assert network.left.counters()["rx_dropped"] == 1
    network.left.filter()
    exchange()
