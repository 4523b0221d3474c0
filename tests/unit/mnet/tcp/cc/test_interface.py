# A congestion control algorithm is one file (tcp/cc/__init__.py): here one that sends at a fixed rate.
from mnet.limits import SECOND
from mnet.tcp import congestion
from mnet.tcp.cc import cubic, delivered, reno
from mnet.tcp.pacing import Pacer
from unit.mnet.builders import Host

RATE = 100000  # bytes a second
DATA = bytes(20000)


class Fixed:
    """An algorithm with a constant window. It records its calls."""

    def __init__(self):
        self.calls = []

    def start(self, tcb):
        tcb.pacer = Pacer(RATE)

    def sent(self, tcb, now):
        self.calls.append(("sent",))

    def acknowledged(self, tcb, n, flight, rtt, now):
        self.calls.append(("acknowledged", n, flight, rtt, delivered(tcb)))

    def lost(self, tcb, flight):
        self.calls.append(("lost", flight))
        return flight

    def marked(self, tcb, flight):
        self.calls.append(("marked", flight))
        return flight

    def timed_out(self, tcb):
        self.calls.append(("timed out",))

    def names(self):
        return [each[0] for each in self.calls]


def established(**what):
    host = Host()
    host.tcp.congestion = cc = Fixed()
    peer = host.peer(**what)
    peer.connect(host.listen(snd_buf=65536))
    return host, peer, cc


def size(sent):
    return sum(len(each.data) for each in sent)


def test_every_algorithm_has_the_functions():
    for cc in (cubic, reno, Fixed()):
        for name in ("start", "sent", "acknowledged", "lost", "marked", "timed_out"):
            assert callable(getattr(cc, name)), (cc, name)


def test_data_is_paced_at_the_rate_and_no_slower():
    host, peer, cc = established(mss=1000)
    peer.write(DATA)
    start = host.now
    while len(peer.tcb.tx.buf) and peer.tcb.snd_max - peer.tcb.iss - 1 < len(DATA):
        host.at(1000)
        peer.send(".", ack=peer.tcb.snd_max - peer.tcb.iss)
        assert host.now - start < SECOND
    elapsed = host.now - start
    assert 0.9 * (len(DATA) - 1000) < elapsed * RATE / SECOND < 1.1 * len(DATA)


def test_a_pause_gives_no_credit_for_a_burst():
    host, peer, cc = established(mss=1000)
    peer.write(DATA[:1000])
    peer.send(".", ack=1001)
    host.at(10 * SECOND)
    first = peer.write(DATA[:5000])
    assert len(first) == 1


def test_acknowledged_gets_the_rtt_sample_and_the_bytes_delivered():
    host, peer, cc = established(mss=1000, sack=True)
    peer.write(DATA[:1000])
    host.at(20000)
    peer.send(".", ack=1001)
    assert cc.names() == ["sent", "acknowledged"]
    assert cc.calls[1][1:] == (1000, 1000, 20000, 1000)


def test_a_timeout_calls_lost_and_timed_out():
    host, peer, cc = established(mss=1000)
    peer.write(DATA[:1000])
    host.until(lambda: peer.tcb.recovery == congestion.LOSS, 5)
    assert cc.names()[-2:] == ["lost", "timed out"]
