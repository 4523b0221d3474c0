# SYN cookies, RFC 4987 3.6: with a full SYN queue no state is kept, and peers that return the cookie are
# accepted.
from mnet.limits import SECOND, SYN_COOKIES_LIFE
from unit.mnet.builders import Host


def flooded(**what):
    """Return a listener with a backlog of one that is half open, and a peer that connects now."""
    host = Host(iss=None)
    listener = host.listen(backlog=1)
    host.peer(rport=50000).send("S")
    peer = host.peer(**what)
    assert peer.send("S") == ["S. 0:0(0) ack 1"] and host.dropped("tcp_syn_cookie") == 1
    assert host.tcp.count == 1
    return host, peer, listener


def test_returned_cookie_opens_a_connection():  # RFC4987-2
    host, peer, listener = flooded(mss=1460)
    assert peer.send(".") == []
    tcb = listener.accept()
    assert tcb.rport == peer.rport and tcb.snd_mss == 1460 and not (tcb.ts_on or tcb.sack_on)
    assert peer.send("P.", b"text") == [] and tcb.rx.head == 4


def test_returned_cookie_with_data_opens_a_connection():
    host, peer, listener = flooded()
    assert peer.send("P.", b"text") == [] and listener.accept().rx.head == 4


def test_the_options_come_back_in_the_timestamp():  # RFC4987-2
    for sack in (False, True):
        for wscale in (None, 0, 7, 14):
            host, peer, listener = flooded(mss=1460, ts=77, sack=sack, wscale=wscale)
            assert peer.sent[0].ts[0] <= host.now >> 10
            peer.send(".")
            tcb = listener.accept()
            assert (tcb.ts_on, tcb.sack_on, tcb.scale_on) == (True, sack, wscale is not None)
            assert tcb.snd_wscale == (wscale or 0) and tcb.snd_mss == 1448 and tcb.ts_recent == 77
            assert peer.sent[0].wscale == (tcb.rcv_wscale if wscale is not None else None)


def test_the_largest_mss_that_is_not_too_large():
    for mss, kept in ((1400, 1220), (1460, 1460), (9000, 1460), (500, 216), (None, 536)):
        host, peer, listener = flooded(mss=mss)
        peer.send(".")
        assert listener.accept().snd_mss == kept


def test_guessed_cookie_is_rejected():  # RFC4987-2
    """Nor is it answered with a RST: it may belong to a handshake that this host began."""
    host, peer, listener = flooded()
    for wrong in (1, 1 << 24, 1 << 27, 0x80000000):
        assert peer.send(".", seq=1, ack=1 + wrong) == []
    assert peer.send(".", seq=2, ack=1) == []
    other = host.peer(rport=40009)
    other.iss = peer.iss
    assert other.send(".", seq=1, ack=1) == []
    assert host.tcp.count == 1 and host.dropped("tcp_no_connection") == 6
    host.now = listener.cookies_until
    assert other.send(".", seq=1, ack=1)[0].startswith("R ") and host.dropped("tcp_no_connection") == 1


def test_returned_cookie_waits_while_the_accept_queue_is_full():
    host, peer, listener = flooded()
    others = [other for other in host.peers if other is not peer]
    others[0].send(".")
    assert len(listener.accept_queue) == 1
    assert peer.send(".") == [] == peer.send("P.", b"text", seq=1)
    assert host.dropped("tcp_backlog_full") == 2 and listener.accept()
    assert peer.send("P.", b"text", seq=1) == [] and listener.accept().rx.head == 4


def test_the_syn_ack_of_a_cookie_is_retransmitted_while_the_accept_queue_is_full():
    """A peer that waits for data of ours sends no other segment that could open the connection."""
    host, peer, listener = flooded(mss=1460, ts=77, sack=True, wscale=7)
    others = [other for other in host.peers if other is not peer]
    others[0].send(".")
    assert peer.send(".") == [] and host.tcp.count == 2 and len(listener.syn_queue) == 1
    assert listener.accept().rport == others[0].rport
    assert host.until(lambda: len(peer.sent) > 1) == ["S. 0:0(0) ack 1"]
    assert peer.last.seq == peer.sent[0].seq
    assert (peer.last.wscale, peer.last.mss) == (peer.sent[0].wscale, peer.sent[0].mss)
    assert peer.send(".") == [] and listener.accept().rport == peer.rport


def test_syn_queue_is_at_most_twice_the_backlog():
    host, peer, listener = flooded()
    peers = [host.peer(rport=40010 + i) for i in range(9)]
    for other in peers:
        assert other.send("S") == ["S. 0:0(0) ack 1"]
    assert peer.send(".") == []  # the accept queue is full
    for other in peers:
        assert other.send(".") == []
    assert len(listener.syn_queue) == 2 and host.tcp.count == 3
    assert host.drops == {"tcp_syn_cookie": 9, "tcp_backlog_full": 9}


def test_returned_cookie_replaces_the_connection_of_a_duplicate_syn():
    """The SYN came twice, the second time when there was room in the SYN queue; the peer acknowledges the
    SYN-ACK that arrived first."""
    host, peer, listener = flooded(mss=1460)
    others = [other for other in host.peers if other is not peer]
    others[0].send("R", seq=1)
    assert len(listener.syn_queue) == 0
    host.dropped("tcp_rst")
    iss = peer.iss
    peer.send("S", seq=0)
    assert len(listener.syn_queue) == 1 and peer.last.seq != iss
    peer.iss = iss
    assert peer.send(".", seq=1, ack=1) == []
    tcb = listener.accept()
    assert tcb.iss == iss and tcb.snd_mss == 1460 and host.tcp.count == 1 and not listener.syn_queue
    assert peer.send("P.", b"text", seq=1, ack=1) == [] and tcb.rx.head == 4


def test_wrong_ack_for_the_connection_of_a_duplicate_syn_is_reset():
    host, peer, listener = flooded()
    others = [other for other in host.peers if other is not peer]
    others[0].send("R", seq=1)
    peer.send("S", seq=0)
    assert peer.send(".", seq=1, ack=12345)[0].startswith("R ") and len(listener.syn_queue) == 1


def test_expired_cookie_is_rejected():
    host, peer, listener = flooded()
    host.now += SYN_COOKIES_LIFE - SECOND
    assert peer.send(".") == [] and host.dropped("tcp_no_connection") == 1 and not listener.accept_queue
    host.now += SECOND
    assert peer.send(".", seq=1)[0].startswith("R ") and host.dropped("tcp_no_connection") == 1


def test_cookie_is_rejected_when_none_was_sent():
    host, peer, listener = flooded()
    listener.cookies_until = 0
    assert peer.send(".")[0].startswith("R ")
    host.dropped("tcp_no_connection")


def test_ten_thousand_syns_keep_no_state():
    host = Host(iss=None)
    listener = host.listen(backlog=4)
    before = host.now
    for i in range(2000):
        host.now += 10
        host.peer(rport=1024 + i, address=0x0A000002).send("S")
        host.peers.clear()
    assert host.tcp.count == len(listener.syn_queue) == 4 and host.now - before < SECOND
    peer = host.peer(rport=60000)
    peer.send("S")
    peer.send(".")
    assert listener.accept().rport == 60000


def test_syn_with_a_cookie_completes_no_handshake():
    """RFC 9293 3.10.7.2: a listener answers a SYN with an ACK with a reset; a cookie in it creates no TCB
    without a timer."""
    host, peer, listener = flooded()
    for seq in (0, 1):
        assert peer.send("S.", seq=seq)[0].startswith("R ") and host.tcp.count == 1
        assert host.dropped("tcp_no_connection") == 1 and len(listener.syn_queue) == 1
    assert peer.send(".", seq=1) == [] and listener.accept()
