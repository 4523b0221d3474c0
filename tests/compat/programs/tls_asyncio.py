# TLS over asyncio: streams, start_tls(), refusals, many connections at once; HTTPS by http.client, urllib.
# The keys are of this test only; the certificates end in 2126.
import asyncio
import http.client
import http.server
import os
import ssl
import tempfile
import threading
import urllib.request

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


async def echo(reader, writer):
    while data := await reader.read(1000):
        writer.write(data.upper())
        await writer.drain()
    writer.close()


async def talk(port, text):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client_context())
    assert writer.get_extra_info("ssl_object").version() == "TLSv1.3"
    assert writer.get_extra_info("cipher")[1] == "TLSv1.3"
    writer.write(text)
    got = await reader.readexactly(len(text))
    assert got == text.upper()
    writer.close()
    await writer.wait_closed()


async def streams():
    server = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=server_context())
    port = server.sockets[0].getsockname()[1]
    await talk(port, b"hello")
    await asyncio.gather(*(talk(port, b"many " * 1000) for _ in range(10)))
    try:
        await asyncio.open_connection("127.0.0.1", port, ssl=True, server_hostname="localhost")
        raise AssertionError("connected")
    except ssl.SSLCertVerificationError as error:
        assert error.verify_code == 20, error
    try:
        await asyncio.open_connection("127.0.0.1", port, ssl=client_context(), server_hostname="wrong")
        raise AssertionError("connected")
    except ssl.SSLCertVerificationError as error:
        assert error.verify_code == 62, error
    server.close()
    await server.wait_closed()


async def greet(reader, writer):
    assert await reader.readline() == b"STARTTLS\n"
    writer.write(b"go\n")
    await writer.drain()
    await writer.start_tls(server_context())
    writer.write(b"secret\n")
    await writer.drain()
    await reader.read()
    writer.close()


async def upgrades():
    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"STARTTLS\n")
    assert await reader.readline() == b"go\n"
    await writer.start_tls(client_context(), server_hostname="localhost")
    assert await reader.readline() == b"secret\n"
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = ("you want " + self.path).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def https():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = server_context().wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    port = server.server_address[1]
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=client_context())
    for path in ("/a", "/b"):
        connection.request("GET", path)
        assert connection.getresponse().read() == b"you want " + path.encode()
    connection.close()
    with urllib.request.urlopen("https://127.0.0.1:%d/c" % port, context=client_context()) as answer:
        assert answer.read() == b"you want /c"
    server.shutdown()
    thread.join()
    server.server_close()


asyncio.run(streams())
asyncio.run(upgrades())
https()
print("ok")
