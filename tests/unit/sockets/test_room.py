# Datagrams without room, in the device or in the queue of a neighbor that is being resolved. As on Linux, no
# call reports success for a datagram that is then lost on this host.
import mkernel
from mnet.limits import NEIGHBOR_BYTES, NEIGHBOR_QUEUE
from mnet.sockets import AF_INET, AF_INET6, IPPROTO_ICMP, SOCK_DGRAM, socket
from support import raises, std
from unit.sockets.network import SERVER, SERVER6, on_network

select = std("select")

SIZES = (1, 1472, 1473, 9000, 60000, 65507)


class Receiver:
    """Return a server at port 5000 and a task that reads datagrams at once."""

    def __init__(self, family=AF_INET):
        self.sock = socket(family, SOCK_DGRAM)
        self.sock.bind(("", 5000))
        self.received = []
        self.task = mkernel.spawn(self._run)

    def _run(self):
        while True:
            self.received.append(self.sock.recv(65535))

    def wait_for(self, n):
        for _ in range(10000):
            if len(self.received) >= n:
                return
            mkernel.sleep(0.001)
        raise AssertionError("%d of %d arrived" % (len(self.received), n))


def content(i, size):
    return bytes((i & 0xFF,)) * size


def stuck(end):
    """Make a device refuse every frame until it is given back its capacity."""
    capacity, end.capacity = end.capacity, 0
    return capacity


def nothing_waits(running):
    interface = running.interface
    assert not interface.link.queue and not interface.link.queued and not interface.link.waiting
    assert not interface.arp.neighbors.waiting and not interface.ipv6.neighbors.waiting


def sends_and_counts(network, family, host, capacity):
    """Send datagrams of all sizes in a row through a device that takes `capacity` frames: all arrive, in
    order."""
    network.ends[0].capacity = capacity
    receiver = Receiver(family)
    client = socket(family, SOCK_DGRAM)
    sent = [content(i, SIZES[i % len(SIZES)]) for i in range(60)]
    for data in sent:
        assert client.sendto(data, (host, 5000)) == len(data)
    receiver.wait_for(len(sent))
    assert receiver.received == sent
    assert "device_full" not in network.left.stats.drops
    assert "neighbor_queue_full" not in network.left.stats.drops
    nothing_waits(network.left)


@on_network
def test_large_datagrams_in_a_row_all_arrive_ipv4(network):
    sends_and_counts(network, AF_INET, SERVER, 64)


@on_network
def test_large_datagrams_in_a_row_all_arrive_ipv6(network):
    sends_and_counts(network, AF_INET6, SERVER6, 64)


@on_network
def test_a_device_with_room_for_less_than_one_datagram(network):
    sends_and_counts(network, AF_INET, SERVER, 7)


@on_network
def test_several_senders_share_a_device_that_is_full(network):
    network.ends[0].capacity = 20
    receiver = Receiver()

    def send(number):
        client = socket(type=SOCK_DGRAM)
        for _ in range(10):
            client.sendto(content(number, 30000), (SERVER, 5000))

    with mkernel.TaskGroup() as group:
        for number in range(5):
            group.spawn(send, number)
    receiver.wait_for(50)
    assert sorted([each[0] for each in receiver.received]) == sorted(list(range(5)) * 10)
    nothing_waits(network.left)


@on_network
def test_non_blocking_send_raises_eagain_and_poll_reports_room(network):
    network.ends[0].capacity = 64
    receiver = Receiver()
    client = socket(type=SOCK_DGRAM)
    client.sendto(b"x", (SERVER, 5000))
    receiver.wait_for(1)
    client.setblocking(False)
    poller = select.poll()
    poller.register(client, select.POLLOUT)
    refused = taken = 0
    while taken < 40:
        ready = list(poller.ipoll(5000))
        assert ready == [(client, select.POLLOUT)]
        client.sendto(content(taken, 60000), (SERVER, 5000))  # poll has promised it
        taken += 1
        while not refused or taken % 2:
            try:
                client.sendto(content(taken, 60000), (SERVER, 5000))
                taken += 1
            except BlockingIOError as error:
                assert error.errno == 11
                refused += 1
                assert list(poller.ipoll(0)) == []
                break
    assert refused
    receiver.wait_for(1 + taken)
    assert [each[:1] for each in receiver.received[1:]] == [content(i, 1) for i in range(taken)]
    nothing_waits(network.left)


@on_network
def test_a_deadline_while_the_device_is_full(network):
    receiver = Receiver()
    client = socket(type=SOCK_DGRAM)
    client.sendto(b"first", (SERVER, 5000))
    receiver.wait_for(1)
    capacity = stuck(network.ends[0])
    client.settimeout(0.5)
    assert client.sendto(b"waits in the queue", (SERVER, 5000)) == 18
    raises(TimeoutError, client.sendto, b"too late", (SERVER, 5000))
    client.connect((SERVER, 5000))
    raises(TimeoutError, client.send, b"too late")
    network.ends[0].capacity = capacity
    client.send(b"last")
    receiver.wait_for(3)
    assert receiver.received == [b"first", b"waits in the queue", b"last"]


@on_network
def test_close_ends_a_sender_that_waits(network):
    client = socket(type=SOCK_DGRAM)
    receiver = Receiver()
    client.sendto(b"x", (SERVER, 5000))
    receiver.wait_for(1)
    stuck(network.ends[0])
    client.sendto(b"x", (SERVER, 5000))
    task = mkernel.spawn(lambda: raises(OSError, client.sendto, b"y", (SERVER, 5000)).errno)
    mkernel.sleep(0.01)
    client.close()
    assert task.join() == 9 and not network.left.interface.link.waiting


@on_network
def test_echo_requests_wait_as_well(network):
    client = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP)
    client.settimeout(1)
    request = b"\x08" + bytes(7)
    client.sendto(request, (SERVER, 0))
    client.recv(100)
    capacity = stuck(network.ends[0])
    client.sendto(request, (SERVER, 0))
    raises(TimeoutError, client.sendto, request, (SERVER, 0))
    network.ends[0].capacity = capacity
    assert client.recv(100)[:1] == b"\0"


def waits_for_a_neighbor(network, family, host, neighbors):
    """Send the first datagrams: the neighbor is unresolved."""
    receiver = Receiver(family)
    client = socket(family, SOCK_DGRAM)
    for i in range(20):
        client.sendto(content(i, 60000), (host, 5000))
    receiver.wait_for(20)
    assert [each[0] for each in receiver.received] == list(range(20))
    client.setblocking(False)
    for neighbor in list(neighbors.table.values()):
        neighbors.remove(neighbor)
    taken = 0
    for i in range(20):
        try:
            client.sendto(content(i, 60000), (host, 5000))
            taken += 1
        except BlockingIOError:
            break
    assert 1 <= taken < 20 and neighbors.waiting <= NEIGHBOR_BYTES
    poller = select.poll()
    poller.register(client, select.POLLOUT)
    assert list(poller.ipoll(0)) == [] and list(poller.ipoll(5000)) == [(client, select.POLLOUT)]
    client.sendto(content(taken, 60000), (host, 5000))
    receiver.wait_for(20 + taken + 1)
    assert not [each for each in network.left.stats.drops if each.startswith("neighbor_queue")]
    nothing_waits(network.left)


@on_network
def test_datagrams_wait_for_a_neighbor_that_is_being_resolved_ipv4(network):
    waits_for_a_neighbor(network, AF_INET, SERVER, network.left.interface.arp.neighbors)


@on_network
def test_datagrams_wait_for_a_neighbor_that_is_being_resolved_ipv6(network):
    waits_for_a_neighbor(network, AF_INET6, SERVER6, network.left.interface.ipv6.neighbors)


@on_network
def test_packets_of_a_resolved_neighbor_wait_for_the_device(network):
    network.ends[0].capacity = 5
    receiver = Receiver()
    client = socket(type=SOCK_DGRAM)
    for i in range(NEIGHBOR_QUEUE // 2):
        client.sendto(content(i, 100), (SERVER, 5000))
    receiver.wait_for(NEIGHBOR_QUEUE // 2)
    assert [each[0] for each in receiver.received] == list(range(NEIGHBOR_QUEUE // 2))


@on_network
def test_a_neighbor_that_does_not_answer_ends_the_wait(network):
    client = socket(type=SOCK_DGRAM)
    client.connect(("10.0.0.77", 5000))
    error = None
    for i in range(4):
        try:
            client.send(content(i, 60000))
        except OSError as caught:
            error = caught
            break
    assert error is not None and error.errno == 113
    assert not network.left.interface.arp.neighbors.waiting


@on_network
def test_the_end_of_the_image_waits_for_datagrams(network):
    network.ends[0].capacity = 10
    receiver = Receiver()
    client = socket(type=SOCK_DGRAM)
    client.sendto(content(1, 60000), (SERVER, 5000))  # the neighbor must be resolved, too
    network.left.kill()
    receiver.wait_for(1)


@on_network
def test_waiting_sender_fails_when_the_interface_stops(network):
    client = socket(type=SOCK_DGRAM)
    receiver = Receiver()
    client.sendto(b"x", (SERVER, 5000))
    receiver.wait_for(1)
    stuck(network.ends[0])
    client.sendto(b"x", (SERVER, 5000))
    task = mkernel.spawn(lambda: raises(OSError, client.sendto, b"y", (SERVER, 5000)).errno)
    mkernel.sleep(0.01)
    network.left.kill()
    network.right.kill()
    assert task.join() == 101
