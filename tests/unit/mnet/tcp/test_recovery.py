# Retransmissions and their times: RFC 6298 section 5, RFC 5681 3.2, RFC 6582; RTT measurement.
from mnet.errors import ETIMEDOUT
from mnet.limits import SECOND
from mnet.tcp import congestion, rtt, user
from mnet.tcp.cc import reno
from unit.mnet.builders import Host

DATA = bytes([i * 11 & 0xFF for i in range(65536)])
MSS = 1000


def established(win=65535, **what):
    host = Host()
    host.tcp.congestion = reno
    peer = host.peer(mss=MSS, **what)
    peer.win = win
    peer.connect(host.listen())
    return host, peer


def spans(sent):
    return [each.split(" ack")[0] for each in sent]


def segment(number):
    """Return the span of the full segment with this number."""
    return ". %d:%d(%d)" % (number * MSS + 1, (number + 1) * MSS + 1, MSS)


def ack(peer, n, **how):
    """Acknowledge the first n segments."""
    return spans(peer.send(".", ack=1 + n * MSS, **how))


# Timeouts, RFC 6298


def test_first_segment_is_retransmitted_after_the_rto():  # MUST-19, RFC6298-2, RFC5681-1
    host, peer = established()
    peer.write(DATA[: 4 * MSS])
    delay, sent = host.next()
    assert delay == peer.tcb.rto // 2 and spans(sent) == [segment(0)]
    assert peer.tcb.cwnd == MSS and peer.tcb.ssthresh == 2 * MSS and peer.tcb.recovery == congestion.LOSS


def test_rto_doubles_up_to_a_minute_and_the_connection_times_out():  # RFC6298-2
    host, peer = established()
    peer.write(DATA[:MSS])
    start, times = host.now, [host.now]
    while peer.state() == "ESTABLISHED":
        if host.next()[1]:
            times.append(host.now)
    delays = [times[i + 1] - times[i] for i in range(len(times) - 1)]
    assert delays[:4] == [200000, 400000, 800000, 1600000] and max(delays) == 60 * SECOND  # MUST-19
    assert peer.gone(ETIMEDOUT) and host.now - start > 100 * SECOND  # MUST-20, SHLD-11
    assert peer.last.flags == "R."


def test_timeout_retransmits_everything_in_slow_start():
    host, peer = established()
    peer.write(DATA[: 8 * MSS])
    assert spans(host.next()[1]) == [segment(0)]
    assert ack(peer, 1) == [segment(1), segment(2)]
    assert ack(peer, 3) == [segment(3), segment(4), segment(5)]
    assert ack(peer, 8) == [] and peer.tcb.recovery == congestion.OPEN
    assert peer.tcb.tx.head == peer.tcb.tx.tail and not peer.tcb.rto_at
    assert host.stack.stats.tcp_retransmitted == 6


def test_large_ack_causes_no_burst():  # RFC 3465 2.3
    host, peer = established()
    peer.write(DATA[: 60 * MSS])
    peer.tcb.cwnd = 40 * MSS
    peer.send(".", ack=1)
    host.next()
    host.take()
    assert len(ack(peer, 9)) == 2 and peer.tcb.cwnd == 2 * MSS


def test_delivered_data_is_not_retransmitted_after_a_timeout():
    host, peer = established()
    peer.write(DATA[: 8 * MSS])
    host.next()
    assert ack(peer, 6) == ["P. 7001:8001(1000)"] or spans(host.take()) == []
    assert ack(peer, 8) == []


def test_ack_of_new_data_restarts_the_retransmission_timer():
    host, peer = established()
    peer.write(DATA[: 4 * MSS])
    host.at(150000)
    ack(peer, 1)
    assert host.at(150000) == []  # 5.3
    ack(peer, 4)
    assert host.at(1000000) == [] and not peer.tcb.rto_at  # 5.2


def test_duplicate_acks_do_not_restart_the_retransmission_timer():
    host, peer = established()
    peer.write(DATA[: 2 * MSS])
    for _ in range(2):
        host.at(90000)
        assert ack(peer, 0) == []
    assert spans(host.at(20000)) == [segment(0)]


def test_timeout_respects_a_window_below_a_segment():
    host, peer = established()
    peer.write(DATA[: 4 * MSS])
    assert ack(peer, 0, win=300) == []
    for _ in range(3):  # neither Nagle nor silly window avoidance prevents its retransmission
        assert spans(host.next()[1]) == [". 1:301(300)"]
    assert spans(peer.send(".", ack=301, win=60000))[0] == ". 301:1301(1000)"
    assert peer.tcb.rto == rtt.RTO_MIN


def test_peer_that_sends_only_duplicate_acks_times_out():
    # RFC 9293 3.8.3 counts retransmissions of the same segment
    host, peer = established()
    peer.write(DATA[:MSS])
    for _ in range(100):
        if peer.state() == "CLOSED":
            break
        host.next()
        ack(peer, 0)
    assert peer.gone(ETIMEDOUT)


# Round trips


def test_round_trips_are_measured_once_in_a_window():
    host, peer = established()
    assert peer.tcb.srtt >> 3 == 1
    for round_trip in (40000, 40000, 80000, 80000, 80000):
        peer.write(DATA[: 4 * MSS])
        host.now += round_trip
        assert peer.send(".") == []
    # RFC 6298 2.3 by hand, from the handshake's 1 us on
    srtt, var = 1.0, 0.5
    for round_trip in (40000, 40000, 80000, 80000, 80000):
        var = 0.75 * var + 0.25 * abs(srtt - round_trip)
        srtt = 0.875 * srtt + 0.125 * round_trip
    assert abs((peer.tcb.srtt >> 3) - srtt) < 10 and abs(peer.tcb.rttvar - 4 * var) < 20
    assert peer.tcb.rto == (peer.tcb.srtt >> 3) + peer.tcb.rttvar or peer.tcb.rto == rtt.RTO_MIN


def test_no_rtt_sample_of_retransmitted_data():  # Karn, MUST-18
    host, peer = established()
    peer.write(DATA[:MSS])
    host.next()
    srtt = peer.tcb.srtt
    host.now += 5000
    peer.send(".")
    assert peer.tcb.srtt == srtt and peer.tcb.timed_seq == -1
    assert peer.tcb.rto == 400000  # the longer timeout stays until an RTT sample (Karn)
    peer.write(DATA[:MSS])
    host.now += 5000
    peer.send(".")
    assert peer.tcb.rto == rtt.RTO_MIN


def test_no_rtt_sample_of_a_zero_window_probe():  # Karn, MUST-18
    for sack in (False, True):
        host, peer = established(sack=sack)
        peer.send(".", win=0)
        peer.write(DATA[:MSS])
        assert spans(host.next()[1]) == spans(host.next()[1]) == [". 1:2(1)"]
        srtt = peer.tcb.srtt
        host.now += 5000
        peer.send(".", ack=2, win=0)
        assert peer.tcb.srtt == srtt


def test_no_rtt_sample_of_data_behind_a_loss():
    host, peer = established()
    peer.write(DATA[: 6 * MSS])
    # as if the last of them was timed
    peer.tcb.timed_seq, peer.tcb.timed_at = peer.tcb.snd_max, host.now
    srtt = peer.tcb.srtt
    for _ in range(3):
        sent = ack(peer, 0)
    assert sent == [segment(0)]
    host.now += 50000
    ack(peer, 6)
    assert peer.tcb.srtt == srtt


# Fast retransmit and fast recovery, RFC 5681 3.2, RFC 6582 3.2


def in_recovery(segments=10):
    host, peer = established()
    peer.write(DATA[: segments * MSS])
    assert ack(peer, 0) == [] == ack(peer, 0)
    assert ack(peer, 0) == [segment(0)]  # the third
    return host, peer


def test_three_duplicate_acks_cause_a_fast_retransmit():  # RFC5681-1, RFC5681-2
    host, peer = in_recovery()
    assert peer.tcb.ssthresh == 5 * MSS and peer.tcb.cwnd == 8 * MSS
    assert peer.tcb.recovery == congestion.FAST and host.stack.stats.tcp_retransmitted == 1


def test_duplicate_acks_in_fast_recovery_inflate_the_window():
    host, peer = in_recovery()
    peer.write(DATA[: 6 * MSS])
    assert ack(peer, 0) == [] == ack(peer, 0)  # 10 are out, the window is 8 and grows
    assert [ack(peer, 0) for _ in range(4)] == [[segment(10)], [segment(11)], [segment(12)], [segment(13)]]


def test_fast_recovery_ends_with_a_full_ack():
    host, peer = in_recovery()
    for _ in range(6):
        ack(peer, 0)
    ack(peer, 10)
    assert peer.tcb.recovery == congestion.OPEN and peer.tcb.cwnd == 2 * MSS  # nothing in flight: no burst
    assert peer.tcb.predicted >= 0


def test_partial_ack_retransmits_the_next_hole():  # RFC6582-1
    host, peer = in_recovery()
    assert ack(peer, 4) == [segment(4)]
    assert peer.tcb.recovery == congestion.FAST
    assert ack(peer, 7) == [segment(7)]
    assert ack(peer, 10) == [] and peer.tcb.recovery == congestion.OPEN
    assert host.stack.stats.tcp_retransmitted == 3


def test_duplicate_acks_after_recovery_start_no_other_recovery():  # 6582 3.2 step 1, RFC6582-2
    host, peer = in_recovery()
    ack(peer, 10)
    peer.write(DATA[: 4 * MSS])
    for _ in range(5):
        assert ack(peer, 10) == [] or peer.tcb.recovery == congestion.OPEN
    assert host.stack.stats.tcp_retransmitted == 1


def test_second_loss_is_recovered():
    host, peer = in_recovery()
    ack(peer, 10)
    peer.ack = 1 + 10 * MSS
    peer.write(DATA[: 2 * MSS])
    peer.send(".")
    peer.write(DATA[: 4 * MSS])
    host.take()
    for _ in range(3):
        sent = ack(peer, 12)
    assert sent == [segment(12)]


def test_timeout_in_fast_recovery_restarts_from_snd_una():
    host, peer = in_recovery()
    assert spans(host.next()[1]) == [segment(0)]
    assert peer.tcb.recovery == congestion.LOSS and peer.tcb.cwnd == MSS
    for _ in range(5):
        assert ack(peer, 0) == []  # duplicate ACKs of retransmitted segments
    assert ack(peer, 1) == [segment(1), segment(2)]


def test_acks_that_are_no_duplicate_acks():  # RFC 5681 section 2
    host, peer = established()
    peer.write(DATA[: 4 * MSS])
    ack(peer, 0)
    ack(peer, 0)
    assert peer.tcb.dupacks == 2
    ack(peer, 0, win=60000)  # another window
    assert spans(peer.send(".", b"text", ack=1, win=60000)) == []  # it has text
    assert peer.tcb.dupacks == 2 and peer.tcb.recovery == congestion.OPEN
    ack(peer, 2)
    assert peer.tcb.dupacks == 0
    host, peer = established()
    for _ in range(5):
        assert ack(peer, 0) == []  # no data is outstanding
    assert peer.tcb.dupacks == 0


def test_fin_is_retransmitted_with_the_last_data_in_recovery():
    host, peer = established()
    peer.write(DATA[:MSS])
    assert spans(peer.shutdown()) == ["F. 1001:1001(0)"]
    for _ in range(3):
        sent = ack(peer, 0)
    assert sent == ["F. 1:1001(1000)"]
    assert peer.send(".", ack=1002) == [] and peer.state() == "FIN-WAIT-2"


# Growth, RFC 5681 3.1


def test_slow_start_and_congestion_avoidance():  # MUST-19, RFC5681-5
    host, peer = established()
    tcb = peer.tcb
    peer.write(DATA)
    assert tcb.cwnd == 10 * MSS
    ack(peer, 2)
    assert tcb.cwnd == 12 * MSS
    tcb.ssthresh = 12 * MSS
    before = tcb.cwnd
    while tcb.snd_una != tcb.snd_max:
        peer.send(".", ack=min(peer.ack, (tcb.snd_una - peer.iss) + 2 * MSS))
        if tcb.snd_una - peer.iss > 14 * MSS:
            break
    assert MSS // 2 < tcb.cwnd - before <= MSS  # one segment in a round trip


def test_a_window_that_is_not_used_does_not_grow():
    host, peer = established()
    for _ in range(20):
        peer.write(DATA[:MSS])
        peer.send(".")
    assert peer.tcb.cwnd == 10 * MSS


def test_one_segment_after_two_lost_syns():  # RFC5681-6
    host = Host()
    peer = host.peer(mss=MSS)
    tcb = host.connect(peer.address, peer.rport, 0, 65536, 65536, host.now)
    peer.tcb, peer.lport = tcb, tcb.lport
    host.take()
    host.next()
    host.next()
    peer.send("S.")
    assert tcb.cwnd == MSS and user.writable(tcb)


# A window that closes while data is in flight to a peer with SACK


def shutting():
    """1000 bytes are outstanding, 500 of them were delivered, and the window is zero."""
    host = Host()
    peer = host.peer(sack=True)
    tcb = peer.connect()
    peer.write(b"x" * 1000)
    assert peer.send(".", ack=501, win=0) == []
    return host, peer, tcb


def test_window_that_closes_again_during_probing():
    host, peer, tcb = shutting()
    host.until(lambda: tcb.probing)
    peer.send(".", ack=601, win=0)
    assert tcb.rto_at
    host.until(lambda: tcb.probing)
    peer.send(".", ack=1001, win=1000)
    assert tcb.snd_una == tcb.snd_max and not tcb.probing


def test_zero_window_probe_carries_no_new_data():
    host, peer, tcb = shutting()
    peer.send(".", ack=501, win=1000)
    tcb.nodelay = False
    peer.write(b"y" * 100)  # Nagle keeps it
    host.until(lambda: tcb.probing)
    assert tcb.snd_nxt == tcb.snd_max and len(peer.last.data) <= 500
