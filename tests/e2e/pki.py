"""Certificates of the TLS tests: an authority of the test's own, made by the command openssl."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

EC = ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1")
RSA = ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
CONFIG = """\
[ca]
default_ca = d
[d]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = p
unique_subject = no
[p]
commonName = supplied
"""


@dataclass(frozen=True)
class Authority:
    """Certificates and keys in a folder: NAME.pem, NAME.key."""

    folder: Path

    def openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True, timeout=60)

    def text(self, name: str) -> str:
        return (self.folder / name).read_text()

    def key(self, name: str, kind: tuple[str, ...] = EC) -> None:
        self.openssl("genpkey", *kind, "-out", f"{name}.key")

    def self_signed(self, name: str, subject: str, extension: str) -> None:
        words = ("-key", f"{name}.key", "-subj", subject, "-days", "30", "-addext", extension)
        self.openssl("req", "-x509", "-new", *words, "-out", f"{name}.pem")

    def sign(self, name: str, subject: str, extensions: str, start: str = "", end: str = "") -> None:
        """Sign a certificate; dates are YYYYMMDDHHMMSSZ."""
        (self.folder / f"{name}.ext").write_text(extensions)
        self.openssl("req", "-new", "-key", f"{name}.key", "-subj", subject, "-out", f"{name}.csr")
        dates = ("-startdate", start, "-enddate", end) if start else ("-days", "30")
        words = (
            "-cert",
            "ca.pem",
            "-keyfile",
            "ca.key",
            "-in",
            f"{name}.csr",
            "-extfile",
            f"{name}.ext",
            *dates,
        )
        self.openssl("ca", "-batch", "-config", "ca.cnf", "-notext", *words, "-out", f"{name}.pem")


def make(folder: Path, address: str) -> Authority:
    """Make the authority and the certificates of the tests, for a server at `address`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ca.cnf").write_text(CONFIG)
    (folder / "index").write_text("")
    (folder / "serial").write_text("1000\n")
    made = Authority(folder)
    for name, kind in (
        ("ca", EC),
        ("server", EC),
        ("rsa", RSA),
        ("client", EC),
        ("expired", EC),
        ("rogue", EC),
    ):
        made.key(name, kind)
    made.self_signed("ca", "/CN=Test CA", "keyUsage=critical,keyCertSign,cRLSign")
    made.self_signed("rogue", "/CN=rogue", "subjectAltName=DNS:localhost")
    names = f"subjectAltName=DNS:localhost,DNS:*.example.org,IP:{address}\n"
    made.sign("server", "/CN=server", names)
    made.sign("rsa", "/CN=rsa server", names)
    made.sign("client", "/CN=some client", "extendedKeyUsage=clientAuth\n")
    made.sign("expired", "/CN=expired", names, "20200101000000Z", "20210101000000Z")
    return made


def module(authority: Authority) -> str:
    """Return the Python module `pki` for an image."""
    files = {
        "CA": "ca.pem", "SERVER": "server.pem", "SERVER_KEY": "server.key", "RSA": "rsa.pem",
        "RSA_KEY": "rsa.key", "CLIENT": "client.pem", "CLIENT_KEY": "client.key",
    }  # fmt: skip
    return "".join(f"{name} = {authority.text(file)!r}\n" for name, file in files.items())
