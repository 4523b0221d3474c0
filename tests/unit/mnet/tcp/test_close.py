# Closing: RFC 9293 3.6, 3.10.4, 3.10.5, 3.10.7.4 (fifth and eighth); TIME-WAIT; half close; resets.
from mnet.errors import ECONNRESET, ETIMEDOUT
from mnet.limits import SECOND, TCP_CONNECTION
from mnet.tcp import close, user
from unit.mnet.builders import Host
from unit.mnet.tcp.situations import SYNCHRONIZED, in_state

MSL2 = 60 * SECOND


def established(**what):
    host = Host()
    peer = host.peer(**what)
    peer.connect()
    return host, peer


def time_wait():
    peer = in_state("TIME-WAIT")
    return peer.host, peer


# The diagrams of figure 5


def test_we_close_first():
    host, peer = established()
    assert peer.shutdown() == ["F. 1:1(0) ack 1"] and peer.state() == "FIN-WAIT-1"
    assert peer.send(".") == [] and peer.state() == "FIN-WAIT-2"
    assert peer.send("F.") == [". 2:2(0) ack 2"] and peer.state() == "TIME-WAIT"
    assert host.tcp.count == 1 and host.tcp.time_waits == [peer.tcb]
    assert host.at(MSL2 - 1) == [] and peer.state() == "TIME-WAIT"  # MUST-13
    assert host.at(1) == [] and peer.gone()
    assert host.tcp.time_waits == [] and host.tcp.count == 0


def test_the_peer_closes_first():
    host, peer = established()
    told = []
    peer.tcb.on_readable = lambda: told.append(user.readable(peer.tcb))
    assert peer.send("F.") == [". 1:1(0) ack 2"] and peer.state() == "CLOSE-WAIT"
    assert told == [True]
    assert peer.write(b"the rest") == ["P. 1:9(8) ack 2"]
    assert peer.send(".") == []
    assert peer.shutdown() == ["F. 9:9(0) ack 2"] and peer.state() == "LAST-ACK"
    assert peer.send(".") == [] and peer.gone()


def test_both_close_at_once():  # MUST-13
    host, peer = established()
    peer.shutdown()
    assert peer.send("F.", ack=1) == [". 2:2(0) ack 2"] and peer.state() == "CLOSING"
    assert peer.send(".") == [] and peer.state() == "TIME-WAIT"


def test_a_fin_that_acknowledges_ours_goes_straight_to_time_wait():
    host, peer = established()
    peer.shutdown()
    assert peer.send("F.") == [". 2:2(0) ack 2"] and peer.state() == "TIME-WAIT"


def test_fin_is_sent_with_the_last_data():
    host, peer = established(mss=1000)
    peer.win = 0
    peer.send(".")
    peer.write(b"x" * 1500)
    assert peer.shutdown() == []
    peer.win = 5000
    assert peer.send(".") == [". 1:1001(1000) ack 1", "FP. 1001:1501(500) ack 1"]
    assert peer.send(".") == [] and peer.state() == "FIN-WAIT-2"


def test_fin_waits_for_unsent_data():
    host, peer = established(mss=1000)
    peer.win = 1000
    peer.send(".")
    assert len(peer.write(b"x" * 3000)) == 1 and peer.shutdown() == []
    assert peer.state() == "FIN-WAIT-1"
    assert peer.send(".") == [". 1001:2001(1000) ack 1"]
    assert peer.send(".") == ["FP. 2001:3001(1000) ack 1"]
    assert peer.state() == "FIN-WAIT-1"
    assert peer.send(".", ack=3001) == [] and peer.state() == "FIN-WAIT-1"  # all but the FIN
    assert peer.send(".", ack=3002) == [] and peer.state() == "FIN-WAIT-2"


def test_closing_twice_sends_one_fin():
    host, peer = established()
    assert len(peer.shutdown()) == 1 and peer.shutdown() == [] == peer.close()


def test_fin_is_retransmitted_until_acknowledged():
    for state in ("FIN-WAIT-1", "CLOSING", "LAST-ACK"):
        peer = in_state(state)
        host = peer.host
        fin = "F. 1:1(0) ack %d" % peer.seq
        assert host.next()[1] == [fin] and host.next()[1] == [fin]
        assert peer.send(".") == []
        assert peer.state() == {"FIN-WAIT-1": "FIN-WAIT-2", "CLOSING": "TIME-WAIT"}.get(state, "CLOSED")


def test_unacknowledged_fin_times_out():
    for state in ("FIN-WAIT-1", "CLOSING", "LAST-ACK"):
        peer = in_state(state)
        start = peer.host.now
        peer.host.until(lambda peer=peer: peer.state() == "CLOSED")
        assert peer.gone(ETIMEDOUT) and peer.host.now - start > 100 * SECOND and peer.last.flags == "R."


# Half closed


def test_data_is_received_after_our_fin():
    host, peer = established()
    peer.shutdown()
    peer.send(".")
    for _ in range(6):
        peer.send("P.", b"more")
    assert peer.read()[0] == b"more" * 6 and peer.state() == "FIN-WAIT-2"
    assert peer.tcb.predicted >= 0  # on the fast path
    host.at(1000 * SECOND)
    assert peer.state() == "FIN-WAIT-2"  # for as long as they like


def test_data_with_the_ack_of_our_fin_and_a_fin():
    host, peer = established()
    peer.shutdown()
    assert peer.send("FP.", b"last") == [". 2:2(0) ack 6"]
    assert peer.state() == "TIME-WAIT" and peer.read() == (b"last", [])


def test_data_in_fin_wait_1():
    peer = in_state("FIN-WAIT-1")
    peer.send("P.", b"ab", ack=1)
    assert peer.read()[0] == b"ab" and peer.state() == "FIN-WAIT-1"


def test_data_queued_in_close_wait_is_sent_before_the_fin():
    peer = in_state("CLOSE-WAIT")
    assert peer.write(b"x") == ["P. 1:2(1) ack 2"]
    peer.write(b"y" * 10)
    assert peer.shutdown() == ["FP. 2:12(10) ack 2"]
    assert peer.send(".") == [] and peer.gone()


# Orphans: closed by the user


def test_close_in_order_and_the_peer_takes_its_time():
    host, peer = established()
    assert peer.close() == ["F. 1:1(0) ack 1"]
    assert peer.send(".") == [] and peer.state() == "FIN-WAIT-2"
    assert host.at(59 * SECOND) == [] and peer.state() == "FIN-WAIT-2"
    assert host.at(SECOND) == [] and peer.gone()
    assert peer.send("P.", b"late") == ["R 2:2(0)"]


def test_fin_wait_2_timeout_is_configurable():
    for first, later in ((True, False), (False, True)):
        host, peer = established()
        if first:
            user.apply_settings(peer.tcb, peer.tcb.settings.but("fin_wait_2", 3 * SECOND), host.now)
        peer.shutdown()
        peer.send(".")
        if later:
            user.apply_settings(peer.tcb, peer.tcb.settings.but("fin_wait_2", 3 * SECOND), host.now)
        peer.close()
        assert host.at(3 * SECOND - 1) == [] and peer.state() == "FIN-WAIT-2"
        assert host.at(1) == [] and peer.gone()


def test_close_before_the_ack_of_an_earlier_shutdown():
    host, peer = established()
    peer.shutdown()
    peer.send(".")
    assert peer.close() == [] and peer.state() == "FIN-WAIT-2" and peer.tcb.close_at


def test_data_after_close_is_answered_with_a_reset():  # RFC 1122 4.2.2.13
    for fin_acked in (False, True):
        host, peer = established()
        peer.close()
        if fin_acked:
            peer.send(".")
        assert peer.send("P.", b"nobody reads this", ack=1 + fin_acked) == ["R. 2:2(0) ack 1"]
        assert peer.gone(ECONNRESET) and host.dropped("tcp_data_after_close") == 1


def test_retransmitted_data_after_close_is_no_new_data():
    host, peer = established()
    peer.send("P.", b"read")
    host.at(SECOND)
    peer.read()
    peer.close()
    assert peer.send("P.", b"read", seq=1) == [". 2:2(0) ack 5"]
    assert peer.state() == "FIN-WAIT-1"


def test_close_with_unread_data_resets():  # SHLD-3
    for state in ("ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2"):
        peer = in_state(state)
        peer.send("P.", b"never read", ack=peer.ack)
        ack = 11 + (state == "CLOSE-WAIT")
        sent = 1 if state == "ESTABLISHED" else 2
        assert peer.close() == ["R. %d:%d(0) ack %d" % (sent, sent, ack)], state
        assert peer.gone()


def test_close_with_unread_data_before_the_fin():
    host, peer = established()
    peer.send("FP.", b"never read")
    assert peer.close() == ["R. 1:1(0) ack 12"] and peer.gone()


def test_close_with_unread_data_in_time_wait_keeps_waiting():
    host, peer = established()
    peer.shutdown()
    peer.send("FP.", b"never read")
    assert peer.close() == [] and peer.state() == "TIME-WAIT"  # both sides have acknowledged everything
    assert peer.tcb.rx.buf is None
    assert host.at(MSL2) == [] and peer.gone()


def test_orphan_behind_a_zero_window_times_out():  # RFC 6429, RFC6429-1
    host, peer = established()
    peer.win = 0
    peer.send(".")
    peer.write(b"x" * 100)
    peer.close()
    start = host.now
    for _ in range(100):
        if peer.state() == "CLOSED":
            break
        if any([". 1:2(1)" in sent for sent in host.next()[1]]):
            peer.ack = 1
            peer.send(".", win=0)
    assert peer.gone(ETIMEDOUT) and host.now - start > 100 * SECOND


# Abort, 3.10.5


def test_abort_in_every_state():
    for state in SYNCHRONIZED + ("SYN-SENT", "SYN-RECEIVED"):
        peer = in_state(state)
        sent = 2 if peer.tcb.fin_seq >= 0 else 1
        expected = ["R. %d:%d(0) ack %d" % (sent, sent, peer.seq)]
        assert peer.abort() == ([] if state in ("SYN-SENT", "TIME-WAIT") else expected), state
        assert peer.gone()
        assert peer.abort() == [] == peer.close()


def test_abort_discards_queued_data():
    host, peer = established()
    peer.write(b"x" * 30000)
    peer.send("P.", b"in")
    assert peer.abort() == ["R. 29201:29201(0) ack 3"]
    assert peer.tcb.tx.buf is None is peer.tcb.rx.buf


# Resets and the errors for the user


def test_reset_wakes_reader_and_writer_and_discards_data():
    host, peer = established()
    peer.send("P.", b"unread")
    peer.write(b"unsent" * 10)
    peer.send("R")
    assert peer.gone(ECONNRESET) and peer.tcb.rx.buf is None
    assert peer.read() == (b"", [])


def test_data_received_before_a_regular_end_can_be_read():
    host, peer = established()
    peer.send("FP.", b"last words")
    peer.shutdown()
    peer.send(".")
    assert peer.gone() and peer.read() == (b"last words", [])


def test_ended_connection_releases_its_memory_before_close():
    for end in ("close", "abort"):
        host, peer = established()
        peer.send("FP.", b"last words")
        peer.read(4)
        peer.shutdown()
        peer.send(".")
        assert peer.gone() and host.tcp.memory.used > 0
        assert getattr(peer, end)() == [] and host.tcp.memory.used == 0


def test_close_releases_the_receive_buffer():
    """Thousands in FIN-WAIT-2 and TIME-WAIT may not cost a buffer each."""
    host, peer = established()
    peer.send("P.", b"read")
    assert peer.read()[0] == b"read" and host.tcp.memory.used > TCP_CONNECTION
    peer.close()
    peer.send(".")
    assert peer.state() == "FIN-WAIT-2" and host.tcp.memory.used == TCP_CONNECTION
    peer.send("F.")
    assert peer.state() == "TIME-WAIT" and host.tcp.memory.used == TCP_CONNECTION


def test_close_releases_out_of_order_data():
    host, peer = established()
    peer.send("P.", b"behind a gap", seq=peer.seq + 10)
    assert host.tcp.memory.used > TCP_CONNECTION
    peer.close()
    assert host.tcp.memory.used == TCP_CONNECTION
    peer.send("P.", b"to nobody.")  # new data after close: RFC 1122 4.2.2.13
    assert peer.gone(ECONNRESET)


# TIME-WAIT


def test_retransmitted_fin_restarts_time_wait():
    host, peer = time_wait()
    host.at(MSL2 // 2)
    assert peer.send("F.", seq=peer.seq - 1) == [". 2:2(0) ack 2"]
    assert host.at(MSL2 - 1) == [] and peer.state() == "TIME-WAIT"
    host.until(lambda: peer.state() == "CLOSED", limit=3)
    assert peer.gone()


def test_a_newer_syn_ends_time_wait():
    host, peer = time_wait()
    listener = host.tcp.listeners[9000][0]
    old = peer.tcb
    again = host.peer(irs=peer.irs + 100000)
    # more data was sent than the ISN clock ticked
    host.tcp.initial_sequence = lambda tcb, now: (peer.iss - 20000) & 0xFFFFFFFF
    answer = again.send("S")
    assert len(answer) == 1 and again.last.flags == "S."
    assert again.send(".") == [] and listener.accept().state == 3
    assert old.state == 0 and host.tcp.time_waits == [] and host.tcp.count == 1
    # MAY-2: larger than the largest number of the earlier connection
    assert 0 < (again.last.seq - old.snd_max) & 0xFFFFFFFF < 0x80000000


def test_timestamps_say_which_syn_is_newer():
    """SHLD-4, RFC6191-1: whatever its number; an older timestamp or the same with an older number does
    not. A SYN that offers what the old connection had not is newer."""
    for had, ts, seq, reopens in (
        (1000, 1001, -5000, True),
        (1000, 1000, 5000, True),
        (1000, 1000, -5000, False),
        (1000, 999, 5000, False),
        (1000, None, 5000, True),
        (1000, None, -5000, False),
        (None, 5, -5000, True),
        (None, None, -5000, False),
    ):
        peer = in_state("TIME-WAIT", ts=had)
        host, old = peer.host, peer.tcb
        again = host.peer(irs=peer.irs + 2 + seq, iss=peer.iss, ts=ts)
        frame = again.frame("S", seq=0)
        host.input(frame)
        assert (old.state == 0) == reopens, (had, ts, seq)
        if reopens:
            assert again.last.flags == "S." and again.last.rel_ack == 1
            assert 0 < (again.last.seq - old.snd_max) & 0xFFFFFFFF < 0x80000000


def test_a_newer_syn_to_a_full_listener_leaves_time_wait_alone():
    host, peer = time_wait()
    host.tcp.listeners[9000][0].backlog = 0
    assert peer.send("S", seq=100000) == [] and peer.state() == "TIME-WAIT"
    assert host.dropped("tcp_backlog_full") == 1


def test_connections_in_time_wait_are_bounded():
    host = Host()
    host.listen()
    limit, close.TCP_TIME_WAIT = close.TCP_TIME_WAIT, 5
    try:
        peers = in_time_wait(host, 8)
        assert [peer.state() for peer in peers] == ["CLOSED"] * 3 + ["TIME-WAIT"] * 5
        assert host.tcp.count == len(host.tcp.time_waits) == 5
    finally:
        close.TCP_TIME_WAIT = limit


class Full(list):
    """A list with memory for three elements."""

    def append(self, each):
        if len(self) >= 3:
            raise MemoryError
        super().append(each)


def in_time_wait(host, count):
    peers = [host.peer(rport=1000 + i) for i in range(count)]
    for peer in peers:
        peer.connect()
        peer.shutdown()
        peer.send("F.")
    return peers


def test_oldest_time_wait_is_dropped_when_memory_is_short():
    host = Host()
    host.listen()
    host.tcp.time_waits = Full()
    peers = in_time_wait(host, 5)
    assert [peer.state() for peer in peers] == ["CLOSED"] * 2 + ["TIME-WAIT"] * 3
    assert host.stack.stats.no_memory == 0


def test_time_waits_are_shed_the_oldest_first():
    host = Host()
    host.listen()
    peers = in_time_wait(host, 7)
    close.shed_time_waits(host.tcp)
    assert [peer.state() for peer in peers] == ["CLOSED"] * 2 + ["TIME-WAIT"] * 5
    assert host.dropped("tcp_time_wait_given_up") == 2
    for _ in range(5):
        close.shed_time_waits(host.tcp)
    assert host.tcp.count == 0


# A device without room


def test_connection_closed_while_stalled_sends_nothing():
    for data in (b"", b"x" * 100):
        host, peer = established()
        peer.send("P.", b"in")
        peer.read()
        host.wire.full = True
        peer.write(data)
        peer.shutdown()
        assert host.interface.link.stalled == [peer.tcb]
        host.wire.full = False
        assert len(peer.abort()) == 1 and peer.gone()
        assert host.at(1) == [] and host.interface.link.stalled == [] and peer.gone()


def test_stalled_connection_resumes_when_the_device_has_room():
    host, peer = established()
    host.wire.full = True
    peer.send("P.", b"ab")
    assert peer.write(b"x" * 100) == []
    assert peer.shutdown() == [] and host.wire.refused > 0
    host.wire.full = False
    assert host.at(1) == ["FP. 1:101(100) ack 3"]
    assert host.dropped("device_full") > 0
    assert peer.send(".") == [] and peer.state() == "FIN-WAIT-2"


def test_each_turn_resumes_as_many_stalled_connections_as_fit():
    """And one more: 16 384 connections that close at once would be looked at in every turn."""
    host = Host()
    peers = [host.peer(rport=1000 + i) for i in range(100)]
    for peer in peers:
        peer.connect()
    host.wire.full = True
    for peer in peers:
        peer.shutdown()
    host.wire.full = False
    room = 0

    def without():
        nonlocal room
        room -= 1
        return room < 0

    host.wire.without = without
    before = host.wire.refused
    closed = []
    for turn in range(1, 11):
        room = 10
        closed += host.at(1)
        assert len(closed) == 10 * turn and host.wire.refused - before <= turn
    assert host.interface.link.stalled == [] and all(peer.last.flags == "F." for peer in peers)
    assert [len(peer.sent) for peer in peers] == [2] * 100
