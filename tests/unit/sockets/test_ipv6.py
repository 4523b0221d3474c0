# Sockets over IPv6, and over both families at once.
import mkernel
from mnet import sockets
from mnet.sockets import (
    AF_INET,
    AF_INET6,
    AI_PASSIVE,
    IPPROTO_IPV6,
    IPV6_JOIN_GROUP,
    IPV6_LEAVE_GROUP,
    IPV6_MULTICAST_HOPS,
    IPV6_UNICAST_HOPS,
    IPV6_V6ONLY,
    SOCK_DGRAM,
    SOCK_STREAM,
    create_connection,
    create_server,
    getaddrinfo,
    inet_ntop,
    inet_pton,
    socket,
)
from support import raises
from unit.sockets.network import SERVER, SERVER6, on_network

OUR_LL = "fe80::ff:fe00:2"  # of the right one


def talk(server, address, *expected):
    """Connect to `server` at `address`; both ends' names are as `expected`."""
    client = create_connection(address)
    accepted, peer = server.accept()
    client.sendall(b"question")
    assert accepted.recv(20) == b"question"
    accepted.sendall(b"answer")
    assert client.recv(20) == b"answer"
    names = (client.getpeername(), accepted.getsockname(), peer[:1] + peer[2:])
    assert names == expected, names
    client.close()
    assert accepted.recv(1) == b""
    accepted.close()


@on_network
def test_a_connection_over_ipv6(network):
    server = create_server((SERVER6, 80), family=AF_INET6)
    assert server.getsockname() == (SERVER6, 80, 0, 0)
    end = (SERVER6, 80, 0, 0)
    talk(server, (SERVER6, 80), end, end, ("fd00::1", 0, 0))
    talk(server, (SERVER6, 80, 0, 0), end, end, ("fd00::1", 0, 0))


@on_network
def test_one_server_for_both_families(network):
    assert sockets.has_ipv6 and sockets.has_dualstack_ipv6()
    server = create_server(("", 80), family=AF_INET6, dualstack_ipv6=True)
    assert server.getsockname() == ("::", 80, 0, 0) and server.getsockopt(IPPROTO_IPV6, IPV6_V6ONLY) == 0
    end6 = (SERVER6, 80, 0, 0)
    talk(server, (SERVER6, 80), end6, end6, ("fd00::1", 0, 0))
    talk(server, (SERVER, 80), (SERVER, 80), ("::ffff:10.0.0.2", 80, 0, 0), ("::ffff:10.0.0.1", 0, 0))
    assert raises(OSError, create_server, ("", 80)).errno == 98


@on_network
def test_a_server_for_each_family(network):
    six = create_server(("::", 80), family=AF_INET6)
    four = create_server(("", 80))
    assert six.getsockopt(IPPROTO_IPV6, IPV6_V6ONLY) == 1
    end6 = (SERVER6, 80, 0, 0)
    talk(six, (SERVER6, 80), end6, end6, ("fd00::1", 0, 0))
    talk(four, (SERVER, 80), (SERVER, 80), (SERVER, 80), ("10.0.0.1",))
    assert raises(OSError, lambda: create_server(("", 80), family=AF_INET6)).errno == 98


@on_network
def test_a_link_local_address_has_a_scope(network):
    server = create_server(("::", 80), family=AF_INET6)
    client = socket(AF_INET6)
    client.connect((OUR_LL + "%left", 80))
    accepted, peer = server.accept()
    assert client.getpeername() == (OUR_LL, 80, 0, 2) and peer[0] == "fe80::ff:fe00:1" and peer[3]
    accepted.close()
    assert raises(OSError, client.connect, (OUR_LL, 80, 0, 9)).errno == 19


@on_network
def test_mapped_addresses(network):
    server = create_server((SERVER, 80))
    client = socket(AF_INET6)
    client.connect(("::ffff:10.0.0.2", 80))
    assert client.getpeername() == ("::ffff:10.0.0.2", 80, 0, 0) and server.accept()[1][0] == "10.0.0.1"
    only = socket(AF_INET6)
    only.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 1)
    assert raises(OSError, only.connect, ("::ffff:10.0.0.2", 80)).errno == 101
    assert raises(OSError, client.setsockopt, IPPROTO_IPV6, IPV6_V6ONLY, 1).errno == 22
    assert raises(OSError, server.setsockopt, IPPROTO_IPV6, IPV6_V6ONLY, 1).errno == 92


@on_network
def test_addresses_of_the_wrong_family(network):
    raises(sockets.gaierror, socket().connect, (SERVER6, 80))
    raises(sockets.gaierror, socket(AF_INET6).connect, (SERVER, 80))
    raises(sockets.gaierror, socket(AF_INET6).connect, ("fd00::2%nowhere", 80))
    raises(ValueError, lambda: create_server(("", 80), dualstack_ipv6=True))
    assert raises(OSError, socket, 1).errno == 97
    assert raises(OSError, lambda: create_server(("fd00::9", 80), family=AF_INET6)).errno == 99
    assert raises(OSError, create_connection, ("2001:db8::1", 80)).errno == 101


@on_network
def test_connect_is_refused_or_unreachable(network):
    assert raises(OSError, create_connection, (SERVER6, 81)).errno == 111
    assert raises(OSError, create_connection, ("fd00::77", 81)).errno == 113


@on_network
def test_datagrams(network):
    server = socket(AF_INET6, SOCK_DGRAM)
    server.bind(("", 53))
    six, four = socket(AF_INET6, SOCK_DGRAM), socket(AF_INET, SOCK_DGRAM)
    six.sendto(b"six", (SERVER6, 53))
    data, peer = server.recvfrom(20)
    assert data == b"six" and peer[0] == "fd00::1" and len(peer) == 4
    server.sendto(b"answer", peer)
    assert six.recvfrom(20) == (b"answer", (SERVER6, 53, 0, 0))
    four.sendto(b"four", (SERVER, 53))
    data, peer = server.recvfrom(20)
    assert data == b"four" and peer[0] == "::ffff:10.0.0.1"
    server.sendto(b"answer", peer)
    assert four.recvfrom(20) == (b"answer", (SERVER, 53))


@on_network
def test_large_datagrams_and_refusal(network):
    server, client = socket(AF_INET6, SOCK_DGRAM), socket(AF_INET6, SOCK_DGRAM)
    server.bind((SERVER6, 53))
    client.connect((SERVER6, 53))
    mkernel.sleep(2)
    for size in (0, 1, 1452, 1453, 5000, 65507):
        data = bytes([i * 7 & 0xFF for i in range(size)])
        client.send(data)
        assert server.recv(65535) == data
    server.close()
    client.send(b"x")
    mkernel.sleep(1)
    assert raises(OSError, client.recv, 1).errno == 111


@on_network
def test_groups(network):
    server, client = socket(AF_INET6, SOCK_DGRAM), socket(AF_INET6, SOCK_DGRAM)
    server.bind(("", 5353))
    group = inet_pton(AF_INET6, "ff02::fb")
    server.setsockopt(IPPROTO_IPV6, IPV6_JOIN_GROUP, group + b"\2\0\0\0")
    assert group in network.right.interface.ipv6.groups and group not in network.left.interface.ipv6.groups
    client.setsockopt(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 7)
    client.setsockopt(IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9)
    assert client.getsockopt(IPPROTO_IPV6, IPV6_MULTICAST_HOPS) == 7
    client.sendto(b"everybody", ("ff02::fb", 5353))
    data, peer = server.recvfrom(20)
    assert data == b"everybody" and peer[0] == "fe80::ff:fe00:1"
    server.setsockopt(IPPROTO_IPV6, IPV6_LEAVE_GROUP, group + b"\2\0\0\0")
    assert group not in network.right.interface.ipv6.groups
    assert (
        raises(OSError, server.setsockopt, IPPROTO_IPV6, IPV6_JOIN_GROUP, group + b"\x09\0\0\0").errno == 19
    )
    assert raises(OSError, server.setsockopt, IPPROTO_IPV6, IPV6_JOIN_GROUP, bytes(20)).errno == 22


def test_numeric_hosts():
    assert getaddrinfo("fd00::2", 80, type=SOCK_STREAM) == [
        (AF_INET6, SOCK_STREAM, 6, "", ("fd00::2", 80, 0, 0))
    ]
    assert getaddrinfo("10.0.0.2", 80, 0, SOCK_DGRAM) == [(AF_INET, SOCK_DGRAM, 17, "", ("10.0.0.2", 80))]
    both = getaddrinfo(None, 80, type=SOCK_STREAM, flags=AI_PASSIVE)
    assert [each[4][0] for each in both] == ["0.0.0.0", "::"]
    assert [each[0] for each in getaddrinfo(None, 80, AF_INET6)] == [AF_INET6] * 3
    raises(sockets.gaierror, getaddrinfo, "fd00::2", 80, AF_INET)
    raises(sockets.gaierror, getaddrinfo, "somewhere", 80)


def test_packed_addresses():
    for family, text in ((AF_INET, "10.0.0.1"), (AF_INET6, "fd00::1"), (AF_INET6, "::ffff:1.2.3.4")):
        assert inet_ntop(family, inet_pton(family, text)) == text
    for family, text in (
        (AF_INET, "fd00::1"),
        (AF_INET6, "10.0.0.1"),
        (AF_INET6, "fe80::1%2"),
        (AF_INET, ""),
    ):
        assert str(raises(OSError, inet_pton, family, text)).endswith("passed to inet_pton")
    raises(ValueError, inet_ntop, AF_INET, bytes(16))
    raises(ValueError, inet_ntop, AF_INET6, bytes(4))
    assert raises(OSError, inet_pton, 1, "x").errno == 97
