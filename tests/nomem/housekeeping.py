# housekeeping.py - scenarios of state beside connections: file descriptors and files, epolls, ports, full
# queues, aborted connections, log lines, and the end of a stack.
import select
import socket

from mkernel import scheduler, sleep
from mnet.limits import PATHS, TCP_CONNECTION
from nomem.lab import SERVER
from nomem.scenarios import LONG, PORT, TEXT, connect, listen, serve, task

_LINES = 15  # more than may be written at once


def files(lab):
    """Files over a connection, text and bytes, and a duplicate of its socket."""

    def answer(connection):
        with connection.makefile("rwb") as file:
            for line in file:
                file.write(line)

    with listen() as listening:
        server = task(serve, listening, answer)
        with socket.create_connection((SERVER, PORT), LONG) as client:
            with client.dup() as other, other.makefile("rw", newline="\n") as file:
                file.write("one\ntwo\n")
                file.flush()
                other.shutdown(socket.SHUT_WR)
                lines = file.readlines()
        server.join()
    assert lines == ["one\n", "two\n"], lines


def pairs(lab):
    """Return two ends of a stream in this process."""
    one, two = socket.socketpair()
    with one, two:
        with two.makefile("wb") as file:
            file.write(TEXT[:5000])
        assert one.recv(10000) == TEXT[:5000]


def polling(lab):
    """An epoll inside another: an event is reported once, and not lost for lack of memory."""
    one, two = socket.socketpair()
    with one, two, select.epoll() as inner, select.epoll() as outer:
        inner.register(one, select.EPOLLIN | select.EPOLLONESHOT)
        inner.register(two, select.EPOLLIN | select.EPOLLET)
        outer.register(inner, select.EPOLLIN)
        one.send(b"to two")
        two.send(b"to one")
        assert outer.poll(LONG) == [(inner.fileno(), select.EPOLLIN)]
        try:
            events = inner.poll(LONG)
        except MemoryError:
            events = inner.poll(LONG)
        assert len(events) == 2, events
        assert inner.poll(0) == []
        inner.unregister(two)
        poller = select.poll()
        poller.register(one, select.POLLIN)
        try:
            events = poller.ipoll(1000, 1)
        except MemoryError:
            events = poller.ipoll(1000, 1)
        assert list(events) == [(one, select.POLLIN)]
        assert select.select([one, two], [], [], LONG)[0] == [one, two]


def ports(lab):
    """Two sockets share a port until one of them listens."""
    with socket.socket() as one, socket.socket() as two:
        for each in (one, two):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            each.bind((SERVER, PORT))
        one.listen()
        try:
            two.listen()
            raise AssertionError("two listen")
        except OSError:
            pass
    with socket.create_server(("", PORT)):
        pass


def queued(lab):
    """Datagrams in fragments on a device that takes two frames at a time."""
    lab.narrow(2)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind((SERVER, PORT))
            server.settimeout(10)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.connect((SERVER, PORT))
                for _ in range(4):
                    client.send(TEXT[:6000])
                    select.select([], [client], [], LONG)
                for _ in range(4):
                    assert server.recv(65535) == TEXT[:6000]
    except TimeoutError:  # datagrams may be lost for lack of memory
        raise MemoryError
    finally:
        lab.narrow(1 << 30)


def crowded(lab):
    """More connections than there is memory for: those that carry no data are aborted for new ones."""
    memory = lab.running[1].host.tcp.memory
    limit, memory.limit = memory.limit, memory.used + 4 * TCP_CONNECTION
    clients, failed = [], []

    def serve_all(listening):
        while True:
            connection, _ = listening.accept()
            connection.settimeout(LONG)
            task(talk, connection)

    def talk(connection):
        try:
            with connection:
                connection.sendall(connection.recv(10))
                connection.recv(10)
        except MemoryError as error:
            failed.append(error)

    with listen() as listening:
        server = task(serve_all, listening)
        try:
            for _ in range(8):
                clients.append(socket.create_connection((SERVER, PORT), LONG))
                sleep(1)
            clients[-1].sendall(b"here?")
            answer = clients[-1].recv(10)
            assert server.done or failed or answer == b"here?", answer
        finally:
            memory.limit = limit
            while clients:
                clients.pop().close()
            server.cancel()
    if server.exception is not None:
        raise server.exception


def logged(lab):
    """More lines than may be written: each is written or counted."""
    del lab.log[:]
    log = lab.running[0].host.log
    for _ in range(_LINES):
        log("something is odd", scheduler.now())
    sleep(20)
    told = 0
    for line in lab.log:
        words = line.split()
        told += int(words[0]) if "left out" in line else 1
    assert told == _LINES, lab.log


def paths(lab):
    """Routers lower more path MTUs than are kept."""
    table = lab.running[0].interface.ipv4.paths
    try:
        for i in range(PATHS + 3):
            table.lower(SERVER + str(i), 1000, scheduler.now())
        assert len(table.table) == PATHS
    finally:
        table.table.clear()


def stopping(lab):
    """The stacks end while a connection still has unsent data, and start again."""
    with listen() as listening:
        server = task(serve, listening, lambda connection: sleep(2))
        with socket.create_connection((SERVER, PORT), LONG) as client:
            client.sendall(TEXT[:5000])
            sleep(1)
    for each in reversed(lab.running):
        each.kill()
    lab.start()
    connect(lab)
    server.join()


SCENARIOS = (files, pairs, polling, ports, queued, crowded, logged, paths, stopping)
