# scenarios.py - what ordinary programs do, written as they would be: `with` closes what was opened. Each
# scenario returns when it has seen that what had to happen has happened; while memory fails it may end with a
# MemoryError or an OSError instead, and its tasks with it.
import select
import socket
import threading

import mkernel
from mkernel.task import Task, leave_alone
from nomem.lab import SERVER, SERVER6

PORT = 9000
TEXT = bytes(range(256)) * 80
LONG = 300  # seconds of the longest wait


def task(fun, *args):
    return Task(fun, args, None, leave_alone)


def listen(host=SERVER):
    if ":" in host:
        return socket.create_server((host, PORT), family=socket.AF_INET6)
    return socket.create_server((host, PORT))


def _read_all(connection):
    """Receive to the end of the stream."""
    text = b""
    while True:
        piece = connection.recv(5000)
        if not piece:
            return text
        text += piece


def serve(listener, use):
    """Accept one connection."""
    listener.settimeout(LONG)
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(LONG)
        use(connection)


def _echo(connection):
    connection.sendall(_read_all(connection))


def _converse(host=SERVER, text=TEXT):
    with listen(host) as listener:
        server = task(serve, listener, _echo)
        with socket.create_connection((host, PORT), LONG) as client:
            client.sendall(text)
            client.shutdown(socket.SHUT_WR)
            back = _read_all(client)
        server.join()
        assert back == text


def connect(lab):
    """Open an idle connection."""
    with listen() as listener:
        server = task(serve, listener, _read_all)
        socket.create_connection((SERVER, PORT), LONG).close()
        server.join()


def transfer(lab):
    """Send data both ways."""
    _converse()


def lossy(lab):
    """The same while frames are lost."""
    lab.lossy(7)
    try:
        _converse()
    finally:
        lab.lossy(0)


def ipv6(lab):
    """The same over IPv6."""
    _converse(SERVER6, TEXT[:3000])


def close(lab):
    """The ways to end: the server first, both at once, with a reset, with unread data."""
    endings = (
        lambda connection: connection.sendall(b"last words"),
        lambda connection: connection.shutdown(socket.SHUT_WR),
        lambda connection: connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"),
        lambda connection: mkernel.sleep(1),
    )
    for end in endings:
        with listen() as listener:
            server = task(serve, listener, end)
            with socket.create_connection((SERVER, PORT), LONG) as client:
                try:
                    client.sendall(b"who reads this?")
                    client.recv(100)
                except ConnectionError:
                    pass
            server.join()


def udp(lab):
    """Datagrams, one of them in fragments, one to a closed port, one to a group."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((SERVER, PORT))
        server.settimeout(LONG)
        member = bytes((224, 1, 2, 3, 0, 0, 0, 0))
        server.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(10)
            for size in (10, 4000):
                client.sendto(TEXT[:size], (SERVER, PORT))
                data, peer = server.recvfrom(65535)
                assert data == TEXT[:size]
                server.sendto(data, peer)
                assert client.recvfrom(65535)[0] == data
            client.connect((SERVER, 1))
            client.send(b"is anybody there?")
            try:
                client.recv(100)
                raise AssertionError("somebody was")
            except ConnectionRefusedError:
                pass
        server.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, member)


def waiting(lab):
    """select() and threads."""
    served = []

    def server(listener):
        try:
            assert select.select([listener], [], [], LONG)[0] == [listener]
            connection, _ = listener.accept()
            with connection:
                select.select([connection], [], [], LONG)
                served.append(connection.recv(100))
        except MemoryError as error:
            served.append(error)

    with listen() as listener:
        thread = threading.Thread(target=server, args=(listener,))
        thread.start()
        with socket.create_connection((SERVER, PORT), LONG) as client:
            client.sendall(b"now")
            thread.join(LONG)
    if not served or isinstance(served[0], MemoryError):
        raise MemoryError
    assert served == [b"now"]


def tasks(lab):
    """A group of tasks with a lock and a condition; one fails, the others are cancelled."""
    condition = threading.Condition()
    seen = []

    def waits():
        with condition:
            seen.append(condition.wait(LONG))

    def fails():
        mkernel.sleep(1)
        with condition:
            condition.notify()
        mkernel.sleep(1)
        raise ValueError

    try:
        with mkernel.TaskGroup() as group:
            for fun in (waits, waits, fails):
                group.spawn(fun)
        raise AssertionError("nothing failed")
    except ValueError:
        assert seen == [True]


def startup(lab):
    """Both stacks start, and are used at once."""
    lab.stop()
    lab.start()
    connect(lab)


SCENARIOS = (connect, transfer, lossy, ipv6, close, udp, waiting, tasks, startup)
