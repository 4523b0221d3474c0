# Unreachable sockets: the warnings about them under -v.
import gc

import mkernel
from mkernel import files
from mnet import sockets as socket
from mnet.sockets import unclosed
from unit.sockets.network import SERVER, on_network


def overwrite(depth=20):
    """Old references on the C stack keep objects alive for a while."""
    return [overwrite(depth - 1)] if depth else []


def let_go(make, count=10):
    """Return the warnings about `count` unreferenced sockets of make(), and their repr()."""
    lines, described = [], []

    def forget():
        for i in range(count):
            described.append(repr(make(i)))

    unclosed.print = lambda text, file: lines.append(text)
    try:
        forget()
        overwrite()
        gc.collect()
        mkernel.sleep(1)
    finally:
        del unclosed.print
    wanted = ["ResourceWarning: unclosed " + text for text in described]
    return [line for line in lines if line in wanted], described


def datagram(i):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((SERVER, 9000 + i))
    return sock


@on_network
def test_verbose_warns_as_cpython(network):
    network.left.verbose = True
    lines, described = let_go(datagram)
    assert len(lines) >= 8
    assert ", family=2, type=2, proto=0, laddr=('10.0.0.2', 9000)>" in described[0]


@on_network
def test_a_connection_has_both_ends(network):
    network.left.verbose = True
    with socket.create_server((SERVER, 9000)) as listener:

        def accepted(i):
            clients.append(socket.create_connection((SERVER, 9000)))
            return listener.accept()[0]

        clients = []
        lines, described = let_go(accepted)
        peers = [client.getsockname()[1] for client in clients]
        for client in clients:
            client.close()
    assert len(lines) >= 8
    end = ", family=2, type=1, proto=0, laddr=('10.0.0.2', 9000), raddr=('10.0.0.1', %d)>"
    assert [text[text.index(",") :] for text in described] == [end % port for port in peers]


@on_network
def test_no_warning_without_verbose(network):
    lines, _ = let_go(datagram)
    assert lines == []
    sock = datagram(0)  # the port is free, so it was closed
    files.close(sock.detach())


@on_network
def test_a_pair_has_no_names(network):
    network.left.verbose = True
    lines, described = let_go(lambda i: socket.socketpair()[0])
    assert len(lines) >= 8
    assert described[0][described[0].index(",") :] == ", family=1, type=1, proto=0>"
