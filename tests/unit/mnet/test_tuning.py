# Buffers that grow with the path, and the bound over all of them.
from mnet.env import Env
from mnet.errors import ENOBUFS
from mnet.seq import diff
from mnet.tcp import tuning, user
from mnet.tcp.settings import Settings
from unit.mnet.builders import Host

RTT = 50000
MIB = 1 << 20


def established(heap=64 * MIB, **sizes):
    host = Host()
    host.tcp.memory.limit = heap * 65 // 100
    peer = host.peer(mss=1460, wscale=7, sack=True)
    peer.connect(host.tcp.listen(0, 9000, 5, Settings(**sizes)))
    peer.tcb.srtt = RTT << 3
    return host, peer


def window(peer, host):
    """Send a whole window, then read it a round trip later; how large it was."""
    tcb = peer.tcb
    size = max(0, diff(tcb.rcv_adv, tcb.rcv_nxt))
    left = size
    while left:
        n = min(left, 1460)
        peer.send(".", bytes(n))
        left -= n
    host.now += RTT
    while tcb.rx.head != tcb.rx.tail:
        peer.read(65536)
    return size


def test_a_window_that_is_used_up_doubles_in_each_round_trip():
    host, peer = established()
    sizes = [window(peer, host) for _ in range(8)]
    assert sizes[0] <= 65536 and max(sizes) >= 8 * sizes[0], sizes
    assert len(peer.tcb.rx.buf) <= peer.tcb.rx.size


def test_one_that_is_not_stays():
    host, peer = established()
    for _ in range(20):
        peer.send(".", bytes(1000))
        host.now += RTT
        peer.read()
    assert peer.tcb.rx.size == 65536


def test_nor_does_one_the_user_has_chosen():
    host, peer = established(rcv_buf=65536)
    assert [window(peer, host) for _ in range(5)][-1] <= 65536


def test_it_stops_at_half_of_what_there_is():
    host, peer = established(heap=2 * MIB)
    for _ in range(8):
        window(peer, host)
    assert peer.tcb.rx.size <= 2 * MIB * 65 // 200


def test_the_scale_is_that_of_the_largest():
    for limit, scale in ((1 << 60, 11), (4 * MIB, 6), (100000, 1)):
        host = Host()
        host.tcp.memory.limit = limit
        peer = host.peer(wscale=0)
        peer.connect(host.tcp.listen(0, 9000, 5, Settings()))
        assert abs(peer.tcb.rcv_wscale - scale) <= 1 and 0xFFFF << peer.tcb.rcv_wscale >= min(
            limit >> 1, 65535
        )


def test_the_send_buffer_holds_two_windows():
    host, peer = established()
    tcb = peer.tcb
    data = bytes(300000)
    assert user.send(tcb, data, 0, len(data), host.now) == 65536  # cwnd is 10 segments
    host.take()
    tcb.cwnd = tcb.max_snd_wnd = tcb.snd_wnd = 100000
    assert user.send(tcb, data, 0, len(data), host.now) == 65536 and tcb.tx.size == 131072
    host, peer = established(snd_buf=65536)
    peer.tcb.cwnd = peer.tcb.max_snd_wnd = 1 << 20
    assert user.send(peer.tcb, data, 0, len(data), host.now) == 65536


def test_what_all_take_is_counted_and_given_back():
    host, peer = established()
    memory = host.tcp.memory
    assert memory.used == 0
    peer.send(".", bytes(1000))
    assert memory.used == 4096
    peer.write(bytes(20000))
    assert memory.used == 4096 + 32768
    peer.abort()
    peer.tcb.rx.release()
    assert memory.used == 0


def test_beyond_the_bound_nothing_begins_and_the_rest_goes_on():
    host, peer = established()
    host.tcp.memory.limit = 30000
    peer.write(bytes(40000))
    other = host.peer(rport=40001)
    assert other.send("S") == [] and host.dropped("tcp_memory") == 1
    assert host.tcp.connect(peer.address, 80, 0, 0, 0, host.now) == -ENOBUFS
    peer.send(".", bytes(1000))
    assert len(peer.read()[0]) == 1000
    peer.send(".", ack=peer.ack)
    peer.abort()
    peer.tcb.rx.release()
    assert other.send("S", seq=0) != []


def test_the_heap_gives_the_bound():
    assert Env(lambda n: bytes(n), print, 1000000).heap == 1000000
    host = Host()
    assert host.tcp.memory.limit == 1 << 60 and tuning.largest(host.tcp) == 64 * MIB
