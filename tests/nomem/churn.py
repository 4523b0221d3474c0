# churn.py - connections opened and closed by the thousand, in each way that they can end: nothing is left of
# them. Prints "N tried, M failed".
import sys

TESTS = "/".join(__file__.split("/")[:-1] or ["."]) + "/.."
sys.path[:] = [TESTS + "/../build/library", TESTS + "/../stack", TESTS, ".frozen", TESTS + "/shims"]

import _boot  # noqa: E402

_boot.install_builtins()

import select  # noqa: E402
import socket  # noqa: E402
import struct  # noqa: E402
import threading  # noqa: E402

from mkernel import run, sleep  # noqa: E402
from nomem.lab import SERVER, Lab, memory  # noqa: E402

_COUNT = 1000  # of each way with each kind of server
_TOGETHER = 50
_OVER = 130  # seconds until TIME-WAIT and FIN-WAIT-2 are over, of virtual time
_SLACK = 65536
_PORT = 9000


def exchange(client):
    client.sendall(b"question")
    assert client.recv(100) == b"question"


def client_first(client):
    exchange(client)
    client.close()


def server_first(client):
    exchange(client)
    client.sendall(b"quit")
    assert client.recv(100) == b""
    client.close()


def reset(client):
    exchange(client)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def half_close(client):
    exchange(client)
    client.shutdown(socket.SHUT_WR)
    assert client.recv(100) == b""
    client.close()


def times_out(client):
    client.settimeout(0.01)
    try:
        client.recv(100)
        raise AssertionError("data")
    except TimeoutError:
        client.close()


WAYS = (client_first, server_first, reset, half_close, times_out)


def answer(sock):
    """Echo once. Returns whether the connection goes on."""
    try:
        data = sock.recv(100)
        if data and data != b"quit":
            sock.sendall(data)
            return True
    except OSError:
        pass
    sock.close()
    return False


def threads(listener, count):
    """A thread for each connection."""

    def serve(sock):
        while answer(sock):
            pass

    for _ in range(count):
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


def polling(listener, count):
    """One task for all connections."""
    poller, served = select.epoll(), {}
    poller.register(listener.fileno(), select.EPOLLIN)
    while count or served:
        for number, _ in poller.poll(60):
            if number == listener.fileno():
                sock = listener.accept()[0]
                served[sock.fileno()] = sock
                poller.register(sock.fileno(), select.EPOLLIN)
                count -= 1
            elif not answer(served[number]):
                del served[number]
    poller.close()


def play(server, way, count):
    with socket.create_server((SERVER, _PORT), backlog=_TOGETHER) as listener:
        serving = threading.Thread(target=server, args=(listener, count))
        serving.start()
        for _ in range(count // _TOGETHER):
            clients = [socket.create_connection((SERVER, _PORT)) for _ in range(_TOGETHER)]
            for client in clients:
                way(client)
        serving.join(60)
        assert not serving.is_alive(), "connections are missing"
    sleep(_OVER)


def measure():
    """The names of those ways that left something."""
    lab = Lab()
    lab.start()
    tables = [runner.host.tcp for runner in lab.running]
    wrong = []
    for server in (threads, polling):
        for way in WAYS:
            play(server, way, _TOGETHER)  # what is made once
            before = memory()
            play(server, way, _COUNT)
            left = memory() - before
            if left > _SLACK or any([tcp.count or tcp.memory.used for tcp in tables]):
                wrong.append("%s, %s: %d bytes left" % (server.__name__, way.__name__, left))
    return wrong


def main():
    wrong = run(measure)
    print("\n".join(wrong))
    print("%d tried, %d failed" % (2 * len(WAYS), len(wrong)))
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
