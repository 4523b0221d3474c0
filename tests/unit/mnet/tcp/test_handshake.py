# Opening a connection: RFC 9293 3.5, 3.10.1, 3.10.7.1 to 3.10.7.3; options of RFC 7323.

from mnet.errors import (
    EADDRINUSE,
    EHOSTUNREACH,
    ENETUNREACH,
    ETIMEDOUT,
)
from mnet.limits import SECOND
from mnet.tcp import isn, user
from mnet.tcp.settings import Settings
from mnet.tcp.states import CLOSED, ESTABLISHED
from unit.mnet.builders import START, Host
from unit.mnet.frames import BROADCAST, OURS, PEER
from unit.mnet.tcp.situations import in_state, opening


def opened(**what):
    host = Host()
    return host, host.peer(**what)


# Passive


def test_passive_open_and_data_both_ways():
    host, peer = opened()
    tcb = peer.connect()
    assert (tcb.local, tcb.lport, tcb.remote, tcb.rport) == (OURS, 9000, PEER, 40000)
    assert peer.send("P.", b"hello") == []
    assert host.at(40000) == [". 1:1(0) ack 6"]
    assert peer.read() == (b"hello", [])
    assert peer.write(b"answer") == ["P. 1:7(6) ack 6"]
    assert host.drops == {} and host.stack.stats.tcp_opened == 1


def test_data_with_the_third_segment_is_accepted():
    host, peer = opened()
    listener = host.listen()
    peer.send("S")
    assert peer.send("P.", b"early") == []
    peer.tcb = listener.accept()
    assert peer.read()[0] == b"early"


def test_fin_with_the_third_segment_is_accepted():
    host, peer = opened()
    listener = host.listen()
    peer.send("S")
    assert peer.send("FP.", b"all") == [". 1:1(0) ack 5"]
    peer.tcb = listener.accept()
    assert peer.state() == "CLOSE-WAIT" and peer.read()[0] == b"all"


def test_syn_ack_is_retransmitted_until_it_times_out():  # MUST-22, RFC6298-1
    host, peer = opened()
    listener = host.listen()
    assert peer.send("S") == ["S. 0:0(0) ack 1"]
    start, times = host.now, []
    while host.tcp.count:
        if host.next()[1] == ["S. 0:0(0) ack 1"]:
            times.append((host.now - start) // SECOND)
    assert times == [1, 3, 7, 15, 31, 63, 123] and host.now - start == 183 * SECOND  # RFC 9293 MUST-23
    assert len(listener.syn_queue) == 0


def test_a_repeated_syn_is_answered_again_and_then_no_round_trip_is_timed():
    host, peer = opened()
    listener = host.listen()
    peer.send("S")
    host.now += 300000
    assert peer.send("S", seq=0) == ["S. 0:0(0) ack 1"]
    host.now += 5000
    peer.send(".")
    tcb = listener.accept()
    assert tcb.srtt == 0, "Karn: nobody knows which SYN-ACK was acknowledged"
    host.dropped("tcp_outside_window")


def test_round_trip_of_the_handshake_is_measured():
    host, peer = opened()
    listener = host.listen()
    peer.send("S")
    host.now += 30000
    peer.send(".")
    assert listener.accept().srtt >> 3 == 30000


def test_segments_outside_the_window_of_a_half_open_connection_are_answered():
    for wscale in (None, 7):
        host, peer = opened(wscale=wscale)
        host.listen()
        peer.send("S")
        assert peer.send(".", b"x", seq=-500) == [". 1:1(0) ack 1"]
        assert peer.last.win << (1 if wscale else 0) >= 65534
        assert peer.send(".", seq=70000) == [". 1:1(0) ack 1"]
        assert host.dropped("tcp_outside_window") == 2


# LISTEN, 3.10.7.2


def test_a_syn_to_another_local_address_of_the_listener_is_refused():
    host, peer = opened()
    assert host.tcp.listen(OURS + 1, 9000, 5, Settings(65536, 65536, False)).port == 9000
    assert peer.send("S")[0].startswith("R.")


def test_syns_are_dropped_while_the_accept_queue_is_full():
    host = Host()
    listener = host.listen(backlog=2)
    peers = [host.peer(rport=40000 + i) for i in range(4)]
    assert peers[0].send("S") == ["S. 0:0(0) ack 1"]
    assert peers[1].send("S") == ["S. 0:0(0) ack 1"]
    assert peers[0].send(".") == [] and peers[1].send(".") == []
    assert peers[2].send("S") == [] and host.dropped("tcp_backlog_full") == 1
    assert listener.accept().rport == 40000
    assert peers[3].send("S") == ["S. 0:0(0) ack 1"]
    assert [tcb.rport for tcb in listener.accept_queue] == [40001]


def test_half_open_connections_keep_their_places_for_their_retransmissions():
    """A distant peer needs a round trip, and another one for each lost segment. New clients get cookies
    meanwhile."""
    host = Host()
    listener = host.listen(backlog=2)
    peers = [host.peer(rport=40000 + i) for i in range(5)]
    for peer in peers:
        assert peer.send("S") == ["S. 0:0(0) ack 1"]
        host.at(SECOND // 10)
    assert host.dropped("tcp_syn_cookie") == 3 and len(listener.syn_queue) == host.tcp.count == 2
    while len(peers[0].sent) < 3:  # its SYN-ACK has been retransmitted twice
        host.next()
    for peer in peers:
        assert peer.send(".", seq=1) == [] and listener.accept().rport == peer.rport
    host.check()


def test_a_syn_in_time_wait_needs_no_room_in_the_syn_queue():
    """It replaces a connection whose peer has proved its address, as on Linux."""
    host, peer = opened()
    listener = host.listen()
    peer.connect()
    peer.close()
    peer.send("F.", ack=2)
    assert peer.state() == "TIME-WAIT"
    listener.backlog = 1
    host.peer(rport=50000).send("S")
    assert listener.syn_queue_full()
    peer.seq = 0
    host.tcp.initial_sequence = lambda tcb, now: 77
    assert peer.send("S", options=b"", seq=1000) != [] and peer.last.flags == "S."
    assert host.dropped("tcp_syn_cookie") == 0 and len(listener.syn_queue) == 2


def test_syn_is_dropped_while_the_accept_queue_is_full():
    """However old the half-open connections are: new ones could not be accepted either."""
    host = Host()
    listener = host.listen(backlog=1)
    early, cookie, late = (host.peer(rport=40001 + i) for i in range(3))
    early.send("S")
    cookie.send("S")
    cookie.send(".")
    assert len(listener.accept_queue) == len(listener.syn_queue) == 1
    host.now += SECOND // 2
    assert late.send("S") == [] and host.drops["tcp_backlog_full"] == 1
    assert len(listener.syn_queue) == 1 and host.tcp.count == 2


def test_handshake_does_not_complete_while_the_accept_queue_is_full():
    """The SYN-ACK is retransmitted until there is room, as on Linux."""
    host = Host()
    listener = host.listen(backlog=1)
    early, cookie = host.peer(rport=40001), host.peer(rport=40002)
    early.send("S")
    cookie.send("S")
    cookie.send(".")
    assert early.send(".") == [] and early.send("P.", b"text") == []
    assert len(listener.accept_queue) == 1 and len(listener.syn_queue) == 1
    assert host.drops["tcp_backlog_full"] == 2
    assert listener.accept().rport == cookie.rport
    assert host.until(lambda: len(early.sent) > 1) == ["S. 0:0(0) ack 1"]
    assert early.send("P.", b"text", seq=1) == [] and listener.accept().rx.head == 4


def test_syn_without_a_route_back_keeps_no_state():
    host = Host()
    host.listen()
    assert host.peer(address=0xC0000201).send("S") == []
    assert host.dropped("tcp_no_route") == 1 and host.tcp.count == 0


def test_syns_beyond_the_backlog_get_cookies():
    host = Host()
    listener = host.listen(backlog=2)
    peers = [host.peer(rport=40000 + i) for i in range(3)]
    for peer in peers[:2]:
        assert peer.send("S") == ["S. 0:0(0) ack 1"]
    assert peers[2].send("S") == ["S. 0:0(0) ack 1"] and host.dropped("tcp_syn_cookie") == 1
    host.now += SECOND // 10
    for peer in peers[:2]:
        assert peer.send(".") == [] and listener.accept()
    assert peers[2].send(".") == [] and listener.accept().rport == 40002


def test_half_open_connection_ends_when_the_neighbor_is_unreachable():
    host = Host()
    host.answers_arp = False
    listener = host.listen()
    assert host.peer(address=PEER + 1).send("S") == []
    host.until(lambda: host.tcp.count == 0, limit=10)
    assert len(listener.syn_queue) == 0 and host.now - START < 5 * SECOND


def test_listener_notifies_its_reader():
    host, peer = opened()
    listener = host.listen()
    told = []
    listener.on_readable = lambda: told.append(len(listener.accept_queue))
    peer.send("S")
    assert told == []
    peer.send(".")
    assert told == [1]


def test_unlisten_resets_unaccepted_connections():
    host = Host()
    listener = host.listen()
    ready, coming, accepted = [host.peer(rport=port) for port in (1, 2, 3)]
    tcb = accepted.connect()
    ready.send("S")
    ready.send(".")
    coming.send("S")
    host.tcp.unlisten(listener, host.now)
    assert sorted(host.take()) == ["R. 1:1(0) ack 1", "R. 1:1(0) ack 1"]
    assert host.tcp.count == 1 and tcb.state == ESTABLISHED and not host.tcp.listeners
    assert accepted.send("P.", b"on") == []
    assert host.peer(rport=4).send("S")[0].startswith("R.")


def test_a_port_is_listened_on_once():  # BAD-23
    host = Host()
    host.listen(9000)
    assert host.tcp.listen(0, 9000, 1, Settings(1, 1, False)) == -EADDRINUSE
    chosen = host.tcp.listen(0, 0, 1, Settings(1, 1, False))
    assert 32768 <= chosen.port <= 60999


def test_connection_table_is_bounded():
    from mnet.tcp import table

    host = Host()
    host.listen()
    host.tcp.count = table.TCP_CONNECTIONS
    frame = host.peer().frame("S")
    host.interface.receive(bytearray(frame), len(frame), True, host.now)
    host.tcp.count = 0
    assert len(host.take()) == 1 and host.dropped("tcp_syn_cookie") == 1 and host.tcp.ports == {}


def test_syn_from_no_host_or_to_many_is_ignored():  # BAD-23
    host, peer = opened()
    host.listen()
    for source in (0, 0xFFFFFFFF, 0x0A0000FF, 0xE0000001, 0x7F000001, OURS, 0x00000005, 0xF0000001):
        frame = host.peer(address=source).frame("S")
        assert host.input(frame) == []
        assert host.dropped("ipv4_source") == 1  # MUST-63, LAND among them
    for flags in ("S", "S.", ".", "F.", "R"):
        frame = peer.frame(flags, dst=0x0A0000FF)
        assert host.input(frame) == [] and host.dropped("tcp_broadcast") == 1  # MUST-57
    frame = peer.frame("S")
    assert host.input(BROADCAST + frame[6:]) == [] and host.dropped("ipv4_not_ours") == 1
    host.interface.igmp.join(0xE0010203, host.now)
    frame = peer.frame("S", dst=0xE0010203)
    assert host.input(b"\1\0\x5e\1\2\3" + frame[6:]) == [] and host.dropped("tcp_broadcast") == 1  # MUST-57
    assert host.tcp.count == 0


# Options


def test_mss_follows_the_mtu_and_the_peers_mss():  # MUST-14, MUST-67, SHLD-5, SHLD-6
    for mtu in (1500, 576, 9000):
        host = Host(mtu=mtu)
        peer = host.peer(mss=600)
        tcb = peer.connect()
        assert peer.sent[0].mss == mtu - 40
        assert tcb.snd_mss == min(600, mtu - 40)


def test_window_scale_is_used_if_both_offer_it():  # RFC7323-1
    host, peer = opened(wscale=7)
    peer.win = 1000
    tcb = peer.connect()
    assert peer.sent[0].wscale == 1  # 64 KiB do not fit into 16 bits
    assert peer.sent[0].win == 65535  # a SYN's window is not scaled
    assert tcb.snd_wnd == 1000 << 7
    host, peer = opened()
    peer.win = 1000
    tcb = peer.connect()
    assert peer.sent[0].wscale is None and tcb.snd_wnd == 1000 and tcb.rcv_wscale == 0


def test_large_receive_buffers_get_a_large_scale():
    host = Host()
    peer = host.peer(wscale=0)
    tcb = peer.connect(host.listen(rcv_buf=4 << 20))
    assert peer.sent[0].wscale == 7
    assert peer.send("P.", b"x") == [] and host.at(40000)
    assert (4 << 20) - 128 <= peer.last.win << 7 <= 4 << 20
    assert tcb.rcv_wscale == 7


def test_the_window_of_a_connection_we_opened_is_what_there_is_room_for():
    for irs in (1000, 0x70000000, 0x90000000, 0xFFFFFFFF):
        for wscale in (None, 2):
            host, peer = opened(irs=irs, wscale=wscale)
            tcb = peer.accept()
            shift = 1 if wscale is not None else 0
            assert peer.last.win << shift in (65535, 65536, 65534), (hex(irs), peer.last.win)
            assert tcb.rcv_wscale == shift


def test_timestamps_are_used_if_both_offer_them():  # MUST-16, RFC7323-3, RFC6691-1
    host, peer = opened(ts=77)
    tcb = peer.connect()
    assert tcb.ts_on and tcb.snd_mss == 1448
    assert peer.sent[0].ts == (host.now >> 10, 77)
    peer.ts = 80
    assert peer.write(b"x") and peer.last.ts == (host.now >> 10, 77)
    assert peer.send("P.", b"y", ack=2) == []
    assert host.at(40000) == [". 2:2(0) ack 2"] and peer.last.ts == (host.now >> 10, 80)
    host, peer = opened()
    tcb = peer.connect()
    assert not tcb.ts_on and peer.sent[0].ts is None and tcb.snd_mss == 1460
    assert peer.write(b"x") and peer.last.options == {}


# Active


def test_active_open_times_out():  # MUST-22
    host, peer = opened()
    start = host.now
    peer.tcb = tcb = host.connect(PEER, 40000, 0, 65536, 65536, host.now)
    peer.lport = tcb.lport
    assert host.take() == ["S 0:0(0)"]
    sent = host.until(lambda: tcb.state == CLOSED)
    assert sent == ["S 0:0(0)"] * 7 and peer.gone(ETIMEDOUT)
    assert host.now - start >= 180 * SECOND  # MUST-23


def test_active_open_to_a_neighbor_that_does_not_answer():
    """RFC 1122 2.4: the link layer reports an undeliverable packet; here that is certain."""
    host = Host()
    host.answers_arp = False
    tcb = host.connect(PEER + 1, 80, 0, 65536, 65536, host.now)
    host.until(lambda: tcb.state == CLOSED, limit=10)
    assert tcb.error == EHOSTUNREACH and host.tcp.count == 0 and host.now - START < 5 * SECOND


def test_established_connection_survives_an_unreachable_neighbor():
    host, peer = opened()
    tcb = peer.connect()
    host.interface.arp.neighbors.remove(host.interface.arp.neighbors.table[PEER])
    host.answers_arp = False
    assert peer.write(b"text") == []
    host.until(lambda: "neighbor_unreachable" in host.drops, limit=20)
    assert tcb.state == ESTABLISHED and tcb.error == EHOSTUNREACH  # RFC 1122 4.2.3.9
    host.answers_arp = True
    assert "P. 1:5(4) ack 1" in host.until(lambda: tcb.neighbor.mac is not None, limit=20) + host.next()[1]
    peer.send(".", ack=5)
    assert tcb.state == ESTABLISHED and tcb.snd_una == tcb.snd_max


def test_after_a_lost_syn_the_timer_starts_at_three_seconds():  # RFC6298-3
    host, peer, tcb = opening()
    assert host.at(SECOND) == ["S 0:0(0)"]
    assert peer.send("S.") == [". 1:1(0) ack 1"]
    assert tcb.rto == 3 * SECOND and tcb.srtt == 0  # RFC 6298 5.7, Karn


def test_connect_to_an_address_of_no_host_fails():
    host = Host(gateway=PEER)
    for remote in (0xFFFFFFFF, 0x0A0000FF, 0xE0000001, 0xF0000001, 0x00010203):
        result = host.connect(remote, 80, 0, 65536, 65536, host.now)
        assert result == -ENETUNREACH, hex(remote)  # MUST-46
    assert host.tcp.count == 0 and host.take() == []


def test_connect_without_a_route_fails():
    host = Host()
    assert host.connect(0x08080808, 80, 0, 65536, 65536, host.now) == -ENETUNREACH
    assert host.tcp.count == 0


def test_ports_of_connections_we_open_differ_and_are_checked():
    host = Host(iss=None)
    ports = set()
    for _ in range(50):
        ports.add(host.connect(PEER, 80, 0, 65536, 65536, host.now).lport)
    assert len(ports) == 50
    assert host.connect(PEER, 80, min(ports), 65536, 65536, host.now) == -EADDRINUSE
    assert host.connect(PEER, 81, min(ports), 65536, 65536, host.now).lport == min(ports)


def test_data_queued_before_the_connection_is_open_is_sent():
    host, peer, tcb = opening()
    assert user.send(tcb, b"early", 0, 5, host.now) == 5 and host.take() == []
    assert peer.send("S.")[-1] == "P. 1:6(5) ack 1"


def test_reset_while_opening_deletes_the_connection_silently():
    host, peer, tcb = opening()
    assert peer.close() == [] and peer.gone()


# Both at once, RFC 9293 figure 7


def simultaneous(**what):
    peer = in_state("SYN-RECEIVED-active", **what)
    return peer.host, peer


def test_simultaneous_open_completed_by_an_ack():  # MUST-10
    host, peer = simultaneous()
    assert peer.send(".") == [] and peer.state() == "ESTABLISHED"
    assert peer.write(b"x") == ["P. 1:2(1) ack 1"]


def test_simultaneous_open_where_syn_acks_cross():  # MUST-10
    host, peer = simultaneous()
    assert peer.send("S.", seq=0) == [". 1:1(0) ack 1"]  # not another SYN-ACK: that would loop
    assert peer.send(".") == [] and peer.state() == "ESTABLISHED"


def test_simultaneous_open_offers_only_what_the_peer_did():
    host, peer = simultaneous()
    assert peer.last.wscale is None and peer.last.ts is None
    host, peer = simultaneous(wscale=2, ts=5)
    assert peer.last.wscale == 1 and peer.last.ts == (host.now >> 10, 5)


# Initial sequence numbers, RFC 6528


def test_isn_ticks_every_four_microseconds_and_differs_by_connection():  # MUST-9, SHLD-1
    def number(secret=b"s" * 16, local=1, lport=2, remote=3, rport=4, now=0):
        return isn.initial(secret, bytes((remote, local)), lport, rport, now)

    first = number()
    assert 0 <= first < 1 << 32
    assert (number(now=4 * 250000) - first) & 0xFFFFFFFF == 250000  # MUST-8
    assert number(now=3) == first
    others = [number(b"t" * 16), number(local=9), number(lport=9), number(remote=9), number(rport=9)]
    assert len(set(others + [first])) == 6
    host = Host(iss=None)
    host.listen()
    peer = host.peer()
    peer.send("S")
    ends = b"\x0a\0\0\x02\x0a\0\0\x01"
    assert peer.last.seq == isn.initial(host.stack.env.secret, ends, 9000, 40000, host.now)


# Where memory ends


def test_out_of_memory_while_opening_leaves_no_state():
    host, peer = opened()
    listener = host.listen()

    def no_memory(tcb, now):
        raise MemoryError

    number, host.tcp.initial_sequence = host.tcp.initial_sequence, no_memory
    try:
        peer.send("S")
    except MemoryError:
        pass
    assert (host.tcp.count, len(listener.syn_queue), host.tcp.ports) == (0, 0, {})
    try:
        host.connect(PEER, 80, 0, 65536, 65536, host.now)
    except MemoryError:
        pass
    assert (host.tcp.count, host.tcp.ports) == (0, {})
    host.tcp.initial_sequence = number
    peer.seq = 0
    assert peer.connect().state == ESTABLISHED
