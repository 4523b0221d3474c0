# Connections and datagrams of a host to itself: 127.0.0.0/8, ::1 and the host's own addresses (RFC 1122
# 3.2.1.3, RFC 4291 2.5.3).
import mkernel
from mkernel import scheduler
from mkernel.errors import Deadlock
from mnet import runner
from mnet.sockets import (
    AF_INET,
    AF_INET6,
    IPPROTO_ICMP,
    IPPROTO_ICMPV6,
    SOCK_DGRAM,
    SOCK_STREAM,
    create_connection,
    create_server,
    getaddrinfo,
    gethostbyname,
    socket,
)
from support import raises, rows, run
from unit.mnet import frames
from unit.sockets.network import on_network

LOCAL = (  # (family, where to listen, where to connect to, the client's address)
    ("127.0.0.1", AF_INET, "127.0.0.1", "127.0.0.1", "127.0.0.1"),
    ("127.9.9.9", AF_INET, "", "127.9.9.9", "127.0.0.1"),
    ("localhost", AF_INET, "localhost", "localhost", "127.0.0.1"),
    ("0.0.0.0", AF_INET, "", "0.0.0.0", "127.0.0.1"),
    ("own address", AF_INET, "10.0.0.1", "10.0.0.1", "10.0.0.1"),
    ("::1", AF_INET6, "::1", "::1", "::1"),
    ("localhost over IPv6", AF_INET6, "localhost", "localhost", "::1"),
    ("own IPv6 address", AF_INET6, "fd00::1", "fd00::1", "fd00::1"),
    ("own address mapped", AF_INET6, "::ffff:10.0.0.1", "::ffff:10.0.0.1", "::ffff:10.0.0.1"),
)


def quietly(test):
    """Run a test on a network on which nothing may be sent meanwhile."""

    def watched(network, *args):
        mkernel.sleep(20)  # router solicitations
        sent = [end.sent for end in network.ends]
        test(*args)
        assert sent == [end.sent for end in network.ends]

    return watched


@rows(LOCAL)
def test_streams(family, server, client, source):
    @on_network
    @quietly
    def talk():
        listener = socket(family, SOCK_STREAM)
        listener.bind((server, 0))
        listener.listen(5)
        port = listener.getsockname()[1]
        one = socket(family, SOCK_STREAM)
        one.connect((client, port))
        two, peer = listener.accept()
        assert peer[0] == source and one.getsockname()[:2] == peer[:2]
        assert one.getpeername()[:2] == two.getsockname()[:2]
        data = bytes(range(256)) * 2000
        mkernel.spawn(lambda: (one.sendall(data), one.shutdown(1)))
        received = b""
        while piece := two.recv(65536):
            received += piece
        assert received == data
        two.close()
        assert one.recv(10) == b""

    talk()


@rows(LOCAL)
def test_datagrams(family, server, client, source):
    @on_network
    @quietly
    def talk():
        one, two = socket(family, SOCK_DGRAM), socket(family, SOCK_DGRAM)
        one.bind((server, 0))
        port = one.getsockname()[1]
        for size in (0, 1, 1472, 20000, 65507):
            assert two.sendto(bytes(size), (client, port)) == size
            data, peer = one.recvfrom(65535)
            assert len(data) == size and peer[0] == source
            one.sendto(b"answer", peer)
            assert two.recv(100) == b"answer"
        two.connect((client, port))
        two.send(b"connected")
        assert one.recv(100) == b"connected" and two.getsockname()[0] == source

    talk()


@rows(
    (
        ("ipv4", AF_INET, IPPROTO_ICMP, 8, 0, "127.0.0.1"),
        ("own", AF_INET, IPPROTO_ICMP, 8, 0, "10.0.0.1"),
        ("ipv6", AF_INET6, IPPROTO_ICMPV6, 128, 129, "::1"),
    )
)
def test_ping(family, protocol, asked, reply, address):
    @on_network
    @quietly
    def ping():
        sock = socket(family, SOCK_DGRAM, protocol)
        sock.settimeout(1)
        sock.sendto(bytes((asked, 0, 0, 0, 0, 0, 0, 1)) + b"payload", (address, 0))
        data, peer = sock.recvfrom(100)
        assert data[0] == reply and data[8:] == b"payload" and peer[0] == address

    ping()


@on_network
def test_a_port_without_a_listener_refuses(network):
    for address in ("127.0.0.1", "10.0.0.1"):
        assert raises(OSError, create_connection, (address, 9)).errno == 111
        sock = socket(AF_INET, SOCK_DGRAM)
        sock.connect((address, 9))
        sock.send(b"x")
        mkernel.sleep(0.1)
        assert raises(OSError, sock.recv, 1).errno == 111
    assert raises(OSError, create_connection, ("::1", 9)).errno == 111


@on_network
def test_names_of_this_host(network):
    found = getaddrinfo("localhost", 80, type=SOCK_STREAM)
    assert [each[4][0] for each in found] == ["::1", "127.0.0.1"]
    assert gethostbyname("localhost") == "127.0.0.1"


@on_network
def test_a_wildcard_listener_takes_connections_of_its_own_host(network):
    listener = create_server(("", 80))  # on the right host, as the client
    client = socket()
    client.bind(("10.0.0.2", 0))
    client.connect(("127.0.0.1", 80))
    assert listener.accept()[1] == client.getsockname()


@on_network
def test_loopback_packets_never_leave_the_host(network):
    sock = socket(AF_INET, SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    assert raises(OSError, sock.sendto, b"x", ("10.0.0.2", 9)).errno == 101
    assert raises(OSError, sock.sendto, b"x", ("8.8.8.8", 9)).errno == 101


@on_network
def test_packets_from_own_addresses_are_dropped_by_a_device(network):
    """Spoofed segments of a connection over loopback, and datagrams to and from loopback addresses."""
    listener = create_server(("127.0.0.1", 80))
    client = create_connection(("127.0.0.1", 80))
    accepted, _ = listener.accept()
    sink = socket(AF_INET, SOCK_DGRAM)
    sink.bind(("127.0.0.1", 81))
    interface, host = network.left.interface, network.left.host
    tcb = accepted._impl.tcb
    ours = 0x7F000001
    mac = interface.link.mac
    for src, dst in ((ours, ours), (0x0A000001, 0x0A000001), (0x0A000002, ours), (ours, 0x0A000001)):
        segment = frames.tcp("P.", tcb.rcv_nxt, tcb.snd_nxt, 100, b"spoofed", src=src, dst=dst)
        segment = bytearray(segment)
        segment[0:6] = mac
        segment[34:38] = client.getsockname()[1].to_bytes(2, "big") + b"\0\x50"
        interface.receive(segment, len(segment), False, 0)
    assert raises(BlockingIOError, lambda: (accepted.setblocking(False), accepted.recv(10)))
    assert host.stats.drops["ipv4_source"] == 3 and host.stats.drops["ipv4_not_ours"] == 1
    client.sendall(b"real")
    accepted.setblocking(True)
    assert accepted.recv(10) == b"real"


@on_network
def test_the_queue_is_bounded_and_a_writer_waits(network):
    sink = socket(AF_INET, SOCK_DGRAM)
    sink.bind(("127.0.0.1", 5000))
    sender = socket(AF_INET, SOCK_DGRAM)
    device = network.left.host.loopback.link.device
    got = []
    mkernel.spawn(lambda: [got.append(sink.recv(65535)[0]) for _ in range(40)])
    for i in range(40):
        sender.sendto(bytes((i,)) * 30000, ("127.0.0.1", 5000))
        assert device.queued <= 262144
    mkernel.sleep(1)
    lost = network.left.host.stats.drops.get("udp_queue_full", 0)  # as on Linux, where the reader is late
    assert len(got) + lost == 40 and sorted(got) == got and len(got) >= 8


@on_network
def test_megabyte_over_loopback_takes_no_virtual_time(network):
    listener = create_server(("127.0.0.1", 80))
    client = create_connection(("127.0.0.1", 80))
    accepted, _ = listener.accept()
    start = mkernel.clock_monotonic()
    mkernel.spawn(lambda: (client.sendall(bytes(1 << 20)), client.close()))
    n = 0
    while piece := accepted.recv(65536):
        n += len(piece)
    assert n == 1 << 20
    assert mkernel.clock_monotonic() - start < 100_000_000  # no delayed ACK is awaited


def test_loopback_works_without_a_device():
    """Without a device; and where all its tasks wait, that is a deadlock."""
    before = runner.use(None)
    try:
        run(_talk_to_itself)
        raises(Deadlock, run, lambda: create_server(("127.0.0.1", 80)).accept())
    finally:
        scheduler.remove_poller(runner.use(before))


def _talk_to_itself():
    listener = create_server(("127.0.0.1", 0))
    client = create_connection(listener.getsockname())
    accepted, _ = listener.accept()
    client.sendall(b"question")
    assert accepted.recv(10) == b"question"
    for sock in (client, accepted, listener):
        sock.close()
