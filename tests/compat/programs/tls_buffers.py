# TLS without sockets, and on sockets that do not block or have a timeout.
# The keys are of this test only; the certificates end in 2126.
import os
import select
import socket
import ssl
import tempfile
import threading

CA = """\
-----BEGIN CERTIFICATE-----
MIIBrDCCAVOgAwIBAgIUPgRE9KS+OUSMbR8inYraEaoxqsQwCgYIKoZIzj0EAwIw
IzEPMA0GA1UECgwGcHltbmV0MRAwDgYDVQQDDAdUZXN0IENBMCAXDTI2MTEzMDE1
NDA0NloYDzIxMjYxMTA2MTU0MDQ2WjAjMQ8wDQYDVQQKDAZweW1uZXQxEDAOBgNV
BAMMB1Rlc3QgQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARIiHZHS1yJLpRy
1inJRPbGsFl+L1w1aEKzOGCJ8CflNcuvXFncNMify/YR0IYIWmboRIpBA1Y/6JJr
IVlcOwo9o2MwYTAdBgNVHQ4EFgQUlfgdgq8e+uNWaJ1IWiuHgj4S4t0wHwYDVR0j
BBgwFoAUlfgdgq8e+uNWaJ1IWiuHgj4S4t0wDwYDVR0TAQH/BAUwAwEB/zAOBgNV
HQ8BAf8EBAMCAQYwCgYIKoZIzj0EAwIDRwAwRAIgYQM9YoNtAZFe9O65ZkiwLQty
LAgLhuLQ5cn0z+p2pZICIBEDxuvoPkzdOVj1ZOoidoLqwyBLazvlA8WEYBsHd9Xz
-----END CERTIFICATE-----
"""
SERVER = """\
-----BEGIN CERTIFICATE-----
MIIBvzCCAWWgAwIBAgICEW4wCgYIKoZIzj0EAwIwIzEPMA0GA1UECgwGcHltbmV0
MRAwDgYDVQQDDAdUZXN0IENBMCAXDTI2MTEzMDE1NDA0NloYDzIxMjYxMTA2MTU0
MDQ2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAAQdLIY5DtrfOV+sO7U9jD8A/n3HHZt4zenzT0I9bSdrAPWA8AtGyQXggpS6
uEIED61KCygvWj40aJiM848BYbMWo4GVMIGSMDsGA1UdEQQ0MDKCCWxvY2FsaG9z
dIINKi5leGFtcGxlLm9yZ4cEfwAAAYcQAAAAAAAAAAAAAAAAAAAAATATBgNVHSUE
DDAKBggrBgEFBQcDATAdBgNVHQ4EFgQUxZHuMgGtudEMRxFFE1IVAhrwKKwwHwYD
VR0jBBgwFoAUlfgdgq8e+uNWaJ1IWiuHgj4S4t0wCgYIKoZIzj0EAwIDSAAwRQIh
AN/G/7uAlsIZCMHUOKf1KkUuqt9n2sO6OBvIxx8okAuXAiB/rVfySnNjOLNyVOVi
YqMqPVULUHO1ape/IKXDX//21A==
-----END CERTIFICATE-----
"""
SERVER_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMslifes1pMfI9qJN
R1jKTMjn4hFv5OS+CgHIEZLJBFyhRANCAAQdLIY5DtrfOV+sO7U9jD8A/n3HHZt4
zenzT0I9bSdrAPWA8AtGyQXggpS6uEIED61KCygvWj40aJiM848BYbMW
-----END PRIVATE KEY-----
"""


def files(**texts):
    """Write each text to a file and return their paths."""
    folder = tempfile.mkdtemp()
    paths = []
    for name, text in texts.items():
        path = os.path.join(folder, name + ".pem")
        with open(path, "w") as file:
            file.write(text)
        paths.append(path)
    return paths


def server_context(certificate=SERVER, key=SERVER_KEY):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files(certificate=certificate, key=key))
    return context


def client_context():
    return ssl.create_default_context(cadata=CA)


def pair(**more):
    """Return two connected SSLObjects and the function that carries their records."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context().wrap_bio(back, there, server_hostname="localhost", **more)
    server = server_context().wrap_bio(there, back, server_side=True)
    return client, server, there, back


def completed(call, *arguments):
    try:
        return call(*arguments)
    except ssl.SSLWantReadError:
        return None


def objects():
    client, server, there, back = pair()
    try:
        client.read()
        raise AssertionError("read")
    except ssl.SSLWantReadError:
        pass
    for _ in range(10):
        for each in (client, server):
            completed(each.do_handshake)
    assert client.version() == server.version() == "TLSv1.3"
    assert client.getpeercert()["issuer"][-1] == (("commonName", "Test CA"),)
    for size in (1, 16384, 100000):
        data, got = bytes(range(250)) * (size // 250 + 1), bytearray()
        sent = 0
        while len(got) < len(data):
            if sent < len(data):
                sent += client.write(data[sent:])
            got += completed(server.read, 7000) or b""
        assert got == data
    target = bytearray(10)
    server.write(b"12345")
    assert client.read(3, target) == 3 and client.pending() == 2 and client.read() == b"45"
    assert completed(client.unwrap) is None
    assert server.read() == b""
    server.unwrap()
    assert client.unwrap() is None
    broken, other, there, back = pair()
    completed(broken.do_handshake)
    back.write(b"no records at all" * 10)
    try:
        broken.do_handshake()
        raise AssertionError("accepted")
    except ssl.SSLError as error:
        assert not isinstance(error, ssl.SSLWantReadError)
    ended, _, there, back = pair()
    completed(ended.do_handshake)
    back.write_eof()
    try:
        ended.do_handshake()
        raise AssertionError("accepted")
    except ssl.SSLEOFError:
        pass


def buffers():
    bio = ssl.MemoryBIO()
    assert (bio.pending, bio.eof, bio.read()) == (0, False, b"")
    assert bio.write(b"spam") == 4 and bio.write(memoryview(b"eggs")) == 4
    assert bio.read(5) == b"spame" and bio.pending == 3
    bio.write_eof()
    assert not bio.eof and bio.read(0) == b"" and bio.read() == b"ggs" and bio.eof
    try:
        bio.write(b"more")
        raise AssertionError("accepted")
    except ssl.SSLError:
        pass


def without_blocking():
    here, there = socket.socketpair()
    with here, there:
        for each in (here, there):
            each.setblocking(False)
        client = client_context().wrap_socket(
            here, server_hostname="localhost", do_handshake_on_connect=False
        )
        server = server_context().wrap_socket(there, server_side=True, do_handshake_on_connect=False)
        done = set()
        while len(done) < 2:
            for each in (client, server):
                try:
                    each.do_handshake()
                    done.add(each)
                except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                    pass
        data, got, sent = b"0123456789" * 100000, bytearray(), 0
        while len(got) < len(data):
            try:
                sent += client.send(data[sent:]) if sent < len(data) else 0
            except ssl.SSLWantWriteError:
                select.select([], [client], [], 0)
            try:
                got += server.recv(50000)
            except ssl.SSLWantReadError:
                pass
        assert got == data
        try:
            server.recv(1)
            raise AssertionError("received")
        except ssl.SSLWantReadError:
            pass
        client.close()
        server.close()


def timeouts():
    listener = socket.create_server(("127.0.0.1", 0))
    with listener, socket.create_connection(listener.getsockname(), timeout=0.1) as raw:
        silent, _ = listener.accept()
        try:
            client_context().wrap_socket(raw, server_hostname="localhost")
            raise AssertionError("connected")
        except TimeoutError as error:
            assert str(error).endswith("handshake operation timed out"), error
        silent.close()


def files_over_tls():
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        with server_context().wrap_socket(connection, server_side=True) as tls, tls.makefile("rwb") as file:
            for line in file:
                file.write(line[::-1].strip() + b"\n")
                file.flush()

    thread = threading.Thread(target=serve)
    thread.start()
    with socket.create_connection(listener.getsockname()) as raw:
        with client_context().wrap_socket(raw, server_hostname="localhost") as tls:
            with tls.makefile("rw", encoding="utf-8", newline="\n") as file:
                file.write("abc\ndef\n")
                file.flush()
                assert [file.readline(), file.readline()] == ["cba\n", "fed\n"]
    thread.join()
    listener.close()


for each in (buffers, objects, without_blocking, timeouts, files_over_tls):
    each()
print("ok")
