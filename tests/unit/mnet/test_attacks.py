# Attacks that have crashed other stacks, and numbers that an attacker could infer or guess.
import hashlib

from mnet.errors import EADDRINUSE
from mnet.limits import SECOND, TCP_RANGES
from mnet.tcp import isn, user
from mnet.tcp.states import ESTABLISHED, NAMES, SYN_SENT
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import OURS, PEER
from unit.mnet.tcp.situations import SYNCHRONIZED, half_open, in_state, opening

DATA = bytes([i * 7 & 0xFF for i in range(65536)])
SECRET = b"0123456789abcdef"


def dice(seed=b"seed"):
    """Return n bytes as Env.random does, the same in every run."""
    state = [seed, b""]

    def random(n):
        while len(state[1]) < n:
            state[0] = hashlib.sha256(state[0]).digest()
            state[1] += state[0]
        made, state[1] = state[1][:n], state[1][n:]
        return made

    return random


def chi_square(counts):
    """Return Pearson's sum for outcomes that should be equally likely."""
    expected = sum(counts) / len(counts)
    return sum([(n - expected) * (n - expected) for n in counts]) / expected


def ones(n):
    return bin(n).count("1")


def established(**what):
    host = Host()
    peer = host.peer(**what)
    peer.connect()
    return host, peer


# Unpredictable numbers


def number(i, secret=SECRET, now=0):
    """Return the initial sequence number of a connection that differs from others in a port and an
    address."""
    ends = bytes((10, 0, i >> 8 & 0xFF, 2, 10, 0, 0, 1))
    return isn.initial(secret, ends, 9000, 1024 + (i & 0xFF), now)


def test_initial_sequence_numbers_are_unpredictable():
    """RFC6528-2, BAD-16: NUMBER:JACK, weak numbers of INFRA:HALT. Neighboring connections at one moment:
    each byte evenly spread, differences too, half of the bits change."""
    numbers = [number(i) for i in range(10000)]
    assert len(set(numbers)) > 9995
    for shift in (0, 8, 16, 24):
        for values in (numbers, [(b - a) & 0xFFFFFFFF for a, b in zip(numbers, numbers[1:])]):
            counts = [0] * 256
            for value in values:
                counts[value >> shift & 0xFF] += 1
            assert 150 < chi_square(counts) < 390, shift  # 255 +- 6 deviations
    changed = sum([ones(a ^ b) for a, b in zip(numbers, numbers[1:])]) / 9999
    assert 15.8 < changed < 16.2


def test_initial_sequence_numbers_of_one_connection_grow():
    """RFC6528-1: 250 000 a second, MUST-8; over a day, and across the wrap."""
    first = number(7)
    for seconds in (1, 10, 3600, 17179, 17180, 86400):
        assert (number(7, now=seconds * SECOND) - first) & 0xFFFFFFFF == seconds * 250000 & 0xFFFFFFFF


def test_initial_sequence_numbers_differ_after_a_restart():
    """RFC6528-3, MUST-9, SHLD-1: another secret gives other numbers; the secret is random."""
    other = hashlib.sha256(SECRET).digest()[:16]
    changed = sum([ones(number(i) ^ number(i, other)) for i in range(2000)]) / 2000
    assert 15.5 < changed < 16.5
    host = Host(iss=None)
    tcb = in_state("ESTABLISHED").tcb
    host.stack.env.secret = SECRET
    one = host.tcp.initial_sequence(tcb, 0)
    host.stack.env.secret = other
    assert host.tcp.initial_sequence(tcb, 0) != one


def test_ephemeral_ports_are_unpredictable():
    """RFC6056-1: evenly spread over the range, no steps of one, all different."""
    host = Host()
    host.stack.env.random = dice()
    ports = []
    for _ in range(1000):
        tcb = host.connect(PEER, 80, 0, 2048, 2048, host.now)
        ports.append(tcb.lport)
        user.abort(tcb, host.now)
    host.take()
    assert min(ports) >= 32768 and max(ports) <= 60999
    counts = [0] * 20
    for port in ports:
        counts[(port - 32768) * 20 // 28232] += 1
    assert 4 < chi_square(counts) < 55  # 19 +- 6 deviations
    assert sum([b - a == 1 for a, b in zip(ports, ports[1:])]) < 3
    taken = [host.connect(PEER, 80, 0, 2048, 2048, host.now).lport for _ in range(1000)]
    assert len(set(taken)) == 1000


# Opening


def test_split_handshake():
    """BAD-20: a SYN instead of the SYN-ACK starts a simultaneous open only; the SYN of a third host is
    ignored."""
    host, peer, tcb = opening()
    assert peer.send("S", seq=0) == ["S. 0:0(0) ack 1"]
    assert peer.send("S", seq=0) == ["S. 0:0(0) ack 1"]
    assert peer.send(".", seq=1, ack=1) == [] and tcb.state == ESTABLISHED
    host, peer, tcb = opening()
    stranger = host.peer(rport=peer.rport, lport=peer.lport, address=PEER + 1)
    assert stranger.send("S")[0].startswith("R.") and host.dropped("tcp_no_port") == 1
    assert tcb.state == SYN_SENT


def test_fin_and_others_in_syn_sent():
    """BAD-23: smoltcp crashed on a FIN here, an acknowledgement that is not one more, SYN and FIN
    together."""
    for flags in ("F", "F.", "P", "", "U", "FPU"):
        host, peer, tcb = opening()
        sent = peer.send(flags, seq=0, ack=1)
        assert tcb.state == SYN_SENT and sent == []
    host, peer, tcb = opening()
    assert peer.send("S.", seq=0, ack=0) == ["R 0:0(0)"] and tcb.state == SYN_SENT
    peer.send("SF.", seq=0, ack=1)
    assert NAMES[tcb.state] in ("ESTABLISHED", "CLOSE-WAIT")


def test_smoltcps_crashes():
    """BAD-23: the initial sequence number 2**32 - 1 on either side, MSS 0, a window of 0 during a
    retransmission, SACK blocks that overflow, listening twice, a SYN from an invalid address."""
    for iss in (0xFFFFFFFF, 0xFFFFFFFE, 0):
        for irs in (0xFFFFFFFF, 0xFFFFFFFE, 0):
            host = Host(iss=iss)
            peer = host.peer(irs=irs, iss=iss)
            peer.connect()
            assert peer.write(b"x") == ["P. 1:2(1) ack 1"] and peer.send("F.") == [". 2:2(0) ack 2"]
            assert peer.close() == ["F. 2:2(0) ack 2"] and peer.send(".") == [] and peer.gone()
    host = Host()
    peer = host.peer(mss=0)
    peer.connect()
    assert len(peer.write(DATA[:2000])) >= 1
    host, peer = established(sack=True)
    peer.write(DATA[: 3 * 1460])
    peer.send(".", ack=1, win=0)
    for _ in range(5):
        host.next()
        edges = ((-5, 1), (0x7FFFFFFF, 0x80000001), (3000, 1000), (1, 0x7FFFFFFF), (2000, 2000))
        peer.send(".", ack=1, win=0, sack=edges[:4])
        peer.send(".", ack=1, win=0, sack=edges[1:])
    peer.send(".", ack=4381, win=9000)
    assert peer.tcb.snd_una == peer.tcb.snd_max
    assert host.tcp.listen(0, 9000, 5, peer.tcb.settings) == -EADDRINUSE
    assert host.input(host.peer(address=0).frame("S")) == []


def test_land():
    """BAD-6: our own address as source, our own port, to a listener and to a connection."""
    host, peer = established()
    for flags in ("S", "S.", ".", "F.", "R"):
        mirror = host.peer(address=OURS, rport=9000)
        assert host.input(mirror.frame(flags)) == [] and host.dropped("ipv4_source") == 1
    assert peer.state() == "ESTABLISHED" and host.tcp.count == 1


# Guessing


def test_challenge_acks_are_no_side_channel():
    """BAD-21: CVE-2016-5696. The number of challenge ACKs of one connection has no effect on another."""
    for spent in range(3):
        host = Host()
        victim, own = host.peer(rport=1), host.peer(rport=2)
        victim.connect()
        own.connect()
        for _ in range(200 * spent):
            victim.send("R", seq=7)
        seen = [len(own.send("R", seq=7)) for _ in range(100)]
        assert seen == [1] + [0] * 99


def test_desynchronized_peers_do_not_loop():
    """BAD-22: two desynchronized peers answer each other's empty segments twice a second at most."""
    for state in SYNCHRONIZED:
        peer = in_state(state)
        answers = 0
        for _ in range(100):
            peer.host.now += 10000
            answers += len(peer.send(".", seq=peer.seq - 500)) + len(peer.send(".", ack=peer.ack + 500))
        assert answers <= 3, state


def test_malformed_options_affect_no_other_connection():
    """BAD-17: URGENT/11, CVE-2019-12255 and 12260: an invalid segment ends no connection."""
    host = Host()
    host.listen()
    peers = [host.peer(rport=1000 + i) for i in range(3)]
    for peer in peers:
        peer.connect()
    for kind in (0, 1, 2, 3, 4, 5, 8, 29, 253):
        for size in (0, 1, 2, 3, 39, 40, 255):
            options = bytes((kind, size)) + b"\xff" * 2
            for flags in ("P.", "PU.", "S", "F", "R"):
                peers[0].send(flags, b"x", seq=70000, options=options, up=0xFFFF)
    assert peers[0].state() == "ESTABLISHED"
    for peer in peers:
        assert peer.send("P.", b"text") == [] and peer.read()[0] == b"text" and peer.state() == "ESTABLISHED"


def test_lengths_that_disagree():
    """BAD-18: INFRA:HALT, CVE-2020-35684 and Ripple20, CVE-2020-11907: an IP packet shorter than its TCP
    header."""
    host, peer = established()
    whole = peer.frame("P.", b"text")
    for n in range(0, 20):
        packet = frames.ethernet(frames.ipv4(whole[34 : 34 + n], 6))
        assert host.input(packet, verify=False) == [] and host.dropped("tcp_header") == 1
        assert host.input(packet + bytes(60), verify=False) == [] and host.dropped("tcp_header") == 1
    for offset in range(16):
        frame = bytearray(peer.frame("P.", b"", seq=1))
        frame[46] = offset << 4
        host.input(frame, verify=False)
    assert peer.send("P.", b"text") == [] and peer.read()[0] == b"text"


# Exhausting


def test_thousands_of_bytes_out_of_order():
    """BAD-15: SegmentSmack, CVE-2018-5390: ranges and work are bounded, and the stream continues."""
    host, peer = established(sack=True)
    for i in range(4000):
        at = 2 + i * 7919 % 30000 * 2
        frame = bytearray(peer.frame(".", b"z", seq=1 + at))
        host.interface.receive(frame, len(frame), True, host.now)
        assert len(peer.tcb.out_of_order.ranges) <= TCP_RANGES
        host.wire.sent.clear()
    host.check()
    assert host.drops.pop("tcp_too_many_ranges") > 3000
    assert peer.tcb.rx.buf is None or len(peer.tcb.rx.buf) <= 65536
    for start in range(0, 60000, 1000):
        peer.send(".", DATA[start : start + 1000], seq=1 + start)
        peer.read()
    assert peer.tcb.rcv_nxt == (peer.irs + 60001) & 0xFFFFFFFF


def test_sockstress():
    """BAD-19: connections with a permanent zero window. Orphans time out; those of a program stay until it
    closes them, and others are served meanwhile."""
    host = Host()
    listener = host.listen(backlog=64)
    peers = [host.peer(rport=1000 + i) for i in range(20)]
    for peer in peers:
        peer.connect(listener)
        peer.write(DATA[:3000])
        peer.send(".", ack=1, win=0)
        peer.close()
    start = host.now
    for _ in range(20000):
        if not host.tcp.count:
            break
        host.next()
        for peer in peers:
            if peer.tcb.state:
                frame = bytearray(peer.frame(".", seq=1, ack=1, win=0))
                host.interface.receive(frame, len(frame), True, host.now)
        host.take()
    assert host.tcp.count == 0 and host.tcp.memory.used == 0 and host.now - start < 1200 * SECOND
    host.peer(rport=5).connect(listener)


def test_tiny_segments_are_not_asked_for():
    """BAD-14: SACK panic and related, CVE-2019-11477 to 11479: an MSS of 48 is ignored, so that every
    segment has data beside its options."""
    host = Host()
    peer = host.peer(mss=48, ts=5, sack=True)
    tcb = peer.connect()
    peer.write(DATA[:20000])
    assert tcb.snd_mss >= 52 and all([len(frame.data) >= 52 for frame in peer.sent[1:]])
    for i in range(1, 400):
        at = 1 + i * 2 % 500
        peer.send(".", ack=1, sack=((at, at + 1), (at + 2, at + 3), (at + 4, at + 5)))
    assert tcb.sender.board.count <= 2 * tcb.sender.board.limit


# Closing


def test_one_byte_in_all_and_one_fin():
    """BAD-25: utcp's FIN storm: a server that sends exactly one byte and closes second ends with one FIN
    each way."""
    for shut_first in (False, True):
        host, peer = established()
        if shut_first:
            assert peer.send("F.") == [". 1:1(0) ack 2"]
            sent = peer.write(b"x") + peer.close()
        else:
            sent = peer.write(b"x") + peer.send("F.", ack=1) + peer.close()
        assert sum(["F" in each for each in sent]) == 1
        assert peer.send(".") == [] and peer.gone()
        host.at(100 * SECOND)
        assert sum(["F" in frame.flags for frame in peer.sent]) == 1
        assert peer.send(".") == ["R 3:3(0)"] and host.tcp.count == 0


def test_flags_that_make_no_sense():
    """BAD-26: XMAS, NULL, SYN and FIN, SYN and RST, to a listener, half open, open."""
    for flags in ("", "FPU", "SF", "SR", "SF.", "SFRPU.", "FR", "SFPU"):
        host = Host()
        peer = host.peer()
        host.listen()
        peer.send(flags, seq=0)
        assert host.tcp.count <= 1
        peer = in_state("SYN-RECEIVED")
        if "R" not in flags:
            peer.send(flags, seq=500, ack=77)
            assert half_open(peer.host, peer)
        peer = in_state("ESTABLISHED")
        peer.send(flags, seq=500, ack=-500)
        assert peer.state() == "ESTABLISHED"


def test_options_we_do_not_speak():
    """RFC7413-1, RFC8684-1: fast open, multipath, MD5 options are ignored, in SYNs and later; data in a
    SYN is dropped."""
    for options in (
        b"\x22\x02\1\1",
        b"\x22\x0a12345678\1\1",
        b"\x1e\x0c\0\x81" + bytes(8),
        b"\x13\x12" + bytes(18),
    ):
        host = Host()
        peer = host.peer()
        listener = host.listen()
        assert peer.send("S", options=options) == ["S. 0:0(0) ack 1"]
        assert not set(peer.last.options) - {2, 3, 4, 8} and not listener.accept_queue
        assert peer.send(".") == []
        peer.tcb = listener.accept()
        assert peer.send("P.", b"text", options=options[:4] if options[1] == 2 else b"") == []
        assert peer.read()[0] == b"text"
    host = Host()
    peer = host.peer()
    listener = host.listen()
    assert peer.send("S", b"early", seq=0) == ["S. 0:0(0) ack 1"] and not listener.accept_queue
    assert peer.send(".", seq=1, ack=1) == [] and listener.accept().rx.head == 0
