# A segment arrives: what test_states.py leaves of RFC 9293 3.10.7.4 and RFC 5961; PAWS of RFC 7323.
from mnet.errors import ECONNRESET
from mnet.limits import SECOND
from unit.mnet.builders import Host


def established(**what):
    host = Host()
    peer = host.peer(**what)
    peer.connect()
    return host, peer


# First: the sequence number


def test_zero_window_accepts_acks_and_resets():
    host = Host()
    peer = host.peer()
    peer.connect(host.listen(rcv_buf=2048))
    peer.send("P.", bytes(1024))
    peer.send("P.", bytes(1024))
    assert peer.last.win == 0 and peer.last.rel_ack == 2049
    assert peer.send("P.", b"x", seq=2049) == [". 1:1(0) ack 2049"] and host.dropped("tcp_no_room") == 1
    peer.write(b"answer")
    assert peer.send(".", ack=7) == [] and peer.tcb.tx.head == peer.tcb.tx.tail
    assert peer.send("R.", seq=2049, ack=7) == [] and peer.gone(ECONNRESET)  # MUST-66


def test_acks_for_unacceptable_empty_segments_are_rate_limited():
    # desynchronized peers must not loop
    host, peer = established()
    assert peer.send(".", seq=-500) == [". 1:1(0) ack 1"]
    assert peer.send(".", seq=-500) == [] == peer.send(".", seq=70000)
    assert peer.send(".", b"text", seq=-500) != [] == peer.send(".", seq=-500)
    host.now += 500000
    assert peer.send(".", seq=-1) == [". 1:1(0) ack 1"]
    host, peer = established(ts=1000)
    peer.ts = 999
    assert peer.send(".") == [". 1:1(0) ack 1"] and peer.send(".") == []


# Second: RST, RFC 5961 3.2


def test_challenge_acks_are_rate_limited_per_connection():  # RFC5961-4
    host, peer = established()
    other = host.peer(rport=50000)
    other.connect()
    assert len(peer.send("R", seq=5)) == 1
    assert peer.send("R", seq=5) == [] == peer.send("S", seq=5) == peer.send(".", ack=99)
    assert len(other.send("S", seq=5)) == 1  # the limit is per connection: no side channel
    host.now += 500000
    assert len(peer.send("S", seq=5)) == 1


# Fourth: SYN, RFC 5961 4.2


def test_syn_in_window_gets_a_challenge_ack_and_a_restarted_peer_can_reconnect():
    host, peer = established()
    assert peer.send("S", seq=500) == [". 1:1(0) ack 1"]
    assert peer.send("R", seq=1) == [] and peer.gone(ECONNRESET)
    again = host.peer(irs=1500)
    again.connect(host.tcp.listeners[9000][0])


# Fifth: ACK


def test_window_of_an_older_segment_is_ignored():
    host, peer = established()
    peer.send("P.", b"x" * 10, win=5000)
    assert peer.tcb.snd_wnd == 5000
    peer.send("P.", b"y" * 10, seq=31, win=4000)
    assert peer.tcb.snd_wnd == 4000
    peer.send("P.", b"z" * 10, seq=11, win=3000)  # sent before, came later
    assert peer.tcb.snd_wnd == 4000
    peer.send("P.", b"z" * 10, seq=21, win=6000)
    assert peer.tcb.rcv_nxt == peer.irs + 41 and peer.tcb.snd_wnd == 4000
    peer.send(".", seq=41, win=7000)
    assert peer.tcb.snd_wnd == 7000


def test_window_of_a_newer_ack_is_used():
    host, peer = established(mss=1000)
    peer.write(b"a" * 3000)
    peer.send("P.", b"more", seq=5, ack=1001, win=5000)
    # what was lost, sent again after that: with the old window SND.UNA would push the edge right
    peer.send("P.", b"lost", seq=1, ack=3001, win=3000)
    assert (peer.tcb.snd_una - peer.iss, peer.tcb.snd_wnd) == (3001, 3000)


def test_window_is_updated_after_two_gigabytes_of_either_direction():
    # header prediction handles everything in between
    host, peer = established()
    tcb = peer.tcb
    for _ in range(3):  # 3 x 0.9 GiB received
        for ring in (tcb.rx,):
            ring.head += 0x39999999
            ring.tail += 0x39999999
        tcb.rcv_nxt = tcb.rcv_acked = (tcb.rcv_nxt + 0x39999999) & 0xFFFFFFFF
        tcb.rcv_adv = (tcb.rcv_nxt + 65535) & 0xFFFFFFFF
        peer.seq += 0x39999999
        assert peer.send("P.", b"x" * 100) == []
        assert host.at(40000) != [] and peer.read() == (b"x" * 100, [])
    assert peer.send(".", win=1234) == [] and tcb.snd_wnd == 1234
    host, peer = established()
    tcb = peer.tcb
    for _ in range(3):  # and sent
        tcb.snd_una = tcb.snd_nxt = tcb.snd_max = (tcb.snd_una + 0x39999999) & 0xFFFFFFFF
        peer.ack += 0x39999999
        peer.write(b"y" * 100)
        assert peer.send(".") == []
    assert peer.send(".", win=1234) == [] and tcb.snd_wnd == 1234


# Numbers near the wrap


def test_connection_across_the_sequence_number_wrap():
    for irs in (0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFF00):
        for iss in (0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFF00):
            host = Host(iss=iss)
            peer = host.peer(irs=irs, iss=iss)
            peer.connect()
            for _ in range(4):
                peer.send("P.", b"r" * 200)
                assert peer.read()[0] == b"r" * 200
                sent = peer.write(b"w" * 200)
                assert sent == ["P. %d:%d(200) ack %d" % (peer.ack - 200, peer.ack, peer.seq)]
                assert peer.send(".") == []
            assert peer.send("F.") == [". 801:801(0) ack 802"]
            assert peer.shutdown() == ["F. 801:801(0) ack 802"]
            assert peer.send(".") == [] and peer.gone()


# Timestamps, RFC 7323 3.2, 4.3, 5.3


def test_paws_acknowledges_and_drops():  # RFC7323-5
    host, peer = established(ts=1000)
    peer.send("P.", b"new")
    peer.ts = 999
    assert peer.send("P.", b"old", seq=4) == [". 1:1(0) ack 4"] and host.dropped("tcp_paws") == 1
    assert peer.last.ts[1] == 1000
    peer.ts = 1000
    assert peer.send("P.", b"new", seq=4) == []
    peer.ts = 5
    assert peer.send("R", seq=7) == [] and peer.gone(ECONNRESET)  # a reset is exempt


def test_a_reset_sets_no_timestamp():  # RFC 7323 4.3 (2): nothing older than what is known is remembered
    host, peer = established(ts=1000)
    peer.send("P.", b"abc")
    peer.ts = 5
    assert peer.send("R", b"with text", seq=1) == [". 1:1(0) ack 4"] and host.dropped("tcp_rst") == 1
    assert peer.tcb.ts_recent == 1000


def test_our_reset_has_a_timestamp():  # RFC 7323 3.2
    _, peer = established(ts=1000)
    assert peer.abort() == ["R. 1:1(0) ack 1"] and peer.last.ts[1] == 1000
    _, peer = established()
    assert peer.abort() == ["R. 1:1(0) ack 1"] and peer.last.ts is None


def test_paws_across_the_wrap_of_the_timestamp_clock():  # RFC7323-5
    host, peer = established(ts=0xFFFFFFF0)
    peer.ts = 0x10
    assert peer.send("P.", b"on") == [] and peer.tcb.ts_recent == 0x10
    peer.ts = 0xFFFFFFFF
    assert peer.send("P.", b"old", seq=3) != [] and host.dropped("tcp_paws") == 1


def test_a_connection_idle_for_longer_than_the_timestamp_clock_lasts():  # RFC 7323 5.5, RFC7323-6
    host, peer = established(ts=1000)
    host.now += 25 * 24 * 3600 * SECOND
    peer.ts = 1000 + 25 * 24 * 3600 * 1000
    assert peer.send("P.", b"still there") == [] and peer.read()[0] == b"still there"
    peer.ts -= 1
    assert peer.send("P.", b"old") != [] and host.dropped("tcp_paws") == 1


def test_segments_without_the_negotiated_timestamp_are_accepted_and_counted():
    """As on Linux (tests/packetimpact/test_tcp_segments.py). Ours have it all the same."""
    host = Host()
    listener = host.listen()
    peer = host.peer(ts=1000, sack=True)
    peer.send("S")
    peer.ts = None
    assert peer.send(".") == []
    tcb = peer.tcb = listener.accept()
    assert peer.send("P.", b"x") == [] and peer.send("P.", b"y") == [". 1:1(0) ack 3"]
    assert peer.last.ts[1] == 1000 and peer.read()[0] == b"xy" and tcb.ts_recent == 1000
    assert (
        peer.write(b"answer") == ["P. 1:7(6) ack 3"] and peer.send(".") == [] and tcb.snd_una == tcb.snd_max
    )
    assert peer.send("P.", b"ahead", seq=10)[0].startswith(". 7:7(0) ack 3 sack")
    assert not host.drops and host.stack.stats.tcp_no_timestamp == 5
    peer.ts = 999
    assert peer.send("P.", b"old") != [] and host.dropped("tcp_paws") == 1
    assert peer.send("R", seq=3, options=b"") == [] and peer.gone(ECONNRESET)


def test_timestamps_without_negotiation_are_ignored():
    host, peer = established()
    peer.ts = 77
    assert peer.send("P.", b"x") == [] and peer.read()[0] == b"x"
    peer.ts = 3
    assert peer.send("P.", b"y") != [] and peer.read()[0] == b"y" and peer.last.ts is None


def test_tsecr_is_the_timestamp_of_the_acknowledged_segment():  # RFC7323-4
    host, peer = established(ts=10)
    peer.ts = 20
    peer.send("P.", b"first")  # delays the ACK
    peer.ts = 30
    assert peer.send("P.", b"second") == [". 1:1(0) ack 12"]
    assert peer.last.ts[1] == 20  # 4.3: of the first, so that the sender sees the delay
    peer.ts = 40
    assert peer.send("P.", b"ahead", seq=20) == [". 1:1(0) ack 12"]
    assert peer.last.ts[1] == 20  # of the last in order while there is a gap
    peer.ts = 50
    assert peer.send("P.", b"12345678", seq=12) == [". 1:1(0) ack 25"]
    assert peer.last.ts[1] == 50  # of the one that fills it


def test_other_layouts_of_the_timestamp_option_are_accepted():  # MUST-64
    host, peer = established(ts=10)
    for options in (
        b"\x08\x0a\0\0\0\x0b\0\0\0\0\x01\x01",
        b"\x01\x08\x0a\0\0\0\x0c\0\0\0\0\x01",
        b"\x08\x0a\0\0\0\x0d\0\0\0\0\0\xff",
    ):
        peer.send("P.", b"x", options=options)
    assert peer.tcb.ts_recent == 13 and peer.read()[0] == b"xxx"


def test_options_in_any_segment_are_skipped():
    host, peer = established()
    assert peer.send("P.", b"x", options=b"\xfd\x04zz\x01\x01\x01\0") == []  # MUST-5, 6
    assert peer.send("P.", b"y", options=b"\xfd\x00zz") != [] and peer.read()[0] == b"xy"  # MUST-7
    assert host.dropped("tcp_options") == 1


def test_segment_with_ip_options_is_accepted():
    from unit.mnet import frames

    host, peer = established()
    frame = peer.frame("P.", b"x")
    body = frame[34:]
    assert host.input(frames.ethernet(frames.ipv4(body, 6, options=b"\x07\x03\x04\0"))) == []  # MUST-50
    assert peer.read()[0] == b"x"


def test_padding_behind_the_packet_is_no_data():
    host, peer = established()
    assert host.input(peer.frame("P.", b"x") + b"\xff" * 20) == []
    assert peer.read()[0] == b"x"


def test_checksums_are_verified_unless_the_device_has():  # MUST-3
    host, peer = established()
    for options in (None, b"\x01\x01\x01\x01"):
        frame = bytearray(peer.frame("P.", b"text", seq=1, options=options))
        frame[-1] ^= 1
        assert host.input(frame) == [] and host.dropped("tcp_checksum") == 1
    assert host.input(frame, verify=False) == [] and peer.read()[0] == b"texu"


def test_malformed_headers():
    host, peer = established()
    for offset in (0, 1, 4, 15):
        frame = bytearray(peer.frame("P.", b"x"))
        frame[46] = offset << 4
        assert host.input(frame, verify=False) == [] and host.dropped("tcp_header") == 1


def test_urgent_pointer_of_zero_is_ignored():
    host, peer = established()
    assert peer.send("PU.", b"ab") == [] and peer.send("U.", b"c") != []
    assert peer.read()[0] == b"abc"
