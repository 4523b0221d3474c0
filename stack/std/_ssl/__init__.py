# _ssl - what CPython's `ssl` needs below it: contexts and connections over `_tls`, which has Mbed TLS
# (port/tls).

import os

from .connection import MemoryBIO, SSLSession, _SSLSocket  # noqa: F401
from .constants import *  # noqa: F403
from .context import _SSLContext  # noqa: F401
from .errors import (  # noqa: F401
    SSLCertVerificationError,
    SSLEOFError,
    SSLError,
    SSLSyscallError,
    SSLWantReadError,
    SSLWantWriteError,
    SSLZeroReturnError,
)
from .names import nid2obj, txt2obj  # noqa: F401
from .suites import DEFAULT_CIPHERS as _DEFAULT_CIPHERS  # noqa: F401

OPENSSL_VERSION = "Mbed TLS 3.6.6"
OPENSSL_VERSION_NUMBER = 0x30606000
OPENSSL_VERSION_INFO = _OPENSSL_API_VERSION = (3, 6, 6, 0, 0)


def RAND_bytes(n):
    """Return random bytes of the image's generator."""
    if n < 0:
        raise ValueError("num must be positive")
    return os.urandom(n)


def RAND_pseudo_bytes(n):
    """Return (random bytes, True)."""
    return RAND_bytes(n), True


def RAND_status():
    """Whether the generator is seeded: an image does not start without."""
    return True


def RAND_add(string, entropy):
    """Do nothing: the generator has its own entropy."""


def get_default_verify_paths():
    """Return the variables and paths of the default certificates."""
    return "SSL_CERT_FILE", "/etc/ssl/cert.pem", "SSL_CERT_DIR", "/etc/ssl/certs"
