# SYN cookies, RFC 4987 3.6: a full backlog remembers nothing and still lets in who answers.
from mnet.limits import SECOND, SYN_COOKIES_LIFE
from unit.mnet.builders import Host


def flooded(**what):
    """A backlog of one, and that one half open; a peer that comes now."""
    host = Host(iss=None)
    listener = host.listen(backlog=1)
    host.peer(rport=50000).send("S")
    peer = host.peer(**what)
    assert peer.send("S") == ["S. 0:0(0) ack 1"] and host.dropped("tcp_syn_cookie") == 1
    assert host.tcp.count == 1
    return host, peer, listener


def test_who_answers_is_let_in():  # RFC4987-2
    host, peer, listener = flooded(mss=1460)
    assert peer.send(".") == []
    tcb = listener.accept()
    assert tcb.rport == peer.rport and tcb.snd_mss == 1460 and not (tcb.ts_on or tcb.sack_on)
    assert peer.send("P.", b"text") == [] and tcb.rx.head == 4


def test_even_if_its_ack_carries_text():
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


def test_a_guess_does_not_open():  # RFC4987-2
    host, peer, listener = flooded()
    for wrong in (1, 1 << 24, 1 << 27, 0x80000000):
        assert peer.send(".", seq=1, ack=1 + wrong)[0].startswith("R ")
    assert peer.send(".", seq=2, ack=1)[0].startswith("R ")
    other = host.peer(rport=40009)
    other.iss = peer.iss
    assert other.send(".", seq=1, ack=1)[0].startswith("R ")
    assert host.tcp.count == 1 and host.dropped("tcp_no_connection") == 6


def test_a_backlog_of_those_nobody_accepts_lets_it_wait():
    host, peer, listener = flooded()
    others = [other for other in host.peers if other is not peer]
    others[0].send(".")
    assert len(listener.ready) == 1
    assert peer.send(".") == [] == peer.send("P.", b"text", seq=1)
    assert host.dropped("tcp_backlog_full") == 2 and listener.accept()
    assert peer.send("P.", b"text", seq=1) == [] and listener.accept().rx.head == 4


def test_an_answer_too_late():
    host, peer, listener = flooded()
    host.now += SYN_COOKIES_LIFE - SECOND
    assert peer.send(".")[0].startswith("R ")
    assert host.dropped("tcp_no_connection") == 1


def test_without_a_flood_no_cookie_is_believed():
    host, peer, listener = flooded()
    listener.cookies_until = 0
    assert peer.send(".")[0].startswith("R ")
    host.dropped("tcp_no_connection")


def test_ten_thousand_syns_leave_nothing_behind():
    host = Host(iss=None)
    listener = host.listen(backlog=4)
    before = host.now
    for i in range(2000):
        host.now += 10
        host.peer(rport=1024 + i, address=0x0A000002).send("S")
        host.peers.clear()
    assert host.tcp.count == listener.half_open == 4 and host.now - before < SECOND
    peer = host.peer(rport=60000)
    peer.send("S")
    peer.send(".")
    assert listener.accept().rport == 60000


def test_no_syn_completes_a_handshake():
    """RFC 9293 3.10.7.2: to a SYN with an acknowledgement a listener answers with a reset, and a cookie in it
    leaves nothing that no timer would ever remove."""
    host, peer, listener = flooded()
    for seq in (0, 1):
        assert peer.send("S.", seq=seq)[0].startswith("R ") and host.tcp.count == 1
        assert host.dropped("tcp_no_connection") == 1 and listener.half_open == 1
    assert peer.send(".", seq=1) == [] and listener.accept()
