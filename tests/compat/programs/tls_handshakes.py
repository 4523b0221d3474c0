# TLS connections of one program with itself: versions, certificates, names, errors.
# The keys are of this test only; the certificates end in 2126.
import os
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
CLIENT = """\
-----BEGIN CERTIFICATE-----
MIIBgTCCASigAwIBAgICWgcwCgYIKoZIzj0EAwIwIzEPMA0GA1UECgwGcHltbmV0
MRAwDgYDVQQDDAdUZXN0IENBMCAXDTI2MTEzMDE1NDA0NloYDzIxMjYxMTA2MTU0
MDQ2WjAWMRQwEgYDVQQDDAtzb21lIGNsaWVudDBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABEm/X7NG/Jmp75gxSBOXcRgqTepBg6KGET/VWt/HpiWMX34CUFevLq0r
5UOJRBUCeLR93XZ+skS1bZx1IO/O+tSjVzBVMBMGA1UdJQQMMAoGCCsGAQUFBwMC
MB0GA1UdDgQWBBRmjkG3lyeODcYeDfzfjl7Hb9HaCzAfBgNVHSMEGDAWgBSV+B2C
rx7641ZonUhaK4eCPhLi3TAKBggqhkjOPQQDAgNHADBEAiBrds4KCts+DM4kKuWT
hGrZNwXhJn+M4A1/MHAnHNaKGwIgGPhaUA9EV5VxEq72dO7u8tdXyCmosC6d6tCO
7b1h2PM=
-----END CERTIFICATE-----
"""
CLIENT_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghi2+Zg++0C04yxTj
UX/0rwEmfu3R6Wm/WcxMeoxsVFyhRANCAARJv1+zRvyZqe+YMUgTl3EYKk3qQYOi
hhE/1Vrfx6YljF9+AlBXry6tK+VDiUQVAni0fd12frJEtW2cdSDvzvrU
-----END PRIVATE KEY-----
"""
ROGUE = """\
-----BEGIN CERTIFICATE-----
MIIBljCCATugAwIBAgIUEEuQsFRXopVqRcDtjUvAZhdEbAAwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEzMDE1NDA0NloYDzIxMjYxMTA2
MTU0MDQ2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASOCTGjkDfoEf/MuOvE3qUhqruqL0J+PDDJlB60QhuIDdlwm7DjqiIB
MahEGYJ8HidqasTi0U5rHjxr6z6luTEuo2kwZzAdBgNVHQ4EFgQUAx1tgj4itop6
peTGOXGncqs1S1MwHwYDVR0jBBgwFoAUAx1tgj4itop6peTGOXGncqs1S1MwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SQAwRgIhAIGtWmOZ4taW4Dy6Vqlcaf7ksveWi0H0JGa7ip+uwTX4AiEAi1+dBzwJ
KPeFLVJnjfGjloAUAHLIb5mymGiyBgwmrtM=
-----END CERTIFICATE-----
"""
ROGUE_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgvZQCBlwjXHOPaNe5
auiDUfDhRgPOnsfHqPAN//WljyOhRANCAASOCTGjkDfoEf/MuOvE3qUhqruqL0J+
PDDJlB60QhuIDdlwm7DjqiIBMahEGYJ8HidqasTi0U5rHjxr6z6luTEu
-----END PRIVATE KEY-----
"""
EXPIRED = """\
-----BEGIN CERTIFICATE-----
MIIBfjCCASSgAwIBAgIBATAKBggqhkjOPQQDAjAjMQ8wDQYDVQQKDAZweW1uZXQx
EDAOBgNVBAMMB1Rlc3QgQ0EwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAw
WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAQdLIY5DtrfOV+sO7U9jD8A/n3HHZt4zenzT0I9bSdrAPWA8AtGyQXggpS6uEIE
D61KCygvWj40aJiM848BYbMWo1gwVjAUBgNVHREEDTALgglsb2NhbGhvc3QwHQYD
VR0OBBYEFMWR7jIBrbnRDEcRRRNSFQIa8CisMB8GA1UdIwQYMBaAFJX4HYKvHvrj
VmidSForh4I+EuLdMAoGCCqGSM49BAMCA0gAMEUCIHWj6jlatcknGI9WiApP1a4K
Ihx114puM8KVRQTIEWkbAiEAr2FgKOARMzq/8H7mbmnIDL71K7Iv0/T4bfJOTVyt
vTc=
-----END CERTIFICATE-----
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


class Server:
    """Accepts one connection, echoes what comes in capitals, and keeps what happened."""

    def __init__(self, context):
        self.context, self.error, self.facts = context, None, {}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        connection, _ = self.listener.accept()
        connection.settimeout(20)
        try:
            with self.context.wrap_socket(connection, server_side=True) as tls:
                self.facts = {
                    "version": tls.version(),
                    "alpn": tls.selected_alpn_protocol(),
                    "reused": tls.session_reused,
                    "peer": tls.getpeercert(),
                }
                while data := tls.recv(1000):
                    tls.sendall(data.upper())
                tls.unwrap()
        except OSError as error:
            self.error = error
        finally:
            connection.close()
            self.listener.close()

    def connect(self):
        return socket.create_connection(self.listener.getsockname(), timeout=20)


def talk(server, context, name="localhost", text=b"hello", **more):
    """Connect, send and receive, and close in order. Returns what is of interest."""
    with server.connect() as raw, context.wrap_socket(raw, server_hostname=name, **more) as tls:
        tls.sendall(text)
        got = b""
        while len(got) < len(text):
            got += tls.recv(100000)
        assert got == text.upper()
        facts = tls.version(), tls.cipher(), tls.selected_alpn_protocol(), tls.session_reused
        session, peer = tls.session, tls.getpeercert()
        tls.unwrap().close()
    server.thread.join()
    assert server.error is None, server.error
    return facts, session, peer


def refused(server, context, name="localhost"):
    """Return the error that ends the client's handshake, or its first read: TLS 1.3 reports some then."""
    with server.connect() as raw:
        try:
            with context.wrap_socket(raw, server_hostname=name) as tls:
                tls.recv(1)
            error = None
        except OSError as found:
            error = found
    server.thread.join()
    return error


def limited(context, version):
    context.minimum_version = context.maximum_version = version
    return context


def versions():
    for version, name in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
        server = Server(server_context())
        facts, _, peer = talk(server, limited(client_context(), version), text=b"long " * 20000)
        assert facts[0] == name == facts[1][1] == server.facts["version"]
        assert peer["subject"] == ((("commonName", "localhost"),),)
        assert ("IP Address", "127.0.0.1") in peer["subjectAltName"]
        assert peer["notAfter"].endswith("2126 GMT")
    # a client of 1.2 and a server of 1.3
    server = Server(limited(server_context(), ssl.TLSVersion.TLSv1_3))
    error = refused(server, limited(client_context(), ssl.TLSVersion.TLSv1_2))
    assert isinstance(error, ssl.SSLError) and error.reason == "TLSV1_ALERT_PROTOCOL_VERSION", error
    assert server.error.reason == "UNSUPPORTED_PROTOCOL", server.error


def ciphers():
    for name in ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"):
        context = limited(client_context(), ssl.TLSVersion.TLSv1_2)
        context.set_ciphers(name)
        assert talk(Server(server_context()), context)[0][1][0] == name
    try:
        client_context().set_ciphers("nothing")
        raise AssertionError("accepted")
    except ssl.SSLError as error:
        assert error.args == ("No cipher can be selected.",)


def protocols():
    mine, yours = server_context(), client_context()
    mine.set_alpn_protocols(["http/1.1", "h2"])
    yours.set_alpn_protocols(["h2"])
    server = Server(mine)
    assert talk(server, yours)[0][2] == "h2" == server.facts["alpn"]


def names():
    assert talk(Server(server_context()), client_context(), "www.example.org")[0][0] == "TLSv1.3"
    assert talk(Server(server_context()), client_context(), "127.0.0.1")[0][0] == "TLSv1.3"
    for name, code, message in (
        ("example.org", 62, "Hostname mismatch, certificate is not valid for 'example.org'."),
        ("10.1.2.3", 64, "IP address mismatch, certificate is not valid for '10.1.2.3'."),
    ):
        error = refused(Server(server_context()), client_context(), name)
        assert isinstance(error, ssl.SSLCertVerificationError) and isinstance(error, ValueError)
        assert (error.verify_code, error.verify_message) == (code, message)
        assert (error.reason, error.library) == ("CERTIFICATE_VERIFY_FAILED", "SSL")
        assert error.strerror.startswith(
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: " + message
        )


def certificates():
    for context, trusted, code in (
        (server_context(EXPIRED), CA, 10),
        (server_context(ROGUE, ROGUE_KEY), CA, 18),
        (server_context(), ROGUE, 20),
    ):
        error = refused(Server(context), ssl.create_default_context(cadata=trusted))
        assert isinstance(error, ssl.SSLCertVerificationError) and error.verify_code == code, error
    relaxed = client_context()
    relaxed.check_hostname = False
    relaxed.verify_mode = ssl.CERT_NONE
    assert talk(Server(server_context(EXPIRED)), relaxed, "other")[2] == {}


def clients():
    mine = server_context()
    mine.verify_mode = ssl.CERT_REQUIRED
    mine.load_verify_locations(cadata=CA)
    yours = client_context()
    yours.load_cert_chain(*files(certificate=CLIENT, key=CLIENT_KEY))
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        server = Server(mine)
        talk(server, limited(yours, version))
        assert server.facts["peer"]["subject"] == ((("commonName", "some client"),),)
    server = Server(mine)
    refused(server, limited(client_context(), ssl.TLSVersion.TLSv1_2))
    assert server.error.reason == "PEER_DID_NOT_RETURN_A_CERTIFICATE", server.error
    mine.verify_mode = ssl.CERT_OPTIONAL
    server = Server(mine)
    talk(server, client_context())
    assert server.facts["peer"] is None


def resumption():
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        mine, yours = server_context(), limited(client_context(), version)
        facts, session, _ = talk(Server(mine), yours)
        assert not facts[3] and session.has_ticket
        server = Server(mine)
        facts, _, _ = talk(server, yours, session=session)
        assert facts[3] and server.facts["reused"]


def server_names():
    asked = []

    def choose(sock, name, context):
        asked.append(name)
        if name == "refused":
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        sock.context = good
        return None

    good, mine = server_context(), server_context(ROGUE, ROGUE_KEY)
    mine.sni_callback = choose
    talk(Server(mine), client_context(), "a.example.org")
    relaxed = client_context()
    relaxed.check_hostname = False
    error = refused(Server(mine), relaxed, "refused")
    assert error.reason == "TLSV1_UNRECOGNIZED_NAME", error
    assert asked == ["a.example.org", "refused"]


def garbage():
    for noise in (b"GET / HTTP/1.0\r\n\r\n", bytes(range(256)) * 10, b"\x16\x03\x01\xff\xff" + b"x" * 100):
        server = Server(server_context())
        with server.connect() as raw:
            raw.sendall(noise)
            try:
                raw.shutdown(socket.SHUT_WR)
                while raw.recv(1000):
                    pass
            except OSError:
                pass
        server.thread.join()
        assert isinstance(server.error, (ssl.SSLError, ConnectionError)), server.error
    server = Server(server_context())
    server.connect().close()  # truncation
    server.thread.join()
    assert isinstance(server.error, (ssl.SSLEOFError, ConnectionError)), server.error


def settings():
    context = client_context()
    assert context.check_hostname and context.verify_mode == ssl.CERT_REQUIRED
    try:
        context.verify_mode = ssl.CERT_NONE
        raise AssertionError("accepted")
    except ValueError:
        pass
    assert context.cert_store_stats()["x509_ca"] >= 1
    for wrong in ("", b"", "no certificate", b"\x30\x03\x01\x01\x00"):
        try:
            context.load_verify_locations(cadata=wrong)
            raise AssertionError("accepted")
        except (ValueError, ssl.SSLError):
            pass
    try:
        context.load_cert_chain(*files(certificate=SERVER, key=CLIENT_KEY))
        raise AssertionError("accepted")
    except ssl.SSLError as error:
        assert error.reason == "KEY_VALUES_MISMATCH"
    assert ssl.PEM_cert_to_DER_cert(SERVER)[:2] == b"0\x82"


for each in (
    settings, versions, ciphers, protocols, names, certificates, clients, resumption, server_names, garbage
):  # fmt: skip
    each()
print("ok")
