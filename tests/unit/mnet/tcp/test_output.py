# Sending data: segments, Nagle and silly window avoidance (RFC 9293 3.7.4, 3.8.6), the peer's window, zero
# window probes.
from mnet.errors import ETIMEDOUT
from mnet.limits import SECOND
from mnet.tcp import congestion, user
from mnet.tcp.settings import Settings
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import PEER

DATA = bytes([i * 11 & 0xFF for i in range(65536)])


def established(win=65535, snd_buf=65536, nodelay=False, **what):
    host = Host()
    peer = host.peer(**what)
    peer.win = win
    peer.connect(host.listen(snd_buf=snd_buf, nodelay=nodelay))
    return host, peer


def text(peer):
    """Return the data that the peer has received in order, each byte once."""
    got = b""
    for frame in sorted(peer.sent, key=lambda frame: frame.rel):
        if frame.data and frame.rel <= len(got) + 1 < frame.rel + len(frame.data):
            got += frame.data[len(got) + 1 - frame.rel :]
    return got


def spans(sent):
    """The flags and spans of segments, without their ACKs."""
    return [each.split(" ack")[0] for each in sent]


# Segments


def test_data_is_cut_into_segments_and_the_last_has_psh():  # SHLD-28
    host, peer = established(mss=1000)
    sent = peer.write(DATA[:3500])
    assert spans(sent) == [". 1:1001(1000)", ". 1001:2001(1000)", ". 2001:3001(1000)"]  # Nagle keeps the rest
    assert spans(peer.send(".", ack=2001)) == []
    assert spans(peer.send(".", ack=3001)) == ["P. 3001:3501(500)"]  # MUST-61
    assert text(peer) == DATA[:3500]


def test_the_initial_window_is_ten_segments():  # RFC6928-1
    host, peer = established(mss=1460)
    assert len(peer.write(DATA)) == 10
    host, peer = established(mss=536)
    assert len(peer.write(DATA)) == 10
    host, peer = established(mss=1460, ts=1)
    assert len(peer.write(DATA)) == 10 and peer.last.data == DATA[9 * 1448 : 10 * 1448]


def test_data_wraps_in_the_send_ring():
    host, peer = established(snd_buf=3000)
    for i in range(0, 20000, 700):
        peer.write(DATA[i : i + 700])
        assert peer.send(".") == []
    assert text(peer) == DATA[: 20300 - 20300 % 700]


def test_a_full_queue_takes_what_fits():
    host, peer = established(win=100, snd_buf=2048)
    assert user.send(peer.tcb, DATA, 0, 5000, host.now) == 2048
    assert not user.writable(peer.tcb)
    assert user.send(peer.tcb, DATA, 2048, 5000, host.now) == 0
    told = []
    peer.tcb.on_writable = lambda: told.append(user.writable(peer.tcb))
    host.take()
    peer.send(".", ack=101)
    assert told == [True]
    assert user.send(peer.tcb, DATA, 2048, 5000, host.now) == 100
    while peer.tcb.tx.head != peer.tcb.tx.tail:
        peer.send(".")
    assert text(peer) == DATA[:2148]


# Nagle, MUST-17


def test_nagle_holds_small_data_while_data_is_in_flight():  # MUST-17, SHLD-7, SHLD-27
    host, peer = established()
    assert spans(peer.write(b"a")) == ["P. 1:2(1)"]
    assert peer.write(b"b") == [] == peer.write(b"c")
    assert spans(peer.send(".")) == ["P. 2:4(2)"]


def test_nodelay_disables_nagle():  # MUST-17, SHLD-7
    host, peer = established(nodelay=True)
    assert len(peer.write(b"a")) == len(peer.write(b"b")) == 1
    peer.tcb.nodelay = False
    assert peer.write(b"c") == []
    user.apply_settings(peer.tcb, peer.tcb.settings.but("nodelay", True), host.now)
    assert spans(host.take()) == ["P. 3:4(1)"]


def test_nagle_does_not_hold_full_segments():  # SHLD-28
    host, peer = established(mss=1000)
    peer.write(b"a")
    assert spans(peer.write(DATA[:1500])) == [". 2:1002(1000)"]


def test_nagle_does_not_hold_the_last_data_before_a_fin():
    host, peer = established()
    peer.write(b"a")
    assert peer.write(b"b") == []
    assert spans(peer.shutdown()) == ["FP. 2:3(1)"]


# The sender's silly-window avoidance, MUST-38


def test_a_small_window_is_not_used_at_once():  # MUST-38
    host, peer = established(win=10000, mss=1000)
    assert len(peer.write(DATA[:20000])) == 10
    assert (
        peer.send(".", ack=10001, win=400) == []
    )  # less than a segment, less than half of the largest window
    delay, sent = host.next()
    assert delay == 200000 and spans(sent) == [". 10001:10401(400)"]  # the override timeout


def test_half_of_the_largest_window_is_enough():  # MUST-38
    host, peer = established(win=600, mss=1000)
    assert spans(peer.write(DATA[:2000])) == [". 1:601(600)"]
    assert spans(peer.send(".", ack=601, win=300)) == [". 601:901(300)"]
    assert spans(peer.send(".", ack=901, win=299)) == []


def test_a_peer_with_a_one_byte_window_gets_its_bytes():
    host, peer = established(win=1)
    sent = peer.write(DATA[:5])
    for i in range(1, 5):
        assert spans(sent) == [". %d:%d(1)" % (i, i + 1)]
        sent = peer.send(".")
    assert spans(sent) == ["P. 5:6(1)"]


# Zero window: RFC 9293 3.8.6.1


def shut(size=5000):
    """Return a connection with a zero window and unsent data."""
    host, peer = established(mss=1000)
    peer.write(DATA[:1000])
    peer.win = 0
    assert peer.send(".") == []
    assert peer.write(DATA[1000 : 1000 + size]) == []
    return host, peer


def probe(host, peer):
    """Wait for the next segment. Returns (time, segment)."""
    start, count = host.now, len(peer.sent)
    sent = host.until(lambda: len(peer.sent) > count)
    return host.now - start, spans(sent)


def test_zero_window_probes_back_off_while_the_peer_answers():  # MUST-36, SHLD-29, SHLD-30
    host, peer = shut()
    peer.ack = 1001
    waited = []
    for _ in range(40):  # more than the retries of an unresponsive peer: MUST-37
        delay, sent = probe(host, peer)
        assert sent == [". 1001:1002(1)"]
        waited.append(delay)
        peer.ack = 1001
        assert peer.send(".") == []
    assert waited[:5] == [200000, 400000, 800000, 1600000, 3200000] and waited[-1] == 60 * SECOND
    assert peer.state() == "ESTABLISHED"


def test_acks_of_zero_window_probes_are_no_duplicate_acks():
    host, peer = shut()
    cwnd = peer.tcb.cwnd
    for _ in range(6):
        probe(host, peer)
        peer.ack = 1001
        assert peer.send(".") == []
    assert peer.tcb.recovery == congestion.OPEN and peer.tcb.cwnd == cwnd
    peer.win = 60000
    assert spans(peer.send("."))[0] == ". 1001:2001(1000)"


def test_window_that_opens_resumes_from_unaccepted_data():
    host, peer = shut()
    probe(host, peer)
    peer.win = 2500
    assert spans(peer.send(".", ack=1001)) == [". 1001:2001(1000)", ". 2001:3001(1000)"]
    peer.ack = 3001
    peer.win = 60000
    assert spans(peer.send(".")) == [". 3001:4001(1000)", ". 4001:5001(1000)", "P. 5001:6001(1000)"]
    assert peer.send(".") == [] and text(peer) == DATA[:6000] and not peer.tcb.rto_at


def test_accepted_zero_window_probe_advances():
    host, peer = shut()
    for i in range(3):
        assert probe(host, peer)[1] == [". %d:%d(1)" % (1001 + i, 1002 + i)]
        assert peer.send(".") == []  # accepted, and the window is still zero
    peer.win = 60000
    assert spans(peer.send(".", ack=1004))[0] == ". 1004:2004(1000)"
    assert spans(peer.send(".")) == ["P. 5004:6001(997)"] and text(peer) == DATA[:6000]


def test_rto_is_restored_after_zero_window_probing():
    host, peer = shut()
    for _ in range(8):
        probe(host, peer)
        peer.ack = 1001
        peer.send(".")
    peer.win = 60000
    peer.send(".")
    assert peer.tcb.rto == 200000


def test_silent_peer_behind_a_zero_window_times_out():
    host, peer = shut()
    start = host.now
    host.until(lambda: peer.state() == "CLOSED")
    assert peer.gone(ETIMEDOUT) and host.now - start > 100 * SECOND
    assert peer.last.flags == "R."


def test_lost_window_update_is_found_by_a_zero_window_probe():
    host, peer = shut(500)
    peer.ack = 1001
    assert probe(host, peer)[1] == [". 1001:1002(1)"]
    peer.win = 60000
    assert spans(peer.send(".", ack=1002)) == ["P. 1002:1501(499)"]


def test_acks_are_sent_during_zero_window_probing():
    host, peer = shut()
    probe(host, peer)
    peer.ack = 1001
    assert peer.send("P.", b"x" * 100) == []
    # the peer may not have accepted the probe's byte: use SND.UNA
    assert spans(host.at(40000)) == [". 1001:1001(0)"]


def test_a_window_that_shrinks_below_what_was_sent():  # MUST-34, MUST-35, SHLD-15, SHLD-16
    host, peer = established(win=10000, mss=1000)
    assert len(peer.write(DATA[:20000])) == 10
    assert peer.send(".", ack=5001, win=0) == []
    delay, sent = probe(host, peer)
    assert sent == [". 5001:5002(1)"]
    peer.ack = 5001
    assert peer.send(".", win=0) == []
    sent = spans(peer.send(".", ack=5001, win=3000))
    assert sent == [". 5001:6001(1000)", ". 6001:7001(1000)", ". 7001:8001(1000)"]
    peer.ack = 10001  # it has queued the rest
    sent = spans(peer.send(".", win=10000))
    assert sent[0] == ". 10001:11001(1000)"
    while peer.tcb.tx.head != peer.tcb.tx.tail:
        peer.send(".", win=10000)
    assert text(peer) == DATA[:20000]


def test_fin_needs_no_window():
    host, peer = established(mss=1000)
    peer.win = 0
    peer.send(".")
    assert spans(peer.shutdown()) == ["F. 1:1(0)"]
    assert peer.send(".", win=0) == [] and peer.state() == "FIN-WAIT-2"


def test_data_and_fin_behind_a_zero_window():
    host, peer = shut(1)
    assert peer.shutdown() == []
    peer.ack = 1001
    assert probe(host, peer)[1] == ["F. 1001:1002(1)"]
    assert peer.send(".", win=0) == [] and peer.state() == "FIN-WAIT-2"


def test_idle_time_shrinks_the_window_to_the_initial_one():  # RFC 5681 4.1, RFC5681-4
    host, peer = established(win=65535, mss=1000)
    peer.tcb.cwnd = 50000
    host.at(10 * SECOND)
    assert len(peer.write(DATA[:40000])) == 10
    host = Host(mtu=9000)
    peer = host.peer(mss=8000)
    tcb = peer.connect()
    tcb.cwnd = 65000
    host.at(10 * SECOND)
    assert len(peer.write(DATA[:40000])) == 2 and tcb.cwnd == 2 * 8000  # RFC 6928: not ten of these


def test_hops_and_service_of_the_ip_header():  # MUST-48, MUST-49, SHLD-21, SHLD-22
    host = Host()
    listener = host.listen()
    listener.settings = settings = Settings().but("ttl", 3).but("tos", 0x10)
    peer = host.peer()
    tcb = peer.connect(listener)
    assert [(frame.ttl, frame.tos) for frame in peer.sent] == [(3, 0x10)]
    peer.write(b"text")
    assert (peer.last.ttl, peer.last.tos) == (3, 0x10)
    user.apply_settings(tcb, settings.but("ttl", 7), host.now)
    peer.send(".", ack=5)
    peer.write(b"more")
    assert (peer.last.ttl, peer.last.tos, peer.last.data) == (7, 0x10, b"more")
    user.apply_settings(tcb, tcb.settings.but("tos", 0x28), host.now)
    peer.send(".", ack=9)
    peer.write(b"most")
    assert (peer.last.ttl, peer.last.tos, peer.last.data) == (7, 0x28, b"most")
    host.connect(PEER, 80, 0, 2048, 2048, host.now, None, Settings().but("ttl", 9))
    frame = frames.read(*host.wire.sent.pop())
    assert (frame.ttl, frame.tos, frame.flags) == (9, 0, "S")
