# UDP sockets in direct style.
import array

import mkernel
from mnet.sockets import AF_INET, AF_INET6, SOCK_DGRAM, inet_aton, socket
from support import raises
from unit.sockets.network import SERVER, on_network, on_two_interfaces


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
def test_connected_socket_receives_from_its_peer_only(network):
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
    client.sendto(b"who are you", (SERVER, 5000))  # the neighbor's queue is shorter
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
    assert raises(OSError, server.sendto, bytes(65508), ("10.0.0.1", 1)).errno == 90
    assert raises(OSError, bound, 5000).errno == 98
    assert raises(OSError, socket(type=SOCK_DGRAM).send, b"x").errno == 89
    assert raises(OSError, socket(type=SOCK_DGRAM).sendto, b"x", ("192.0.2.1", 1)).errno == 101
    server.close()
    assert raises(OSError, server.recv, 1).errno == 9
    bound(5000)


@on_network
def test_empty_datagram_is_delivered(network):  # UDP-8
    server, client = bound(5000), socket(type=SOCK_DGRAM)
    client.sendto(b"", (SERVER, 5000))
    assert server.recvfrom(10)[0] == b""


@on_network
def test_connected_socket_raises_connection_refused(network):  # UDP-7
    client = socket(type=SOCK_DGRAM)
    client.connect((SERVER, 5000))
    assert client.getsockname()[0] == "10.0.0.1"
    client.send(b"anybody?")
    raises(ConnectionRefusedError, client.recv, 10)
    client.send(b"anybody?")
    mkernel.sleep(1)
    raises(ConnectionRefusedError, client.send, b"x")
    assert client.send(b"x") == 1
    mkernel.sleep(1)
    assert client.getsockopt(1, 4) == 111 and client.getsockopt(1, 4) == 0  # SO_ERROR
    other = socket(type=SOCK_DGRAM)
    other.settimeout(1)
    other.sendto(b"x", (SERVER, 5000))
    raises(TimeoutError, other.recv, 10)


@on_network
def test_reply_comes_from_the_address_of_the_request(network):  # UDP-6
    network.right.add_address("10.0.0.22/24")
    network.right.add_address("fd00::22/64")
    server = socket(AF_INET6, SOCK_DGRAM)
    server.bind(("", 5000))
    for family, address in ((AF_INET, "10.0.0.22"), (AF_INET6, "fd00::22")):
        client = socket(family, SOCK_DGRAM)
        client.settimeout(1)
        client.connect((address, 5000))  # it receives from this address only
        client.send(b"question")
        peer = server.recvfrom(100)[1]
        server.sendto(b"answer", peer)
        assert client.recv(100) == b"answer"
    network.right.interface.ipv4.unconfigure(0x0A000016, 0)
    client = socket(type=SOCK_DGRAM)
    client.settimeout(1)
    client.sendto(b"question", (SERVER, 5000))
    peer = server.recvfrom(100)[1]
    network.right.add_address("10.0.0.23/24")
    network.right.interface.ipv4.unconfigure(0x0A000002, 0)  # it is gone before the answer
    server.sendto(b"answer", peer)
    assert client.recvfrom(100) == (b"answer", ("10.0.0.23", 5000))


@on_network
def test_the_unspecified_address_is_this_host(network):  # as on Linux
    for family, address in ((AF_INET, "0.0.0.0"), (AF_INET, ""), (AF_INET6, "::")):
        sock = socket(family, SOCK_DGRAM)
        assert sock.sendto(b"x", (address, 5000)) == 1
        sock.connect((address, 5000))
        assert sock.getpeername()[0] == ("127.0.0.1" if family == AF_INET else "::1")
        assert raises(OSError, socket(family).connect, (address, 5000)).errno == 111


@on_network
def test_a_peer_that_is_not_there(network):
    client = socket(type=SOCK_DGRAM)
    client.connect(("10.0.0.77", 5000))
    client.send(b"x")
    assert raises(OSError, client.recv, 10).errno == 113


@on_network
def test_the_largest_datagram(network):  # UDP-9
    server, client = bound(5000), socket(type=SOCK_DGRAM)
    for n in (1473, 10000, 65507):
        data = bytes([n & 0xFF]) * n
        assert client.sendto(data, (SERVER, 5000)) == n
        got, address = server.recvfrom(65535)
        assert got == data
        server.sendto(got, address)
        assert client.recv(65535) == data


@on_network
def test_sockets_share_a_port(network):
    any_one, exact = bound(5000, ""), socket(type=SOCK_DGRAM)
    assert raises(OSError, exact.bind, (SERVER, 5000)).errno == 98
    any_one.close()
    first, second, third = [socket(type=SOCK_DGRAM) for _ in range(3)]
    for sock, address in ((first, SERVER), (second, SERVER), (third, "")):
        sock.setsockopt(1, 2, 1)  # SO_REUSEADDR
        sock.bind((address, 5000))
    client, friend = bound(6000, "10.0.0.1"), bound(6001, "10.0.0.1")
    client.sendto(b"exact", (SERVER, 5000))
    assert second.recv(10) == b"exact"
    first.connect(("10.0.0.1", 6001))
    friend.sendto(b"connected", (SERVER, 5000))
    assert first.recv(10) == b"connected"
    client.sendto(b"exact again", (SERVER, 5000))
    assert second.recv(20) == b"exact again"


@on_network
def test_broadcasting_needs_permission(network):
    client, server, other = bound(6000, "10.0.0.1"), bound(5000, ""), socket(type=SOCK_DGRAM)
    for address in ("255.255.255.255", "10.0.0.255"):
        raises(PermissionError, client.sendto, b"x", (address, 5000))
        raises(PermissionError, other.connect, (address, 5000))
    client.setsockopt(1, 6, 1)  # SO_BROADCAST
    for address in ("255.255.255.255", "10.0.0.255"):
        client.sendto(b"all", (address, 5000))
        assert server.recvfrom(10) == (b"all", ("10.0.0.1", 6000))
    assert client.getsockopt(1, 6) == 1 and other.getsockopt(1, 6) == 0


@on_network
def test_an_address_that_is_not_ours(network):
    assert raises(OSError, bound, 5000, "10.0.0.9").errno == 99


@on_network
def test_receiving_into_a_buffer(network):
    server, client = bound(5000), bound(6000, "10.0.0.1")
    client.sendto(b"abcdef", (SERVER, 5000))
    client.sendto(b"ghi", (SERVER, 5000))
    piece = bytearray(4)
    assert server.recvfrom_into(piece) == (4, ("10.0.0.1", 6000)) and piece == b"abcd"
    assert server.recvfrom_into(piece, 2) == (2, ("10.0.0.1", 6000)) and piece == b"ghcd"


@on_network
def test_options_of_the_header(network):
    server, client = bound(5000), bound(6000, "10.0.0.1")
    assert (client.getsockopt(0, 2), client.getsockopt(0, 1)) == (64, 0)  # IP_TTL, IP_TOS
    client.setsockopt(0, 2, 3)
    client.setsockopt(0, 1, 0x10)
    assert (client.getsockopt(0, 2), client.getsockopt(0, 1)) == (3, 0x10)
    seen = []
    network.ends[0].lose = lambda frame: seen.append((frame[15], frame[22])) and False
    client.sendto(b"x", (SERVER, 5000))
    server.recv(1)
    assert seen[-1] == (0x10, 3)
    for option, value in ((2, 0), (2, 256), (1, -1)):
        assert raises(OSError, client.setsockopt, 0, option, value).errno == 22


GROUP = "232.1.2.3"


def membership(group=GROUP, local="0.0.0.0"):
    return inet_aton(group) + inet_aton(local)


@on_network
def test_multicast(network):
    server, client = bound(5000, ""), bound(6000, "10.0.0.1")
    client.sendto(b"too early", (GROUP, 5000))
    mkernel.sleep(1)
    server.setsockopt(0, 35, membership(local=SERVER))  # IP_ADD_MEMBERSHIP
    assert raises(OSError, server.setsockopt, 0, 35, membership(local=SERVER)).errno == 98
    client.sendto(b"to all", (GROUP, 5000))
    assert server.recvfrom(20) == (b"to all", ("10.0.0.1", 6000))
    server.setsockopt(0, 36, membership(local=SERVER))  # IP_DROP_MEMBERSHIP
    assert raises(OSError, server.setsockopt, 0, 36, membership(local=SERVER)).errno == 99
    client.sendto(b"too late", (GROUP, 5000))
    server.settimeout(1)
    raises(TimeoutError, server.recv, 20)
    server.setsockopt(0, 35, membership(local=SERVER))
    server.close()
    assert len(network.right.interface.ipv4.groups) == 1
    for value in (b"1234567", membership("10.0.0.1"), b"x"):
        assert raises(OSError, client.setsockopt, 0, 35, value).errno == 22
    assert raises(OSError, client.setsockopt, 0, 35, membership(local="10.9.9.9")).errno == 19


@on_two_interfaces
def test_multicast_to_ourselves(network):
    sock = bound(5000, "")
    sock.setsockopt(0, 35, membership())
    sock.sendto(b"me too", (GROUP, 5000))
    assert sock.recvfrom(20) == (b"me too", ("10.0.0.1", 5000))
    sock.setsockopt(0, 34, 0)  # IP_MULTICAST_LOOP
    sock.sendto(b"not me", (GROUP, 5000))
    sock.settimeout(1)
    raises(TimeoutError, sock.recv, 20)
    assert (sock.getsockopt(0, 33), sock.getsockopt(0, 34)) == (1, 0)  # IP_MULTICAST_TTL
    seen = []
    network.ends[0].lose = lambda frame: seen.append(frame[22]) and False
    sock.setsockopt(0, 33, b"\x07")
    sock.sendto(b"x", (GROUP, 5000))
    assert seen == [7]
    sock.setsockopt(0, 32, inet_aton(SERVER))  # IP_MULTICAST_IF
    sock.sendto(b"x", (GROUP, 5000))
    assert seen == [7] and raises(OSError, sock.setsockopt, 0, 32, inet_aton("10.7.7.7")).errno == 99


@on_network
def test_lengths_are_bytes(network):
    server, client = bound(5000), socket(type=SOCK_DGRAM)
    wide = array.array("H", [0x6261, 0x6463])
    assert client.sendto(wide, (SERVER, 5000)) == 4
    room = array.array("H", [0] * 4)
    assert server.recv_into(room) == 4 and bytes(room) == b"abcd\0\0\0\0"
    client.connect((SERVER, 5000))
    assert client.send(memoryview(wide)[1:]) == 2 and server.recv(10) == b"cd"
    raises(TypeError, client.send, "text")
    raises(TypeError, client.sendto, "text", (SERVER, 5000))


@on_network
def test_shutdown(network):
    server, client = bound(5000), socket(type=SOCK_DGRAM)
    assert raises(OSError, client.shutdown, 1).errno == 107
    raises(BrokenPipeError, client.sendto, b"x", (SERVER, 5000))
    client = socket(type=SOCK_DGRAM)
    client.connect((SERVER, 5000))
    client.send(b"x")
    server.sendto(b"queued", server.recvfrom(1)[1])
    mkernel.sleep(0.1)
    client.shutdown(0)
    assert client.recv(10) == b"queued" and client.recv(10) == b""
    client.shutdown(1)
    raises(BrokenPipeError, client.send, b"x")


@on_network
def test_peeked_datagram_stays_queued(network):
    server, client = bound(5000), socket(type=SOCK_DGRAM)
    client.sendto(b"0123456789", (SERVER, 5000))
    assert server.recv(4, 2) == b"0123"  # MSG_PEEK
    data, ancillary, flags, address = server.recvmsg(4)
    assert (data, ancillary, flags, address[0]) == (b"0123", [], 0x20, "10.0.0.1")  # MSG_TRUNC
