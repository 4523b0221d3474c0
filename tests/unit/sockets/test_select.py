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


@on_network
def test_file_numbers_can_be_waited_for(network):
    listener = sockets.create_server((SERVER, 9000))
    number = listener.fileno()
    poller = select.poll()
    poller.register(number, select.POLLIN)
    assert select.select([number], [], [], 0) == ([], [], []) and poller.poll(0) == []
    client = sockets.create_connection((SERVER, 9000))
    assert select.select([number, listener], [], [], 1)[0] == [number, listener]
    assert select.select([], [client], [], 1)[1] == [client]
    assert poller.poll(1000) == [(number, select.POLLIN)]
    poller.modify(listener, select.POLLOUT)
    assert poller.poll(0) == []
    poller.unregister(number)
    raises(KeyError, poller.unregister, number)
    listener.close()
    assert raises(OSError, select.select, [number], [], [], 0).errno == 9
    raises(ValueError, select.select, [listener], [], [], 0)
    raises(ValueError, poller.register, listener)
    raises(TypeError, select.select, ["x"], [], [], 0)


@on_network
def test_a_file_number_that_is_used_again(network):
    poller = select.poll()
    first = socket(type=SOCK_DGRAM)
    number = first.fileno()
    poller.register(number, select.POLLOUT)
    assert poller.poll(0) == [(number, select.POLLOUT)]
    first.close()
    listener = sockets.create_server((SERVER, 9000))
    assert listener.fileno() == number
    poller.register(number, select.POLLIN)
    assert poller.poll(0) == []
    sockets.create_connection((SERVER, 9000))
    assert poller.poll(1000) == [(number, select.POLLIN)]


@on_network
def test_events_of_closing(network):
    listener = sockets.create_server((SERVER, 9000))
    client = sockets.create_connection((SERVER, 9000))
    accepted, _ = listener.accept()
    poller = select.poll()
    poller.register(accepted, select.POLLIN | select.POLLRDHUP)
    client.shutdown(sockets.SHUT_WR)
    mkernel.sleep(0.1)
    assert [events for _, events in poller.poll(0)] == [select.POLLIN | select.POLLRDHUP]
    accepted.shutdown(sockets.SHUT_WR)
    expected = select.POLLIN | select.POLLRDHUP | select.POLLHUP
    assert [events for _, events in poller.poll(0)] == [expected]


@on_network
def test_epoll(network):
    listener = sockets.create_server((SERVER, 9000))
    epoll = select.epoll()
    assert epoll.fileno() >= 3 and not epoll.closed
    epoll.register(listener.fileno(), select.EPOLLIN)
    raises(FileExistsError, epoll.register, listener)
    assert epoll.poll(0) == []
    client = sockets.create_connection((SERVER, 9000))
    assert epoll.poll(5) == epoll.poll(5, 1) == [(listener.fileno(), select.EPOLLIN)]
    accepted, _ = listener.accept()
    assert epoll.poll(0.1) == []
    epoll.register(accepted, select.EPOLLIN | select.EPOLLET)
    client.sendall(b"x")
    assert epoll.poll(5) == [(accepted.fileno(), select.EPOLLIN)] and epoll.poll(0.1) == []
    client.sendall(b"y")
    assert epoll.poll(5) == [(accepted.fileno(), select.EPOLLIN)]
    epoll.modify(accepted, select.EPOLLIN | select.EPOLLONESHOT)
    assert epoll.poll(0) == [(accepted.fileno(), select.EPOLLIN)] and epoll.poll(0) == []
    epoll.modify(accepted, select.EPOLLIN)
    assert epoll.poll(0) == [(accepted.fileno(), select.EPOLLIN)]
    accepted.close()
    assert epoll.poll(0) == []
    epoll.unregister(listener)
    raises(FileNotFoundError, epoll.unregister, listener)
    raises(FileNotFoundError, epoll.modify, listener, select.EPOLLIN)
    epoll.close()
    assert epoll.closed
    raises(ValueError, epoll.poll, 0)
