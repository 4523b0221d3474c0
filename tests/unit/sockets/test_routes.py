# More than one interface, more than one address: which one is used (RFC 1122 3.3.1, 3.3.4.3).
from mnet import interface
from mnet.sockets import SOCK_DGRAM, socket
from support import raises
from unit.sockets.network import on_network

ROUTER = 0x0A000009
FAR = 0x08080808


@on_network
def test_the_interface_on_whose_link_it_is_goes_before_a_gateway(network):
    network.left.stack.ipv4.routes.gateway = ROUTER
    network.right.add_address("10.1.0.2/24")
    assert network.right.addresses[:2] == ["10.0.0.2/24", "10.1.0.2/24"]
    assert interface.route(0x0A010003, 0) is network.right
    assert interface.route(0x0A000003, 0) is network.left  # both: the first
    assert interface.route(FAR, 0) is network.left
    assert interface.route(FAR, 0x0A010002) is None  # from there nobody leads on
    assert interface.route(0x0A010003, 0x0A000001) is network.left
    assert interface.route(0x0A010003, 0x0A090909) is None


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
    ipv4 = network.left.stack.ipv4
    sock = socket(type=SOCK_DGRAM)
    ipv4.unconfigure(0x0A000001, 0)
    assert network.left.addresses[:1] != ["10.0.0.1/24"]
    assert raises(OSError, sock.bind, ("10.0.0.1", 5000)).errno == 99
    network.left.add_address("10.0.0.1/24")
    sock.bind(("10.0.0.1", 5000))
