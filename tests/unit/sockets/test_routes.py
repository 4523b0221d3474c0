# More than one interface, more than one address: which one is used (RFC 1122 3.3.1, 3.3.4.3).
import mkernel
from cable import cable
from mnet import runner
from mnet.address6 import parse_ipv6
from mnet.sockets import (
    AF_INET,
    AF_INET6,
    SOCK_DGRAM,
    SOCK_STREAM,
    create_connection,
    create_server,
    getaddrinfo,
    if_indextoname,
    if_nameindex,
    if_nametoindex,
    socket,
)
from mnet.timers import NEVER
from support import raises
from unit.sockets.network import on_network, on_two_interfaces

ROUTER = 0x0A000009
FAR = 0x08080808
LEFT_LL, RIGHT_LL = "fe80::ff:fe00:1", "fe80::ff:fe00:2"


@on_two_interfaces
def test_on_link_interface_is_preferred_to_a_gateway(network):
    host, left, right = network.left.host, network.left.interface, network.right.interface

    def chosen(dst, source=None):
        route = host.route(dst, 0, source)
        return route and route.interface

    host.routes.add(0, 0, left, ROUTER)
    network.right.add_address("10.1.0.2/24")
    assert network.right.addresses[:2] == ["10.0.0.2/24", "10.1.0.2/24"]
    assert chosen(0x0A010003) is right and host.route(0x0A010003, 0).source == 0x0A010002
    assert chosen(0x0A000003) is left  # both: the first
    assert chosen(FAR) is left and host.route(FAR, 0).hop == ROUTER
    assert chosen(FAR, 0x0A010002) is None  # that interface has no gateway
    assert chosen(0x0A010003, 0x0A000001) is left
    assert chosen(0x0A010003, 0x0A090909) is None
    host.routes.add(0, 0, right, ROUTER + 1, -1)
    assert chosen(FAR) is right and host.route(FAR, 0).hop == ROUTER + 1  # the lower metric


@on_two_interfaces
def test_an_unspecified_source_can_be_chosen(network):  # as DHCP needs it
    route = network.left.host.route(0xFFFFFFFF, 0, 0, network.right.interface)
    assert route.source == 0 and route.interface is network.right.interface and route.broadcast
    assert network.left.host.route(0xFFFFFFFF, 0).source == 0x0A000001
    network.ends[0].frames = []
    assert network.left.udp.output(route, 68, 67, b"discover", 0)
    frame = network.ends[0].frames[-1][1]
    assert frame[26:34] == b"\0\0\0\0\xff\xff\xff\xff" and frame[42:] == b"discover"


@on_two_interfaces
def test_wildcard_socket_serves_interfaces_started_later(network):
    """A listener and a datagram socket that were there before the interface serve it, and again after it has
    been stopped and started."""
    listener, datagram = create_server(("", 80)), socket(type=SOCK_DGRAM)
    datagram.bind(("", 81))
    ends = cable(network.ends[0].clock)
    far = network.elsewhere(ends)
    ours = network.left.runner
    for _ in range(2):
        third = ours.start(ends[1], "third", 0x0A020002, 24)
        runner.use(far)
        client, sender = create_connection(("10.2.0.2", 80)), socket(type=SOCK_DGRAM)
        sender.sendto(b"datagram", ("10.2.0.2", 81))
        runner.use(ours)
        accepted, peer = listener.accept()
        assert accepted.getsockname() == ("10.2.0.2", 80) and peer[0] == "10.2.0.1"
        assert datagram.recvfrom(20) == (b"datagram", ("10.2.0.1", sender.getsockname()[1]))
        client.sendall(b"stream")
        assert accepted.recv(20) == b"stream"
        third.kill()
        assert client.recv(1) == b"" and ours.host.tcp.count == 0
        client.close()
    far.remove(far.running[0].interface)


@on_two_interfaces
def test_stopped_interface_ends_the_connections_of_its_addresses(network):
    host = network.left.host
    mkernel.sleep(20)  # router solicitations
    before = len(host.deadlines.heap)
    third = network.left.runner.start(cable(network.ends[0].clock)[0], "third", 0x0A030002, 24)
    there, here = socket(type=SOCK_DGRAM), socket(type=SOCK_DGRAM)
    there.bind(("10.3.0.2", 0))
    here.bind(("10.0.0.1", 0))
    stream = socket()
    stream.setblocking(False)
    raises(BlockingIOError, stream.connect, ("10.3.0.9", 80))
    other = socket()
    other.setblocking(False)
    raises(BlockingIOError, other.connect, ("10.0.0.9", 80))
    third.kill()
    assert host.tcp.count == 1 and [each.name for each in host.interfaces] == ["left", "right"]
    assert raises(OSError, there.sendto, b"x", ("10.3.0.9", 9)).errno == 101
    assert here.sendto(b"x", ("10.0.0.9", 9)) == 1
    other.close()
    mkernel.sleep(100)
    assert len(host.deadlines.heap) <= before and host.deadlines.admitted == len(host.tcp.ports)


@on_network
def test_nothing_is_sent_to_addresses_that_must_not_leave_the_host(network):
    """RFC 1122 3.2.1.3, RFC 6890, RFC 4291 2.5.2, 2.5.3. The errno is that of Linux without a route, see
    tests/e2e/test_ipv4.py."""
    network.left.host.routes.add(0, 0, network.left.interface, ROUTER)
    network.left.interface.ipv6.routes.add_router(parse_ipv6("fd00::9"), NEVER, 2, 0)
    mkernel.sleep(20)  # router solicitations
    sent = [end.sent for end in network.ends]
    for family, hosts in (
        (AF_INET, ("0.1.2.3", "240.0.0.1", "255.255.255.254")),
        (AF_INET6, ("::ffff:0.1.2.3", "::ffff:250.0.0.1")),
    ):
        for host in hosts:
            datagram = socket(family, SOCK_DGRAM)
            datagram.setsockopt(1, 6, 1)  # SO_BROADCAST
            assert raises(OSError, datagram.sendto, b"x", (host, 9)).errno == 101, host
            assert raises(OSError, datagram.connect, (host, 9)).errno == 101, host
            assert raises(OSError, socket(family).connect, (host, 9)).errno == 101, host
    node_local = socket(AF_INET6, SOCK_DGRAM)
    assert node_local.sendto(b"x", ("ff01::1", 9)) == 1  # as Linux: it loops at most
    mkernel.sleep(5)
    assert sent == [end.sent for end in network.ends]


@on_network
def test_a_datagram_leaves_from_the_address_of_its_link(network):
    network.right.add_address("10.1.0.2/24")
    network.left.add_address("10.1.0.1/24")
    server, client = socket(type=SOCK_DGRAM), socket(type=SOCK_DGRAM)
    server.bind(("", 5000))
    client.bind(("10.1.0.1", 6000))
    client.sendto(b"x", ("10.1.0.2", 5000))
    assert server.recvfrom(10) == (b"x", ("10.1.0.1", 6000))
    connected = socket(type=SOCK_DGRAM)
    connected.connect(("10.1.0.77", 5000))
    assert connected.getsockname()[0] == "10.1.0.1"


@on_network
def test_an_address_that_was_given_up(network):
    ipv4 = network.left.interface.ipv4
    sock = socket(type=SOCK_DGRAM)
    ipv4.unconfigure(0x0A000001, 0)
    assert network.left.addresses[:1] != ["10.0.0.1/24"]
    assert raises(OSError, sock.bind, ("10.0.0.1", 5000)).errno == 99
    network.left.add_address("10.0.0.1/24")
    sock.bind(("10.0.0.1", 5000))


@on_two_interfaces
def test_the_scope_id_chooses_the_interface(network):
    """RFC 4007 section 6, RFC 3493 3.3: both links may have this address; left is 2, right is 3."""
    for address in (("fe80::77", 5000, 0, 3), ("fe80::77%right", 5000), ("fe80::77%3", 5000)):
        sock = socket(AF_INET6, SOCK_DGRAM)
        sock.connect(address)
        assert sock.getsockname()[0] == RIGHT_LL and sock.getpeername() == ("fe80::77", 5000, 0, 3)
        sock.close()
    sock = socket(AF_INET6, SOCK_DGRAM)
    sock.connect(("fe80::77", 5000, 0, 2))
    assert sock.getsockname()[0] == LEFT_LL
    far = socket(AF_INET6, SOCK_DGRAM)
    far.connect(("fd00::77", 5000, 0, 3))  # no more than a hint where no link is meant
    assert far.getpeername() == ("fd00::77", 5000, 0, 0)


@on_two_interfaces
def test_scope_id_chooses_the_interface_of_datagrams_and_connections(network):
    server = socket(AF_INET6, SOCK_DGRAM)
    server.bind((LEFT_LL, 5000, 0, 2))
    assert server.getsockname() == (LEFT_LL, 5000, 0, 2)
    listener = create_server((LEFT_LL + "%left", 80), family=AF_INET6)
    assert listener.getsockname()[0] == LEFT_LL
    client, stream = socket(AF_INET6, SOCK_DGRAM), socket(AF_INET6)
    stream.setblocking(False)
    mkernel.sleep(20)  # router solicitations
    for number in (2, 3):
        sent = [each.sent for each in network.ends]
        client.sendto(b"x", ("fe80::77", 5000, 0, number))
        assert [each.sent - n for each, n in zip(network.ends, sent)] == [number == 2, number == 3]
    raises(BlockingIOError, stream.connect, ("fe80::77", 80, 0, 3))
    assert stream.getsockname()[0] == RIGHT_LL


@on_two_interfaces
def test_an_interface_that_does_not_have_the_address(network):
    for kind in (SOCK_DGRAM, SOCK_STREAM):
        sock = socket(AF_INET6, kind)
        assert raises(OSError, sock.bind, (RIGHT_LL, 80, 0, 2)).errno == 99
    bound = socket(AF_INET6, SOCK_DGRAM)
    bound.bind((RIGHT_LL, 5000, 0, 3))
    bound.connect(("fe80::77", 1))  # the one it is bound to
    assert bound.getpeername() == ("fe80::77", 1, 0, 3)
    assert raises(OSError, bound.connect, ("fe80::77", 1, 0, 2)).errno == 22
    assert raises(OSError, bound.connect, ("fe80::77%left", 1, 0, 3)).errno == 22  # which?


@on_two_interfaces
def test_interfaces_have_names_and_numbers(network):
    assert if_nameindex() == [(1, "lo"), (2, "left"), (3, "right")]
    assert [if_nametoindex(name) for name in ("lo", "left", "right")] == [1, 2, 3]
    assert if_indextoname(3) == "right" and if_indextoname(1) == "lo"
    assert str(raises(OSError, if_nametoindex, "middle")) == "no interface with this name"
    assert raises(OSError, if_indextoname, 0).errno == raises(OSError, if_indextoname, 4).errno == 6
    found = getaddrinfo("fe80::77%right", 80, type=SOCK_STREAM)
    assert found == [(AF_INET6, SOCK_STREAM, 6, "", ("fe80::77", 80, 0, 3))]
