# Idle connections: keep-alive (RFC 1122 4.2.3.6), the user timeout (RFC 5482); TCP_CORK and TCP_QUICKACK.
from mnet.errors import ETIMEDOUT
from mnet.limits import SECOND
from mnet.tcp import user
from mnet.tcp.settings import Settings
from unit.mnet.builders import Host


def established(win=65535, features=0, **chosen):
    host = Host(features)
    peer = host.peer(mss=1000)
    peer.win = win
    tcb = peer.connect(host.listen())
    settings = Settings()
    for name, value in chosen.items():
        setattr(settings, name, value)
    user.apply_settings(tcb, settings, host.now)
    return host, peer


def keeping(**chosen):
    return established(
        keep_alive=True, keep_idle=60 * SECOND, keep_interval=10 * SECOND, keep_count=3, **chosen
    )


def when(host, seconds):
    """Let time pass. Returns [(second, segment sent)]."""
    sent, start = [], host.now
    while host.stack.deadline() <= start + seconds * SECOND:
        for each in host.next()[1]:
            sent.append(((host.now - start) // SECOND, each))
    host.now = start + seconds * SECOND
    return sent


def test_keep_alive_is_off_by_default():  # MUST-25
    host, peer = established()
    assert when(host, 100000) == []
    assert Settings().keep_idle >= 7200 * SECOND  # MUST-28


def test_silent_peer_is_probed_and_times_out():  # MUST-24, MUST-27, SHLD-12: no text in them
    host, peer = keeping()
    probe = ". 0:0(0) ack 1"
    assert when(host, 200) == [(60, probe), (70, probe), (80, probe), (90, "R. 1:1(0) ack 1")]
    assert peer.gone(ETIMEDOUT)


def test_answered_probe_keeps_the_connection():  # MUST-26, MUST-29: no answer to one probe means nothing
    host, peer = keeping()
    assert len(when(host, 75)) == 2
    assert peer.send(".") == []
    assert when(host, 60) == [(60, ". 0:0(0) ack 1")]
    assert len(when(host, 25)) == 2 and peer.state() == "ESTABLISHED"  # earlier timeouts do not count


def test_received_data_postpones_the_probe():  # MUST-26
    host, peer = keeping()
    for _ in range(10):
        when(host, 50)
        peer.send("P.", b"x")
    assert [each for each in peer.sent if each.rel == 0 and each.flags == "."] == []


def test_no_probe_while_data_is_outstanding():  # MUST-26
    host, peer = keeping()
    peer.write(b"text")
    assert all([what.startswith("P. 1:5") for _, what in when(host, 100)])


def test_keep_alive_can_be_turned_off():  # MUST-24
    host, peer = keeping()
    user.apply_settings(peer.tcb, Settings(), host.now)
    assert when(host, 100000) == [] and peer.state() == "ESTABLISHED"


def test_no_keep_alive_probe_after_the_end():
    host, peer = keeping()
    peer.send("F.")
    peer.close()
    peer.send(".", ack=2)
    assert peer.gone() and when(host, 1000) == []


def test_shorter_user_timeout_ends_the_connection():  # RFC 5482, MUST-21, RFC5482-1
    host, peer = established(user_timeout=5 * SECOND)
    peer.write(b"text")
    sent = when(host, 30)
    assert sent[-1] == (5, "R. 5:5(0) ack 1") and peer.gone(ETIMEDOUT)


def test_longer_user_timeout_keeps_the_connection():  # MUST-21, RFC5482-1
    host, peer = established(user_timeout=5000 * SECOND)
    peer.write(b"text")
    sent = when(host, 4900)
    assert len(sent) > 30 and peer.state() == "ESTABLISHED"
    when(host, 200)
    assert peer.gone(ETIMEDOUT)


def test_progress_restarts_the_user_timeout():
    host, peer = established(user_timeout=5 * SECOND)
    peer.write(b"text")
    when(host, 4)
    peer.send(".", ack=3)
    when(host, 4)
    assert peer.state() == "ESTABLISHED"
    when(host, 2)
    assert peer.gone(ETIMEDOUT)


def test_zero_window_is_no_progress_for_the_user_timeout():
    host, peer = established(user_timeout=5 * SECOND)
    peer.send(".", win=0)
    peer.write(b"text")
    for _ in range(100):
        if peer.state() == "CLOSED":
            break
        if host.next()[1]:
            peer.send(".", ack=1, win=0)
    assert peer.gone(ETIMEDOUT)


def test_user_timeout_of_an_unanswered_syn():
    host = Host()
    peer = host.peer()
    settings = Settings().but("user_timeout", 3 * SECOND)
    tcb = host.connect(peer.address, peer.rport, 0, 0, 0, host.now, settings=settings)
    peer.tcb, peer.lport, start = tcb, tcb.lport, host.now
    host.until(lambda: peer.state() == "CLOSED", 20)
    assert tcb.error == ETIMEDOUT and host.now - start <= 4 * SECOND


def test_a_cork_holds_small_segments_back():
    host, peer = established(corked=True)
    assert peer.write(b"a" * 300) == [] == peer.write(b"b" * 300)
    assert peer.write(b"c" * 500) == [". 1:1001(1000) ack 1"]
    user.apply_settings(peer.tcb, Settings(), host.now)
    assert host.take() == []  # Nagle
    assert peer.send(".") == ["P. 1001:1101(100) ack 1"]


def test_super_segment_excludes_corked_data():
    host, peer = established(corked=True, features=7)
    assert peer.write(b"a" * 1000) == ["P. 1:1001(1000) ack 1"]
    assert peer.write(b"a" * 2300) == [". 1001:3001(2000) ack 1"]


def test_uncorking_sends_the_rest():
    host, peer = established(corked=True)
    peer.write(b"text")
    user.apply_settings(peer.tcb, Settings(), host.now)
    assert host.take() == ["P. 1:5(4) ack 1"]


def test_corked_data_is_sent_after_200_ms():
    host, peer = established(corked=True)
    peer.write(b"text")
    start = host.now
    assert host.until(lambda: peer.sent[-1].data, 5) == ["P. 1:5(4) ack 1"]
    assert host.now - start == 200000 and peer.tcb.corked and not peer.tcb.probing


def test_corked_data_behind_a_zero_window_is_probed():
    """The update that opens the window may be lost (RFC 9293 3.8.6.1), corked or not."""
    host, peer = established(corked=True)
    peer.write(b"a" * 1000)
    peer.send(".", win=400)
    peer.write(b"b" * 1000)
    assert host.until(lambda: peer.sent[-1].data[:1] == b"b", 5) == [". 1001:1401(400) ack 1"]
    assert peer.tcb.probing and peer.send(".", win=65535) == []
    assert host.until(lambda: len(peer.last.data) == 600, 5) == ["P. 1401:2001(600) ack 1"]


def test_fin_sends_corked_data():
    host, peer = established(corked=True)
    peer.write(b"text")
    assert peer.shutdown() == ["FP. 1:5(4) ack 1"]


def test_quick_acknowledgements():
    host, peer = established(quick=True)
    assert peer.send("P.", b"x") == [". 1:1(0) ack 2"] and peer.send("P.", b"y") == [". 1:1(0) ack 3"]
