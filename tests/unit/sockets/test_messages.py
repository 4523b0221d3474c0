# recvmsg() and sendmsg(): ancillary data, truncation, the error queue (RFC 3542, ip(7)).
import struct

import mkernel
from mnet.sockets import (
    AF_INET,
    AF_INET6,
    CMSG_LEN,
    CMSG_SPACE,
    IP_PKTINFO,
    IP_RECVERR,
    IP_RECVTOS,
    IP_RECVTTL,
    IP_TOS,
    IP_TTL,
    IPPROTO_IP,
    IPPROTO_IPV6,
    IPV6_HOPLIMIT,
    IPV6_PKTINFO,
    IPV6_RECVHOPLIMIT,
    IPV6_RECVPKTINFO,
    IPV6_RECVTCLASS,
    IPV6_TCLASS,
    MSG_CTRUNC,
    MSG_ERRQUEUE,
    MSG_TRUNC,
    SOCK_DGRAM,
    SOL_SOCKET,
    inet_aton,
    inet_pton,
    socket,
    socketpair,
)
from support import raises, rows
from unit.sockets.network import SERVER, SERVER6, on_network, on_two_interfaces


def served(family, address, *options):
    """A bound socket with these options on, and a client connected to it."""
    server = socket(family, SOCK_DGRAM)
    server.bind((address, 9000))
    for level, option in options:
        server.setsockopt(level, option, 1)
        assert server.getsockopt(level, option) == 1
    client = socket(family, SOCK_DGRAM)
    client.connect((address, 9000))
    return server, client


V4 = [(IPPROTO_IP, option) for option in (IP_PKTINFO, IP_RECVTTL, IP_RECVTOS)]
V6 = [(IPPROTO_IPV6, option) for option in (IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS)]


@on_network
def test_where_an_ipv4_datagram_arrived(network):
    server, client = served(AF_INET, SERVER, *V4)
    client.sendmsg([b"a", b"bc"], [(IPPROTO_IP, IP_TTL, struct.pack("i", 7)), (IPPROTO_IP, IP_TOS, b"\x10")])
    data, items, flags, address = server.recvmsg(10, 200)
    packed = inet_aton(SERVER)
    assert data == b"abc" and flags == 0 and address == client.getsockname()
    assert items == [
        (IPPROTO_IP, IP_PKTINFO, struct.pack("i", 2) + packed + packed),
        (IPPROTO_IP, IP_TTL, struct.pack("i", 7)),
        (IPPROTO_IP, IP_TOS, b"\x10"),
    ]
    server.setsockopt(IPPROTO_IP, IP_RECVTTL, 0)
    client.send(b"x")
    assert [kind for _, kind, _ in server.recvmsg(10, 200)[1]] == [IP_PKTINFO, IP_TOS]


@on_network
def test_where_an_ipv6_datagram_arrived(network):
    server, client = served(AF_INET6, SERVER6, *V6)
    hops = (IPPROTO_IPV6, IPV6_HOPLIMIT, struct.pack("i", 9))
    client.sendmsg([b"abc"], [hops, (IPPROTO_IPV6, IPV6_TCLASS, struct.pack("i", 0x20))])
    assert server.recvmsg(10, 200)[1] == [
        (IPPROTO_IPV6, IPV6_PKTINFO, inet_pton(AF_INET6, SERVER6) + struct.pack("i", 2)),
        (IPPROTO_IPV6, IPV6_HOPLIMIT, struct.pack("i", 9)),
        (IPPROTO_IPV6, IPV6_TCLASS, struct.pack("i", 0x20)),
    ]


@on_two_interfaces
def test_the_source_and_the_interface_of_a_datagram(network):
    server, client = served(AF_INET, "10.0.0.1", *V4)
    info = struct.pack("i", 3) + inet_aton("10.0.0.2") + bytes(4)
    client.sendmsg([b"x"], [(IPPROTO_IP, IP_PKTINFO, info)], 0, ("10.0.0.1", 9000))
    assert server.recvmsg(10)[3][0] == "10.0.0.2"
    none = struct.pack("i", 9) + bytes(8)
    assert raises(OSError, client.sendmsg, [b"x"], [(IPPROTO_IP, IP_PKTINFO, none)]).errno == 19


@rows(
    [
        ("none", 0, [], MSG_CTRUNC),
        ("no header", 15, [], MSG_CTRUNC),
        ("a header", CMSG_LEN(0), [0], MSG_CTRUNC),
        ("a part", CMSG_LEN(3), [3], MSG_CTRUNC),
        ("one", CMSG_LEN(12), [12], MSG_CTRUNC),
        ("one with padding", CMSG_SPACE(12), [12], MSG_CTRUNC),
        ("both", CMSG_SPACE(12) + CMSG_LEN(4), [12, 4], 0),
    ]
)
def test_a_small_buffer_cuts_items(size, lengths, told):
    @on_network
    def check(network):
        server, client = served(AF_INET, SERVER, *V4[:2])
        client.send(b"x")
        _, items, flags, _ = server.recvmsg(10, size)
        assert ([len(data) for _, _, data in items], flags) == (lengths, told)

    check()


@on_network
def test_a_longer_datagram_is_cut(network):
    server, client = served(AF_INET, SERVER)
    for _ in range(3):
        client.send(b"abcdef")
    buffers = [bytearray(2), bytearray(3)]
    assert server.recvmsg_into(buffers)[:3] == (5, [], MSG_TRUNC)
    assert buffers == [b"ab", b"cde"]
    assert server.recv_into(bytearray(2), 2, MSG_TRUNC) == 6
    assert server.recv(2, MSG_TRUNC) == b"ab"


@on_network
def test_ancillary_data_is_checked(network):
    _, client = served(AF_INET, SERVER)
    for wrong in ([object()], [(0, 0)], [(0, "1", b"")], [(0, 0, "text")]):
        raises(TypeError, client.sendmsg, [b"x"], wrong)
    for level, kind, data in ((IPPROTO_IP, 99, b""), (IPPROTO_IP, IP_TTL, bytes(4)), (SOL_SOCKET, 77, b"")):
        assert raises(OSError, client.sendmsg, [b"x"], [(level, kind, data)]).errno == 22


def test_sizes_of_items():
    assert (CMSG_LEN(0), CMSG_LEN(4), CMSG_SPACE(0), CMSG_SPACE(4), CMSG_SPACE(8)) == (16, 20, 16, 24, 24)
    for call in (CMSG_LEN, CMSG_SPACE):
        raises(OverflowError, call, -1)
        raises(OverflowError, call, 1 << 31)


@on_network
def test_the_error_queue(network):
    client = socket(AF_INET, SOCK_DGRAM)
    client.setsockopt(IPPROTO_IP, IP_RECVERR, 1)
    client.sendto(b"quoted data", (SERVER, 9))
    mkernel.sleep(0.1)
    data, items, flags, address = client.recvmsg(100, 512, MSG_ERRQUEUE)
    assert data == b"quoted data" and flags == MSG_ERRQUEUE and address == (SERVER, 9)
    [(level, kind, error)] = items
    assert (level, kind) == (IPPROTO_IP, IP_RECVERR)
    assert struct.unpack("=IBBBBII", error[:16]) == (111, 2, 3, 3, 0, 0, 0)
    assert raises(OSError, client.recvmsg, 1, 0, MSG_ERRQUEUE).errno == 11
    client.setblocking(False)
    assert raises(OSError, client.recv, 1).errno == 11  # no error is pending any more


@on_network
def test_messages_of_streams_have_no_ancillary_data(network):
    one, two = socketpair()
    assert one.sendmsg([b"ab", bytearray(b"cd")]) == 4
    assert two.recvmsg(3) == (b"abc", [], 0, None)
    assert two.recvmsg_into([bytearray(1)])[0] == 1
