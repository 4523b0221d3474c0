# How many files and Python calls a packet goes through (docs/walkthrough.md). The wire primitives do not
# count: they are C in an image.
import sys

from mnet.sockets import AF_INET6, SOCK_DGRAM, socket
from unit.mnet.builders import Host
from unit.mnet.frames import PEER
from unit.sockets.network import SERVER, SERVER6, on_network

PRIMITIVES = "/mnet/wire/pure.py"


def walk(call):
    """Return the names of the files, and the calls, that a call of the stack goes through."""
    files, calls = set(), []

    def note(frame, event, arg):
        file = frame.f_code.co_filename
        if event == "call" and "/stack/" in file and not file.endswith(PRIMITIVES):
            files.add(file)
            calls.append((file.partition("/stack/")[2], frame.f_code.co_name))

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return files, calls


def on_cpython(test):
    """Return a test that does nothing on MicroPython, which has no sys.setprofile."""
    return test if hasattr(sys, "setprofile") else lambda: None


def check_send(server, client):
    for _ in range(2):  # resolve the neighbor
        client.send(b"first")
        assert server.recv(10) == b"first"
    files, calls = walk(lambda: client.send(b"second"))
    assert server.recv(10) == b"second"
    assert 10 < len(calls) <= 25 and len(files) <= 8, calls
    names = [name for _, name in calls]
    assert "route" not in names and "lookup" not in names  # the Route to the peer is kept


@on_cpython
@on_network
def test_send_of_a_connected_udp_socket_crosses_8_files(network):
    server, client = socket(type=SOCK_DGRAM), socket(type=SOCK_DGRAM)
    server.bind((SERVER, 5000))
    client.connect((SERVER, 5000))
    check_send(server, client)


@on_cpython
@on_network
def test_send_over_ipv6_crosses_8_files(network):
    server, client = socket(AF_INET6, SOCK_DGRAM), socket(AF_INET6, SOCK_DGRAM)
    server.bind((SERVER6, 5000))
    client.connect((SERVER6, 5000))
    check_send(server, client)


@on_cpython
def test_connect_of_tcp_uses_the_route_it_is_given():
    host = Host()
    route = host.stack.route(PEER, host.now)
    files, calls = walk(lambda: host.tcp.connect(route, 80, 0, host.tcp.settings, host.now))
    assert len(host.take()) == 1  # the SYN
    assert 10 < len(calls) <= 30 and len(files) <= 14, calls
    assert "find" not in [name for _, name in calls]
