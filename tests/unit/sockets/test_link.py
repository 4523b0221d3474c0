# Link down and link up, as the interface handles them.
import mkernel
from mnet.sockets import create_connection, create_server
from unit.sockets.network import SERVER, on_network


def becomes(network, link):
    """Change the link of the left device, and run a turn of the loop."""
    network.ends[0].link = link
    mkernel.sleep(0.01)


@on_network
def test_a_link_that_was_down(network):
    mkernel.sleep(60)  # what an interface sends after its start, at random times
    sent = network.ends[0].sent
    assert network.left.link
    network.left.verbose = True
    becomes(network, 2)
    assert not network.left.link and network.ends[0].sent == sent
    assert network.log == ["left: the link is down"]
    becomes(network, 3)
    assert network.left.link and network.log[1:] == ["left: the link is up"]
    assert network.ends[0].sent > sent  # link up
    sent = network.ends[0].sent
    becomes(network, 5)  # down and up between two turns
    assert network.log[2:] == ["left: the link is up"] and network.ends[0].sent > sent
    network.left.verbose = False
    becomes(network, 6)
    assert not network.left.link and len(network.log) == 3


@on_network
def test_a_connection_outlives_it(network):
    server = create_server((SERVER, 5000))
    client = create_connection((SERVER, 5000))
    accepted, _ = server.accept()
    network.ends[0].lose = lambda frame: True
    becomes(network, 2)
    client.send(b"meanwhile")
    mkernel.sleep(5)
    network.ends[0].lose = None
    becomes(network, 3)
    assert accepted.recv(100) == b"meanwhile"
