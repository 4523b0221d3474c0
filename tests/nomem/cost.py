# cost.py - the heap memory of a connection besides its buffers, with its socket, once data was sent both
# ways: at most what limits.TCP_CONNECTION counts for it, and not much less. Prints "1 tried, M failed".
import sys

TESTS = "/".join(__file__.split("/")[:-1] or ["."]) + "/.."
sys.path[:] = [TESTS + "/../stack/std", TESTS + "/../stack", TESTS, ".frozen", TESTS + "/shims"]

import _boot  # noqa: E402

_boot.install_builtins()

import socket  # noqa: E402

from mkernel import run  # noqa: E402
from mnet.limits import TCP_CONNECTION  # noqa: E402
from nomem.lab import SERVER, Lab, memory  # noqa: E402

_COUNT = 100


def talk(listener):
    """Two sockets whose connection has carried data both ways."""
    client = socket.create_connection((SERVER, 9000))
    server, _ = listener.accept()
    for one, other in ((client, server), (server, client)):
        one.sendall(b"text")
        assert other.recv(10) == b"text"
    return client, server


def measure():
    """Return the bytes of one connection."""
    lab = Lab()
    lab.start()
    with socket.create_server((SERVER, 9000), backlog=_COUNT) as listener:
        talk(listener)  # what is made once
        before = memory()
        pairs = [talk(listener) for _ in range(_COUNT)]
        taken = memory() - before
        for pair in pairs:
            for each in pair:
                tcb = each._impl.tcb
                taken -= len(tcb.tx.buf or b"") + len(tcb.rx.buf or b"")
    return taken // (2 * _COUNT)


def main():
    cost = run(measure)
    wrong = not TCP_CONNECTION * 2 // 3 <= cost <= TCP_CONNECTION
    if wrong:
        print("a connection costs %d bytes, and TCP_CONNECTION says %d" % (cost, TCP_CONNECTION))
    print("1 tried, %d failed" % wrong)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
