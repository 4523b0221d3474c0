"""TLS against OpenSSL, GnuTLS and curl: versions, suites, ALPN, resumption, client certificates; what must be
refused; much data; how long a handshake stops the others."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from e2e import lab, peers, pki

from host.net import netns, tap
from host.paths import BUILD
from host.run.guest import Guest

SOURCE = Path(__file__).with_name("tls")
FOLDER = BUILD / "e2e" / "tls"
PORT = 4433
MUCH = 16 * peers.MIB
MANY = 100  # handshakes


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> pki.Authority:
    """The certificates; the image is built with them."""
    made = pki.make(tmp_path_factory.mktemp("pki"), lab.GUEST)
    shutil.rmtree(FOLDER, ignore_errors=True)
    shutil.copytree(SOURCE, FOLDER)
    (FOLDER / "pki.py").write_text(pki.module(made))
    lab.build(FOLDER)
    return made


@pytest.fixture(scope="module")
def guest(network_obstacle: str, authority: pki.Authority) -> Iterator[Guest]:
    """The server, for all of these tests."""
    if network_obstacle:
        pytest.skip(network_obstacle)
    with netns.Namespace(), tap.tap("tap0", *lab.HOSTS):
        with lab.server("server", FOLDER, memory=64) as booted:
            yield booted


def client(authority: pki.Authority, trusted: str = "ca.pem") -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority.folder / trusted))


@contextmanager
def connected(context: ssl.SSLContext, name: str = lab.GUEST, **more: object) -> Iterator[ssl.SSLSocket]:
    with peers.connect(lab.GUEST, PORT) as raw:
        with context.wrap_socket(raw, server_hostname=name, **more) as tls:  # type: ignore[arg-type]
            yield tls


def ask(tls: ssl.SSLSocket, line: bytes) -> bytes:
    tls.sendall(line + b"\n")
    got = b""
    while not got.endswith(b"\n"):
        got += tls.recv(1000)
    return got.strip()


def run(*words: str, feed: str = "", cwd: Path | None = None) -> str:
    """Run a tool and return all that it says; skipped where it is missing."""
    if shutil.which(words[0]) is None:
        pytest.skip(f"no {words[0]} on this machine")
    done = subprocess.run(
        words, input=feed, cwd=cwd, capture_output=True, text=True, check=False, timeout=peers.TIMEOUT
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def test_cpython(guest: Guest, authority: pki.Authority, version: ssl.TLSVersion) -> None:
    context = client(authority)
    context.minimum_version = context.maximum_version = version
    context.set_alpn_protocols(["h2"])
    with connected(context) as tls:
        assert ask(tls, b"hello") == b"HELLO"
        ours, suite, alpn, reused = ask(tls, b"facts").decode().split()
        cipher = tls.cipher()
        assert cipher is not None
        assert (ours, suite, alpn, reused) == (tls.version(), cipher[0], "h2", "False")
        session = tls.session
        tls.unwrap()
    with connected(context, session=session) as tls:
        assert tls.session_reused and ask(tls, b"facts").endswith(b"True")


@pytest.mark.parametrize("suite", ["AES256-GCM-SHA384", "AES128-GCM-SHA256", "CHACHA20-POLY1305"])
@pytest.mark.parametrize("kind", ["ECDHE-ECDSA", "ECDHE-RSA"])
def test_suites_of_tls_1_2(guest: Guest, authority: pki.Authority, kind: str, suite: str) -> None:
    context = client(authority)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{kind}-{suite}")
    with connected(context) as tls:
        assert ask(tls, b"facts").split()[1].decode() == f"{kind}-{suite}"


def test_client_certificates(guest: Guest, authority: pki.Authority) -> None:
    context = client(authority)
    with connected(context) as tls:
        assert ask(tls, b"who") == b"None"
    context.load_cert_chain(authority.folder / "client.pem", authority.folder / "client.key")
    with connected(context) as tls:
        assert b"some client" in ask(tls, b"who")
    context.load_cert_chain(authority.folder / "rogue.pem", authority.folder / "rogue.key")
    with pytest.raises(ssl.SSLError):
        with connected(context) as tls:
            tls.recv(1)


def test_old_versions_and_suites_are_refused(guest: Guest) -> None:
    for words in (("-tls1_1",), ("-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0")):
        said = run("openssl", "s_client", "-connect", f"{lab.GUEST}:{PORT}", *words, feed="")
        assert "Cipher is (NONE)" in said, said


def test_curl(guest: Guest, authority: pki.Authority) -> None:
    words = ("curl", "-sS", "--http1.1", "--max-time", "50")
    trusted = ("--cacert", str(authority.folder / "ca.pem"))
    assert run(*words, *trusted, f"https://{lab.GUEST}:{PORT}/") == "hello\n"
    assert "local issuer certificate" in run(*words, f"https://{lab.GUEST}:{PORT}/")


def test_gnutls(guest: Guest, authority: pki.Authority) -> None:
    words = ("--x509cafile", str(authority.folder / "ca.pem"), "--no-ca-verification")
    for priority in ("NORMAL:-VERS-ALL:+VERS-TLS1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.2"):
        said = run(
            "gnutls-cli", *words[:2], "--priority", priority, "-p", str(PORT), lab.GUEST, feed="hello\n"
        )
        assert "HELLO" in said and "Handshake was completed" in said, said


NOISE = {
    "http": b"GET / HTTP/1.0\r\n\r\n",
    "bytes": bytes(range(256)) * 10,
    "long record": b"\x16\x03\x01\xff\xff" + b"x" * 1000,
    "empty records": b"\x16\x03\x01\x00\x00" * 100,
    "alert": b"\x15\x03\x03\x00\x02\x02\x28",
    "cut off": b"\x16\x03\x01\x00\x80\x01\x00",
    "nothing": b"",
}


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE.keys())
def test_garbage_ends_its_connection_only(guest: Guest, authority: pki.Authority, noise: bytes) -> None:
    with connected(client(authority)) as other:
        with peers.connect(lab.GUEST, PORT) as raw:
            raw.sendall(noise)
            raw.shutdown(socket.SHUT_WR)
            try:
                while raw.recv(1000):
                    pass
            except ConnectionError:
                pass
        assert ask(other, b"still here") == b"STILL HERE"


def test_a_record_that_was_changed(guest: Guest, authority: pki.Authority) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = client(authority).wrap_bio(incoming, outgoing, server_hostname=lab.GUEST)
    with peers.connect(lab.GUEST, PORT) as raw:
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                raw.sendall(outgoing.read())
                incoming.write(raw.recv(20000))
        tls.write(b"hello\n")
        record = bytearray(outgoing.read())
        record[-1] ^= 1
        raw.sendall(record)
        with pytest.raises((ssl.SSLError, ConnectionError)):
            while True:
                incoming.write(raw.recv(20000) or b"")
                tls.read()
    guest.wait_for("DECRYPTION_FAILED_OR_BAD_RECORD_MAC")


def test_many_handshakes(guest: Guest, authority: pki.Authority) -> None:
    """No memory is lost, and none stops the others for long."""
    context = client(authority)
    with connected(context) as observer:
        ask(observer, b"longest")
        began = time.monotonic()
        for number in range(MANY):
            with connected(context) as tls:
                assert ask(tls, b"%d" % number) == b"%d" % number
        took = time.monotonic() - began
        longest = int(ask(observer, b"longest"))
    print(f"{MANY / took:.0f} handshakes a second, the longest stop {longest} us ({guest.accelerator})")
    assert longest < 500_000  # with all that other processes of this machine take


def test_much_data(guest: Guest, authority: pki.Authority) -> None:
    with connected(client(authority)) as tls:
        began = time.monotonic()
        tls.sendall(b"count %d\n" % MUCH)
        left = MUCH
        while left:
            left -= len(tls.recv(1 << 16))
        there = time.monotonic()
        tls.sendall(b"sink %d\n" % MUCH)
        for _ in range(MUCH // peers.PIECE):
            tls.sendall(bytes(peers.PIECE))
        assert tls.recv(100) == b"done\n"
        back = time.monotonic()
    print(f"out {MUCH * 8e-6 / (there - began):.0f} Mbit/s, in {MUCH * 8e-6 / (back - there):.0f} Mbit/s")


SERVERS = {
    "server": ("server.pem", "localhost", "connected TLSv1.3"),
    "rsa": ("rsa.pem", "localhost", "connected TLSv1.3"),
    "wrong name": ("server.pem", "other", "refused 62 Hostname mismatch"),
    "expired": ("expired.pem", "localhost", "refused 10 certificate has expired"),
    "self-signed": ("rogue.pem", "localhost", "refused 18 self-signed certificate"),
}


@pytest.mark.parametrize("case", SERVERS.values(), ids=SERVERS.keys())
def test_the_image_as_client(tap0: str, authority: pki.Authority, case: tuple[str, str, str]) -> None:
    certificate, name, said = case
    key = certificate.replace(".pem", ".key")
    argv = ["openssl", "s_server", "-accept", f"{lab.HOST}:{PORT}", "-cert", certificate, "-key", key, "-rev"]
    with subprocess.Popen(
        argv, cwd=authority.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        try:
            assert server.stdout is not None
            while b"ACCEPT" not in server.stdout.readline():
                assert server.poll() is None
            arguments = f"client {lab.HOST}:{PORT} {name}"
            with lab.booted(lab.on_tap(arguments, memory=64), FOLDER) as guest:
                assert guest.wait(peers.TIMEOUT) == 0
                assert said in guest.console.text
                if said.startswith("connected"):
                    assert "received b'olleh\\n'" in guest.console.text
        finally:
            server.kill()
