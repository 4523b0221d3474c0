# Urgent data: RFC 9293 3.8.5, RFC 6093; its last octet in BSD sockets; URGENT/11.
from mnet.tcp import urgent, user
from mnet.tcp.settings import Settings
from unit.mnet.builders import Host
from unit.mnet.frames import URG
from unit.mnet.tcp.situations import in_state

DATA = bytes([i * 5 & 0xFF for i in range(65536)])


def established(inline=False, rcv_buf=65536, win=65535, **what):
    host = Host()
    peer = host.peer(**what)
    peer.win = win
    peer.connect(host.listen(rcv_buf=rcv_buf))
    user.apply_settings(peer.tcb, peer.tcb.settings.but("oob_inline", inline), host.now)
    return host, peer


def marks(peer):
    """Return the absolute end of urgent data (1 is the first byte) in each segment, 0 where there is none."""
    return [frame.rel + frame.up if frame.bits & URG else 0 for frame in peer.sent[1:]]


# Received


def test_the_last_urgent_byte_comes_beside_the_stream():
    """MUST-30, MUST-62: the pointer is that of the octet after the urgent ones."""
    host, peer = established()
    peer.send("PU.", b"abcXdef", up=4)
    assert urgent.pending(peer.tcb)
    assert peer.read()[0] == b"abc"
    assert urgent.take(peer.tcb) == ord("X") and urgent.take(peer.tcb) is None
    assert not urgent.pending(peer.tcb)
    assert peer.read()[0] == b"def" and peer.tcb.urgent is None


def test_urgent_byte_is_read_in_line_with_oobinline():
    host, peer = established(inline=True)
    peer.send("PU.", b"abcXdef", up=4)
    assert peer.read()[0] == b"abc" and urgent.pending(peer.tcb)
    assert urgent.take(peer.tcb) is None
    assert peer.read()[0] == b"Xdef" and not urgent.pending(peer.tcb)


def test_urgent_data_of_any_length():
    """MUST-31: longer than a segment, a window, the pointer itself."""
    host, peer = established(rcv_buf=2048)
    left, got = 9000, b""
    for start in range(0, 9000, 1000):
        peer.send("PU.", DATA[start : start + 1000], up=left)
        left -= 1000
        assert urgent.pending(peer.tcb)
        got += peer.read()[0]
    assert got == DATA[:8999] and urgent.take(peer.tcb) == DATA[8999]
    peer.send("P.", b"rest")
    assert peer.read()[0] == b"rest" and host.drops == {}


def test_urgent_pointer_is_reported_before_its_data():
    """MUST-32: as soon as the pointer is received, and again when it advances. MUST-33: the user can query
    whether there is more."""
    host, peer = established()
    told = []
    peer.tcb.on_readable = lambda: told.append(peer.tcb.urgent.at - peer.tcb.rx.tail)
    peer.send("U.", up=10)
    assert told == [9] and urgent.pending(peer.tcb) and urgent.take(peer.tcb) == -1
    peer.send("U.", up=10)
    assert told == [9]
    peer.send("U.", up=20)
    assert told == [9, 19]
    peer.tcb.on_readable = None
    peer.send("P.", DATA[:30])
    assert peer.read()[0] == DATA[:19] and urgent.take(peer.tcb) == DATA[19]
    assert peer.read()[0] == DATA[20:30] and not urgent.pending(peer.tcb)


def test_urgent_pointer_is_accepted_with_a_zero_window():
    """MUST-66: URG (and RST) of a segment without room."""
    host, peer = established(rcv_buf=2048)
    assert peer.send("P.", DATA[:2048]) and peer.last.win == 0
    peer.send("PU.", b"x", seq=2049, up=1)
    assert urgent.pending(peer.tcb) and host.dropped("tcp_no_room") == 1
    assert peer.read()[0] == DATA[:2048]
    peer.send("PU.", b"x", seq=2049, up=1)
    assert urgent.take(peer.tcb) == ord("x") and peer.read()[0] == b""


def test_several_marks():
    host, peer = established()
    peer.send("PU.", b"aXb", up=2)
    peer.send("PU.", b"cYd", up=2)  # the first is ordinary data now
    assert peer.read()[0] == b"aXbc" and urgent.take(peer.tcb) == ord("Y")
    peer.send("PU.", b"Z", up=1)
    assert peer.read()[0] == b"d" and urgent.take(peer.tcb) == ord("Z")
    assert peer.read()[0] == b"" and not user.readable(peer.tcb)
    peer.send("P.", b"e")
    assert peer.read()[0] == b"e"


def test_repeated_and_reordered_urgent_marks():
    host, peer = established()
    peer.send("PU.", b"Yd", seq=4, up=1)
    peer.send("PU.", b"aXb", seq=1, up=2)
    assert peer.read()[0] == b"aXb" and urgent.take(peer.tcb) == ord("Y")
    peer.send("PU.", b"aXbYd", seq=1, up=4)
    assert urgent.take(peer.tcb) is None and peer.read()[0] == b"d"
    peer.send("PU.", b"aXbYd", seq=1, up=4)
    assert peer.tcb.urgent is None


def test_urgent_data_does_not_block_normal_reads():
    host, peer = established()
    got = b""
    for i in range(50):
        peer.send("PU.", DATA[i * 10 : i * 10 + 10], up=3 + i % 7)
        got += peer.read()[0] + peer.read()[0]
    assert len(got) == 450 and host.drops == {}
    assert peer.tcb.rcv_wnd == 65536


def test_urgent_byte_alone_is_not_end_of_stream():
    host, peer = established()
    peer.send("PU.", b"X", up=1)
    assert not user.readable(peer.tcb) and peer.read()[0] == b"" and peer.tcb.rcv_wnd == 65536
    assert urgent.take(peer.tcb) == ord("X")


def test_urgent_mark_behind_the_end_is_dropped():
    host, peer = established()
    peer.send("U.", up=100)
    peer.send("FP.", b"text")
    assert peer.tcb.urgent is None and peer.read()[0] == b"text" and user.readable(peer.tcb)


def test_urgent_11_and_winnuke():
    """BAD-17: pointers of 0, far ahead, behind data already read, with every flag, in every state, and across
    the wrap: no state is corrupted, no data is lost."""
    for state in (
        "SYN-RECEIVED",
        "ESTABLISHED",
        "FIN-WAIT-1",
        "FIN-WAIT-2",
        "CLOSE-WAIT",
        "LAST-ACK",
        "TIME-WAIT",
    ):
        for up in (0, 1, 2, 0x7FFF, 0x8000, 0xFFFF):
            for flags in ("U.", "PU.", "FPU.", "SU.", "U", "RU."):
                peer = in_state(state)
                peer.send(flags, b"ab", seq=peer.seq, up=up)
                peer.send(flags, b"ab", seq=peer.seq - 1, up=up, options=b"\x08\x00\xff\x01")
    for irs in (0xFFFFFFF0, 0xFFFFFFFF):
        host, peer = established(irs=irs)
        for _ in range(20):
            peer.send("PU.", b"aX", up=2)
            assert peer.read()[0] == b"a" and urgent.take(peer.tcb) == ord("X")


def test_syn_and_syn_ack_have_no_urgent_data():
    host = Host()
    peer = host.peer()
    listener = host.listen()
    assert peer.send("SU", up=5) == ["S. 0:0(0) ack 1"]
    assert peer.send(".") == []
    peer.tcb = listener.accept()
    assert peer.tcb.urgent is None and peer.last.up == 0
    peer.send("P.", b"text")
    assert peer.read()[0] == b"text"


# Sent


def send(peer, data, urgently=True):
    assert user.send(peer.tcb, data, 0, len(data), peer.host.now, urgently) == len(data)
    peer.host.check()
    return peer.host.take()


def test_data_sent_with_msg_oob():
    """MUST-30, MUST-62."""
    host, peer = established(mss=1000)
    assert send(peer, b"abX") == ["P.U 1:4(3) ack 1"] and marks(peer) == [4]
    peer.send(".")
    assert send(peer, b"more", False) == ["P. 4:8(4) ack 1"] and peer.last.up == 0
    assert peer.tcb.snd_up == -1


def test_every_segment_before_the_mark_points_to_it():
    host, peer = established(mss=1000)
    peer.tcb.cwnd = 100000
    send(peer, DATA[:2500])
    peer.write(DATA[:3000])
    assert marks(peer)[:2] == [2501, 2501]
    while peer.tcb.tx.head != peer.tcb.tx.tail:
        peer.send(".")
    assert b"".join([frame.data for frame in peer.sent]) == DATA[:2500] + DATA[:3000]
    assert [mark for frame, mark in zip(peer.sent[1:], marks(peer)) if frame.rel >= 2501] == [0] * 3


def test_urgent_pointer_is_sent_with_a_zero_window():
    host, peer = established(win=0)
    assert send(peer, b"X") == [".U 1:1(0) ack 1"] and marks(peer) == [2]


def test_a_pointer_that_does_not_fit():  # MUST-31
    host, peer = established(mss=1000)
    peer.tcb.tx.size = 200000
    send(peer, DATA)
    send(peer, DATA)
    assert peer.sent[1].up == 0xFFFF
    assert all([frame.bits & URG for frame in peer.sent[1:]])


def test_retransmitted_urgent_data_keeps_its_pointer():
    host, peer = established(mss=1000)
    send(peer, b"abX")
    delay, sent = host.next()
    assert sent == ["P.U 1:4(3) ack 1"] and marks(peer) == [4, 4]
    peer.send(".", ack=4)
    assert peer.tcb.snd_una == peer.tcb.snd_max


def test_oob_inline_is_off_by_default():
    assert Settings().oob_inline is False
