# cost.py - the heap memory of a connection with its socket: idle, with a waiting thread, and besides its
# buffers once data was sent both ways: at most what limits.TCP_CONNECTION counts for it, and not much less.
# Prints "N tried, M failed".
import sys

TESTS = "/".join(__file__.split("/")[:-1] or ["."]) + "/.."
sys.path[:] = [TESTS + "/../build/library", TESTS + "/../stack", TESTS, ".frozen", TESTS + "/shims"]

import _boot  # noqa: E402

_boot.install_builtins()

import socket  # noqa: E402
import threading  # noqa: E402

import _fiber  # noqa: E402
from mkernel import run, sleep  # noqa: E402
from mnet.limits import TCP_CONNECTION  # noqa: E402
from nomem.lab import SERVER, Lab, memory  # noqa: E402

_COUNT = 100
_IDLE = 3072  # goals: bytes of an idle connection with its socket, ...
_WITH_A_THREAD = 24576  # ... and with a thread that waits for its data
_PIECE = 512  # of a fiber's frames (port/fiber/fiber.h)


def pair(listener):
    """Return two connected sockets."""
    client = socket.create_connection((SERVER, 9000))
    return client, listener.accept()[0]


def talk(client, server):
    """Send data both ways."""
    for one, other in ((client, server), (server, client)):
        one.sendall(b"text")
        assert other.recv(10) == b"text"


def buffers(pairs):
    """Return the bytes of the buffers of all connections."""
    tcbs = [each._impl.tcb for pair in pairs for each in pair]
    return sum([len(tcb.tx.buf or b"") + len(tcb.rx.buf or b"") for tcb in tcbs])


def held():
    """Return the bytes of the heap and of the frames of fibers."""
    return memory() + _fiber.stats()[1] * _PIECE


def reader(sock):
    try:
        sock.recv(10)
    except OSError:
        pass  # closed


def measure():
    """Return the bytes of one connection: fresh, in use, idle after that; and of a waiting thread."""
    lab = Lab()
    lab.start()
    with socket.create_server((SERVER, 9000), backlog=_COUNT) as listener:
        talk(*pair(listener))  # what is made once
        before = memory()
        pairs = [pair(listener) for _ in range(_COUNT)]
        fresh = memory() - before
        for each in pairs:
            talk(*each)
        busy = memory() - before - buffers(pairs)
        sleep(5)
        idle = memory() - before
        left = buffers(pairs)
        before = held()
        for _, server in pairs:
            threading.Thread(target=reader, args=(server,), daemon=True).start()
        sleep(1)
        waiting = held() - before
        for client, server in pairs:
            client.close()
            server.close()
    n = 2 * _COUNT
    return fresh // n, busy // n, idle // n, left, waiting // _COUNT


def main():
    fresh, busy, idle, left, waiting = run(measure)
    wrong = [
        text
        for text, is_wrong in (
            ("a fresh connection costs %d bytes" % fresh, fresh > _IDLE),
            ("after some data it costs %d bytes" % idle, idle > _IDLE + 1024),
            ("idle connections have %d bytes of buffers" % left, left),
            ("with its thread it costs %d bytes" % (idle + waiting), idle + waiting > _WITH_A_THREAD),
            (
                "a connection costs %d bytes, and TCP_CONNECTION says %d" % (busy, TCP_CONNECTION),
                not TCP_CONNECTION * 2 // 3 <= busy <= TCP_CONNECTION,
            ),
        )
        if is_wrong
    ]
    print("\n".join(wrong))
    print("5 tried, %d failed" % len(wrong))
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
