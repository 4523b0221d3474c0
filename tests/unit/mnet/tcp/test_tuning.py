# Automatic buffer sizes, and the bound on the memory of all connections.
from mnet.env import Env
from mnet.limits import TCP_CONNECTION
from mnet.seq import diff
from mnet.tcp import user
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
    """Send a whole window, then read it a round trip later. Returns its size."""
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


def test_receive_buffer_of_a_slow_reader_stays():
    host, peer = established()
    for _ in range(20):
        peer.send(".", bytes(1000))
        host.now += RTT
        peer.read()
    assert peer.tcb.rx.size == 65536


def test_receive_buffer_set_by_the_user_is_not_tuned():
    host, peer = established(rcv_buf=65536)
    assert [window(peer, host) for _ in range(5)][-1] <= 65536


def test_tuning_stops_at_half_of_the_memory():
    host, peer = established(heap=2 * MIB)
    for _ in range(8):
        window(peer, host)
    assert peer.tcb.rx.size <= 2 * MIB * 65 // 200


def test_what_others_have_does_not_matter_where_there_is_enough():
    host, peer = established(heap=1 << 40)
    host.tcp.memory.used += 1 << 30
    assert [window(peer, host) for _ in range(8)][-1] > 4 * 65536


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


def test_memory_of_all_connections_is_counted_and_released():
    host, peer = established()
    memory = host.tcp.memory
    assert memory.used == TCP_CONNECTION
    peer.send(".", bytes(1000))
    assert memory.used == TCP_CONNECTION + 4096
    peer.write(bytes(20000))
    assert memory.used == TCP_CONNECTION + 4096 + 32768
    peer.abort()
    peer.tcb.rx.release()
    assert memory.used == 0


def test_connections_without_data_are_counted():
    host, peer = established()
    host.tcp.memory.limit = 3 * TCP_CONNECTION
    for port in range(50000, 50003):
        assert host.peer(rport=port).send("S")
    assert host.peer(rport=50003).send("S") and host.dropped("tcp_syn_cookie") == 1
    assert host.tcp.memory.used == 4 * TCP_CONNECTION


def test_above_the_memory_limit_no_connection_opens_and_others_continue():
    host, peer = established()
    host.tcp.memory.limit = 30000
    peer.write(bytes(40000))
    other = host.peer(rport=40001)
    assert other.send("S") and host.dropped("tcp_syn_cookie") == 1 and host.tcp.count == 1
    peer.send(".", bytes(1000))
    assert len(peer.read()[0]) == 1000
    peer.send(".", ack=peer.ack)
    peer.abort()
    peer.tcb.rx.release()
    assert other.send("S", seq=0) != []


def full(**sizes):
    """Return a connection while memory is exhausted."""
    host, peer = established(**sizes)
    host.tcp.memory.limit = 0
    return host, peer


def test_cookie_is_rejected_while_memory_is_full_of_handshakes():
    host = Host(iss=None)
    host.listen(backlog=1)
    host.peer(rport=50000).send("S")
    late = host.peer()
    late.send("S")
    host.tcp.memory.limit = 0
    assert late.send(".") == []
    assert host.drops == {"tcp_memory": 1, "tcp_syn_cookie": 1} and host.tcp.count == 1


def test_a_peer_that_is_not_read_takes_no_more_than_it_has():
    host, peer = full()
    for i in range(0, 60000, 1000):
        peer.send(".", bytes(1000), seq=1 + i)
    assert host.stack.stats.no_memory == 1 and host.dropped("tcp_early_text") == 55
    assert host.tcp.memory.used == TCP_CONNECTION + 4096
    assert len(peer.read()[0]) == 4000 and host.tcp.memory.used == TCP_CONNECTION
    peer.send(".", bytes(1000), seq=4001)
    assert len(peer.read()[0]) == 1000


def test_window_does_not_exceed_scarce_memory():
    host, peer = full()
    tcb = peer.tcb
    edge = tcb.rcv_adv
    at = 1
    while diff(edge, tcb.rcv_nxt) > 0:  # the window advertised before stays
        n = min(1000, diff(edge, tcb.rcv_nxt))
        peer.send("P.", bytes(n), seq=at)
        at += n
        peer.read()
        assert diff(tcb.rcv_adv, edge) <= 4096 + (1 << tcb.rcv_wscale)
    host.at(40000)
    assert 0 < diff(tcb.rcv_adv, tcb.rcv_nxt) <= 4096 + (1 << tcb.rcv_wscale)
    host.tcp.memory.limit = 1 << 60
    for _ in range(4):
        peer.send("P.", bytes(1000), seq=at)
        at += 1000
        peer.read()
    assert diff(tcb.rcv_adv, tcb.rcv_nxt) > 50000


def test_sender_waits_for_the_peer():
    host, peer = full()
    data = bytes(20000)
    assert user.send(peer.tcb, data, 0, 20000, host.now) == 4096 and not user.writable(peer.tcb)
    host.take()
    assert user.send(peer.tcb, data, 0, 20000, host.now) == 0
    peer.send(".")
    peer.send(".")
    assert user.writable(peer.tcb) and host.tcp.memory.used == TCP_CONNECTION
    assert user.send(peer.tcb, data, 0, 20000, host.now) == 4096


def test_the_heap_gives_the_bound():
    assert Env(lambda n: bytes(n), print, 1000000).heap == 1000000
    host = Host()
    assert host.tcp.memory.limit == 1 << 60 and host.tcp.largest_window() == 64 * MIB
