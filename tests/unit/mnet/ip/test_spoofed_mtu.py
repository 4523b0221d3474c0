# Spoofed Packet Too Big messages: only an error that quotes data in flight lowers a path MTU (RFC 5927 4.1,
# RFC 8201 section 6, RFC 8899 4.6.1), of TCP, UDP and echo requests, in both families.
import struct

from mnet.limits import PATH_DATAGRAMS, PATH_FLIGHT
from mnet.udp.endpoint import Endpoint
from support import rows
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import OURS, OURS6, PEER, PEER6
from unit.mnet.sending import send_datagram
from unit.mnet.six import Six, icmp6

STRANGER, STRANGER6 = PEER + 7, PEER6[:15] + b"\x77"
MTU = 1300


class Four:
    """The IPv4 part of the tests."""

    ours, peer, mss = OURS, PEER, 1460
    request = b"\x08\0\0\0\0\0"

    def __init__(self):
        self.host = Host()
        self.ip = self.host.interface.ipv4

    def taken(self):
        self.host.take()
        taken, self.host.others = self.host.others, []
        return taken

    def too_big(self, packet, mtu=MTU):
        self.host.input(frames.icmp(3, 4, struct.pack("!HH", 0, mtu) + packet[:28], src=STRANGER))


class SixToo(Four):
    """The IPv6 part of the tests."""

    ours, peer, mss = OURS6, PEER6, 1440
    request = b"\x80\0\0\0\0\0"

    def __init__(self):
        self.host = Six()
        self.ip = self.host.interface.ipv6

    def taken(self):
        return self.host.sent()

    def too_big(self, packet, mtu=MTU):
        self.host.hear(icmp6(2, 0, struct.pack("!I", mtu) + packet[:1232], src=STRANGER6))


FAMILIES = (("ipv4", Four), ("ipv6", SixToo))


def bound(table, port, peer=None):
    endpoint = Endpoint()
    endpoint.local = None
    endpoint.peer = peer
    assert table.bind(endpoint, port) == port
    return endpoint


def mss_to_peer(lab):
    """Return the path MTU of a new connection to the peer, and whether any path MTU is stored."""
    mss = lab.ip.mss(lab.peer, lab.host.now)
    assert (mss == lab.mss) == (not lab.ip.paths.table)
    return mss


def datagram(lab, n=1400, sport=7, dport=5):
    """Return a datagram that was never sent, as quoted by an error."""
    return frames.udp(sport, dport, bytes(n), src=lab.ours, dst=lab.peer)[14:]


@rows(FAMILIES)
def test_mtu_error_about_an_unsent_datagram_is_ignored(family):
    lab = family()
    udp = lab.host.stack.udp
    for port, peer in ((7, None), (8, (lab.peer, 5))):
        endpoint = bound(udp, port, peer)
        lab.too_big(datagram(lab, sport=port))
        assert mss_to_peer(lab) == lab.mss and not endpoint.error
        assert send_datagram(
            lab.host.stack, port, lab.peer, 5, bytes(100), lab.host.now
        )  # a small one cannot have been too big
        packet = lab.taken()[0].bytes[14:]
        lab.too_big(datagram(lab, sport=port))
        lab.too_big(packet)
        assert mss_to_peer(lab) == lab.mss and not endpoint.error


@rows(FAMILIES)
def test_mtu_error_must_quote_the_sent_datagram(family):
    lab = family()
    endpoint = bound(lab.host.stack.udp, 7, (lab.peer, 5))
    assert send_datagram(lab.host.stack, 7, lab.peer, 5, b"secret!" * 200, lab.host.now)
    packet = lab.taken()[0].bytes[14:]
    header = lab.ip.header
    for at in (header, header + 1, header + 3, header + 5, header + 6, header + 7, header - 1):
        wrong = bytearray(packet)  # ports, length, checksum, destination
        wrong[at] ^= 1
        lab.too_big(bytes(wrong))
        assert mss_to_peer(lab) == lab.mss and not endpoint.error, at
    lab.too_big(packet)
    assert mss_to_peer(lab) == lab.mss - 200 and endpoint.error == 90


@rows(FAMILIES)
def test_a_datagram_in_flight_lowers_the_path(family):
    lab = family()
    endpoint = bound(lab.host.stack.udp, 7, (lab.peer, 5))
    assert send_datagram(lab.host.stack, 7, lab.peer, 5, bytes(1400), lab.host.now)
    lab.too_big(lab.taken()[0].bytes[14:])
    assert mss_to_peer(lab) == lab.mss - 200 and endpoint.error == 90


@rows(FAMILIES)
def test_a_datagram_is_in_flight_for_a_while(family):
    lab = family()
    bound(lab.host.stack.udp, 7)
    assert send_datagram(lab.host.stack, 7, lab.peer, 5, bytes(1400), lab.host.now)
    packet = lab.taken()[0].bytes[14:]
    lab.host.now += PATH_FLIGHT
    lab.too_big(packet)
    assert mss_to_peer(lab) == lab.mss


@rows(FAMILIES)
def test_the_memory_of_datagrams_is_bounded(family):
    lab = family()
    udp = lab.host.stack.udp
    bound(udp, 7)
    packets = []
    for i in range(PATH_DATAGRAMS + 1):
        assert send_datagram(lab.host.stack, 7, lab.peer, 5, struct.pack("!I", i) * 350, lab.host.now)
        packets.append(lab.taken()[0].bytes[14:])
        send_datagram(
            lab.host.stack, 7, lab.peer, 5, struct.pack("!I", i) * 350, lab.host.now
        )  # the same again takes no place
        lab.taken()
    assert len(udp.flight.sent) == PATH_DATAGRAMS
    lab.too_big(packets[0])
    assert mss_to_peer(lab) == lab.mss
    lab.too_big(packets[1])
    assert mss_to_peer(lab) == lab.mss - 200


@rows(FAMILIES)
def test_echo_requests(family):
    lab = family()
    ping = lab.host.stack.ping
    bound(ping, 77)
    protocol = 1 if family is Four else 58
    request = lab.request[:4] + struct.pack("!HH", 77, 1) + bytes(1400)
    header = lab.ip.header
    sent = frames.packet(request, protocol, lab.ours, lab.peer)[14:]
    lab.too_big(sent)
    assert mss_to_peer(lab) == lab.mss
    assert ping.output(lab.host.stack.route(lab.peer, lab.host.now), 77, 1, request, lab.host.now)
    packet = lab.taken()[0].bytes[14:]
    wrong = bytearray(packet)
    wrong[header + 7] ^= 1  # another sequence number
    lab.too_big(bytes(wrong))
    assert mss_to_peer(lab) == lab.mss
    lab.too_big(packet)
    assert mss_to_peer(lab) == lab.mss - 200


def test_a_segment_must_have_been_that_large():
    host = Host()
    peer = host.peer()
    tcb = peer.connect()
    for n in (1, 100, 900):
        peer.write(bytes(n))
        quote = bytearray(peer.last.bytes[14:42])
        quote[2:4] = struct.pack("!H", 1500)  # as the attacker guesses it
        host.input(frames.icmp(3, 4, struct.pack("!HH", 0, 1000) + bytes(quote), src=STRANGER))
        assert tcb.snd_mss == 1460 and not host.interface.ipv4.paths.table
        assert host.dropped("icmp_error_for_nobody") == 1
        peer.send(".", ack=tcb.snd_max - tcb.iss & 0xFFFFFFFF)
    other = host.peer(rport=40001)
    other.send("S")  # a SYN-ACK is small
    quote = bytearray(other.last.bytes[14:42])
    quote[2:4] = struct.pack("!H", 1500)
    host.input(frames.icmp(3, 4, struct.pack("!HH", 0, 1000) + bytes(quote), src=STRANGER))
    assert not host.interface.ipv4.paths.table
