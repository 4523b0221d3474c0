# What an idle connection holds: its buffers and the state of data in flight are released, and allocated again
# with the next data.
from mnet.limits import SECOND
from mnet.timers import NEVER
from unit.mnet.builders import Host


def established(**peer):
    host = Host()
    peer = host.peer(mss=1000, **peer)
    return host, peer, peer.connect(host.listen())


def pass_time(host, seconds):
    end = host.now + seconds * SECOND
    while host.stack.deadline() <= end:
        host.next()
    host.now = end


def test_buffers_of_an_idle_connection_are_released():
    host, peer, tcb = established()
    before = host.tcp.memory.used
    for n in range(3):
        peer.write(b"answer")
        peer.send("P.", b"question")
        assert tcb.tx.buf is not None and tcb.rx.buf is not None
        assert peer.read()[0] == b"question"
        pass_time(host, 3)
        assert tcb.tx.buf is None and tcb.rx.buf is None and tcb.sender is None, n
        assert host.tcp.memory.used == before and tcb.due == NEVER


def test_unread_and_unacknowledged_data_stays():
    host, peer, tcb = established()
    peer.send("P.", b"question")
    pass_time(host, 3)
    assert peer.read()[0] == b"question"
    peer.write(b"answer")  # which is not acknowledged
    pass_time(host, 1)
    assert tcb.tx.head - tcb.tx.tail == 6 and tcb.tx.buf is not None


def test_data_out_of_order_stays():
    host, peer, tcb = established()
    peer.send("P.", b"later", seq=6)
    pass_time(host, 3)
    assert tcb.rx.buf is not None
    peer.send("P.", b"first", seq=1)
    assert peer.read()[0] == b"firstlater"
    pass_time(host, 3)
    assert tcb.rx.buf is None
