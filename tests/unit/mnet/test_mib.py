# The counters of an interface and of the protocols (mib.py), by the names that Linux has for them.
import struct

from mnet import mib
from mnet.limits import UDP_QUEUE
from mnet.udp.endpoint import Endpoint
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import BROADCAST, PEER, PEER_MAC
from unit.mnet.sending import send_datagram
from unit.mnet.test_hooks import echo_request


def protocols(host):
    """The counters that are not zero."""
    return {name: count for name, count in mib.of_protocols(host.stack).items() if count}


def links(host):
    return {name: count for name, count in mib.of_interface(host.interface).items() if count}


def datagram(data=b"data", sport=4000, dport=5000, spoil=0):
    length = 8 + len(data)
    head = struct.pack("!HHHH", sport, dport, length, 0)
    total = frames.checksum(frames.pseudo(PEER, frames.OURS, 17, length) + head + data)
    return frames.ethernet(frames.ipv4(struct.pack("!HHHH", sport, dport, length, total ^ spoil) + data, 17))


def test_each_frame_counts_once_in_and_out():
    host = Host()
    before = links(host)
    request = echo_request()
    host.input(request)
    after = links(host)
    assert after.pop("rx_packets") - before.pop("rx_packets", 0) == 1
    assert after.pop("rx_bytes") - before.pop("rx_bytes", 0) == len(request)
    assert after.pop("tx_packets") - before.pop("tx_packets") == 1
    assert after.pop("tx_bytes") - before.pop("tx_bytes") == len(request)
    assert after == before == {}


def test_frames_that_are_not_for_ip():
    host = Host()
    host.input(b"short")
    host.input(frames.ethernet(bytes(46), ethertype=0x88CC))
    host.input(frames.ethernet(bytes(46), dst=b"\x02\0\0\0\0\x09"))
    host.input(frames.ethernet(bytes(46), ethertype=0x88CC, dst=b"\x01\x80\xc2\0\0\x0e"))
    host.input(frames.ethernet(bytes(46), ethertype=0x88CC, dst=BROADCAST))
    counts = links(host)
    assert (counts["rx_packets"], counts["rx_errors"], counts["rx_dropped"]) == (5, 1, 4)
    assert counts["multicast"] == 1 and "IpInReceives" not in protocols(host)


def test_filtered_and_refused_frames_are_dropped_ones():
    host = Host()
    sent = links(host)["tx_packets"]
    host.interface.set_hooks(lambda frame: len(frame) > 60, lambda frame: False)
    host.input(echo_request())
    host.input(echo_request(bytes(100)))
    counts = links(host)
    assert (counts["rx_packets"], counts["rx_dropped"], counts["tx_dropped"]) == (2, 1, 1)
    assert counts["rx_bytes"] == len(echo_request()) + len(echo_request(bytes(100)))
    host.interface.set_hooks()
    host.wire.full = True
    host.input(echo_request())
    assert links(host)["tx_dropped"] == 2 and links(host)["tx_packets"] == sent


def test_segments_of_fast_and_slow_path():
    host = Host()
    peer = host.peer()
    tcb = peer.connect()
    for _ in range(5):
        assert peer.send("P.", b"hello") in ([], [". 1:1(0) ack %d" % peer.seq])
    assert tcb.predicted >= 0
    peer.write(bytes(3000))
    counts = protocols(host)
    assert counts["TcpInSegs"] == counts["IpInReceives"] == counts["IpInDelivers"] == 7  # SYN, ACK, five
    assert counts["TcpOutSegs"] == counts["IpOutRequests"] == len(peer.sent)
    assert (counts["TcpPassiveOpens"], counts["TcpCurrEstab"]) == (1, 1)
    assert "TcpRetransSegs" not in counts
    host.until(lambda: tcb.retries)
    counts = protocols(host)
    assert counts["TcpRetransSegs"] >= 1 and counts["TcpExtTCPTimeouts"] == 1
    assert counts["TcpOutSegs"] + counts["TcpRetransSegs"] == len(peer.sent)
    peer.send("R", ack=0)
    counts = protocols(host)
    assert counts["TcpEstabResets"] == 1 and "TcpCurrEstab" not in counts


def test_super_segments_count_as_the_device_cuts_them():
    host = Host(features=1 | 4)
    peer = host.peer()
    tcb = peer.connect()
    tcb.cwnd = 65535
    before = protocols(host)["TcpOutSegs"]
    peer.write(bytes(14600))
    assert protocols(host)["TcpOutSegs"] - before == 10 and host.interface.transmit.packets < 10


def test_refused_and_failed_connections():
    host = Host()
    closed = host.peer(lport=1)
    assert closed.send("S") == ["R. -5000:-5000(0) ack 1"]  # from number 0
    counts = protocols(host)
    assert (counts["TcpInSegs"], counts["TcpOutSegs"], counts["TcpOutRsts"]) == (1, 1, 1)
    tcb = host.connect(PEER, 80, 0, 65536, 65536, host.now)
    peer = host.peer(lport=tcb.lport, rport=80)
    host.take()
    peer.send("R.", ack=1)
    counts = protocols(host)
    assert (counts["TcpActiveOpens"], counts["TcpAttemptFails"]) == (1, 1)


def test_broken_segments():
    host = Host()
    peer = host.peer()
    peer.connect()
    frame = bytearray(peer.frame("P.", b"hello"))
    frame[-1] ^= 1
    host.input(bytes(frame))
    counts = protocols(host)
    assert counts["TcpInErrs"] == counts["TcpInCsumErrors"] == 1 and counts["TcpInSegs"] == 3


def test_datagrams():
    host = Host()
    endpoint = Endpoint()
    host.stack.udp.bind(endpoint, 5000)
    host.input(datagram())
    host.input(datagram(dport=5001))
    host.input(datagram(spoil=1))
    counts = protocols(host)
    assert (counts["UdpInDatagrams"], counts["UdpNoPorts"]) == (1, 1)
    assert counts["UdpInErrors"] == counts["UdpInCsumErrors"] == 1
    assert counts["IcmpOutMsgs"] == counts["IcmpMsgOutType3"] == 1
    for _ in range(UDP_QUEUE):
        host.input(datagram())
    counts = protocols(host)
    assert counts["UdpRcvbufErrors"] == 1 and counts["UdpInErrors"] == 2
    send_datagram(host.stack, 5000, PEER, 4000, b"data", host.now)
    counts = protocols(host)
    assert counts["UdpOutDatagrams"] == 1 and not [name for name in counts if "6" in name]


def test_headers_in_error_and_foreign_addresses():
    host = Host()
    wrong = bytearray(echo_request())
    wrong[24] ^= 1
    host.input(bytes(wrong))
    host.input(frames.ethernet(frames.ipv4(bytes(8), 1, dst=0x0A000063)))
    host.input(frames.ethernet(frames.ipv4(bytes(8), 99)))
    counts = protocols(host)
    assert (counts["IpInReceives"], counts["IpInHdrErrors"], counts["IpInAddrErrors"]) == (3, 1, 1)
    assert counts["IpInUnknownProtos"] == 1 and counts.get("IpInDelivers", 0) == 0


def test_fragments_in_and_out():
    host = Host()
    data = bytes(2000)
    total = frames.checksum(b"\x08\0\0\0\0\1\0\1" + data)
    message = struct.pack("!BBHHH", 8, 0, total, 1, 1) + data
    host.input(frames.ethernet(frames.ipv4(message[:1400], 1, fragment=0x2000)))
    host.input(frames.ethernet(frames.ipv4(message[1400:], 1, fragment=1400 >> 3)))
    counts = protocols(host)
    assert (counts["IpReasmReqds"], counts["IpReasmOKs"], counts["IpInReceives"]) == (2, 1, 2)
    assert (counts["IpFragOKs"], counts["IpFragCreates"]) == (1, 2)
    assert counts["IpInDelivers"] == counts["IpOutRequests"] == 1 and counts["IpOutTransmits"] == 2


def test_ipv6_has_names_of_its_own():
    host = Host()
    host.interface.start6("off", None, 64, None, host.now)
    host.input(frames.ethernet(bytes(60), ethertype=0x86DD, src=PEER_MAC))
    assert protocols(host) == {"Ip6InReceives": 1}
