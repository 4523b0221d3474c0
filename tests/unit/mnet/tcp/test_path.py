# TCP on a path with a smaller MTU than the link: RFC 1191, RFC 5927 section 7, and black holes (RFC 2923,
# 8899).
import struct

from mnet.limits import PATH_LIFE, SECOND
from mnet.tcp import user
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import PEER

ROUTER = PEER + 7


def talking(**what):
    host = Host(**what)
    peer = host.peer()
    tcb = peer.connect()
    return host, peer, tcb


def too_big(host, frame, mtu):
    quote = frame.bytes[14 : 14 + 28]
    host.input(frames.icmp(3, 4, struct.pack("!HH", 0, mtu) + quote, src=ROUTER))
    return host.take()


def sizes(peer, since):
    return [len(frame.data) for frame in peer.sent[since:]]


def test_data_in_flight_is_retransmitted_in_the_new_size():  # RFC1191-1
    host, peer, tcb = talking()
    peer.write(bytes(2920))
    since = len(peer.sent)
    cwnd = tcb.cwnd
    first, second = peer.sent[-2:]
    too_big(host, first, 1000)
    assert sizes(peer, since) == [960, 960, 960] and tcb.cwnd == cwnd  # Nagle keeps the rest
    assert peer.sent[since].rel == 1
    since = len(peer.sent)
    too_big(host, second, 1000)  # the same for the next of them
    assert sizes(peer, since) == []
    peer.send(".", ack=2881)
    assert sizes(peer, since) == [40]
    peer.send(".", ack=2921)
    assert tcb.snd_una == tcb.snd_max and not tcb.recovery
    peer.write(bytes(3000))
    assert sizes(peer, since)[1] == 960


def test_path_mtu_is_used_by_the_next_connection():
    host, peer, tcb = talking()
    peer.write(bytes(2920))
    too_big(host, peer.sent[-1], 1000)
    other = host.peer(rport=40001)
    other.connect()
    other.write(bytes(2000))
    assert len(other.sent[-1].data) == 960


def test_a_larger_size_is_tried_again():  # RFC 1191 6.3, RFC1191-2
    host, peer, tcb = talking()
    peer.write(bytes(2920))
    too_big(host, peer.sent[-1], 1000)
    peer.send(".", ack=2921)
    host.at(PATH_LIFE)
    assert tcb.snd_mss == 1460 and not tcb.mss_at
    peer.write(bytes(3000))
    assert len(peer.sent[-1].data) in (1460, 80) and tcb.gso == 1460


def test_mtu_error_about_other_data_is_ignored():  # RFC 5927 7.2, RFC5927-3
    host, peer, tcb = talking()
    peer.write(bytes(1460))
    frame = peer.sent[-1]
    for mtu in (1500, 9000, 551, 68, 1):
        too_big(host, frame, mtu)
    peer.send(".", ack=1461)
    too_big(host, frame, 1000)  # acknowledged
    assert tcb.snd_mss == 1460 and not host.interface.ipv4.paths.table
    assert host.drops == {"icmp_mtu": 5, "icmp_error_for_nobody": 1}


def test_with_timestamps():
    host = Host()
    peer = host.peer(ts=7)
    peer.connect()
    peer.write(bytes(1448))
    since = len(peer.sent)
    too_big(host, peer.sent[-1], 1000)
    assert sizes(peer, since) == [948]  # and 500 when that has arrived


def test_mtu_error_during_a_zero_window_sends_nothing():
    host, peer, tcb = talking()
    peer.send(".", win=0)
    user.send(tcb, bytes(5000), 0, 5000, host.now)
    host.next()
    since = len(peer.sent)
    too_big(host, peer.sent[-1], 1000)
    assert sizes(peer, since) == []  # a probe is never too big


def test_black_hole_lowers_the_mss():  # RFC 2923 2.1: no error reports that large segments vanish, RFC8899-1
    host, peer, tcb = talking()
    peer.write(bytes(1460))
    for mss in (1460, 1460, 1160, 1160, 512, 512):
        host.next()
        assert len(peer.last.data) == mss, (mss, len(peer.last.data))
    assert host.stack.stats.tcp_black_holes == 2
    peer.send(".", ack=513)
    peer.send(".", ack=1461)
    assert tcb.snd_una == tcb.snd_max
    host.at(PATH_LIFE)
    assert tcb.snd_mss == 1460


def test_timeouts_of_small_segments_are_no_black_hole():
    host, peer, tcb = talking()
    peer.write(b"small")
    for _ in range(6):
        host.next()
    assert tcb.snd_mss == 1460 and host.stack.stats.tcp_black_holes == 0
    assert host.now > SECOND
