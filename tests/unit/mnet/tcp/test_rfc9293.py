# Requirements of RFC 9293, Appendix B, that no other test of this folder shows: one test for each item, or
# for a few that belong together.
import struct

from mnet.errors import EADDRINUSE, EHOSTUNREACH
from mnet.limits import SECOND
from mnet.tcp import user
from mnet.tcp.settings import Settings
from mnet.tcp.states import ESTABLISHED, SYN_SENT
from unit.mnet import frames
from unit.mnet.builders import Host
from unit.mnet.frames import OURS, PEER
from unit.mnet.tcp.situations import half_open, in_state

DATA = bytes([i * 13 & 0xFF for i in range(65536)])


def established(win=65535, **what):
    host = Host()
    peer = host.peer(**what)
    peer.win = win
    peer.connect(host.listen())
    return host, peer


def spans(sent):
    return [each.split(" ack")[0] for each in sent]


# Headers and options


def test_a_window_is_no_signed_number():
    """MUST-1: the receive window may be 32768 or more, and the whole send window is used."""
    host, peer = established(win=0xE000, mss=1460)
    assert peer.sent[0].win == 65535
    peer.tcb.cwnd = 1 << 20
    peer.write(DATA)
    assert 0xE000 - 1460 < sum([len(frame.data) for frame in peer.sent]) <= 0xE000
    peer.send(".")  # the window of this one is taken by header prediction
    peer.write(DATA[:50000])
    assert 0xE000 - 1460 < (peer.tcb.snd_nxt - peer.tcb.snd_una) & 0xFFFFFFFF <= 0xE000
    peer.send("P.", DATA[:2000])
    assert peer.last.win == 65535 - 2000


def test_every_segment_has_its_checksum():
    """MUST-2: SYN-ACK, data, ACK, a segment queued for ARP, reset; summed here from the frame's bytes."""
    host, peer = established(mss=1000)
    peer.write(DATA[:999])
    peer.send("P.", b"odd" * 3)
    peer.send("P.", b"even")
    neighbors = host.interface.arp.neighbors
    neighbors.remove(neighbors.table[PEER])
    peer.write(DATA[:999])
    assert len(peer.sent) == 4 and len(peer.last.data) == 999
    assert host.peer(rport=1, lport=9).send("S") and peer.abort()
    every = peer.sent + host.peers[0].sent
    assert {frame.flags for frame in every} == {"S.", "P.", ".", "R."}
    for frame in every:
        body = frame.bytes[34:]
        assert body[16:18] != b"\0\0"
        assert frames.checksum(frames.pseudo(OURS, PEER, 6, len(body)) + body) == 0


def test_mss_belongs_to_syns():
    """MUST-65: it is sent on SYNs only, and has no effect elsewhere."""
    host, peer = established(mss=1000, sack=True)
    peer.send("P.", b"text", options=b"\2\4\0\x64")
    assert peer.tcb.snd_mss == 1000
    peer.send("P.", b"text", seq=100)
    assert peer.last.sack
    peer.write(DATA[:1500])
    peer.shutdown()
    assert [frame.mss for frame in peer.sent] == [1460] + [None] * (len(peer.sent) - 1)
    assert len(peer.sent) > 2


def test_options_that_we_send():
    """MUST-68: each but the first two kinds has its length; MUST-69: the header ends where they do, or with
    zeros."""
    host = Host()
    listener = host.listen()
    sent, seen = [], set()
    for offered in (
        {"ts": 5, "wscale": 3, "sack": True},
        {"wscale": 3, "sack": True},
        {"sack": True},
        {"ts": 5},
        {},
    ):
        peer = host.peer(mss=1000, rport=40000 + len(sent), **offered)
        peer.connect(listener)
        peer.write(DATA[:500])
        peer.send(".", DATA[:10], seq=100)
        sent += peer.sent
    for frame in sent:
        body = frame.bytes[34:]
        off, end = 20, (body[12] >> 4) * 4
        while off < end and body[off]:
            seen.add(body[off])
            off += 1 if body[off] == 1 else body[off + 1]
        assert off <= end and body[off:end] == bytes(end - off)
    assert seen == {1, 2, 3, 4, 5, 8}


# Opening


def test_listening_disturbs_no_connection():
    """MUST-41: a listen() on a port in use for connections leaves them as they are, or fails; MUST-42: it is
    possible while one of them is being opened, if its user shares the port (SO_REUSEADDR)."""
    host = Host()
    shared = Settings().but("reuse", True)
    opening = host.connect(PEER, 80, 9000, 65536, 65536, host.now, settings=shared)
    host.take()
    assert host.listen(9000) == -EADDRINUSE and opening.state == SYN_SENT
    listener = host.listen(9000, reuse=True)
    assert opening.state == SYN_SENT
    peer = host.peer(rport=40000)
    assert peer.send("S") == ["S. 0:0(0) ack 1"]
    assert host.tcp.listen(0, 9000, 5, Settings()) == -EADDRINUSE
    host.tcp.unlisten(host.listen(9001), host.now)
    assert half_open(host, peer) and peer.send(".") == [] and listener.accept().state == ESTABLISHED
    assert host.peer(rport=80, lport=9000).send("S.", seq=0, ack=1) == [". 1:1(0) ack 1"]
    assert opening.state == ESTABLISHED
    again = host.peer(rport=81)
    again.send("S")
    second = host.tcp.listen(OURS + 1, 9000, 5, Settings())
    assert second == -EADDRINUSE and half_open(host, again)


def test_addresses_of_a_connection():
    """MUST-43: the user may choose the local address; MUST-44: else IP chooses it; MUST-45: it stays the
    same."""
    host = Host()
    host.interface.ipv4.configure(OURS + 8, 24, 0)
    host.take()
    chosen = host.connect(PEER, 80, 0, 65536, 65536, host.now, local=OURS + 8)
    assert chosen.local == OURS + 8 and frames.read(*host.wire.sent.pop()).src == OURS + 8
    usual = host.connect(PEER, 80, 0, 65536, 65536, host.now)
    assert usual.local == OURS == host.stack.route(PEER, host.now).source
    host.take()
    peer = host.peer(local=OURS + 8)
    peer.connect(host.listen())
    peer.write(b"text")
    peer.send("P.", b"more", ack=1)
    peer.close()
    assert len(peer.sent) >= 3 and {frame.src for frame in peer.sent} == {OURS + 8}


# Sending


def test_unsent_data_always_has_a_timer():
    """MUST-60: data held back by Nagle and silly window avoidance is sent on an ACK or by a timer."""
    host, peer = established(mss=1000)
    peer.write(b"a")
    assert peer.write(b"b") == []
    assert spans(peer.send(".")) == ["P. 2:3(1)"]
    peer.send(".", win=300)
    assert peer.write(DATA[:1000]) == []
    delay, sent = host.next()
    assert delay <= SECOND and spans(sent) == [". 3:303(300)"]


def test_the_first_threshold():
    """SHLD-10, MUST-20: after three retransmissions the path is suspected (path.suspect)."""
    host, peer = established(mss=1460)
    peer.write(DATA[:4000])
    for _ in range(2):
        host.until(lambda: len(host.wire.sent) == 0 and host.next()[1])
    assert peer.tcb.snd_mss == 1460 and peer.tcb.retries == 2
    host.until(lambda: peer.tcb.retries == 3)
    assert peer.tcb.snd_mss == 1160 and host.stack.stats.tcp_black_holes == 1


def test_data_beyond_a_shrunken_window_does_not_end_the_connection():
    """SHLD-17: the peer shrinks its window, and answers."""
    host, peer = established(win=10000, mss=1000)
    assert len(peer.write(DATA[:10000])) == 10
    peer.ack = 3001
    for _ in range(30):
        assert peer.send(".", win=0) == []
        count = len(peer.sent)
        host.until(lambda: len(peer.sent) > count)  # noqa: B023
        peer.ack = 3001
    assert peer.state() == "ESTABLISHED"
    while peer.tcb.tx.head != peer.tcb.tx.tail:
        peer.send(".", win=10000)
    assert peer.state() == "ESTABLISHED"


# Receiving


def test_queued_data_is_acknowledged_at_once():
    """MUST-59: queued segments are all delivered before there is an ACK."""
    host, peer = established()
    for start in range(100, 1000, 100):
        assert len(peer.send(".", DATA[start : start + 100], seq=1 + start)) == 1
    assert peer.send(".", DATA[:100], seq=1) == [". 1:1(0) ack 1001"]  # although less than a full segment
    assert peer.read() == (DATA[:1000], [])


# Errors


def icmp(host, kind, code, quote):
    host.input(frames.icmp(kind, code, bytes(4) + quote, src=PEER))


def test_source_quench_is_ignored():
    """MUST-55."""
    for state in ("SYN-SENT", "SYN-RECEIVED", "ESTABLISHED"):
        peer = in_state(state)
        if state == "ESTABLISHED":
            peer.write(b"text")
        tcb = peer.tcb
        before = (tcb.state, tcb.cwnd, tcb.ssthresh, tcb.rto, tcb.rto_at, tcb.error)
        icmp(peer.host, 4, 0, peer.last.bytes[14:42])
        assert (tcb.state, tcb.cwnd, tcb.ssthresh, tcb.rto, tcb.rto_at, tcb.error) == before
        assert peer.host.dropped("icmp_ignored") == 1 and peer.host.others == []


def test_soft_errors_end_no_connection():
    """SHLD-20: without SO_ERROR the user sees none of them, and received data can be read."""
    host, peer = established()
    peer.send("P.", b"text")
    told = []
    peer.tcb.on_readable = peer.tcb.on_writable = lambda: told.append(1)
    peer.write(b"answer")
    icmp(host, 3, 1, peer.last.bytes[14:42])
    assert peer.tcb.error == EHOSTUNREACH and told == []
    assert peer.read()[0] == b"text" and user.writable(peer.tcb)


def test_soft_error_is_cleared_by_progress():
    """A soft error while opening is cleared when the connection is established."""
    host = Host()
    peer = host.peer()
    tcb = peer.tcb = host.connect(PEER, peer.rport, 0, 65536, 65536, host.now)
    peer.lport = tcb.lport
    host.take()
    icmp(host, 3, 1, peer.last.bytes[14:42])
    assert tcb.error == EHOSTUNREACH
    peer.send("S.")
    assert tcb.state == ESTABLISHED and tcb.error == 0


def test_service_of_each_direction():
    """SHLD-23: acknowledgements have the service that our user has set, whatever that of the peer is."""
    host, peer = established()
    user.apply_settings(peer.tcb, Settings().but("tos", 0x20), host.now)
    frame = bytearray(peer.frame("P.", b"text"))
    frame[15] = 0xB8
    struct.pack_into("!H", frame, 24, 0)
    struct.pack_into("!H", frame, 24, frames.checksum(bytes(frame[14:34])))
    assert host.input(frame) == [] and host.at(40000)
    assert peer.last.tos == 0x20
