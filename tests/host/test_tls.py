"""The parts of `ssl` below CPython's module: certificates and suites as CPython's own `_ssl` sees them, and
sessions of `_tls` on the unix build: their memory, their stack, their pauses."""

import ssl
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from e2e import pki

from host.build import micropython
from host.paths import ROOT, STACK

SESSIONS = Path(__file__).with_name("tls_sessions.py")
NAMES = (
    "subjectAltName = DNS:a.example,DNS:*.b.example,IP:10.0.0.1,IP:fd00::1,email:me@c.example,"
    "URI:https://d.example/x,RID:1.2.3.4,dirName:dir\n"
    "authorityInfoAccess = OCSP;URI:http://ocsp.example,caIssuers;URI:http://ca.example/ca\n"
    "crlDistributionPoints = URI:http://crl.example/1,URI:http://crl.example/2\n"
    "[dir]\nCN = directory\n"
)


@pytest.fixture(scope="module")
def ours() -> ModuleType:
    """stack/std/_ssl as a package of another name, without its __init__, which needs the C module."""
    package = ModuleType("ours_ssl")
    package.__path__ = [str(STACK / "std" / "_ssl")]
    sys.modules["ours_ssl"] = package
    return package


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> pki.Authority:
    return pki.make(tmp_path_factory.mktemp("pki"), "10.0.0.2")


def theirs(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = ssl._ssl._test_decode_cert(str(path))  # type: ignore[attr-defined]
    return found


def test_certificates_as_cpython_decodes_them(ours: ModuleType, authority: pki.Authority) -> None:
    certificate = import_module("ours_ssl.certificate")
    names = {
        "plain": ("/CN=x", "subjectAltName=DNS:x\n", "", ""),
        "full": (
            "/C=DE/ST=Somewhere/O=An Org/OU=Unit/CN=name/emailAddress=me@example",
            NAMES,
            "",
            "",
        ),
        "early": ("/CN=x", "subjectAltName=DNS:x\n", "19500101000000Z", "20491231235959Z"),
        "late": ("/CN=x", "subjectAltName=DNS:x\n", "20500101000000Z", "99991231235959Z"),
    }
    for name, (subject, extensions, start, end) in names.items():
        authority.key(name)
        authority.sign(name, subject, extensions, start, end)
    for path in authority.folder.glob("*.pem"):
        if "CERTIFICATE" in path.read_text():
            der = ssl.PEM_cert_to_DER_cert(path.read_text())
            assert certificate.decoded(der) == theirs(path), path.name
    for path, wanted in (("ca.pem", True), ("server.pem", False)):
        assert certificate.is_authority(ssl.PEM_cert_to_DER_cert(authority.text(path))) is wanted


def test_a_broken_certificate_is_an_error(ours: ModuleType, authority: pki.Authority) -> None:
    certificate = import_module("ours_ssl.certificate")
    der = ssl.PEM_cert_to_DER_cert(authority.text("server.pem"))
    for length in range(len(der)):
        with pytest.raises((ValueError, IndexError)):
            certificate.decoded(der[:length])


@pytest.mark.parametrize(
    "text",
    [
        "ECDHE+AESGCM",
        "ECDHE-RSA-AES128-GCM-SHA256",
        "HIGH:!aRSA",
        "HIGH:!RSA",
        "aECDSA+AES:kEECDH+AESGCM",
        "ECDHE+AESGCM:!AES128",
        "AESGCM:-aRSA",
        "CHACHA20",
    ],
)
def test_suites_are_chosen_as_by_openssl(ours: ModuleType, text: str) -> None:
    suites = import_module("ours_ssl.suites")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers(text)
    known = {name for name, *_ in suites.SUITES.values()}
    wanted = {each["name"] for each in context.get_ciphers()} & known
    assert {suites.described(each)[0] for each in suites.chosen(text)} == wanted


def test_pem(ours: ModuleType, authority: pki.Authority) -> None:
    pem = import_module("ours_ssl.pem")
    text = "noise\n" + authority.text("server.pem") + authority.text("server.key") + authority.text("ca.pem")
    wanted = [ssl.PEM_cert_to_DER_cert(authority.text(name)) for name in ("server.pem", "ca.pem")]
    assert pem.certificates(text) == wanted
    assert [label for label, _ in pem.keys(text)] == ["PRIVATE KEY"]
    with pytest.raises(ValueError):
        pem.certificates(text[:-40])


def test_sessions(authority: pki.Authority) -> None:
    """tls_sessions.py on the unix build."""
    interpreter = micropython.unix()
    argv = [interpreter, "-X", "heapsize=64m", SESSIONS, authority.folder]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("ok\n")
