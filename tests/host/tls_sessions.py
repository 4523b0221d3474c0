# tls_sessions.py - sessions of `_tls`, for test_tls.py on the unix build: python tls_sessions.py FOLDER.

import binascii
import gc
import sys

import _tls

WANT_READ, WAITS = -0x6900, 1
SUITES = (0x1302, 0x1303, 0x1301, 0xC02C, 0xC030, 0xC02B, 0xC02F, 0xCCA9, 0xCCA8)
MEMORY, MOST, STACK = 9, 10, 11  # in state()
STACK_SIZE = 16384  # COROUTINE_STACK
ESTABLISHED_MAX, HANDSHAKE_MAX = 50000, 100000  # bytes, docs/adr/0030


def text(name):
    with open(sys.argv[1] + "/" + name) as file:
        return file.read()


def der(name):
    return binascii.a2b_base64(text(name).split("-----")[2].replace("\n", ""))


def configs(kind, version):
    identity, trusted, none = _tls.Identity(), _tls.Certificates(), _tls.Certificates()
    assert identity.add(der(kind + ".pem")) == 0
    assert identity.load(text(kind + ".key").encode() + b"\0", None) == 0
    assert trusted.add(der("ca.pem")) == 0
    server = _tls.Config(True, version, version, 0, SUITES, (), none, (identity,), True, False)
    client = _tls.Config(False, version, version, 2, SUITES, (), trusted, (), True, False)
    return server, client


def pair(server, client):
    there, back = _tls.Buffer(), _tls.Buffer()
    return (
        _tls.Session(client, back, there, "localhost", True, None, None),
        _tls.Session(server, there, back, None, False, None, None),
    )


def handshake(client, server):
    """Returns how often a step paused, and the most stack of the two."""
    codes, pauses, depth = {}, 0, 0
    while codes.get(client) != 0 or codes.get(server) != 0:
        for each in (client, server):
            code = codes[each] = each.step()
            assert code in (0, WANT_READ, WAITS), (code, each.state())
            pauses += code == WAITS
            depth = max(depth, each.state()[STACK])
    return pauses, depth


def check_bounds():
    for kind in ("server", "rsa"):
        for version in (0x303, 0x304):
            both = configs(kind, version)
            client, server = pair(*both)
            _, depth = handshake(client, server)
            assert 1000 < depth < STACK_SIZE // 2, depth
            for each in (client, server):
                state = each.state()
                assert state[MEMORY] < ESTABLISHED_MAX and state[MOST] < HANDSHAKE_MAX, state
                assert state[STACK] == 0  # given back
                each.close()


def check_interleaved():
    """Handshakes that pause within an operation with the same RSA key; some are abandoned there."""
    both = configs("rsa", 0x304)
    pairs = [pair(*both) for _ in range(20)]
    pauses, left = 0, list(pairs)
    for _ in range(10000):
        if not left:
            break
        for client, server in list(left):
            codes = client.step(), server.step()
            assert all(code in (0, WANT_READ, WAITS) for code in codes), codes
            pauses += codes.count(WAITS)
            if codes[1] == WAITS and (client, server) in pairs[::5]:
                left.remove((client, server))  # abandoned
            elif codes == (0, 0):
                left.remove((client, server))
    assert not left, len(left)
    assert pauses > 0
    for client, server in pairs:
        client.close()
        server.close()


def check_collected():
    """What is not closed is freed by the collector, in a handshake too."""
    both = configs("server", 0x304)
    sizes = []
    for _ in range(6):
        for _ in range(20):
            client, server = pair(*both)
            client.step()
            server.step()
        client = server = None
        gc.collect()
        gc.collect()
        sizes.append(gc.mem_alloc())
    assert sizes[-1] < sizes[0] + 300000, sizes


def check_closed():
    both = configs("server", 0x304)
    client, server = pair(*both)
    client.step()
    client.close()
    client.close()
    for call in (client.step, client.state, client.values, lambda: client.write(b"x")):
        try:
            call()
            raise AssertionError("accepted")
        except ValueError:
            pass
    assert server.write(b"x") == WANT_READ and server.readinto(bytearray(1)) == WANT_READ
    for wrong in ((1, 2, 3, 4, 5, 6, 7), (both[0], _tls.Buffer(), None, None, False, None, None)):
        try:
            _tls.Session(*wrong)
            raise AssertionError("accepted")
        except TypeError:
            pass


for check in (check_bounds, check_closed, check_interleaved, check_collected):
    check()
print("ok")
