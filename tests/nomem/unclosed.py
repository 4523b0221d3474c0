# unclosed.py - 1 540 connections whose sockets are unreachable: they are closed when they are
# collected, and a minute after their peers' end a collection looks for them; tables, file numbers and memory
# come back. Prints "N tried, M failed".
import sys

TESTS = "/".join(__file__.split("/")[:-1] or ["."]) + "/.."
sys.path[:] = [TESTS + "/../build/library", TESTS + "/../stack", TESTS, ".frozen", TESTS + "/shims"]

import _boot  # noqa: E402

_boot.install_builtins()

import socket  # noqa: E402

import mkernel  # noqa: E402
from nomem import lab as labs  # noqa: E402

_COUNT = 1540
_SETTLED = 1000  # seconds
_SLACK = 16384  # bytes: what the collector takes for a reference
_PORT = 9000


def _forgotten(listener):
    """A client of a connection that is accepted, read from, and then unreferenced."""
    client = socket.create_connection((labs.SERVER, _PORT))
    server, _ = listener.accept()
    client.sendall(b"anybody?")
    assert server.recv(10) == b"anybody?"
    return client


def _overwrite(depth=30):
    """Old references on the stack keep objects alive for a while."""
    return [_overwrite(depth - 1)] if depth else []


def peers_that_stay(lab, listener):
    """A collection closes the sockets: the peers read the end of the stream."""
    clients = [_forgotten(listener) for _ in range(_COUNT)]
    _overwrite()
    labs.memory()
    mkernel.sleep(1)
    ended = 0
    for client in clients:
        client.setblocking(False)
        try:
            ended += client.recv(10) == b""
        except BlockingIOError:
            pass
        client.close()
    assert ended >= _COUNT - 5, "%d of %d are closed" % (ended, _COUNT)


def peers_that_close(lab, listener):
    """Without an explicit collection, time alone closes the sockets."""
    for _ in range(_COUNT):
        _forgotten(listener).close()
    _overwrite()
    mkernel.sleep(_SETTLED)
    left = sum([len(found) for port, found in lab.tcp(1).ports.items()])
    assert left <= 5, "%d of %d are not closed" % (left, _COUNT)


def _play(scenario):
    """Check that all state is as before."""
    lab = labs.Lab()
    lab.start()
    with socket.create_server((labs.SERVER, _PORT)) as listener:
        mkernel.sleep(_SETTLED)
        state = lab.state()
        try:
            for _ in range(2):  # tables grow at the first time
                used = labs.memory()
                scenario(lab, listener)
                _overwrite()
                labs.memory()
                mkernel.sleep(_SETTLED)
                assert lab.state() == state, "%s became %s" % (state, lab.state())
            gone = labs.memory() - used
            assert gone <= _SLACK, "%d bytes are gone" % gone
        except AssertionError as error:
            print("%s: %s" % (scenario.__name__, error))
            return False
        finally:
            lab.stop()
    return True


def main():
    results = [mkernel.run(_play, scenario) for scenario in (peers_that_stay, peers_that_close)]
    print("%d tried, %d failed" % (len(results), results.count(False)))
    return not all(results)


if __name__ == "__main__":
    sys.exit(main())
