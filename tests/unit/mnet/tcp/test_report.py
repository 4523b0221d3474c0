# SACK blocks of the receiver for out-of-order and duplicate data: RFC 2018 section 4, RFC 2883 section 4.
from unit.mnet.builders import Host

TEXT = bytes([i & 0xFF for i in range(20000)])


def established(**what):
    host = Host()
    peer = host.peer(sack=True, **what)
    peer.connect(host.listen())
    return host, peer


def put(peer, start, end):
    """Send a part of the peer's stream and return the stack's ACK."""
    return peer.send(".", TEXT[start:end], seq=1 + start)


def test_the_latest_block_comes_first_and_older_ones_are_repeated():  # RFC2018-2
    host, peer = established()
    assert put(peer, 1000, 1100) == [". 1:1(0) ack 1 sack 1001:1101"]
    assert put(peer, 3000, 3100) == [". 1:1(0) ack 1 sack 3001:3101 1001:1101"]
    assert put(peer, 2000, 2100) == [". 1:1(0) ack 1 sack 2001:2101 3001:3101 1001:1101"]
    assert put(peer, 1100, 1200) == [". 1:1(0) ack 1 sack 1001:1201 2001:2101 3001:3101"]
    assert put(peer, 5000, 5100) == [". 1:1(0) ack 1 sack 5001:5101 1001:1201 2001:2101 3001:3101"]
    assert put(peer, 7000, 7100) == [". 1:1(0) ack 1 sack 7001:7101 5001:5101 1001:1201 2001:2101"]
    assert put(peer, 2100, 3000) == [". 1:1(0) ack 1 sack 2001:3101 7001:7101 5001:5101 1001:1201"]


def test_three_blocks_beside_timestamps():
    host, peer = established(ts=1)
    for start in (1000, 2000, 3000, 4000):
        sent = put(peer, start, start + 10)
    assert sent == [". 1:1(0) ack 1 sack 4001:4011 3001:3011 2001:2011"]
    assert peer.last.ts[1] == 1 and len(peer.last.bytes) == 34 + 20 + 12 + 4 + 24


def test_filling_the_gap_ends_it():
    host, peer = established()
    put(peer, 100, 200)
    put(peer, 300, 400)
    assert put(peer, 0, 100) == [". 1:1(0) ack 201 sack 301:401"]
    assert put(peer, 200, 300) == [". 1:1(0) ack 401"]
    assert peer.read()[0] == TEXT[:400]
    assert not peer.tcb.out_of_order.recent and peer.tcb.predicted >= 0


def test_delivered_duplicate_is_reported_once():  # RFC 2883 4.1.1, RFC2883-1
    host, peer = established()
    put(peer, 0, 500)
    host.at(40000)
    assert put(peer, 0, 500) == [". 1:1(0) ack 501 sack 1:501"]
    assert put(peer, 500, 600) == [] and host.at(40000) == [". 1:1(0) ack 601"]
    host.dropped("tcp_outside_window")


def test_partly_new_data_is_reported():  # 4.2.2, RFC2883-1
    host, peer = established()
    put(peer, 0, 500)
    host.at(40000)
    assert put(peer, 400, 600) == [". 1:1(0) ack 601 sack 401:501"]


def test_queued_duplicate_is_reported():  # 4.1.3, RFC2883-1
    host, peer = established()
    put(peer, 1000, 2000)
    assert put(peer, 1000, 2000) == [". 1:1(0) ack 1 sack 1001:2001 1001:2001"]
    assert put(peer, 1500, 2500) == [". 1:1(0) ack 1 sack 1501:2001 1001:2501"]
    assert put(peer, 3000, 3100) == [". 1:1(0) ack 1 sack 3001:3101 1001:2501"]


def test_sequence_numbers_that_wrap():
    host = Host()
    peer = host.peer(sack=True, irs=0xFFFFFF00)
    peer.connect()
    assert put(peer, 200, 400) == [". 1:1(0) ack 1 sack 201:401"]
    assert put(peer, 0, 200) == [". 1:1(0) ack 401"]
    assert put(peer, 100, 300) == [". 1:1(0) ack 401 sack 101:301"]


def test_an_acknowledgement_with_blocks_carries_the_window_and_counts_as_one():
    host, peer = established(wscale=2)
    put(peer, 10, 20)
    assert peer.last.win << peer.tcb.rcv_wscale >= 65535 - 10 and peer.last.flags == "."
    put(peer, 0, 10)
    assert host.at(100000) == []  # filling a gap was acknowledged at once


def test_odd_options_change_nothing():
    short = b"\5\x09" + b"x" * 7 + b"\1\1\1"
    for option in (b"\5\2\1\1", b"\5\3\1\1", short, b"\5\x22\1\1", b"\5\x0a\1\1", b"\4\3\1\0"):
        host, peer = established()
        assert peer.send(".", b"text", options=option) == [] and peer.read()[0] == b"text"
        host.stack.stats.drops.pop("tcp_options", 0)
        assert not host.drops
