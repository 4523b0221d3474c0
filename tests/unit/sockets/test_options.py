# Options of every socket, SO_REUSEPORT of TCP, file descriptors: SO_RCVTIMEO, SO_BINDTODEVICE, IP_MTU.
import struct

import mkernel
from mkernel import clock_monotonic, files, sleep, spawn
from mnet.sockets import (
    AF_INET,
    AF_INET6,
    IP_MTU,
    IPPROTO_IP,
    SO_BINDTODEVICE,
    SO_PRIORITY,
    SO_RCVTIMEO,
    SO_REUSEPORT,
    SO_SNDTIMEO,
    SOCK_DGRAM,
    SOCK_STREAM,
    SOL_SOCKET,
    AddressFamily,
    SocketKind,
    create_connection,
    create_server,
    dup,
    fromfd,
    gethostbyaddr,
    getnameinfo,
    herror,
    socket,
    socketpair,
)
from support import raises
from unit.sockets.network import SERVER, on_network, on_two_interfaces


def limited(sock, option, seconds):
    sock.setsockopt(SOL_SOCKET, option, struct.pack("qq", int(seconds), int(seconds % 1 * 1000000)))
    return sock


@on_network
def test_time_limits_end_in_eagain(network):
    listener = create_server((SERVER, 9000))
    stream = limited(create_connection((SERVER, 9000)), SO_RCVTIMEO, 1.5)
    assert stream.getsockopt(SOL_SOCKET, SO_RCVTIMEO, 16) == struct.pack("qq", 1, 500000)
    datagram = limited(socket(AF_INET, SOCK_DGRAM), SO_RCVTIMEO, 1.5)
    end, _other = socketpair()
    limited(end, SO_RCVTIMEO, 1.5)
    accepted, _ = listener.accept()
    limited(listener, SO_RCVTIMEO, 1.5)
    for call in (stream.recv, datagram.recv, end.recv, lambda _: listener.accept()):
        before = clock_monotonic()
        assert raises(BlockingIOError, call, 1).errno == 11
        assert 1500000000 <= clock_monotonic() - before < 1600000000
    stream.settimeout(0.1)
    raises(TimeoutError, stream.recv, 1)
    accepted.close()
    limited(end, SO_SNDTIMEO, 0.1)
    assert raises(BlockingIOError, end.sendall, bytes(1000000)).errno == 11
    wrong = struct.pack("qq", 0, 1000000)
    assert raises(OSError, stream.setsockopt, SOL_SOCKET, SO_RCVTIMEO, wrong).errno == 33
    assert raises(OSError, stream.setsockopt, SOL_SOCKET, SO_RCVTIMEO, 5).errno == 22


@on_network
def test_listeners_that_share_a_port_are_balanced(network):
    listeners = [create_server((SERVER, 9000), reuse_port=True) for _ in range(4)]
    assert listeners[0].getsockopt(SOL_SOCKET, SO_REUSEPORT) == 1
    assert raises(OSError, create_server, (SERVER, 9000)).errno == 98
    clients = [create_connection((SERVER, 9000)) for _ in range(60)]
    sleep(0.1)  # for the last ACK
    counts = []
    for listener in listeners:
        listener.setblocking(False)
        counts.append(0)
        try:
            while True:
                listener.accept()
                counts[-1] += 1
        except BlockingIOError:
            pass
    assert sum(counts) == len(clients) and min(counts) >= 3


@on_two_interfaces
def test_a_socket_of_one_device(network):
    server = socket(AF_INET, SOCK_DGRAM)
    server.bind(("", 9000))
    client = socket(AF_INET, SOCK_DGRAM)
    for sock in (server, client):
        assert sock.getsockopt(SOL_SOCKET, SO_BINDTODEVICE, 16) == b""
        error = raises(OSError, sock.setsockopt, SOL_SOCKET, SO_BINDTODEVICE, b"none\0")
        assert error.errno == 19
    server.setsockopt(SOL_SOCKET, SO_BINDTODEVICE, b"right\0")
    assert server.getsockopt(SOL_SOCKET, SO_BINDTODEVICE, 16) == b"right\0"
    server.setsockopt(SOL_SOCKET, SO_BINDTODEVICE, b"")
    client.sendto(b"x", ("10.0.0.2", 9000))
    assert server.recv(1) == b"x"


@on_network
def test_a_socket_of_the_loopback_interface(network):
    inside = socket(AF_INET, SOCK_DGRAM)
    inside.setsockopt(SOL_SOCKET, SO_BINDTODEVICE, b"lo\0")
    assert inside.getsockopt(SOL_SOCKET, SO_BINDTODEVICE, 16) == b"lo\0"
    inside.bind(("10.0.0.1", 9000))
    outside = socket(AF_INET, SOCK_DGRAM)
    outside.bind(("10.0.0.2", 9001))
    outside.sendto(b"from the network", ("10.0.0.1", 9000))
    sender = socket(AF_INET, SOCK_DGRAM)
    sender.sendto(b"from the host", ("10.0.0.1", 9000))
    assert inside.recv(100) == b"from the host"
    inside.setblocking(False)
    mkernel.sleep(0.1)
    raises(BlockingIOError, inside.recv, 100)
    assert raises(OSError, inside.sendto, b"x", ("10.0.0.2", 9001)).errno == 101


@on_network
def test_the_path_mtu_of_a_connected_socket(network):
    sock = socket(AF_INET, SOCK_DGRAM)
    assert raises(OSError, sock.getsockopt, IPPROTO_IP, IP_MTU).errno == 107
    sock.connect((SERVER, 9000))
    assert sock.getsockopt(IPPROTO_IP, IP_MTU) == 1500


@on_network
def test_options_without_effect_are_kept(network):
    sock = socket()
    assert sock.getsockopt(SOL_SOCKET, SO_PRIORITY) == 0
    sock.setsockopt(SOL_SOCKET, SO_PRIORITY, 3)
    assert sock.getsockopt(SOL_SOCKET, SO_PRIORITY) == 3 and socket().getsockopt(SOL_SOCKET, SO_PRIORITY) == 0


@on_network
def test_descriptors_are_read_and_written(network):
    listener = create_server((SERVER, 9000))
    client, (server, _) = create_connection((SERVER, 9000)), listener.accept()
    assert files.write(client.fileno(), b"hello") == 5 and files.read(server.fileno(), 3) == b"hel"
    other = files.dup2(server.fileno(), 50)
    server.close()
    assert other == 50 and files.read(50, 9) == b"lo" and files.get_blocking(50)
    files.set_blocking(50, False)
    assert raises(BlockingIOError, files.read, 50, 1).errno == 11
    again = fromfd(50, AF_INET, SOCK_STREAM)
    number = dup(50)
    files.close(50)
    assert raises(OSError, files.read, 50, 1).errno == 9
    files.close(number)
    again.sendall(b"x")
    assert client.recv(1) == b"x"
    client.setblocking(False)
    assert not files.get_blocking(client.fileno())


@on_network
def test_a_pair_is_read_and_written_by_descriptor(network):
    one, two = socketpair()
    reading = spawn(files.read, two.fileno(), 10)
    assert files.write(one.fileno(), b"abc") == 3
    assert reading.join() == b"abc"
    one.close()
    assert files.read(two.fileno(), 10) == b""


@on_network
def test_families_and_types_have_names(network):
    sock = socket(AF_INET6, SOCK_DGRAM)
    assert sock.family is AF_INET6 and sock.type is SOCK_DGRAM
    assert repr(sock.family) == "<AddressFamily.AF_INET6: 10>" and str(sock.type) == "2"
    assert (sock.family.name, sock.type.name, sock.type.value) == ("AF_INET6", "SOCK_DGRAM", 2)
    assert isinstance(AF_INET, AddressFamily) and AddressFamily.AF_INET is AF_INET == 2
    assert isinstance(SOCK_STREAM, SocketKind) and {SOCK_STREAM: 1}[1] == 1
    assert repr(sock).startswith("<socket.socket fd=%d, family=10, type=2, proto=0" % sock.fileno())


@on_network
def test_a_closed_socket_refuses_a_timeout(network):
    sock = socket()
    sock.close()
    assert raises(OSError, sock.settimeout, 1).errno == raises(OSError, sock.setblocking, True).errno == 9


def test_names_of_addresses():
    assert gethostbyaddr("127.0.0.1") == ("localhost", [], ["127.0.0.1"])
    assert raises(herror, gethostbyaddr, "10.1.2.3").args == (1, "Unknown host")
    assert getnameinfo(("127.0.0.1", 80), 0) == ("localhost", "http")
    assert getnameinfo(("127.0.0.1", 53), 16 | 1) == ("127.0.0.1", "domain")
    raises(TypeError, getnameinfo, "127.0.0.1", 0)
    raises(OverflowError, getnameinfo, ("::1", 0, 1 << 20), 0)


@on_network
def test_a_part_is_written_as_micropython_does(network):
    listener = create_server((SERVER, 9000))
    client = create_connection((SERVER, 9000))
    server, _ = listener.accept()
    assert client.write(b"abcdef", 2) == 2 and client.write(bytearray(b"abcdef"), 2, 3) == 3
    assert client.write("é") == 2 and client.write(b"xyz", 9) == 3 and client.write(b"", 1) == 0
    assert server.read(10) == b"abcde" + "é".encode() + b"xyz"
