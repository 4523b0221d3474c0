# Explicit congestion notification: RFC 3168. tcpdump's letters for its flags: E and W.
from mnet.limits import SECOND
from mnet.tcp import congestion, ecn, user
from unit.mnet.builders import Host
from unit.mnet.frames import OURS6, PEER6
from unit.mnet.six import Six

DATA = bytes([i * 3 & 0xFF for i in range(65536)])
MSS = 1000
CE = 3


def ecn_of(frame):
    """Return the two ECN bits of the IP header."""
    return frame.tos & 3


def agreed(host=None, **what):
    """Return a connection that the peer has opened with ECN."""
    host = host or Host()
    peer = host.peer(mss=MSS, **what)
    listener = host.listen(address=0 if isinstance(peer.local, int) else None)
    answer = peer.send("SEW")
    assert answer == ["S.E 0:0(0) ack 1"] and peer.send(".") == []
    peer.tcb = listener.accept()
    assert peer.tcb.ecn is not None
    return host, peer


def spans(sent):
    return [each.split(" ack")[0] for each in sent]


# Agreeing, 6.1.1


def test_ecn_requested_by_the_peer_is_accepted():
    """RFC3168-1, SHLD-8: a request is accepted; half of it is ignored."""
    host, peer = agreed()
    assert ecn_of(peer.last) == 0
    for flags in ("S", "SE", "SW"):
        host = Host()
        peer = host.peer()
        listener = host.listen()
        assert peer.send(flags) == ["S. 0:0(0) ack 1"] and peer.send(".") == []
        assert listener.accept().ecn is None


def test_ecn_is_requested_if_configured():
    """RFC3168-1: a reflection of our request is no acceptance."""
    for mode, answer, yes in ((2, "S.E", True), (2, "S.", False), (2, "S.EW", False), (1, "S.E", False)):
        host = Host()
        host.tcp.ecn = mode
        peer = host.peer(mss=MSS)
        tcb = peer.tcb = host.connect(peer.address, peer.rport, 0, 65536, 65536, host.now)
        peer.lport = tcb.lport
        assert host.take() == ["SEW 0:0(0)" if mode == ecn.REQUEST else "S 0:0(0)"]
        assert ecn_of(peer.last) == 0
        assert peer.send(answer) == [". 1:1(0) ack 1"] and (tcb.ecn is not None) == yes
        peer.write(DATA[:MSS])
        assert ecn_of(peer.last) == (ecn.ECT if yes else 0)


def test_ecn_can_be_off():
    host = Host()
    host.tcp.ecn = ecn.OFF
    peer = host.peer()
    host.listen()
    assert peer.send("SEW") == ["S. 0:0(0) ack 1"]


def test_retransmitted_syn_does_not_request_ecn():
    """RFC3168-1, 6.1.1.1: the path may drop such SYNs; with only the first SYN requesting it ECN is not
    negotiated."""
    host = Host()
    host.tcp.ecn = ecn.REQUEST
    peer = host.peer()
    tcb = host.connect(peer.address, peer.rport, 0, 65536, 65536, host.now)
    peer.lport = tcb.lport
    assert host.take() == ["SEW 0:0(0)"]
    assert host.next()[1] == ["S 0:0(0)"]
    assert peer.send("S.E") == [". 1:1(0) ack 1"] and tcb.ecn is None


def test_ecn_with_simultaneous_open():
    host = Host()
    host.tcp.ecn = ecn.REQUEST
    peer = host.peer()
    tcb = host.connect(peer.address, peer.rport, 0, 65536, 65536, host.now)
    peer.lport = tcb.lport
    host.take()
    assert peer.send("SEW") == ["S.E 0:0(0) ack 1"]
    assert peer.send(".") == [] and tcb.ecn is not None


# Sending, 6.1.2


def test_only_new_data_has_ect():
    """RFC3168-2: no SYN, pure acknowledgement, FIN alone, retransmission, probe (6.1.4 to 6.1.6)."""
    for sack in (False, True):
        host, peer = agreed(sack=sack)
        peer.write(DATA[: 3 * MSS])
        peer.send("P.", b"text", ack=1)
        peer.send("P.", b"more", ack=1)
        host.until(lambda: host.stack.stats.tcp_retransmitted >= 2)  # noqa: B023
        peer.send(".", ack=1 + 3 * MSS)
        peer.write(DATA[:500])
        assert ecn_of(peer.last) == ecn.ECT and peer.last.rel == 1 + 3 * MSS
        peer.send(".")
        assert peer.shutdown() == ["F. 3501:3501(0) ack 9"]
        top = 1
        for frame in peer.sent[1:]:
            new = frame.data and frame.rel >= top
            assert ecn_of(frame) == (ecn.ECT if new else 0), (frame.flags, frame.rel)
            top = max(top, frame.rel + len(frame.data))


def test_zero_window_probe_has_no_ect():
    """RFC3168-2, 6.1.6."""
    host, peer = agreed()
    peer.send(".", win=0)
    peer.write(DATA[:10])
    assert spans(host.next()[1]) == [". 1:2(1)"] and ecn_of(peer.last) == 0
    peer.ack = 1
    peer.send(".", win=60000)
    assert peer.last.data == DATA[:10]


def echo(peer, ack):
    return peer.send(".E", ack=ack)


def test_one_reduction_per_window():
    """RFC3168-3: cwnd is reduced once per window, as for a loss, and the next new data has CWR."""
    host, peer = agreed()
    tcb = peer.tcb
    peer.write(DATA[: 30 * MSS])
    before = tcb.cwnd
    echo(peer, 1 + MSS)
    assert tcb.cwnd == tcb.ssthresh == (before + MSS) * 7 // 10 and tcb.recovery == congestion.OPEN
    for i in range(2, 11):
        echo(peer, 1 + i * MSS)
    assert host.stack.stats.tcp_marked == 1 and tcb.cwnd >= before * 7 // 10
    said = [frame for frame in peer.sent if "W" in frame.flags]
    assert len(said) == 1 and said[0].data and ecn_of(said[0]) == ecn.ECT
    assert host.stack.stats.tcp_retransmitted == 0
    end = tcb.snd_max - peer.iss
    echo(peer, end)  # a round trip later it counts again
    assert host.stack.stats.tcp_marked == 2


def test_mark_in_each_new_window_reduces_again():
    host, peer = agreed()
    for i in range(1, 6):
        peer.tcb.tx.head += 1 << 30
        peer.tcb.tx.tail = peer.tcb.tx.head
        peer.tcb.snd_una = peer.tcb.snd_nxt = peer.tcb.snd_max = (peer.tcb.snd_una + (1 << 30)) & 0xFFFFFFFF
        peer.ack += 1 << 30
        peer.write(DATA[:MSS])
        peer.send(".E")
        assert host.stack.stats.tcp_marked == i


def test_a_loss_in_the_same_window_is_the_same_congestion():
    """RFC3168-3."""
    host, peer = agreed(sack=True)
    peer.write(DATA[: 10 * MSS])
    for i in range(2, 6):
        peer.send(".", ack=1, sack=((1 + MSS, 1 + i * MSS),))
    assert peer.tcb.recovery == congestion.FAST
    ssthresh = peer.tcb.ssthresh
    peer.send(".E", ack=1, sack=((1 + MSS, 1 + 7 * MSS),))
    assert peer.tcb.ssthresh == ssthresh


# Receiving, 6.1.3


def marked(peer, data, flags="P.", **what):
    return peer.send(flags, data, tos=CE, **what)


def test_a_mark_is_echoed_until_the_peer_has_reacted():
    """RFC3168-4."""
    host, peer = agreed()
    assert marked(peer, b"a" * MSS) == []
    assert peer.send("P.", b"b" * MSS) == [".E 1:1(0) ack 2001"]
    assert peer.send("P.", b"c" * MSS) == [] and host.at(40000) == [".E 1:1(0) ack 3001"]
    assert peer.write(b"answer") == ["P.E 1:7(6) ack 3001"] and ecn_of(peer.last) == ecn.ECT
    assert peer.send(".", b"e" * 9, seq=4001) == [".E 7:7(0) ack 3001"]
    assert peer.send("P.W", b"d" * MSS, seq=3001) == [". 7:7(0) ack 4010"]
    peer.seq = 4010
    assert peer.send("P.", b"f" * MSS) == [] and host.at(40000) == [". 7:7(0) ack 5010"]
    assert marked(peer, b"g", flags="P.W") == [] and host.at(40000) == [".E 7:7(0) ack 5011"]  # and a new one


def test_echoes_with_blocks():
    host, peer = agreed(sack=True)
    marked(peer, b"a" * MSS)
    assert peer.send("P.", b"b", seq=5000) == [".E 1:1(0) ack 1001 sack 5000:5001"]


def test_marks_without_negotiation_are_ignored():
    """RFC3168-4: on segments without data, on unacceptable segments, on connections without ECN."""
    host, peer = agreed()
    peer.send(".", tos=CE)
    marked(peer, b"old", seq=-500)
    peer.send("P.", b"x")
    assert host.at(40000) == [". 1:1(0) ack 2"]
    peer = Host().peer()
    peer.connect()
    assert peer.send("P.", b"text", tos=CE) == [] and peer.read()[0] == b"text"
    assert peer.host.at(40000) == [". 1:1(0) ack 5"]
    peer.write(DATA[:MSS])
    cwnd = peer.tcb.cwnd
    peer.send(".EW")
    assert peer.tcb.cwnd == cwnd and ecn_of(peer.last) == 0


def test_service_and_marks_go_together():
    """The six bits of the DSCP remain those that the user has set."""
    host, peer = agreed()
    user.apply_settings(peer.tcb, peer.tcb.settings.but("tos", 0xB8), host.now)
    peer.write(DATA[:MSS])
    assert peer.last.tos == 0xB8 | ecn.ECT
    peer.send("P.", b"text")
    assert host.at(40000) and peer.last.tos == 0xB8


def test_ipv6():
    """RFC3168-2, RFC3168-4: the same bits of the traffic class."""
    host, peer = agreed(Six(), address=PEER6, local=OURS6)
    peer.write(DATA[:MSS])
    assert ecn_of(peer.last) == ecn.ECT
    assert peer.send("P.", b"a" * MSS, flow=CE << 20) == []
    assert host.at(40000) == [".E 1001:1001(0) ack 1001"] and ecn_of(peer.last) == 0


def test_a_full_device_loses_no_answer():
    host, peer = agreed()
    peer.write(DATA[: 2 * MSS])
    echo(peer, 1 + MSS)
    host.wire.full = True
    peer.write(DATA[:MSS])
    assert peer.tcb.ecn.cwr
    host.wire.full = False
    host.stack.tick(host.now + SECOND // 100)
    host.take()
    assert peer.last.flags in (".W", "P.W") and not peer.tcb.ecn.cwr
