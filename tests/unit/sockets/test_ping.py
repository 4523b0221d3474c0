# Ping sockets: echo requests of a user, and the replies that are for it.
import struct

import mkernel
from mnet.limits import UDP_QUEUE
from mnet.sockets import (
    AF_INET,
    AF_INET6,
    IPPROTO_ICMP,
    IPPROTO_ICMPV6,
    IPPROTO_TCP,
    IPPROTO_UDP,
    SO_BROADCAST,
    SO_REUSEADDR,
    SOCK_DGRAM,
    SOCK_STREAM,
    SOL_SOCKET,
    socket,
)
from support import raises
from unit.sockets.network import SERVER, SERVER6, on_network

CLIENT = "10.0.0.1"


def ping(family=AF_INET):
    sock = socket(family, SOCK_DGRAM, IPPROTO_ICMP if family == AF_INET else IPPROTO_ICMPV6)
    sock.settimeout(1)
    return sock


def request(number, data=b"", kind=8, ident=0):
    return struct.pack("!BBHHH", kind, 0, 0xBEEF, ident, number) + data


def fields(message):
    kind, code, _, ident, number = struct.unpack("!BBHHH", message[:8])
    return kind, code, ident, number, message[8:]


@on_network
def test_a_request_and_its_reply(network):  # ICMP-8
    """The identifier is the socket's, whatever the user has written there; so is the sum."""
    sock = ping()
    assert sock.sendto(request(7, b"data", ident=99), (SERVER, 0)) == 12
    ident = sock.getsockname()[1]
    assert ident and sock.proto == IPPROTO_ICMP
    message, address = sock.recvfrom(100)
    assert fields(message) == (0, 0, ident, 7, b"data") and address == (SERVER, 0)
    sock.sendto(request(8), (SERVER, 12345))  # a port has no effect
    assert fields(sock.recv(100)) == (0, 0, ident, 8, b"")
    for size in (1472, 1473, 20000):
        sock.sendto(request(9, bytes(size)), (SERVER, 0))
        assert len(sock.recv(30000)) == 8 + size


@on_network
def test_the_same_over_ipv6(network):  # ICMP-8
    sock = ping(AF_INET6)
    mkernel.sleep(3)
    sock.sendto(request(7, b"data", 128), (SERVER6, 0))
    ident = sock.getsockname()[1]
    message, address = sock.recvfrom(100)
    assert fields(message) == (129, 0, ident, 7, b"data") and address == (SERVER6, 0, 0, 0)
    sock.sendto(request(8, b"", 128), ("fe80::ff:fe00:2%left", 0))
    message, address = sock.recvfrom(100)
    assert fields(message)[3] == 8 and address == ("fe80::ff:fe00:2", 0, 0, 2)
    assert raises(OSError, sock.sendto, request(7, b"", 128), ("::ffff:10.0.0.2", 0)).errno == 101


@on_network
def test_sockets_receive_their_own_replies(network):
    first, second = ping(), ping()
    first.bind((CLIENT, 5))
    second.bind(("", 6))
    second.sendto(request(1), (SERVER, 0))
    assert fields(second.recv(100))[2:4] == (6, 1)
    raises(TimeoutError, first.recv, 100)
    first.sendto(request(2), (SERVER, 0))
    first.close()
    mkernel.sleep(1)
    assert network.left.stats.drops["icmp_reply_for_nobody"] == 1
    second.connect((SERVER, 0))
    second.send(request(3))
    assert fields(second.recv(100))[2:4] == (6, 3)
    network.right.add_address("10.0.0.3/24")
    second.sendto(request(4), ("10.0.0.3", 0))
    raises(TimeoutError, second.recv, 100)  # not from its peer
    assert network.left.stats.drops["icmp_reply_for_nobody"] == 2


@on_network
def test_identifiers_are_allocated_and_released(network):
    first, second = ping(), ping()
    first.bind(("", 5))
    assert first.getsockname() == ("0.0.0.0", 5)
    assert raises(OSError, second.bind, (CLIENT, 5)).errno == 98
    assert raises(OSError, first.bind, ("", 6)).errno == 22
    first.close()
    second.bind((CLIENT, 5))
    socket(type=SOCK_DGRAM).bind((CLIENT, 5))  # UDP has its own
    ping(AF_INET6).bind(("", 5))
    for address in ("224.0.0.1", "255.255.255.255", "10.0.0.255", "10.0.0.9"):
        assert raises(OSError, ping().bind, (address, 0)).errno == 99
    assert raises(OSError, ping(AF_INET6).bind, ("ff02::1", 0)).errno == 99
    third, fourth = ping(), ping()
    for sock in (third, fourth):
        sock.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        sock.bind(("", 7))


@on_network
def test_nothing_but_echo_requests_is_sent(network):
    four, six = ping(), ping(AF_INET6)
    mkernel.sleep(3)
    sent = network.ends[0].sent
    for wrong in (b"", b"\x08\0\0\0\0\0\0", request(1, kind=0), request(1, kind=128), b"\x08\1" + bytes(6)):
        assert raises(OSError, four.sendto, wrong, (SERVER, 0)).errno == 22
    assert raises(OSError, six.sendto, request(1), (SERVER6, 0)).errno == 22
    assert raises(OSError, four.send, request(1)).errno == 89
    assert raises(OSError, four.sendto, request(1, bytes(65500)), (SERVER, 0)).errno == 90
    assert network.ends[0].sent == sent


@on_network
def test_connected_ping_socket_raises_icmp_errors(network):
    sock, other = ping(), ping()
    sock.connect(("10.0.0.77", 0))
    sock.settimeout(10)
    sock.send(request(1))
    assert raises(OSError, sock.recv, 100).errno == 113
    other.sendto(request(1), ("10.0.0.78", 0))
    other.settimeout(10)
    raises(TimeoutError, other.recv, 100)


@on_network
def test_replies_wait_in_a_bounded_queue(network):
    sock = ping()
    sock.sendto(request(0), (SERVER, 0))
    sock.recv(100)
    for i in range(UDP_QUEUE + 10):
        sock.sendto(request(i), (SERVER, 0))
        mkernel.sleep(0.001)
    mkernel.sleep(1)
    assert network.left.stats.drops["udp_queue_full"] == 10
    assert [fields(sock.recv(8))[3] for _ in range(UDP_QUEUE)] == list(range(UDP_QUEUE))


@on_network
def test_broadcast_request_needs_so_broadcast(network):
    sock = ping()
    raises(PermissionError, sock.sendto, request(1), ("10.0.0.255", 0))
    sock.setsockopt(SOL_SOCKET, SO_BROADCAST, 1)
    sock.sendto(request(1), ("10.0.0.255", 0))
    mkernel.sleep(1)
    assert network.right.stats.drops["icmp_broadcast_echo"] == 1
    sock.sendto(request(2), ("224.0.0.1", 0))  # to a group we are in, too: no reply from ourselves
    raises(TimeoutError, sock.recv, 100)


@on_network
def test_protocols_that_do_not_fit_are_refused(network):
    for family, kind, proto in (
        (AF_INET, SOCK_DGRAM, IPPROTO_ICMPV6),
        (AF_INET6, SOCK_DGRAM, IPPROTO_ICMP),
        (AF_INET, SOCK_STREAM, IPPROTO_UDP),
        (AF_INET, SOCK_DGRAM, IPPROTO_TCP),
        (AF_INET, SOCK_STREAM, IPPROTO_ICMP),
    ):
        assert raises(OSError, socket, family, kind, proto).errno == 93
    assert socket(AF_INET, SOCK_DGRAM).proto == socket().proto == 0
