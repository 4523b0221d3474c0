# TCP sockets in direct style, two hosts in one interpreter, the clock virtual.

import array

import mkernel
from mnet import sockets
from mnet.sockets import socket
from std import select
from support import raises, run
from unit.sockets.network import SERVER, on_network


def server(port=9000, **options):
    return sockets.create_server((SERVER, port), **options)


def pair(port=9000):
    """Return a connected (client, accepted, listener)."""
    listener = server(port)
    client = sockets.create_connection((SERVER, port))
    accepted, _ = listener.accept()
    return client, accepted, listener


@on_network
def test_data_is_sent_both_ways_and_ends(network):
    client, accepted, listener = pair()
    client.sendall(b"question")
    assert accepted.recv(100) == b"question"
    accepted.sendall(b"answer")
    client.shutdown(sockets.SHUT_WR)
    assert accepted.recv(100) == b""
    assert client.recv(3) == b"ans" and client.recv(100) == b"wer"
    accepted.close()
    assert client.recv(100) == b""


@on_network
def test_names_of_both_ends(network):
    client, accepted, listener = pair()
    assert listener.getsockname() == (SERVER, 9000)
    assert client.getpeername() == (SERVER, 9000) and accepted.getsockname() == (SERVER, 9000)
    assert client.getsockname() == accepted.getpeername()
    assert client.getsockname()[0] == "10.0.0.1"


@on_network
def test_reader_waits_for_later_data(network):
    client, accepted, _ = pair()
    mkernel.spawn(lambda: (mkernel.sleep(0.5), client.sendall(b"late")))
    assert accepted.recv(10) == b"late"


@on_network
def test_a_megabyte_through_small_buffers(network):
    listener = server(9001)
    client = socket()
    client.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, 4096)
    client.connect((SERVER, 9001))
    accepted, _ = listener.accept()
    data = bytes(range(251)) * 800
    mkernel.spawn(lambda: (client.sendall(data), client.close()))
    received = bytearray()
    piece = bytearray(1000)
    while n := accepted.recv_into(piece):
        received += piece[:n]
    assert received == data


def opening(port):
    """Return a socket that has sent its SYN."""
    client = socket()
    client.setblocking(False)
    raises(BlockingIOError, client.connect, (SERVER, port))
    return client


@on_network
def test_calls_wait_until_the_connection_is_open(network):
    listener = server(9002)
    client = opening(9002)
    raises(BlockingIOError, client.send, b"too early")
    raises(BlockingIOError, client.recv, 10)
    client.setblocking(True)
    client.sendall(b"early")
    accepted, _ = listener.accept()
    assert accepted.recv(10) == b"early"


@on_network
def test_calls_fail_with_a_connection_that_does_not_open(network):
    for call in (lambda client: client.send(b"early"), lambda client: client.recv(10)):
        client = opening(9003)
        client.setblocking(True)
        raises(ConnectionRefusedError, call, client)


@on_network
def test_recv_into_takes_at_most_nbytes(network):
    client, accepted, _ = pair()
    client.sendall(b"abcdef")
    piece = bytearray(10)
    assert accepted.recv_into(piece, 2) == 2 and piece[:2] == b"ab"
    assert accepted.recv_into(memoryview(piece)[4:6]) == 2 and piece[4:6] == b"cd"
    assert raises(ValueError, accepted.recv_into, piece, 11)


@on_network
def test_connect_to_a_closed_port_is_refused(network):
    error = raises(ConnectionRefusedError, sockets.create_connection, (SERVER, 4))
    assert error.errno == 111


@on_network
def test_connect_to_an_absent_host_is_unreachable(network):
    client = socket()
    client.settimeout(5)
    error = raises(OSError, client.connect, ("10.0.0.77", 9000))
    assert error.errno in (110, 113) or isinstance(error, TimeoutError)


@on_network
def test_connect_without_a_route_is_unreachable(network):
    error = raises(OSError, sockets.create_connection, ("192.0.2.1", 9000))
    assert error.errno == 101


@on_network
def test_accept_times_out_at_the_deadline(network):
    listener = server()
    listener.settimeout(2.5)
    start = mkernel.clock_monotonic()
    raises(TimeoutError, listener.accept)
    assert 2_500_000_000 <= mkernel.clock_monotonic() - start < 2_600_000_000


@on_network
def test_recv_timeout_keeps_the_connection(network):
    client, accepted, _ = pair()
    client.settimeout(1)
    raises(TimeoutError, client.recv, 10)
    accepted.sendall(b"x")
    assert client.recv(10) == b"x"


@on_network
def test_sendall_times_out_when_the_peer_does_not_read(network):
    client, accepted, _ = pair()
    client.settimeout(3)
    raises(TimeoutError, client.sendall, bytes(1_000_000))


@on_network
def test_non_blocking_calls_do_not_wait(network):
    listener = server()
    listener.setblocking(False)
    raises(BlockingIOError, listener.accept)
    client = socket()
    client.setblocking(False)
    error = raises(BlockingIOError, client.connect, (SERVER, 9000))
    assert error.errno == 115
    assert client.connect_ex((SERVER, 9000)) == 114
    mkernel.sleep(0.1)
    accepted, _ = listener.accept()
    client.connect((SERVER, 9000)) if not client.getpeername() else None
    raises(BlockingIOError, client.recv, 1)
    sent = client.send(bytes(1_000_000))
    assert 0 < sent < 1_000_000
    raises(BlockingIOError, client.send, b"x")


@on_network
def test_reset_is_raised_once(network):
    client, accepted, _ = pair()
    accepted.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    accepted.close()
    raises(ConnectionResetError, client.recv, 10)
    assert client.recv(10) == b""
    raises(BrokenPipeError, client.send, b"x")


@on_network
def test_closing_with_unread_data_resets_the_peer(network):
    client, accepted, _ = pair()
    client.sendall(b"never read")
    mkernel.sleep(0.1)
    accepted.close()
    raises(ConnectionResetError, client.recv, 10)


@on_network
def test_close_wakes_a_waiting_task(network):
    client, accepted, listener = pair()
    outcome = []

    def reader():
        outcome.append(raises(OSError, accepted.recv, 10).errno)

    def acceptor():
        outcome.append(raises(OSError, listener.accept).errno)

    tasks = [mkernel.spawn(reader), mkernel.spawn(acceptor)]
    mkernel.sleep(0.1)
    accepted.close()
    listener.close()
    for task in tasks:
        task.join(1)
    assert outcome == [9, 9]


@on_network
def test_after_shutdown_sending_is_a_broken_pipe(network):
    client, accepted, _ = pair()
    client.shutdown(sockets.SHUT_WR)
    raises(BrokenPipeError, client.sendall, b"x")
    client.shutdown(sockets.SHUT_RD)
    assert client.recv(1) == b""


@on_network
def test_a_port_is_taken_once(network):
    first = server(9000)
    assert raises(OSError, server, 9000).errno == 98
    first.close()
    server(9000)


@on_network
def test_closing_a_listener_resets_unaccepted_connections(network):
    listener = server()
    client = sockets.create_connection((SERVER, 9000))
    listener.close()
    mkernel.sleep(0.1)
    raises(ConnectionResetError, client.recv, 1)


@on_network
def test_the_backlog_is_a_bound(network):
    listener = server(backlog=2)
    clients = [socket() for _ in range(3)]
    for client in clients:
        client.settimeout(0.5)
    assert clients[0].connect_ex((SERVER, 9000)) == 0
    assert clients[1].connect_ex((SERVER, 9000)) == 0
    raises(TimeoutError, clients[2].connect, (SERVER, 9000))
    assert network.right.stats.drops["tcp_backlog_full"] >= 1
    listener.accept()
    sockets.create_connection((SERVER, 9000), timeout=5)


@on_network
def test_options(network):
    client, accepted, _ = pair()
    assert client.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY) == 0
    client.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
    assert client.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY) == 1
    assert client.getsockopt(sockets.SOL_SOCKET, sockets.SO_TYPE) == sockets.SOCK_STREAM
    assert client.getsockopt(sockets.SOL_SOCKET, sockets.SO_ERROR) == 0
    assert client.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_MAXSEG) == 1448
    assert raises(OSError, client.setsockopt, sockets.SOL_SOCKET, 99, 1).errno == 92


@on_network
def test_so_error_reports_a_soft_error(network):  # MUST-47
    client, accepted, _ = pair()
    client._impl.tcb.error = 113  # as tcp/path.py leaves it
    client.sendall(b"all the same")
    assert accepted.recv(20) == b"all the same"
    assert client.getsockopt(sockets.SOL_SOCKET, sockets.SO_ERROR) == 113
    assert client.getsockopt(sockets.SOL_SOCKET, sockets.SO_ERROR) == 0


@on_network
def test_options_of_the_connection(network):
    client, accepted, listener = pair()
    tcp = sockets.IPPROTO_TCP
    for level, option, value in (
        (sockets.SOL_SOCKET, sockets.SO_KEEPALIVE, 1),
        (tcp, sockets.TCP_KEEPIDLE, 60),
        (tcp, sockets.TCP_KEEPINTVL, 7),
        (tcp, sockets.TCP_KEEPCNT, 3),
        (tcp, sockets.TCP_LINGER2, 3),
        (tcp, sockets.TCP_USER_TIMEOUT, 30000),
        (tcp, sockets.TCP_CORK, 1),
        (tcp, sockets.TCP_QUICKACK, 1),
        (tcp, sockets.TCP_CONGESTION, b"reno"),
    ):
        assert client.getsockopt(level, option) != value
        client.setsockopt(level, option, value)
        assert client.getsockopt(level, option) == value and accepted.getsockopt(level, option) != value
    for option, value in (
        (sockets.TCP_KEEPIDLE, 0),
        (sockets.TCP_KEEPCNT, 128),
        (sockets.TCP_LINGER2, -1),
        (sockets.TCP_USER_TIMEOUT, -1),
    ):
        assert raises(OSError, client.setsockopt, tcp, option, value).errno == 22
    for value in (1, b"", b"\1\0\0\0", bytes(9)):
        assert raises(OSError, client.setsockopt, sockets.SOL_SOCKET, sockets.SO_LINGER, value).errno == 22
    for value, kept in ((0, 60), (1000, 120)):
        client.setsockopt(tcp, sockets.TCP_LINGER2, value)
        assert client.getsockopt(tcp, sockets.TCP_LINGER2) == kept
    assert raises(OSError, client.setsockopt, tcp, sockets.TCP_CONGESTION, b"vegas").errno == 2
    listener.setsockopt(tcp, sockets.TCP_CONGESTION, b"reno")
    other = sockets.create_connection((SERVER, 9000))
    assert listener.accept()[0].getsockopt(tcp, sockets.TCP_CONGESTION) == b"reno"
    assert other.getsockopt(tcp, sockets.TCP_CONGESTION) == b"cubic"


@on_network
def test_tcp_info_of_a_connection(network):
    client, accepted, listener = pair()
    told = client.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_INFO, 256)
    assert len(told) == 104 and told[0] == 1
    assert client.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_INFO, 5) == told[:5]
    assert listener.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_INFO, 104) == b"\x0a" + bytes(103)
    assert socket().getsockopt(sockets.IPPROTO_TCP, sockets.TCP_INFO, 1) == b"\x07"
    assert client.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_MAXSEG, 4) == b"\xa8\x05\0\0"


@on_network
def test_close_can_wait_for_the_peer(network):
    client, accepted, _ = pair()
    accepted.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, b"\1\0\0\0\5\0\0\0")
    accepted.sendall(b"x" * 1000)
    tcb = accepted._impl.tcb
    accepted.close()
    assert tcb.fin_acked and tcb.tx.head == tcb.tx.tail
    assert client.recv(2000) == b"x" * 1000 and client.recv(1) == b""


@on_network
def test_closed_sockets_refuse(network):
    client, accepted, _ = pair()
    client.close()
    client.close()
    assert raises(OSError, client.recv, 1).errno == 9
    assert raises(OSError, client.send, b"x").errno == 9
    assert client.fileno() == -1


@on_network
def test_unconnected_socket_raises_enotconn(network):
    sock = socket()
    assert raises(OSError, sock.recv, 1).errno == 107
    assert raises(OSError, sock.getpeername).errno == 107
    assert raises(OSError, sock.accept).errno == 22
    assert raises(OverflowError, sock.connect, (SERVER, 65536))
    assert raises(sockets.gaierror, sock.connect, ("no.such.name", 1))


@on_network
def test_two_hundred_connections_at_once(network):
    listener = server(backlog=300)

    def echo(connection):
        with connection:
            while data := connection.recv(100):
                connection.sendall(data)

    def serve():
        for _ in range(200):
            mkernel.spawn(echo, listener.accept()[0])

    answers = []

    def ask(i):
        with sockets.create_connection((SERVER, 9000)) as client:
            client.sendall(b"%d" % i)
            client.shutdown(sockets.SHUT_WR)
            answers.append(int(client.recv(100)))
            assert client.recv(1) == b""

    mkernel.spawn(serve)
    with mkernel.TaskGroup() as group:
        for i in range(200):
            group.spawn(ask, i)
    assert sorted(answers) == list(range(200))


@on_network
def test_a_stream_that_never_waits_lets_others_run(network):
    client, accepted, _ = pair()
    turns = []
    mkernel.spawn(lambda: turns.append(1))
    accepted.sendall(bytes(40))
    mkernel.sleep(0.1)
    turns.clear()
    mkernel.spawn(lambda: turns.append(1))
    for _ in range(40):
        assert len(client.recv(1)) == 1
    assert turns == [1]


@on_network
def test_kill_sends_queued_data(network):
    listener = server()
    client = sockets.create_connection((SERVER, 9000))
    accepted, _ = listener.accept()
    client.sendall(bytes(30000))
    network.left.kill()
    received = 0
    while n := len(accepted.recv(4096)):
        received += n
    assert received == 30000


@on_network
def test_the_stream_calls_of_micropython(network):
    """MicroPython's asyncio calls these after select has reported data or room."""
    client, accepted, _ = pair()
    accepted.setblocking(False)
    assert accepted.read(10) is accepted.readinto(bytearray(4)) is accepted.readline() is None
    client.sendall(b"one\ntwo, and more")
    mkernel.sleep(0.1)
    piece = bytearray(4)
    assert accepted.readline() == b"one\n"
    assert accepted.readinto(piece) == 4 and piece == b"two,"
    assert accepted.read(4) == b" and" and accepted.readline() == b" more" and accepted.read() is None
    assert accepted.write(b"answer") == 6 and client.recv(100) == b"answer"
    while accepted.write(bytes(10000)) is not None:
        pass
    client.sendall(b"rest")
    client.shutdown(sockets.SHUT_WR)
    mkernel.sleep(0.1)
    assert accepted.read(-1) == b"rest" and accepted.read() == accepted.readline() == b""
    client.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    mkernel.sleep(0.1)
    raises(ConnectionResetError, accepted.write, b"more")


@on_network
def test_options_of_the_ip_header(network):  # MUST-48, MUST-49
    def headers(end):
        seen = []
        end.lose = lambda frame: seen.append((frame[22], frame[15])) if frame[23] == 6 else None
        return seen

    listener = server()
    listener.setsockopt(0, 2, 9)  # IP_TTL
    listener.setsockopt(0, 1, 0x20)  # IP_TOS
    sock = socket()
    assert (sock.getsockopt(0, 2), sock.getsockopt(0, 1)) == (64, 0)
    sock.setsockopt(0, 2, 5)
    sent, answered = [headers(end) for end in network.ends]
    sock.connect((SERVER, 9000))
    accepted = listener.accept()[0]
    assert accepted.getsockopt(0, 2) == 9 and set(answered) == {(9, 0x20)} and set(sent) == {(5, 0)}
    accepted.setsockopt(0, 2, 11)
    sock.sendall(b"question")
    accepted.recv(20)
    accepted.sendall(b"answer")
    sock.recv(20)
    assert answered[-1] == (11, 0x20)
    for option, value in ((2, 0), (2, 256), (1, 256), (1, b"x")):
        assert raises(OSError, sock.setsockopt, 0, option, value).errno == 22


@on_network
def test_urgent_bytes(network):  # MUST-30 to MUST-33
    client, accepted, _ = pair()
    assert raises(OSError, accepted.recv, 1, sockets.MSG_OOB).errno == 22
    assert client.send(b"abX", sockets.MSG_OOB) == 3
    client.sendall(b"def")
    _, _, urgent = select.select([accepted], [], [accepted])
    assert urgent == [accepted] and not accepted.sockatmark()
    assert accepted.recv(100) == b"ab" and accepted.sockatmark()
    assert accepted.recv(10, sockets.MSG_OOB) == b"X"
    assert select.select([], [], [accepted], 0) == ([], [], [])
    assert accepted.recv(100) == b"def" and not accepted.sockatmark()
    client.setsockopt(sockets.SOL_SOCKET, sockets.SO_OOBINLINE, 1)
    assert client.getsockopt(sockets.SOL_SOCKET, sockets.SO_OOBINLINE) == 1
    accepted.sendall(b"Y" * 100000, sockets.MSG_OOB)
    accepted.close()
    got = b""
    while True:
        some = client.recv(100000)
        if not some:
            break
        got += some
    assert got == b"Y" * 100000
    assert raises(OSError, client.recv, 1, 0x800).errno == 95


@on_network
def test_lengths_are_bytes(network):
    client, accepted, _ = pair()
    wide = array.array("H", [0x6261, 0x6463, 0x6665])
    assert client.send(wide) == 6 and client.sendall(wide) is None and client.send(memoryview(wide)[1:]) == 4
    assert client.sendmsg([b"x", wide]) == 7
    mkernel.sleep(0.1)
    assert accepted.recv(100) == b"abcdefabcdefcdefxabcdef"
    client.sendall(b"0123456789AB")
    mkernel.sleep(0.1)
    room = array.array("I", [0, 0])
    assert accepted.recv_into(room) == 8 and bytes(room) == b"01234567"
    assert accepted.recv_into(room, 2) == 2 and bytes(room) == b"89234567"
    assert accepted.recvfrom_into(memoryview(room)[1:]) == (2, None) and bytes(room) == b"8923AB67"
    for what in ("text", None, 5, [1]):
        calls = (client.send, client.sendall) + (() if what == "text" else (client.write,))
        for call in calls:
            complaint = "a bytes-like object is required, not '%s'" % type(what).__name__
            assert str(raises(TypeError, call, what)) == complaint
        raises(TypeError, client.sendto, what, (SERVER, 9000))
    for what in ("text", b"bytes", None, 5):
        for call in ("recv_into", "recvfrom_into"):
            complaint = str(raises(TypeError, getattr(accepted, call), what))
            assert complaint.startswith("%s() argument 1 must be read-write bytes-like" % call), complaint


@on_network
def test_micropythons_calls_of_a_blocking_socket_are_whole(network):
    client, accepted, _ = pair()
    data = bytes(range(250)) * 4000

    def write():
        assert client.write(data) == len(data)
        mkernel.sleep(1)
        client.sendall(b"first ")
        mkernel.sleep(1)
        client.sendall(b"line\nlast")
        client.close()

    mkernel.spawn(write)
    assert accepted.read(600000) == data[:600000]
    rest = bytearray(400000)
    assert accepted.readinto(rest) == 400000 and rest == data[600000:]
    assert accepted.readline() == b"first line\n"
    assert accepted.read(100) == b"last" and accepted.read() == accepted.readline() == b""


@on_network
def test_timeout_loses_no_data_of_stream_calls(network):
    client, accepted, _ = pair()
    accepted.settimeout(1)
    client.settimeout(1)
    client.sendall(b"some")
    assert accepted.read(10) == b"some"
    raises(TimeoutError, accepted.read, 10)
    client.sendall(b"half a li")
    assert accepted.readline() == b"half a li"
    sent = client.write(bytes(1 << 21))
    assert 0 < sent < 1 << 21
    raises(TimeoutError, client.write, b"x")
    assert accepted.read(sent) == bytes(sent)


@on_network
def test_what_is_queued_can_be_read_after_shutdown(network):
    client, accepted, _ = pair()
    accepted.sendall(b"queued")
    mkernel.sleep(0.1)
    client.shutdown(sockets.SHUT_RD)
    assert client.recv(3) == b"que" and client.recv(10) == b"ued" and client.recv(10) == b""
    accepted.sendall(b"later")
    mkernel.sleep(0.1)
    assert client.recv(10) == b"later" and client.recv(10) == b""


@on_network
def test_a_listener_that_is_shut_down(network):
    listener = server()
    waiting = mkernel.spawn(listener.accept)
    mkernel.sleep(0.1)
    listener.shutdown(sockets.SHUT_WR)
    assert not waiting.done
    listener.shutdown(sockets.SHUT_RD)
    assert raises(OSError, waiting.join).errno == 22
    raises(ConnectionRefusedError, sockets.create_connection, (SERVER, 9000))
    listener.listen()
    sockets.create_connection((SERVER, 9000))
    assert listener.accept()


@on_network
def test_outcome_of_connect_is_reported_once(network):
    listener = server()
    client = socket()
    client.setblocking(False)
    assert [client.connect_ex((SERVER, 9000)) for _ in range(2)] == [115, 114]
    mkernel.sleep(0.1)
    assert [client.connect_ex((SERVER, 9000)) for _ in range(2)] == [0, 106]
    other = socket()
    other.setblocking(False)
    assert other.connect_ex((SERVER, 4)) == 115
    mkernel.sleep(0.1)
    assert [other.connect_ex((SERVER, 4)) for _ in range(2)] == [111, 115]
    mkernel.sleep(0.1)
    assert other.getsockopt(sockets.SOL_SOCKET, sockets.SO_ERROR) == 111
    assert [other.connect_ex((SERVER, 9000)) for _ in range(2)] == [103, 115]
    late = socket()
    late.settimeout(0.5)
    raises(TimeoutError, late.connect, ("10.0.0.77", 9000))
    assert late.connect_ex(("10.0.0.77", 9000)) == 114 and listener.accept()


@on_network
def test_a_socket_can_be_bound_after_a_failed_connect(network):
    listener = server()
    for timeout in (None, 5):
        client = socket()
        client.settimeout(timeout)
        raises(ConnectionRefusedError, client.connect, (SERVER, 4))
        client.bind(("10.0.0.1", 0))
        name = client.getsockname()
        assert name[1] and raises(OSError, client.bind, ("10.0.0.1", 0)).errno == 22
        if timeout:
            raises(ConnectionAbortedError, client.connect, (SERVER, 9000))
        client.connect((SERVER, 9000))
        assert client.getsockname() == name and listener.accept()[1] == name


@on_network
def test_bind_takes_the_port(network):
    first = socket()
    first.bind((SERVER, 0))
    name = first.getsockname()
    assert name[0] == SERVER and name[1]
    for address in (name, ("", name[1])):
        assert raises(OSError, socket().bind, address).errno == 98
    socket().bind(("10.0.0.1", name[1]))
    first.close()
    socket().bind(name)
    assert raises(OSError, socket().bind, ("10.0.0.99", 0)).errno == 99


@on_network
def test_the_port_of_a_connection_is_taken(network):
    client, accepted, listener = pair()
    name = client.getsockname()

    def bind(reuse):
        sock = socket()
        sock.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, reuse)
        sock.bind(name)
        return sock

    for reuse in (0, 1):
        assert raises(OSError, bind, reuse).errno == 98
    other = socket()
    other.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
    other.connect((SERVER, 9000))
    name = other.getsockname()
    assert raises(OSError, bind, 0).errno == 98
    one, two = bind(1), bind(1)
    one.listen()
    assert raises(OSError, two.listen).errno == 98


@on_network
def test_ports_are_released(network):
    for _ in range(3):
        client, accepted, listener = pair()
        bound = socket()
        bound.bind(("", 0))
        for sock in (client, accepted, listener, bound):
            sock.close()
        mkernel.sleep(200)
    for running in (network.left, network.right):
        assert not running.tcp.bindings._ports and not running.tcp.ports


@on_network
def test_file_numbers(network):
    socks = [socket() for _ in range(4)]
    numbers = [sock.fileno() for sock in socks]
    assert numbers == sorted(numbers) and numbers[0] >= 3
    socks[2].close()
    socks[1].close()
    assert socks[1].fileno() == -1
    again = [socket(), socket()]
    assert [sock.fileno() for sock in again] == [numbers[1], numbers[2]]
    copy = again[0].dup()
    assert copy.fileno() not in numbers
    listener = server()
    client = sockets.create_connection((SERVER, 9000))
    accepted, _ = listener.accept()
    copy = accepted.dup()
    accepted.close()
    client.sendall(b"x")
    assert copy.recv(1) == b"x" and raises(OSError, accepted.recv, 1).errno == 9
    number = copy.detach()
    assert copy.fileno() == -1
    adopted = socket(fileno=number)
    assert adopted.fileno() == number and adopted.getpeername() == client.getsockname()
    adopted.close()
    assert client.recv(1) == b"" and raises(OSError, lambda: socket(fileno=number)).errno == 9


@on_network
def test_flags_of_recv(network):
    client, accepted, _ = pair()
    client.sendall(b"abcdef")
    mkernel.sleep(0.1)
    assert accepted.recv(4, sockets.MSG_PEEK) == b"abcd" and accepted.recv(2) == b"ab"
    mkernel.spawn(lambda: (mkernel.sleep(1), client.sendall(b"ghij")))
    assert accepted.recv(8, sockets.MSG_WAITALL) == b"cdefghij"
    raises(BlockingIOError, accepted.recv, 1, sockets.MSG_DONTWAIT)


@on_network
def test_messages(network):
    client, accepted, _ = pair()
    assert client.sendmsg([b"ab", b"", bytearray(b"cd")]) == 4
    room = [bytearray(3), bytearray(5)]
    assert accepted.recvmsg_into(room) == (4, [], 0, None) and room == [b"abc", b"d\0\0\0\0"]
    client.sendall(b"more")
    assert accepted.recvmsg(100) == (b"more", [], 0, None)


@on_network
def test_files_over_a_connection(network):
    client, accepted, _ = pair()
    accepted.settimeout(5)
    reader, writer = accepted.makefile("rb"), client.makefile("wb")
    assert reader.readable() and not reader.writable() and not reader.seekable()
    writer.write(b"one\ntwo\n")
    writer.write(b"three, and more")
    accepted.setblocking(False)
    mkernel.sleep(0.1)
    raises(BlockingIOError, accepted.recv, 1)
    accepted.settimeout(5)
    writer.flush()
    assert reader.readline() == b"one\n" and reader.peek()[:3] == b"two" and reader.read(6) == b"two\nth"
    room = bytearray(4)
    assert reader.readinto(room) == 4 and room == b"ree," and reader.readline(4) == b" and"
    writer.writelines([b"\n", b"last\n", b"end"])
    writer.close()
    client.close()
    assert reader.read1(3) == b" mo" and list(reader) == [b"re\n", b"last\n", b"end"] and reader.read() == b""
    raises(ValueError, writer.write, b"x")
    assert raises(OSError, reader.write, b"x").errno is None
    reader.close()
    assert accepted.fileno() >= 0


@on_network
def test_a_socket_is_open_as_long_as_its_files(network):
    client, accepted, _ = pair()
    with client.makefile("rwb") as file:
        client.close()
        assert client.fileno() >= 0
        file.write(b"question\n")
        file.flush()
        assert accepted.recv(20) == b"question\n"
        accepted.sendall(b"answer\n")
        assert file.readline() == b"answer\n"
    assert client.fileno() == -1 and accepted.recv(1) == b""
    raises(OSError, client.makefile)


@on_network
def test_unbuffered_files_and_timeouts(network):
    client, accepted, _ = pair()
    raw = accepted.makefile("rwb", 0)
    client.sendall(b"some")
    assert raw.read(100) == b"some" and raw.write(b"answer") == 6 and client.recv(10) == b"answer"
    raises(ValueError, client.makefile, "r", 0)
    raises(ValueError, client.makefile, "x")
    raises(TypeError, raw.write, "text")
    accepted.settimeout(0.1)
    raises(TimeoutError, raw.read, 1)
    assert "timed out object" in str(raises(OSError, raw.read, 1))


@on_network
def test_text_over_a_connection(network):
    client, accepted, _ = pair()
    text = accepted.makefile("r")
    data = "\u00e4\u20ac\U0001f600 one\r\ntwo\rthree\nlast".encode()

    def send():
        for i in range(len(data)):
            client.sendall(data[i : i + 1])
            mkernel.sleep(0.01)
        client.close()

    mkernel.spawn(send)
    assert text.read(2) == "\u00e4\u20ac"
    assert list(text) == ["\U0001f600 one\n", "two\n", "three\n", "last"]
    client, accepted, _ = pair(9001)
    client.sendall(b"a\r\nb\rc\n")
    client.shutdown(sockets.SHUT_WR)
    assert accepted.makefile(newline="").readlines() == ["a\r\n", "b\r", "c\n"]
    writer = accepted.makefile("w", newline="\r\n", encoding="utf-8")
    assert writer.write("\u00e4\n") == 2
    writer.close()
    assert client.recv(10) == b"\xc3\xa4\r\n"


def test_a_pair():
    def main():
        one, two = sockets.socketpair()
        assert one.getsockname() == two.getpeername() == "" and one.family == sockets.AF_UNIX
        one.sendall(b"hello")
        assert select.select([two], [two], [], 0)[:2] == ([two], [two])
        assert two.recv(2, sockets.MSG_PEEK) == b"he" and two.recv(9) == b"hello"
        big = bytes(range(256)) * 2000
        sender = mkernel.spawn(lambda: (one.sendall(big), one.shutdown(sockets.SHUT_WR)))
        got = b""
        while data := two.recv(10000):
            got += data
        assert got == big and sender.join()
        two.sendall(b"back")
        two.close()
        assert one.recv(9) == b"back" and one.recv(9) == b""
        raises(BrokenPipeError, one.send, b"x")
        one.setblocking(False)
        assert one.getsockopt(sockets.SOL_SOCKET, sockets.SO_ERROR) == 0
        assert raises(OSError, one.setsockopt, sockets.SOL_SOCKET, 99, 1).errno == 92
        one.close()
        three, four = sockets.socketpair()
        waiting = mkernel.spawn(four.recv, 1)
        mkernel.sleep(0.01)
        three.close()
        assert waiting.join(1) == b""

    run(main)
