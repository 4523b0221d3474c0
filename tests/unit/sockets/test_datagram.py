# UDP sockets in direct style.
import mkernel
from mnet.sockets import SOCK_DGRAM, socket
from support import raises
from unit.sockets.network import SERVER, on_network


def bound(port, host=SERVER):
    sock = socket(type=SOCK_DGRAM)
    sock.bind((host, port))
    return sock


@on_network
def test_a_datagram_and_its_answer(network):
    server, client = bound(5000), socket(type=SOCK_DGRAM)
    assert client.sendto(b"question", (SERVER, 5000)) == 8
    data, address = server.recvfrom(100)
    assert data == b"question" and address[0] == "10.0.0.1"
    server.sendto(b"answer", address)
    assert client.recv(100) == b"answer"


@on_network
def test_a_connected_socket_hears_its_peer_only(network):
    server, other = bound(5000), bound(5001)
    client = bound(6000, "10.0.0.1")
    client.connect((SERVER, 5000))
    assert client.getpeername() == (SERVER, 5000)
    client.send(b"x")
    server.recvfrom(10)
    other.sendto(b"stranger", ("10.0.0.1", 6000))
    server.sendto(b"friend", ("10.0.0.1", 6000))
    assert client.recv(100) == b"friend"
    assert network.left.stats.drops["udp_other_peer"] == 1


@on_network
def test_the_rest_of_a_long_datagram_is_lost(network):
    server, client = bound(5000), socket(type=SOCK_DGRAM)
    client.sendto(b"abcdef", (SERVER, 5000))
    client.sendto(b"ghi", (SERVER, 5000))
    assert server.recv(3) == b"abc"
    piece = bytearray(10)
    assert server.recv_into(piece) == 3 and piece[:3] == b"ghi"


@on_network
def test_datagrams_wait_in_a_bounded_queue(network):
    server, client = bound(5000), socket(type=SOCK_DGRAM)
    client.sendto(b"who are you", (SERVER, 5000))  # the neighbour's queue is shorter
    server.recv(20)
    for i in range(300):
        client.sendto(b"%d" % i, (SERVER, 5000))
    mkernel.sleep(1)
    assert network.right.stats.drops["udp_queue_full"] == 44
    assert [server.recv(9) for _ in range(256)] == [b"%d" % i for i in range(256)]
    server.setblocking(False)
    raises(BlockingIOError, server.recv, 9)


@on_network
def test_time_out_size_and_port(network):
    server = bound(5000)
    server.settimeout(1)
    raises(TimeoutError, server.recvfrom, 10)
    assert raises(OSError, server.sendto, bytes(1473), ("10.0.0.1", 1)).errno == 90
    assert raises(OSError, bound, 5000).errno == 98
    assert raises(OSError, socket(type=SOCK_DGRAM).send, b"x").errno == 89
    assert raises(OSError, socket(type=SOCK_DGRAM).sendto, b"x", ("192.0.2.1", 1)).errno == 101
    server.close()
    assert raises(OSError, server.recv, 1).errno == 9
    bound(5000)


@on_network
def test_an_empty_datagram_is_one(network):
    server, client = bound(5000), socket(type=SOCK_DGRAM)
    client.sendto(b"", (SERVER, 5000))
    assert server.recvfrom(10)[0] == b""
