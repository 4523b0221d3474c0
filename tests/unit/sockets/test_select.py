# Waiting for sockets with select.poll (stack/std/select.py), two hosts in one interpreter, the clock virtual.
import mkernel
from mnet import sockets
from mnet.sockets import SOCK_DGRAM, socket
from std import select
from support import raises
from unit.sockets.network import SERVER, on_network


def polled(poller, seconds):
    return [(obj, events) for obj, events in poller.ipoll(int(seconds * 1000))]


@on_network
def test_a_listener_and_its_connection(network):
    listener = sockets.create_server((SERVER, 9000))
    poller = select.poll()
    poller.register(listener, select.POLLIN)
    assert polled(poller, 1) == []
    client = sockets.create_connection((SERVER, 9000))
    assert polled(poller, 1) == [(listener, select.POLLIN)]
    accepted, _ = listener.accept()
    poller.register(accepted, select.POLLIN)
    assert polled(poller, 0) == []
    mkernel.spawn(lambda: (mkernel.sleep(0.5), client.sendall(b"x")))
    assert polled(poller, 5) == [(accepted, select.POLLIN)]
    assert accepted.recv(10) == b"x"
    assert polled(poller, 0.1) == []
    client.close()
    assert polled(poller, 1) == [(accepted, select.POLLIN)]
    poller.unregister(accepted)
    assert polled(poller, 0) == []


@on_network
def test_room_to_send_comes_back(network):
    listener = sockets.create_server((SERVER, 9000))
    listener.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 65536)
    client = sockets.create_connection((SERVER, 9000))
    accepted, _ = listener.accept()
    client.setblocking(False)
    for _ in range(5):
        raises(BlockingIOError, lambda: [client.send(bytes(65536)) for _ in range(10)])
        mkernel.sleep(1)
    poller = select.poll()
    poller.register(client, select.POLLOUT)
    assert polled(poller, 1) == []
    mkernel.spawn(lambda: [accepted.recv(65536) for _ in range(2)])
    assert polled(poller, 5) == [(client, select.POLLOUT)]


@on_network
def test_a_connection_that_is_refused(network):
    client = socket()
    client.setblocking(False)
    raises(BlockingIOError, client.connect, (SERVER, 4))
    poller = select.poll()
    poller.register(client, select.POLLOUT)
    ((_, events),) = polled(poller, 5)
    assert events & (select.POLLERR | select.POLLHUP)
    assert client.getsockopt(sockets.SOL_SOCKET, sockets.SO_ERROR) == 111


@on_network
def test_datagrams_and_closed_sockets(network):
    server, client = socket(type=SOCK_DGRAM), socket(type=SOCK_DGRAM)
    server.bind((SERVER, 5000))
    assert select.select([server], [client], [], 1) == ([], [client], [])
    client.sendto(b"x", (SERVER, 5000))
    assert select.select([server], [], [], 1) == ([server], [], [])
    poller = select.poll()
    poller.register(client, select.POLLIN)
    client.close()
    assert polled(poller, 1) == [(client, select.POLLNVAL)]
