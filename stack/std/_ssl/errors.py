# errors - the exceptions of `ssl`, from the errors of Mbed TLS (mbedtls/ssl.h, x509.h), with OpenSSL's
# reasons.

WANT_READ = -0x6900
END_OF_FILE = -0x7280
_ALERT_RECEIVED = -0x7780
_NOT_VERIFIED = (-0x2700, -0x3000, -0x7A00)
_NO_MEMORY = (-0x7F00, -0x2880, -0x3F80, -0x10, -0x1180)

_REASONS = {
    -0x7100: "BAD_LENGTH",
    -0x7200: "WRONG_VERSION_NUMBER",
    -0x7180: "DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
    -0x7300: "LENGTH_MISMATCH",
    -0x6600: "BAD_EXTENSION",
    -0x6E80: "UNSUPPORTED_PROTOCOL",
    -0x6E00: "NO_SHARED_CIPHER",
    -0x7480: "PEER_DID_NOT_RETURN_A_CERTIFICATE",
    -0x7500: "UNSOLICITED_EXTENSION",
    -0x7580: "NO_APPLICATION_PROTOCOL",
    -0x7600: "NO_CERTIFICATE_ASSIGNED",
    -0x7700: "UNEXPECTED_MESSAGE",
    -0x6700: "UNEXPECTED_RECORD",
    -1: "CALLBACK_FAILED",
}
# OpenSSL names alerts after the version that introduced them.
_ALERTS = {
    10: "SSLV3_ALERT_UNEXPECTED_MESSAGE",
    20: "SSLV3_ALERT_BAD_RECORD_MAC",
    22: "TLSV1_ALERT_RECORD_OVERFLOW",
    30: "SSLV3_ALERT_DECOMPRESSION_FAILURE",
    40: "SSLV3_ALERT_HANDSHAKE_FAILURE",
    41: "SSLV3_ALERT_NO_CERTIFICATE",
    42: "SSLV3_ALERT_BAD_CERTIFICATE",
    43: "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    44: "SSLV3_ALERT_CERTIFICATE_REVOKED",
    45: "SSLV3_ALERT_CERTIFICATE_EXPIRED",
    46: "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    47: "SSLV3_ALERT_ILLEGAL_PARAMETER",
    48: "TLSV1_ALERT_UNKNOWN_CA",
    49: "TLSV1_ALERT_ACCESS_DENIED",
    50: "TLSV1_ALERT_DECODE_ERROR",
    51: "TLSV1_ALERT_DECRYPT_ERROR",
    70: "TLSV1_ALERT_PROTOCOL_VERSION",
    71: "TLSV1_ALERT_INSUFFICIENT_SECURITY",
    80: "TLSV1_ALERT_INTERNAL_ERROR",
    86: "TLSV1_ALERT_INAPPROPRIATE_FALLBACK",
    90: "TLSV1_ALERT_USER_CANCELLED",
    100: "TLSV1_ALERT_NO_RENEGOTIATION",
    109: "TLSV13_ALERT_MISSING_EXTENSION",
    110: "TLSV1_UNSUPPORTED_EXTENSION",
    112: "TLSV1_UNRECOGNIZED_NAME",
    115: "TLSV1_ALERT_UNKNOWN_PSK_IDENTITY",
    116: "TLSV13_ALERT_CERTIFICATE_REQUIRED",
    120: "TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
}
# Errors of a chain, in the order in which OpenSSL finds them: bit of Mbed TLS, code and message of OpenSSL.
_SELF_SIGNED, _SELF_SIGNED_ROOT, _NO_ISSUER = 18, 19, 20
_NO_TRUST = {
    _SELF_SIGNED: "self-signed certificate",
    _SELF_SIGNED_ROOT: "self-signed certificate in certificate chain",
    _NO_ISSUER: "unable to get local issuer certificate",
}
_NOT_TRUSTED, _WRONG_NAME = 0x8, 0x4
_DEFECTS = (
    (0x800 | 0x1000 | 0x2000, 26, "unsuitable certificate purpose"),
    (0x4000 | 0x8000, 68, "CA signature digest algorithm too weak"),
    (0x10000, 66, "EE certificate key too weak"),
    (0x200, 9, "certificate is not yet valid"),
    (0x1, 10, "certificate has expired"),
    (0x2, 23, "certificate revoked"),
)


class SSLError(OSError):
    """An error of TLS: `library`, `reason`."""

    __module__ = "ssl"
    library = reason = None

    def __str__(self):
        return self.strerror if isinstance(self.strerror, str) else str(self.args)


class SSLZeroReturnError(SSLError):
    """The peer has closed the connection in order."""

    __module__ = "ssl"


class SSLWantReadError(SSLError):
    """More of the peer's data is needed."""

    __module__ = "ssl"


class SSLWantWriteError(SSLError):
    """The connection does not take more data now."""

    __module__ = "ssl"


class SSLSyscallError(SSLError):
    """An error of the socket below."""

    __module__ = "ssl"


class SSLEOFError(SSLError):
    """The connection ended without a farewell."""

    __module__ = "ssl"


class SSLCertVerificationError(SSLError, ValueError):
    """The peer's certificate is not accepted: `verify_code`, `verify_message`."""

    __module__ = "ssl"
    verify_code = 0
    verify_message = ""


def worded(reason, library="SSL", kind=SSLError, number=1, more=""):
    """Return an SSLError as CPython words it."""
    text = reason.lower().replace("_", " ")
    error = kind(number, "[%s: %s] %s%s (_ssl.c:1000)" % (library, reason, text, more))
    error.library, error.reason = library, reason
    return error


def want_read():
    """Return the error of a call that needs input."""
    return SSLWantReadError(2, "The operation did not complete (read) (_ssl.c:1000)")


def want_write():
    """Return the error of a call whose output was not taken."""
    return SSLWantWriteError(3, "The operation did not complete (write) (_ssl.c:1000)")


def end_of_file():
    """Return the error of a connection that ended without close_notify."""
    return SSLEOFError(8, "EOF occurred in violation of protocol (_ssl.c:1000)")


def error_of(code, state, hostname):
    """Return the exception for an error of Mbed TLS. `state`: that of the session (port/tls/session.c)."""
    if code == END_OF_FILE:
        return end_of_file()
    if code in _NO_MEMORY:
        return MemoryError()
    if code == _ALERT_RECEIVED:
        return worded(_ALERTS.get(state[6], "TLSV1_ALERT_%d" % state[6]))
    if state[3] and (code in _NOT_VERIFIED or code == -0x7680):
        return not_verified(state[3], state[4], state[5], hostname)
    if code == -0x7680:  # nothing is trusted
        return not_verified(_NOT_TRUSTED, state[4], state[5], hostname)
    if code == -0x7A00:
        return not_verified(0x800, 0, False, hostname)
    return worded(_REASONS.get(code, "MBEDTLS_ERROR_%X" % -code))


def not_verified(flags, depth, self_signed, hostname):
    """Return the error of a certificate; `flags` are Mbed TLS's MBEDTLS_X509_BADCERT_*."""
    number, message = _defect(flags, depth, self_signed, hostname)
    error = worded("CERTIFICATE_VERIFY_FAILED", "SSL", SSLCertVerificationError, 1, ": " + message)
    error.verify_code, error.verify_message = number, message
    return error


def _defect(flags, depth, self_signed, hostname):
    if flags & _NOT_TRUSTED:
        number = _NO_ISSUER if not self_signed else _SELF_SIGNED if depth == 0 else _SELF_SIGNED_ROOT
        return number, _NO_TRUST[number]
    if flags & _WRONG_NAME:
        kind, number = ("IP address", 64) if is_address(hostname) else ("Hostname", 62)
        return number, "%s mismatch, certificate is not valid for '%s'." % (kind, hostname)
    for bits, number, message in _DEFECTS:
        if flags & bits:
            return number, message
    return 1, "unspecified certificate verification error"


def is_address(name):
    """Whether a host is an IPv4 or IPv6 address."""
    return bool(name) and (":" in name or name.replace(".", "").isdigit())
