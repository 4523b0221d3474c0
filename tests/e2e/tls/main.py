# tls - a TLS server and client of the tests: `server` echoes lines in capitals, answers `count N` with N
# bytes, and takes the N bytes that follow `sink N`; `client HOST:PORT NAME` connects and reports. The test
# writes the certificates into pki.py.

import socket
import ssl
import sys
import threading
import time

import pki

PORT, PIECE = 4433, bytes(16384)


def files(certificate, key):
    """Write a certificate and its key to files and return their paths."""
    for name, text in (("certificate", certificate), ("key", key)):
        with open("/tmp/" + name, "w") as file:
            file.write(text)
    return "/tmp/certificate", "/tmp/key"


def server_context():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cadata=pki.CA)
    context.load_cert_chain(*files(pki.SERVER, pki.SERVER_KEY))
    context.load_cert_chain(*files(pki.RSA, pki.RSA_KEY))
    context.set_alpn_protocols(["http/1.1", "h2"])
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


class Longest:
    """The longest time that the loop stood still, in microseconds."""

    value = 0

    def watch(self):
        last = time.monotonic_ns()
        while True:
            time.sleep(0)
            now = time.monotonic_ns()
            self.value = max(self.value, (now - last) // 1000)
            last = now


def answer(tls, line, longest):
    words = line.split()
    if words[:1] == [b"count"]:
        left = int(words[1])
        while left:
            left -= tls.send(PIECE[:left])
    elif words[:1] == [b"sink"]:
        left = int(words[1])
        while left:
            left -= len(tls.recv(min(left, 16384)))
        tls.sendall(b"done\n")
    elif words[:1] == [b"who"]:
        peer = tls.getpeercert()
        tls.sendall(repr(peer and peer["subject"]).encode() + b"\n")
    elif words[:1] == [b"facts"]:
        facts = tls.version(), tls.cipher()[0], tls.selected_alpn_protocol(), tls.session_reused
        tls.sendall(" ".join(map(str, facts)).encode() + b"\n")
    elif words[:1] == [b"longest"]:
        tls.sendall(b"%d\n" % longest.value)
        longest.value = 0
    elif words[:1] == [b"GET"]:
        tls.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n")
    else:
        tls.sendall(line.upper())


def serve_one(context, connection, longest):
    connection.settimeout(60)
    try:
        with context.wrap_socket(connection, server_side=True) as tls, tls.makefile("rb") as lines:
            for line in lines:
                answer(tls, line, longest)
            tls.unwrap()
    except (OSError, ValueError) as error:
        print("refused", type(error).__name__, getattr(error, "reason", None) or error, flush=True)
    finally:
        connection.close()


def serve():
    context, longest = server_context(), Longest()
    threading.Thread(target=longest.watch, daemon=True).start()
    with socket.create_server(("", PORT), backlog=64) as listener:
        print("tls: listening on port", PORT, flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve_one, args=(context, connection, longest)).start()


def connect(context, address, name):
    try:
        with socket.create_connection(address, timeout=60) as raw:
            with context.wrap_socket(raw, server_hostname=name) as tls:
                print("connected", tls.version(), tls.cipher()[0], tls.getpeercert()["subject"][0][0][1])
                tls.sendall(b"hello\n")
                print("received", tls.recv(100))
    except ssl.SSLCertVerificationError as error:
        print("refused", error.verify_code, error.verify_message)
    except ssl.SSLError as error:
        print("failed", error.reason)
    except OSError as error:
        print("failed", type(error).__name__)


def main():
    if sys.argv[1] == "server":
        serve()
        return
    host, _, port = sys.argv[2].partition(":")
    context = ssl.create_default_context(cadata=pki.CA)
    context.load_cert_chain(*files(pki.CLIENT, pki.CLIENT_KEY))
    connect(context, (host, int(port)), sys.argv[3])


main()
