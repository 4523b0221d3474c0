# When TCP's memory or its table is full: which connections are aborted for new ones (reclaim.py).
from mnet.errors import ECONNABORTED, ENOBUFS
from mnet.limits import SECOND, TCP_CONNECTION
from mnet.tcp import table
from mnet.tcp.states import CLOSED, ESTABLISHED, TIME_WAIT
from unit.mnet.builders import Host
from unit.mnet.frames import PEER


def crowd(count, carries=b""):
    """Open so many connections, a second apart; each carries so many bytes in both directions."""
    host = Host(iss=None)
    host.listen()
    peers = [host.peer(rport=1000 + i, ts=1, sack=True) for i in range(count)]
    for peer in peers:
        peer.connect()
        if carries:
            carry(peer, carries)
        host.at(SECOND)
    return host, peers


def carry(peer, data):
    """Send data in both directions."""
    peer.send("P.", data)
    assert peer.read()[0] == data
    peer.write(data)
    while peer.tcb.snd_una != peer.tcb.snd_max:
        peer.send(".", ack=peer.ack)


def fill(host):
    """Use up the memory for new connections."""
    host.tcp.memory.limit = host.tcp.memory.used - 1
    host.stack.stats.drops.clear()


def newcomer(host, rport=60000):
    """Return a peer that completes a handshake while there is no room."""
    late = host.peer(rport=rport, ts=1, sack=True, wscale=7)
    assert late.send("S") and host.drops["tcp_syn_cookie"]
    late.send(".")
    late.tcb = host.tcp.listeners[9000][0].accept()
    return late


def states(peers):
    return "".join(["x" if peer.tcb.state == CLOSED else "." for peer in peers])


def test_longest_silent_connection_is_evicted_first():
    host, peers = crowd(5)
    fill(host)
    late = newcomer(host)
    assert late.tcb.state == ESTABLISHED and states(peers) == "x...."
    assert peers[0].last.flags == "R." and peers[0].gone(ECONNABORTED)
    assert host.drops["tcp_given_up"] == 1
    assert peers[1].send("P.", b"still there") == [] and peers[1].read()[0] == b"still there"
    assert newcomer(host, 60001).tcb and states(peers) == "x.x.." and late.tcb.state == ESTABLISHED


def test_a_connection_that_carried_something_is_worth_more():
    host, peers = crowd(4)
    carry(peers[0], b"x" * 100)
    host.at(3600 * SECOND)
    for rport in range(60000, 60003):
        fill(host)
        newcomer(host, rport)
    assert states(peers) == ".xxx"


def test_largest_connection_without_progress_is_evicted_first():
    host, peers = crowd(4, b"x" * 2000)
    peers[2].write(bytes(30000))  # the peer acknowledges none of it
    host.at(60 * SECOND)
    fill(host)
    newcomer(host)
    assert states(peers) == "..x."


def test_progress_since_the_sweep_counts():
    host, peers = crowd(4)
    fill(host)
    newcomer(host)
    assert states(peers) == "x..."
    carry(peers[1], b"now it says something")
    host.tcp.memory.limit = host.tcp.memory.used - 1
    newcomer(host, 60001)
    assert states(peers) == "x.x."


def test_time_wait_is_evicted_first():
    host, peers = crowd(3)
    old = host.peer(rport=2000)
    old.connect()
    old.close()
    old.send("F.", ack=2)
    assert old.tcb.state == TIME_WAIT
    fill(host)
    newcomer(host)
    assert states(peers) == "..." and old.gone() and not host.tcp.time_waits


def test_spoofed_syns_evict_no_connection():
    host, peers = crowd(3)
    fill(host)
    for i in range(100):
        assert host.peer(rport=50000 + i).send("S")
    assert states(peers) == "..." and host.dropped("tcp_syn_cookie") == 100


def test_half_open_connection_is_not_evicted_at_once():
    """It is aborted after its first retransmission, and its ACK is not answered with a RST."""
    host = Host(iss=None)
    host.listen()
    half = host.peer(rport=1000)
    half.send("S")
    fill(host)
    late = host.peer(rport=60000)
    late.send("S")
    assert late.send(".") == [] and host.tcp.count == 1 and host.drops["tcp_memory"] == 1
    host.until(lambda: len(half.sent) > 1)
    assert late.send("P.", b"again", seq=1) == [] and host.tcp.count == 1
    assert host.tcp.listeners[9000][0].accept().rport == late.rport
    assert half.send(".") == [] and host.tcp.count == 1


def test_opening_connection_is_not_evicted():
    host = Host()
    host.tcp.memory.limit = 0
    assert host.connect(PEER, 80, 0, 0, 0, host.now).rport == 80
    assert host.connect(PEER, 81, 0, 0, 0, host.now) == -ENOBUFS and host.tcp.count == 1


def test_connections_are_evicted_when_the_table_is_full():
    host, peers = crowd(3)
    bound, table.TCP_CONNECTIONS = table.TCP_CONNECTIONS, 3
    try:
        newcomer(host)
    finally:
        table.TCP_CONNECTIONS = bound
    assert states(peers) == "x.." and host.tcp.count == 3


def test_sweeps_are_rate_limited():
    """Each sweep examines every connection."""
    host = Host(iss=None)
    host.listen()
    for i in range(3):
        host.peer(rport=1000 + i).send("S")
    fill(host)
    swept = []
    sweep = host.tcp.reclaimer._sweep
    host.tcp.reclaimer._sweep = lambda now: swept.append(now) or sweep(now)
    for i in range(50):
        late = host.peer(rport=50000 + i)
        late.send("S")
        late.send(".")
        host.now += SECOND // 1000
    assert len(swept) == 3 and host.drops["tcp_memory"] == 50 and host.tcp.count == 3


# Out-of-order data


def test_out_of_order_data_is_taken_only_while_memory_is_not_scarce():
    host, peers = crowd(2)
    peer = peers[0]
    host.tcp.memory.limit = 100000
    host.tcp.reclaimer.sweep_at = host.now + SECOND
    assert peer.send(".", b"z", seq=40001)[0] == ". 1:1(0) ack 1" and host.dropped("tcp_early_text") == 1
    assert peer.tcb.rx.buf is None
    assert peer.send(".", b"z", seq=30001)[0] == ". 1:1(0) ack 1 sack 30001:30002"
    assert peers[1].send(".", b"z", seq=30001)[0] == ". 1:1(0) ack 1" and host.dropped("tcp_early_text") == 1
    assert host.tcp.memory.used == 2 * TCP_CONNECTION + 32768


def test_out_of_order_data_within_the_allocated_memory_is_accepted():
    host, peers = crowd(1)
    peer = peers[0]
    peer.send("P.", b"x" * 100)
    host.tcp.memory.limit = 0
    assert peer.send(".", b"z" * 100, seq=201) == [". 1:1(0) ack 101 sack 201:301"]
    assert peer.send(".", b"y" * 100, seq=101) == [". 1:1(0) ack 301"]
    assert peer.read()[0] == b"x" * 100 + b"y" * 100 + b"z" * 100


def test_out_of_order_data_is_discarded_for_new_connections():
    """RFC 2018 section 8: the peer keeps the data. The connection continues."""
    host, peers = crowd(2)
    peer = peers[1]
    peer.send("F.", b"z" * 100, seq=60001)
    assert peer.tcb.rx.buf is not None and peer.tcb.rcv_fin >= 0
    fill(host)
    newcomer(host)
    assert host.drops["tcp_reneged"] == 1 and states(peers) == ".." and peer.tcb.rx.buf is None
    host.tcp.memory.limit = 1 << 30
    assert peer.send("F.", b"z" * 50, seq=51) == [". 1:1(0) ack 1 sack 51:101"]
    assert peer.send("P.", b"y" * 50, seq=1) == [". 1:1(0) ack 102"]
    assert peer.read()[0] == b"y" * 50 + b"z" * 50 and peer.state() == "CLOSE-WAIT"


def test_out_of_order_data_is_discarded_for_loss_recovery():
    host, peers = crowd(2)
    peers[0].send(".", b"z", seq=60001)
    host.tcp.memory.limit = 100000
    assert peers[1].send(".", b"z", seq=30001)[0] == ". 1:1(0) ack 1"
    assert host.drops == {"tcp_early_text": 1, "tcp_reneged": 1}
    assert peers[0].tcb.rx.buf is None and not peers[0].tcb.out_of_order.ranges
    assert peers[1].send(".", b"z", seq=30001)[0] == ". 1:1(0) ack 1 sack 30001:30002"
