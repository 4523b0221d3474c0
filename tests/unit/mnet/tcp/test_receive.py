# Receiving data: order, overlap, delayed ACKs, the receive window (RFC 9293 3.8.6, 3.10.7.4 seventh; RFC 5681
# 4.2).
from mnet.limits import TCP_RANGES
from mnet.tcp import user
from unit.mnet.builders import Host

DATA = bytes([i * 7 & 0xFF for i in range(6000)])


def established(rcv_buf=65536, **what):
    host = Host()
    peer = host.peer(**what)
    peer.connect(host.listen(rcv_buf=rcv_buf))
    return host, peer


def put(peer, start, end, flags="."):
    """Send DATA[start:end] from the peer and return the stack's segments."""
    return peer.send(flags, DATA[start:end], seq=1 + start)


def ack(n, win=None):
    return [". 1:1(0) ack %d" % (n + 1)]


# Acknowledgements


def test_every_second_segment_is_acknowledged_at_once():  # MUST-58
    for options in (None, b"\1\1\1\1"):  # predicted, and not
        host, peer = established()
        for i in range(0, 4000, 200):
            assert peer.send(".", DATA[i : i + 100], options=options) == []
            assert peer.send(".", DATA[i + 100 : i + 200], options=options) == ack(i + 200)  # SHLD-19
        assert peer.read() == (DATA[:4000], [])


def test_first_segment_gets_a_delayed_ack():  # SHLD-18
    for options in (None, b"\1\1\1\1"):  # predicted, and not
        host, peer = established()
        assert peer.send(".", DATA[:100], options=options) == []
        delay, sent = host.next()
        assert sent == ack(100) and delay == 40000  # MUST-40
        assert peer.tcb.delack_at == 0 and host.at(1000000) == []


def test_delayed_ack_is_piggybacked_on_data():
    host, peer = established()
    put(peer, 0, 100)
    assert peer.write(b"answer") == ["P. 1:7(6) ack 101"]
    assert host.at(100000) == []


def test_a_segment_larger_than_the_mss_is_acknowledged_at_once():
    host, peer = established()
    frame = peer.frame(".", bytes(20000))  # merged by the device
    assert host.input(frame) == [". 1:1(0) ack 20001"]
    assert peer.read()[0] == bytes(20000)


def test_64_kib_in_one_segment():
    host, peer = established(rcv_buf=131072, wscale=0)
    size = 65535 - 40
    data = bytes(range(256)) * 256
    assert peer.send("P.", data[:size]) == [". 1:1(0) ack %d" % (size + 1)]
    assert peer.read() == (data[:size], [])
    assert peer.send("P.", data[:size]) == [". 1:1(0) ack %d" % (2 * size + 1)]


def test_data_wakes_the_reader_and_is_acknowledged():
    host, peer = established()
    told = []
    peer.tcb.on_readable = lambda: told.append(peer.tcb.rx.head - peer.tcb.rx.tail)
    put(peer, 0, 100)
    put(peer, 200, 300)
    assert told == [100]  # data behind a gap cannot be read
    put(peer, 100, 200)
    assert told == [100, 300]


# Order


def test_duplicates_are_acknowledged_at_once():
    host, peer = established()
    put(peer, 0, 100)
    host.at(40000)
    assert put(peer, 0, 100) == ack(100) and host.dropped("tcp_outside_window") == 1
    assert put(peer, 200, 300) == ack(100)
    assert put(peer, 200, 300) == ack(100)
    assert put(peer, 100, 200) == ack(300)
    assert peer.read()[0] == DATA[:300]


def test_ack_of_old_data_counts_after_a_timeout():
    """Both ends may have sent all data, with every ACK lost: then only old data arrives, and two peers
    that ignore its ACKs would loop."""
    host, peer = established()
    put(peer, 0, 100)
    peer.write(DATA[:900])
    again = {"data": DATA[:100], "seq": 1}
    assert peer.send(".", ack=501, **again) == [". 901:901(0) ack 101"]
    assert peer.tcb.snd_una == (peer.iss + 1) & 0xFFFFFFFF
    host.until(lambda: peer.tcb.retries)
    assert peer.send(".", ack=501, **again)[0] == ". 901:901(0) ack 101"
    assert peer.tcb.snd_una == (peer.iss + 501) & 0xFFFFFFFF and peer.tcb.retries == 0
    host.until(lambda: peer.tcb.retries)
    for flags, seq, ack in (("F.", -70000, 901), ("P.", 1, 902), ("S.", 1, 901), ("P", 1, 901)):
        peer.send(flags, b"x", seq=seq, ack=ack)  # never in a window, or with invalid contents
        assert peer.tcb.snd_una == (peer.iss + 501) & 0xFFFFFFFF, flags
    peer.send("P.", ack=901, **again)
    assert peer.tcb.snd_una == peer.tcb.snd_max and not peer.tcb.rto_at


def test_six_segments_in_every_order():  # SHLD-31
    def orders(items):
        if not items:
            yield []
        for i, item in enumerate(items):
            for rest in orders(items[:i] + items[i + 1 :]):
                yield [item] + rest

    pieces = [(0, 10), (5, 20), (20, 30), (28, 40), (40, 41), (41, 60)]
    host, peer = established()
    base = 0
    for n, order in enumerate(orders(pieces)):
        if n % 7:
            continue
        for start, end in order:
            peer.send(".", DATA[start:end], seq=1 + base + start)
        base += 60
        assert peer.read()[0] == DATA[:60], order
    assert not peer.tcb.out_of_order.ranges


def test_ranges_out_of_order_are_bounded():
    host, peer = established()
    for i in range(TCP_RANGES + 5):
        assert put(peer, 2 + 2 * i, 3 + 2 * i) == ack(0)
    assert len(peer.tcb.out_of_order.ranges) == TCP_RANGES and host.dropped("tcp_too_many_ranges") == 5
    assert put(peer, 0, 2 * TCP_RANGES + 2) == ack(2 * TCP_RANGES + 2)
    assert peer.read()[0] == DATA[: 2 * TCP_RANGES + 2]
    assert put(peer, 2 * TCP_RANGES + 2, 3000) != []
    assert peer.read()[0] == DATA[2 * TCP_RANGES + 2 : 3000]


# The window


def test_window_shrinks_with_unread_data_to_zero():
    host, peer = established(rcv_buf=4000)
    put(peer, 0, 1000)
    put(peer, 1000, 2000)
    assert (peer.last.rel_ack, peer.last.win) == (2001, 2000)
    put(peer, 2000, 3000)
    put(peer, 3000, 4000)
    assert (peer.last.rel_ack, peer.last.win) == (4001, 0)
    assert peer.send(".", b"x", seq=4001) == ack(4000) and peer.last.win == 0
    assert host.dropped("tcp_no_room") == 1


def test_data_beyond_the_window_is_cut():
    host, peer = established(rcv_buf=2048)
    assert put(peer, 0, 3000) == ack(2048) and peer.last.win == 0
    assert peer.read()[0] == DATA[:2048]
    assert put(peer, 2048, 2100) == []
    assert put(peer, 4090, 4100) == ack(2100)
    host, peer = established(rcv_buf=2048)
    assert put(peer, 2000, 3000) == ack(0) and peer.tcb.out_of_order.ranges[0][1] == 2048
    assert put(peer, 0, 2000) == ack(2048)


def test_window_updates_are_sent_in_large_steps():  # RFC 9293 3.8.6.2.2, MUST-39
    host, peer = established(rcv_buf=4000)
    for i in range(0, 4000, 1000):
        put(peer, i, i + 1000)
    assert peer.last.win == 0
    assert peer.read(1000) == (DATA[:1000], [])
    assert peer.read(999) == (DATA[1000:1999], [])
    assert peer.read(1) == (DATA[1999:2000], ack(4000))  # half of the buffer
    assert peer.last.win == 2000
    assert peer.read(1999) == (DATA[2000:3999], [])
    host, peer = established()
    data = bytes(32767)
    for _ in range(2):
        peer.send("P.", data)
    assert peer.last.win == 1
    assert peer.read(2918)[1] == [] and peer.read(1)[1] != []  # two segments
    assert peer.last.win == 2921


def test_receiver_avoids_silly_windows():  # MUST-39
    host, peer = established(rcv_buf=4000)
    put(peer, 0, 2000)
    put(peer, 2000, 4000)
    assert peer.last.win == 0
    peer.read(1400)
    assert peer.send(".", b"x", seq=4001) == []  # there is room for a probe
    assert host.at(40000) == ack(4001) and peer.last.win == 0


def test_slow_reader_opens_a_zero_window():
    host, peer = established(rcv_buf=2048)
    peer.send("P.", bytes(2048))
    told = []
    for _ in range(2048):
        told += peer.read(1)[1]
    assert told == [". 1:1(0) ack 2049"] and peer.last.win == 1024
    assert peer.send("P.", bytes(1024)) == [] and host.at(40000) and peer.last.win == 1024


def test_the_right_edge_does_not_move_left():  # SHLD-14
    host, peer = established(rcv_buf=8000)
    edge = 1 + peer.last.win
    for start, end in ((0, 100), (100, 300), (1000, 1100), (300, 900), (900, 1000), (1100, 2900)):
        put(peer, start, end)
        peer.read(start % 130)
        now = peer.last.rel_ack + peer.last.win
        assert now >= edge
        edge = now


# Without memory


def test_right_edge_does_not_move_left_by_scaling():  # RFC 7323 2.4
    host, peer = established(rcv_buf=300000, wscale=0)  # ours is 3: windows are multiples of eight
    edge, short = 0, 0
    for i in range(1, 20000, 202):
        peer.send(".", bytes(101), seq=i)
        peer.send(".", bytes(101), seq=i + 101)
        told = peer.last.rel_ack + (peer.last.win << 3)
        short = max(short, edge - told)
        edge = max(edge, told)
    assert edge > 290000 and short < 8


def test_no_memory_for_the_ring_leaves_the_connection_whole():
    host, peer = established()
    ring = peer.tcb.rx

    def none(end):
        raise MemoryError

    reserve, ring.reserve = ring.reserve, none
    for start, end in ((0, 100), (100, 200)):  # the fast way and the other
        assert put(peer, start, end) == []
    assert host.stack.stats.no_memory == 2 and host.at(100000) == [". 1:1(0) ack 1"]
    ring.reserve = reserve
    assert put(peer, 100, 200) == ack(0) and put(peer, 0, 100) == ack(200)
    assert peer.read()[0] == DATA[:200]


def test_no_memory_for_the_send_ring_leaves_the_connection_whole():
    host, peer = established()
    ring = peer.tcb.tx

    def none(end):
        raise MemoryError

    reserve, ring.reserve = ring.reserve, none
    try:
        user.send(peer.tcb, DATA, 0, 100, host.now)
        assert False
    except MemoryError:
        host.check()
    ring.reserve = reserve
    assert peer.write(DATA[:100]) == ["P. 1:101(100) ack 1"]


# After the peer's FIN


def test_out_of_order_fin_is_queued():
    host, peer = established()
    assert peer.send("F.", DATA[100:200], seq=101) == ack(0)
    assert peer.state() == "ESTABLISHED" and not user.readable(peer.tcb)
    assert put(peer, 0, 100) == [". 1:1(0) ack 202"]
    assert peer.state() == "CLOSE-WAIT" and peer.read()[0] == DATA[:200]


def test_out_of_order_fin_without_data_is_queued():
    host, peer = established()
    assert peer.send("F.", seq=101) == ack(0)
    assert put(peer, 0, 100) == [". 1:1(0) ack 102"]
    assert peer.state() == "CLOSE-WAIT"


def test_data_behind_a_fin_is_dropped():
    host, peer = established()
    peer.send("F.", seq=101)
    put(peer, 50, 300)
    assert put(peer, 0, 50) == [". 1:1(0) ack 102"]
    assert peer.read()[0] == DATA[:100] and peer.state() == "CLOSE-WAIT"


def test_fin_below_queued_data_is_ignored():
    host, peer = established()
    put(peer, 100, 300)
    assert peer.send("F.", seq=201) == ack(0)  # in the middle of it
    assert peer.send("F.", DATA[50:100], seq=51) == ack(0)
    assert put(peer, 0, 50) == ack(300) and peer.state() == "ESTABLISHED"
    assert put(peer, 350, 400) == ack(300)
    assert peer.send("F.", DATA[300:350], seq=301) == ack(400)
    assert peer.send("F.", seq=401) == [". 1:1(0) ack 402"]
    assert peer.state() == "CLOSE-WAIT" and peer.read()[0] == DATA[:400]


def test_fin_with_data_that_does_not_fit():
    host, peer = established(rcv_buf=2048)
    assert peer.send("FP.", DATA[:2100]) == ack(2048)
    assert peer.state() == "ESTABLISHED"
    assert peer.read() == (DATA[:2048], ack(2048))
    assert peer.send("FP.", DATA[2048:2100], seq=2049) == [". 1:1(0) ack 2102"]
    assert peer.read()[0] == DATA[2048:2100] and peer.state() == "CLOSE-WAIT"


def test_reading_distinguishes_data_and_end():
    host, peer = established()
    assert not user.readable(peer.tcb)
    put(peer, 0, 5)
    assert user.readable(peer.tcb) and peer.read() == (DATA[:5], []) and not user.readable(peer.tcb)
    peer.seq = 6
    peer.send("F.")
    assert user.readable(peer.tcb) and peer.read() == (b"", [])
