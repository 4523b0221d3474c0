# A sender whose peer sends SACK: RACK-TLP (RFC 8985), proportional rate reduction (RFC 9937), Eifel (RFC
# 3522, 4015).
from mnet.limits import TCP_RUNS
from mnet.tcp import congestion
from mnet.tcp.cc import reno
from unit.mnet.builders import Host

DATA = bytes([i * 11 & 0xFF for i in range(65536)])
MSS = 1000
RTT = 40000


def established(win=65535, cc=reno, **what):
    """Return a connection with a measured round trip of RTT."""
    host = Host()
    host.tcp.congestion = cc
    peer = host.peer(mss=MSS, sack=True, **what)
    if peer.ts is not None:
        peer.mss += 12
    peer.win = win
    tcb = peer.connect(host.listen())
    tcb.srtt = 0
    tcb.min_rtt = 1 << 60
    peer.write(b"x" * 10)
    host.now += RTT
    peer.send(".")
    peer.base = peer.ack
    return host, peer


def spans(sent):
    return [each.split(" ack")[0].split(" ")[1].split("(")[0] for each in sent]


def segment(peer, i, n=1):
    return "%d:%d" % (peer.base + i * MSS, peer.base + (i + n) * MSS)


def ack(peer, n, *blocks, **how):
    """Acknowledge the first n segments and SACK the blocks (from, to)."""
    at = peer.base
    sack = [(at + start * MSS, at + end * MSS) for start, end in blocks]
    return spans(peer.send(".", ack=at + n * MSS, sack=sack, **how))


def flying(n=10, **what):
    host, peer = established(**what)
    assert len(peer.write(DATA[: n * MSS])) == n
    host.now += RTT
    return host, peer


# RACK


def test_three_sacked_segments_start_fast_recovery():  # RFC8985-2
    host, peer = flying()
    assert ack(peer, 0, (1, 2)) == [] == ack(peer, 0, (1, 3))
    assert peer.tcb.recovery == congestion.OPEN and peer.tcb.reorder_at
    assert ack(peer, 0, (1, 4)) == [segment(peer, 0)]
    assert peer.tcb.recovery == congestion.FAST and host.stack.stats.tcp_retransmitted == 1


def test_fewer_sacked_segments_start_recovery_after_the_reordering_window():  # RFC8985-3
    host, peer = flying()
    ack(peer, 0, (1, 2))
    delay, sent = host.next()
    assert RTT // 4 - 1500 <= delay <= RTT // 4 and spans(sent) == [segment(peer, 0)]


def test_only_lost_data_is_retransmitted():  # RFC6675-1
    host, peer = flying()
    ack(peer, 0, (1, 2))
    ack(peer, 0, (4, 5), (1, 2))
    sent = ack(peer, 0, (6, 10), (4, 5), (1, 2))
    for _ in range(5):
        host.now += 1000
        sent += ack(peer, 0, (6, 10), (4, 5), (1, 2))
    assert sent[0] == segment(peer, 0) and peer.tcb.outside_pipe >= 6 * MSS
    host.now += RTT
    sent += ack(peer, 2, (6, 10), (4, 5))
    host.now += RTT
    sent += ack(peer, 5, (6, 10))
    assert sent == [segment(peer, 0), segment(peer, 2), segment(peer, 3), segment(peer, 5)] or sent == [
        segment(peer, 0),
        segment(peer, 2, 2),
        segment(peer, 5),
    ]
    assert ack(peer, 10) == [] and peer.tcb.recovery == congestion.OPEN and not peer.tcb.outside_pipe
    assert peer.tcb.predicted >= 0


def test_limited_transmit_before_loss_detection():  # RFC 3042, RFC 6675, RFC3042-1
    host, peer = flying()
    assert peer.write(DATA[: 5 * MSS]) == []
    assert ack(peer, 0, (1, 2)) == [segment(peer, 10)]
    assert ack(peer, 0, (1, 3)) == [segment(peer, 11)]


def test_the_window_after_recovery_is_ssthresh():
    host, peer = flying()
    ack(peer, 0, (1, 4))
    assert peer.tcb.ssthresh == 5 * MSS
    host.now += RTT
    ack(peer, 10)
    assert peer.tcb.cwnd == 5 * MSS


def test_proportional_rate_reduction():  # RFC 9937: one segment for every two that arrive, from 10 to 5
    # RFC9937-1
    host, peer = flying()
    peer.write(DATA[: 20 * MSS])
    out = [len(ack(peer, 0, (1, 4)))]
    for end in range(5, 11):
        out.append(len(ack(peer, 0, (1, end))))
    assert out[0] >= 1 and sum(out) in (4, 5), out
    assert max(out[1:]) == 1
    tcb = peer.tcb
    pipe = (tcb.snd_max - tcb.snd_una) - tcb.outside_pipe
    assert pipe <= tcb.ssthresh == 5 * MSS


def test_d_sack_widens_the_reordering_window():  # 8985 6.2 step 4, RFC8985-3
    host, peer = flying()
    wider = peer.tcb.sender.reo_wnd_mult
    ack(peer, 2, (0, 1))
    assert peer.tcb.sender.reo_wnd_mult == wider + 1 and not peer.tcb.outside_pipe
    ack(peer, 2, (1, 2))  # once in a round trip
    assert peer.tcb.sender.reo_wnd_mult == wider + 1
    ack(peer, 2, (4, 5), (3, 6))
    assert peer.tcb.outside_pipe == 3 * MSS or peer.tcb.sender.board.lost


# Invalid blocks


def test_invalid_sack_blocks_are_ignored():  # RFC2018-4
    host, peer = flying()
    top = 10 * MSS + peer.base
    for start, end in (
        (top, top + 100),
        (top - 100, top + 1),
        (peer.base + 200, peer.base + 100),
        (peer.base + 100, peer.base + 100),
        (peer.base - 0x80000000, peer.base + 100),
        (peer.base, peer.base + 0x80000000),
    ):
        peer.send(".", ack=peer.base, sack=[(start, end)])
        assert not peer.tcb.outside_pipe and peer.tcb.sender.board.sacked == 0


def test_a_thousand_tiny_blocks_are_bounded():  # BAD-14
    host, peer = flying()
    peer.write(DATA[: 30 * MSS])
    for i in range(1000):
        start = peer.base + 9990 - 9 * i
        peer.send(".", ack=peer.base, sack=[(start, start + 1), (start - 3, start - 1)])
    assert peer.tcb.sender.board.count <= 2 * TCP_RUNS
    ack(peer, 10)
    assert peer.tcb.sender.board.count < 60


def test_peer_that_reneges_gets_all_data_retransmitted():  # RFC 2018 section 8, RFC2018-3
    host, peer = flying()
    ack(peer, 0, (1, 10))
    host.now += RTT
    ack(peer, 1)  # and the rest is no longer reported
    sent = host.until(lambda: peer.tcb.recovery == congestion.LOSS, 10)
    assert spans(sent)[-1] == segment(peer, 1)
    n = 2
    while peer.tcb.snd_una != peer.tcb.snd_max:
        host.now += RTT
        ack(peer, n)
        n = min(n + 1, 10)
    assert peer.tcb.recovery == congestion.OPEN


# Tail loss probes


def test_tail_loss_probe_after_two_round_trips():  # 8985 7.2, RFC8985-1
    host, peer = established()
    peer.write(DATA[: 4 * MSS])
    delay, sent = host.next()
    assert delay == peer.tcb.srtt >> 2 and spans(sent) == [segment(peer, 3)]
    assert peer.tcb.cwnd == 10 * MSS and peer.tcb.retries == 0
    host.now += RTT
    assert ack(peer, 0, (3, 4)) == [segment(peer, 0, 3)] or len(spans(host.take())) < 3
    assert peer.tcb.recovery == congestion.FAST


def test_tail_loss_probe_of_the_first_flight():  # RFC8985-1
    host = Host()
    peer = host.peer(mss=MSS, sack=True)
    listener = host.listen()
    peer.send("S")
    host.now += RTT
    peer.send(".")
    peer.tcb = listener.accept()
    peer.base = peer.ack
    peer.write(DATA[: 3 * MSS])
    delay, sent = host.next()
    assert spans(sent) == [segment(peer, 2)] and delay == 2 * RTT


def test_tail_loss_probe_with_constant_round_trips():  # RFC8985-1
    """Then SRTT and its variation add up to less than two round trips, but no timeout is shorter than 200
    ms."""
    host, peer = established()
    for _ in range(50):
        peer.write(DATA[:MSS])
        host.now += RTT
        peer.base = peer.ack
        peer.send(".")
    peer.write(DATA[: 4 * MSS])
    start, again = host.now, len(peer.sent)
    assert spans(host.until(lambda: len(peer.sent) > again)) == [segment(peer, 3)]
    assert host.now - start == 2 * RTT


def test_tail_loss_probe_sends_new_data_if_available():  # RFC8985-1
    host, peer = established()
    peer.tcb.cwnd = 4 * MSS
    peer.write(DATA[: 6 * MSS])
    assert spans(host.next()[1]) == [segment(peer, 4)]


def test_one_tail_loss_probe_then_the_timeout():
    host, peer = established()
    peer.write(DATA[: 4 * MSS])
    host.next()
    delay, sent = host.next()
    assert delay == 200000 and spans(sent) == [segment(peer, 0)]
    assert peer.tcb.recovery == congestion.LOSS and peer.tcb.cwnd == MSS


def test_single_segment_waits_for_the_rto():  # its ACK may be delayed
    host, peer = established()
    peer.write(DATA[:MSS])
    start = host.now
    while not host.next()[1]:
        pass
    assert host.now - start == peer.tcb.rto // 2


def probed(n):
    """Acknowledge n segments, the last of which was sent twice."""
    host, peer = established()
    peer.write(DATA[: n * MSS])
    assert spans(host.next()[1]) == [segment(peer, n - 1)]
    host.now += RTT
    ack(peer, n)
    assert peer.tcb.cwnd >= 10 * MSS  # it is unknown which of the two was received
    return host, peer


def test_repairing_tail_loss_probe_counts_as_a_loss():  # 7.4.2, RFC8985-1
    _, peer = probed(8)
    assert peer.write(DATA[:MSS])
    ack(peer, 9)
    assert peer.tcb.cwnd == peer.tcb.ssthresh == 4 * MSS  # half of the data in flight then
    assert peer.tcb.predicted >= 0


def test_spurious_tail_loss_probe_keeps_the_window():  # 7.4.2, RFC8985-1
    host, peer = established()
    peer.write(DATA[: 4 * MSS])
    host.next()
    host.now += RTT
    ack(peer, 4, (3, 4))  # the last came twice: nothing was lost
    assert peer.tcb.cwnd >= 10 * MSS and peer.tcb.predicted >= 0
    for words in ({"sack": [(4, 5)]}, {}):  # or it is reported later, or by a duplicate ACK alone
        _, peer = probed(5)
        ack(peer, 5, *words.get("sack", ()))
        peer.write(DATA[:MSS])
        ack(peer, 6)
        assert peer.tcb.cwnd >= 10 * MSS and peer.tcb.ssthresh > 65536 and peer.tcb.predicted >= 0


# Timeouts


def test_sacked_data_is_not_retransmitted_after_a_timeout():
    host, peer = flying(8)
    ack(peer, 0, (7, 8))
    peer.tcb.reorder_at = 0
    sent = spans(host.until(lambda: peer.tcb.recovery, 10))
    assert sent == [segment(peer, 0)]
    host.now += RTT
    sent += ack(peer, 1, (7, 8))
    while peer.tcb.snd_una != peer.tcb.snd_max:
        host.now += RTT
        end = int(sent[-1].split(":")[1])
        sent += ack(peer, 8) if end > peer.base + 6 * MSS else ack(peer, (end - peer.base) // MSS, (7, 8))
    assert not any([each.endswith(":%d" % (peer.base + 8 * MSS)) for each in sent])
    assert peer.tcb.recovery == congestion.OPEN


def test_a_window_that_opens_again_takes_all_from_the_beginning():
    host, peer = flying(4)
    ack(peer, 0, win=0)
    host.until(lambda: peer.tcb.probing, 10)
    sent = ack(peer, 0, win=60000)
    n = 0
    for _ in range(8):
        while segment(peer, n) in sent or any([s.startswith("%d:" % (peer.base + n * MSS)) for s in sent]):
            n += 1
        if peer.tcb.snd_una == peer.tcb.snd_max:
            break
        host.now += RTT
        sent += ack(peer, min(4, n + 1), win=60000)
    assert peer.tcb.tx.head == peer.tcb.tx.tail and peer.tcb.recovery == congestion.OPEN


def test_sacked_data_does_not_count_at_the_next_loss():  # RFC5681-1
    """0 and 10 are lost, and 10 twice: when the first recovery ends, more than cwnd lies behind 10, and
    most of that was delivered."""
    host, peer = established()
    peer.write(DATA[: 40 * MSS])
    host.now += RTT
    for top in (4, 7, 10):
        ack(peer, 0, (1, top))
    for wait, top in ((RTT, 12), (0, 14), (RTT, 16), (0, 18), (RTT, 20)):
        host.now += wait
        ack(peer, 0, (11, top), (1, 10))
    host.now += RTT
    ack(peer, 10, (11, 20))
    tcb = peer.tcb
    assert (tcb.recovery, tcb.cwnd) == (congestion.OPEN, 5 * MSS)
    for top in (21, 22):
        host.now += RTT // 2
        sent = ack(peer, 10, (11, top))
    assert segment(peer, 10) in sent
    assert tcb.recovery == congestion.FAST and tcb.snd_max - tcb.snd_una > 10 * MSS
    assert tcb.ssthresh == 5 * MSS >> 1


# Eifel


def eifel(tsecr_old):
    host, peer = flying(10, ts=1)
    before = peer.tcb.cwnd
    echo = peer.last.ts[0]
    peer.ts_recent = echo
    ack(peer, 0, (1, 4))
    assert peer.tcb.recovery == congestion.FAST
    host.now += 2000
    peer.ts_recent = echo if tsecr_old else peer.last.ts[0] + 2
    ack(peer, 1, (1, 4))
    return host, peer, before


def test_echo_of_the_original_timestamp_undoes_recovery():  # RFC3522-1
    host, peer, before = eifel(True)
    tcb = peer.tcb
    assert tcb.recovery == congestion.OPEN and tcb.ssthresh >= before and not tcb.sender.board.lost
    assert host.stack.stats.tcp_spurious == 1
    assert tcb.cwnd >= before - MSS


def test_echo_of_the_retransmission_undoes_nothing():  # RFC3522-1
    host, peer, before = eifel(False)
    assert peer.tcb.recovery == congestion.FAST and host.stack.stats.tcp_spurious == 0


def test_echo_of_an_earlier_recovery_undoes_nothing():  # RFC3522-1
    """0, 10 and 12 are lost: the retransmission of 10 is in flight when the recovery that sent it is over,
    and the loss of 12 begins the next."""
    host, peer = established(ts=1)
    peer.write(DATA[: 40 * MSS])
    host.now += RTT
    assert ack(peer, 0, (1, 4)) == [segment(peer, 0)]
    assert ack(peer, 0, (1, 7)) + ack(peer, 0, (1, 10)) == [segment(peer, i) for i in range(10, 14)]
    host.now += RTT
    assert segment(peer, 10) in ack(peer, 0, (11, 12), (1, 10))
    echo = peer.last.ts[0]
    host.now += 2000
    ack(peer, 10, (11, 12))
    assert peer.tcb.recovery == congestion.OPEN
    assert ack(peer, 10, (13, 15), (11, 12))[0] == segment(peer, 12)
    window = peer.tcb.ssthresh
    host.now += 2000
    peer.ts_recent = echo
    ack(peer, 12, (13, 15))
    assert (peer.tcb.recovery, peer.tcb.ssthresh) == (congestion.FAST, window)
    assert host.stack.stats.tcp_spurious == 0


def test_spurious_timeout_is_undone():  # RFC3522-1
    host, peer = flying(10, ts=1)
    echo = peer.last.ts[0]
    peer.tcb.sender.tlp_end_seq = peer.tcb.snd_max  # as if there had been one
    rto = peer.tcb.rto
    host.until(lambda: peer.tcb.recovery == congestion.LOSS, 5)
    assert peer.tcb.cwnd == MSS
    peer.ts_recent = echo
    ack(peer, 2)
    assert peer.tcb.recovery == congestion.OPEN and peer.tcb.cwnd >= 8 * MSS
    assert ack(peer, 10) == [] and host.stack.stats.tcp_retransmitted == 1
    assert peer.tcb.rto == 2 * rto  # it was too short, and nothing was timed since (RFC 6298 section 3)
    peer.write(DATA[:MSS])
    host.now += RTT
    ack(peer, 11)
    assert peer.tcb.rto == rto


def test_late_acks_after_a_timeout_undo_nothing():  # RFC3522-1; RFC 8985 6.2 step 2
    host, peer = flying(10, ts=1)
    echo = peer.last.ts[0]
    peer.tcb.sender.tlp_end_seq = peer.tcb.snd_max  # as if there had been one
    host.until(lambda: peer.tcb.recovery == congestion.LOSS, 5)
    host.now += 5 * RTT  # the retransmission could be acknowledged by now, but those are not its ACKs
    peer.ts_recent = echo
    for n in range(1, 11):
        host.now += 1000
        ack(peer, n)
        assert peer.tcb.recovery == congestion.OPEN and not peer.tcb.reorder_at
    assert host.stack.stats.tcp_retransmitted == 1 == host.stack.stats.tcp_spurious


def test_lost_fin_is_retransmitted():
    host, peer = established()
    peer.write(DATA[: 3 * MSS])
    assert spans(peer.shutdown()) == ["%d:%d" % (peer.base + 3 * MSS, peer.base + 3 * MSS)]
    host.now += RTT
    sent = ack(peer, 0, (1, 3))
    sent += spans(host.until(lambda: host.stack.stats.tcp_retransmitted, 10))
    assert segment(peer, 0) in sent
    host.now += RTT
    ack(peer, 3)
    sent = host.until(lambda: peer.last.flags == "F.", 10)
    assert peer.send(".", ack=peer.base + 3 * MSS + 1) == [] and peer.state() == "FIN-WAIT-2"
