# Which of its timers a connection has: retransmission, loss probe, window probe, SYN, cork (timers.kind).
from mnet.tcp import timers
from mnet.tcp.settings import Settings
from mnet.tcp.timers import NAMES
from unit.mnet.builders import Host
from unit.mnet.frames import PEER


def kind(tcb):
    assert tcb.rto_at, "no timer"
    return NAMES[timers.kind(tcb)]


def test_kind_of_an_active_and_a_passive_open_is_syn():
    host = Host()
    tcb = host.connect(PEER, 80, 0, 65536, 65536, host.now)
    assert kind(tcb) == "SYN"
    listener = host.listen()
    host.peer().send("S")
    assert kind(listener.syn_queue[0]) == "SYN"


def test_kind_without_sack_is_retransmission():
    host = Host()
    peer = host.peer()
    tcb = peer.connect()
    peer.write(b"data")
    assert kind(tcb) == "retransmission" and host.next()[1] == ["P. 1:5(4) ack 1"]


def test_kind_with_sack_is_loss_probe_then_retransmission():
    host = Host()
    peer = host.peer(sack=True)
    tcb = peer.connect()
    for _ in range(3):  # a round trip is known
        peer.write(b"data")
        host.now += 10000
        peer.send(".", ack=peer.ack)
    peer.write(bytes(3000))
    assert kind(tcb) == "loss probe"
    host.until(lambda: tcb.sender.tlp_end_seq >= 0)
    assert kind(tcb) == "retransmission"
    host.until(lambda: tcb.retries)
    assert kind(tcb) == "retransmission"


def test_kind_with_a_closed_window_is_window_probe():
    host = Host()
    peer = host.peer()
    tcb = peer.connect()
    peer.win = 0
    peer.send(".")
    assert peer.write(b"data") == [] and kind(tcb) == "window probe"
    assert host.next()[1] == [". 1:2(1) ack 1"] and kind(tcb) == "window probe"


def test_kind_of_held_back_data_is_cork():
    host = Host()
    peer = host.peer()
    listener = host.tcp.listen(0, 9000, 4, Settings(65536, 65536, False).but("corked", True))
    tcb = peer.connect(listener)
    assert peer.write(b"data") == [] and kind(tcb) == "cork"
    assert host.until(lambda: tcb.snd_max != tcb.snd_una) == ["P. 1:5(4) ack 1"]
    assert kind(tcb) == "retransmission"
