# context - class _SSLContext: settings, trusted certificates and keys. Sessions get them as a `_tls.Config`,
# which is replaced by another one after a change.

import os

import _tls

from . import pem, suites
from .certificate import decoded, is_authority, items
from .connection import MemoryBIO, _SSLSocket
from .constants import (
    CERT_NONE,
    CERT_REQUIRED,
    OP_ALL,
    OP_CIPHER_SERVER_PREFERENCE,
    OP_ENABLE_MIDDLEBOX_COMPAT,
    OP_NO_COMPRESSION,
    OP_NO_TICKET,
    PROTO_MAXIMUM_SUPPORTED,
    PROTO_MINIMUM_SUPPORTED,
    PROTOCOL_TLS,
    PROTOCOL_TLS_CLIENT,
    PROTOCOL_TLS_SERVER,
    VERIFY_X509_TRUSTED_FIRST,
    OP_NO_SSLv3,
    OP_NO_TLSv1_2,
    OP_NO_TLSv1_3,
    PROTO_SSLv3,
    PROTO_TLSv1,
    PROTO_TLSv1_1,
    PROTO_TLSv1_2,
    PROTO_TLSv1_3,
    PROTOCOL_TLSv1_2,
)
from .errors import SSLError, worded

_PROTOCOLS = (PROTOCOL_TLS, PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER, PROTOCOL_TLSv1_2)
_VERSIONS = (PROTO_SSLv3, PROTO_TLSv1, PROTO_TLSv1_1, PROTO_TLSv1_2, PROTO_TLSv1_3)
_PASSWORD_MAX = 1024
_OTHER_KEY = 1  # port/tls/identity.c
_COUNTERS = (
    "number", "connect", "connect_good", "connect_renegotiate", "accept", "accept_good", "accept_renegotiate",
    "hits", "misses", "timeouts", "cache_full",
)  # fmt: skip


def _content(path):
    """Return a file's text, each byte a letter."""
    with open(os.fsdecode(path), "rb") as file:
        return file.read().decode("latin-1")


def _pem_error():
    error = SSLError(9, "[SSL] PEM lib (_ssl.c:1000)")
    error.library, error.reason = "SSL", None
    return error


def _integer(value):
    """Return a setting that must be an integer, of an enumeration perhaps, as a plain one."""
    if not isinstance(value, int):
        raise TypeError("an integer is required")
    return int(value)


class _SSLContext:
    """What `ssl.SSLContext` is derived from."""

    def __new__(cls, protocol):
        if protocol not in _PROTOCOLS:
            raise ValueError("invalid or unsupported protocol version")
        self = object.__new__(cls)
        self._protocol = int(protocol)
        self._checks = protocol == PROTOCOL_TLS_CLIENT
        self._verify = CERT_REQUIRED if self._checks else CERT_NONE
        self._flags = VERIFY_X509_TRUSTED_FIRST
        self._options = (
            OP_ALL
            | OP_NO_SSLv3
            | OP_NO_COMPRESSION
            | OP_CIPHER_SERVER_PREFERENCE
            | OP_ENABLE_MIDDLEBOX_COMPAT
        )
        fixed = protocol == PROTOCOL_TLSv1_2
        self._lowest = PROTO_TLSv1_2
        self._highest = PROTO_TLSv1_2 if fixed else PROTO_MAXIMUM_SUPPORTED
        self._suites = suites.ALL
        self._alpn = ()
        self._trusted = _tls.Certificates()
        self._trusted_der = []
        self._identities = {}  # by the algorithm of their keys: a new one replaces the old
        self._sni_callback = self._keylog = self._message_callback = None
        self._keylog_file = None
        self._tickets = 2
        self._post_handshake = False
        self._counters = dict.fromkeys(_COUNTERS, 0)
        self._configs = {}
        return self

    def _config(self, server_side):
        """Return the `_tls.Config` of connections that begin now."""
        config = self._configs.get(server_side)
        if config is None:
            lowest, highest = self._versions()
            tickets = not self._options & OP_NO_TICKET and (self._tickets > 0 or not server_side)
            config = _tls.Config(
                server_side, lowest, highest, self._verify, self._suites, self._alpn, self._trusted,
                tuple(self._identities.values()), tickets, server_side and self._sni_callback is not None,
            )  # fmt: skip
            self._configs[server_side] = config
        return config

    def _changed(self):
        self._configs = {}

    def _versions(self):
        lowest, highest = max(self._lowest, PROTO_TLSv1_2), self._highest
        if highest < 0:
            highest = PROTO_TLSv1_3
        if self._options & OP_NO_TLSv1_3:
            highest = min(highest, PROTO_TLSv1_2)
        if self._options & OP_NO_TLSv1_2:
            lowest = max(lowest, PROTO_TLSv1_3)
        if lowest > highest:
            raise worded("NO_PROTOCOLS_AVAILABLE")
        return lowest, highest

    # Settings

    @property
    def protocol(self):
        return self._protocol

    @property
    def check_hostname(self):
        return self._checks

    @check_hostname.setter
    def check_hostname(self, value):
        self._checks = bool(value)
        if value and self._verify == CERT_NONE:
            self.verify_mode = CERT_REQUIRED

    @property
    def verify_mode(self):
        return self._verify

    @verify_mode.setter
    def verify_mode(self, value):
        value = _integer(value)
        if not CERT_NONE <= value <= CERT_REQUIRED:
            raise ValueError("invalid value for verify_mode")
        if value == CERT_NONE and self._checks:
            raise ValueError("Cannot set verify_mode to CERT_NONE when check_hostname is enabled.")
        self._verify = value
        self._changed()

    @property
    def verify_flags(self):
        return self._flags

    @verify_flags.setter
    def verify_flags(self, value):
        self._flags = _integer(value)

    @property
    def options(self):
        return self._options

    @options.setter
    def options(self, value):
        value = _integer(value)
        if value < 0:
            raise OverflowError("can't convert negative value to unsigned int")
        self._options = value
        self._changed()

    @property
    def minimum_version(self):
        return self._lowest

    @minimum_version.setter
    def minimum_version(self, value):
        if value == PROTO_MINIMUM_SUPPORTED:
            value = PROTO_TLSv1_2
        elif value == PROTO_MAXIMUM_SUPPORTED:
            value = PROTO_TLSv1_3
        self._lowest = self._version(value)

    @property
    def maximum_version(self):
        return self._highest

    @maximum_version.setter
    def maximum_version(self, value):
        if value == PROTO_MINIMUM_SUPPORTED:
            value = PROTO_TLSv1_2
        self._highest = PROTO_MAXIMUM_SUPPORTED if value == PROTO_MAXIMUM_SUPPORTED else self._version(value)

    def _version(self, value):
        if value not in _VERSIONS:
            raise ValueError("Unsupported TLS/SSL version %#x" % value)
        if self._protocol == PROTOCOL_TLSv1_2:
            raise ValueError(
                "The context's protocol doesn't support modification of highest and lowest version."
            )
        self._changed()
        return int(value)

    @property
    def num_tickets(self):
        return self._tickets

    @num_tickets.setter
    def num_tickets(self, value):
        if value < 0:
            raise ValueError("value must be non-negative")
        if self._protocol != PROTOCOL_TLS_SERVER:
            raise ValueError("SSLContext is not a server context.")
        self._tickets = value
        self._changed()

    @property
    def post_handshake_auth(self):
        return self._post_handshake

    @post_handshake_auth.setter
    def post_handshake_auth(self, value):
        self._post_handshake = bool(value)

    @property
    def security_level(self):
        return 2

    @property
    def sni_callback(self):
        return self._sni_callback

    @sni_callback.setter
    def sni_callback(self, callback):
        if self._protocol == PROTOCOL_TLS_CLIENT:
            raise ValueError("sni_callback cannot be set on TLS_CLIENT context")
        if callback is not None and not callable(callback):
            raise TypeError("not a callable object")
        self._sni_callback = callback
        self._changed()

    @property
    def keylog_filename(self):
        return self._keylog

    @keylog_filename.setter
    def keylog_filename(self, path):
        if path is not None:
            with open(path, "ab"):
                pass
        self._keylog = path

    def _log_keys(self, lines):
        with open(self._keylog, "ab") as file:
            file.write(lines)

    @property
    def _msg_callback(self):
        return self._message_callback

    @_msg_callback.setter
    def _msg_callback(self, callback):
        self._message_callback = callback

    def set_ciphers(self, cipherlist, /):
        """Choose the suites of TLS 1.2 by OpenSSL's words. SSLError: none."""
        self._suites = suites.chosen(cipherlist)
        self._changed()

    def get_ciphers(self):
        """Return a dict for each suite."""
        return [suites.details(each) for each in self._suites]

    def _set_alpn_protocols(self, protos, /):
        names, at = [], 0
        while at < len(protos):
            names.append(bytes(protos[at + 1 : at + 1 + protos[at]]).decode())
            at += 1 + protos[at]
        self._alpn = tuple(names)
        self._changed()

    def set_ecdh_curve(self, name, /):
        """Check the name of the curve: a handshake may use any that both ends have."""
        name = name if isinstance(name, str) else bytes(name).decode()
        if name not in ("prime256v1", "secp384r1", "secp521r1", "X25519", "P-256", "P-384", "P-521"):
            raise ValueError("unknown elliptic curve name %r" % name)

    def load_dh_params(self, path, /):
        """Read the file: no handshake uses it, as all key exchanges are on elliptic curves."""
        if "-----BEGIN DH PARAMETERS-----" not in _content(path):
            raise _pem_error()

    # Certificates

    def load_cert_chain(self, certfile, keyfile=None, password=None):
        """Load a chain and its key from files."""
        text = _content(certfile)
        key_text = text if keyfile is None else _content(keyfile)
        identity = _tls.Identity()
        try:
            chain, keys = pem.certificates(text), pem.keys(key_text)
            if not chain or not keys or any(identity.add(each) for each in chain):
                raise _pem_error()
        except ValueError:
            raise _pem_error() from None
        self._identities[_load_key(identity, keys[0], password)] = identity
        self._changed()

    def load_verify_locations(self, cafile=None, capath=None, cadata=None):
        """Trust the certificates of a file, of the files of a folder, and those given as PEM text or DER."""
        if cafile is None and capath is None and cadata is None:
            raise TypeError("cafile, capath and cadata cannot be all omitted")
        if cafile is not None:
            self._load_file(_path(cafile, "cafile"))
        if capath is not None:
            folder = os.fsdecode(_path(capath, "capath"))
            for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
                if name.endswith((".pem", ".crt", ".0")):
                    self._load_file(os.path.join(folder, name))
        if cadata is not None:
            self._load_data(cadata)

    def _load_file(self, path):
        try:
            found = pem.certificates(_content(path))
        except ValueError:
            raise _pem_error() from None
        if not found:
            raise worded("NO_CERTIFICATE_OR_CRL_FOUND", "X509", number=136)
        self._trust(found)

    def _load_data(self, data):
        if not isinstance(data, (str, bytes, bytearray, memoryview)):
            raise TypeError("cadata should be an ASCII string or a bytes-like object")
        if not data:
            raise ValueError("Empty certificate data")
        if isinstance(data, str):
            if not data.isascii():
                raise TypeError("cadata should be an ASCII string or a bytes-like object")
            try:
                found = pem.certificates(data)
            except ValueError:
                raise _pem_error() from None
            if not found:
                raise worded("no start line: cadata does not contain a certificate", "PEM")
        else:
            found = _sequences(bytes(data))
        self._trust(found)

    def _trust(self, certificates):
        for each in certificates:
            if each in self._trusted_der:
                continue
            if self._trusted.add(each):
                raise worded("not enough data: cadata does not contain a certificate", "SSL")
            self._trusted_der.append(each)

    def set_default_verify_paths(self):
        """Trust the certificates of SSL_CERT_FILE or /etc/ssl/cert.pem, if there is one."""
        path = os.environ.get("SSL_CERT_FILE", "/etc/ssl/cert.pem")
        if os.path.isfile(path):
            self._load_file(path)

    def get_ca_certs(self, binary_form=False):
        """Return the trusted authorities, as getpeercert() tells them."""
        found = [each for each in self._trusted_der if is_authority(each)]
        return found if binary_form else [decoded(each) for each in found]

    def cert_store_stats(self):
        """Return how many certificates are trusted."""
        authorities = sum(is_authority(each) for each in self._trusted_der)
        return {"x509": len(self._trusted_der), "crl": 0, "x509_ca": authorities}

    def session_stats(self):
        """Return counts of handshakes."""
        return dict(self._counters)

    # Connections

    def _wrap_socket(self, sock, server_side, server_hostname=None, *, owner=None, session=None):
        return _SSLSocket(self, sock, None, None, server_side, server_hostname, owner, session)

    def _wrap_bio(self, incoming, outgoing, server_side, server_hostname=None, *, owner=None, session=None):
        if not isinstance(incoming, MemoryBIO) or not isinstance(outgoing, MemoryBIO):
            raise TypeError("incoming and outgoing must be MemoryBIO")
        return _SSLSocket(self, None, incoming, outgoing, server_side, server_hostname, owner, session)


def _path(path, name):
    if not isinstance(path, (str, bytes)) and not hasattr(path, "__fspath__"):
        raise TypeError("%s should be a valid filesystem path" % name)
    return path


def _sequences(data):
    """Split certificates that follow each other."""
    found, at = [], 0
    try:
        while at < len(data):
            if data[at] != 0x30:
                raise ValueError("no sequence")
            length = data[at + 1]
            count = length & 0x7F if length >= 0x80 else 0
            size = 2 + count + (int.from_bytes(data[at + 2 : at + 2 + count], "big") if count else length)
            items(data[at : at + size])
            found.append(data[at : at + size])
            at += size
    except (ValueError, IndexError):
        raise worded("not enough data: cadata does not contain a certificate", "ASN1") from None
    return found


def _load_key(identity, key, password):
    """Load the key of an identity. Returns the kind of key."""
    label, block = key
    data = block.encode("latin-1") + b"\0"
    locked = "ENCRYPTED" in block
    secret = _secret(password) if locked and password is not None else None
    code = identity.load(data, secret)
    if code == _OTHER_KEY:
        raise worded("KEY_VALUES_MISMATCH", "X509")
    if code:
        raise _pem_error()
    return identity.name()


def _secret(password):
    """Return a password as bytes; it may be a function that returns it."""
    if callable(password):
        password = password()
        if not isinstance(password, (str, bytes, bytearray)):
            raise TypeError("password callback must return a string")
    if not isinstance(password, (str, bytes, bytearray)):
        raise TypeError("password should be a string or callable")
    secret = password.encode() if isinstance(password, str) else bytes(password)
    if len(secret) > _PASSWORD_MAX:
        raise ValueError("password cannot be longer than %d bytes" % _PASSWORD_MAX)
    return secret
