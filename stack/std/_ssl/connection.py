# connection - a session of `_tls` with its input and output: a socket, or two MemoryBIO.

import time

import _tls

from . import errors, suites
from .certificate import decoded
from .constants import CERT_NONE

_WAITS, _ASKS = 1, 2  # port/tls/session.c
_RECORD = 16384 + 256 + 5  # bytes, RFC 8446 5.2
_VERSIONS = {0x303: "TLSv1.2", 0x304: "TLSv1.3"}
_INTERNAL_ERROR, _HANDSHAKE_FAILURE = 80, 40
_TICKET_LIFETIME = 7200  # seconds


class MemoryBIO:
    """A buffer between a connection and what carries its records."""

    __module__ = "ssl"

    def __init__(self):
        self._buffer = _tls.Buffer()

    @property
    def pending(self):
        return self._buffer.size

    @property
    def eof(self):
        return self._buffer.eof

    def read(self, size=-1, /):
        """Take at most `size` bytes."""
        return self._buffer.read(size)

    def write(self, b, /):
        """Add bytes. Returns how many."""
        if self._ended():
            raise errors.SSLError("cannot write() after write_eof()")
        if isinstance(b, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        return self._buffer.write(b)

    def _ended(self):
        return getattr(self, "_has_ended", False)

    def write_eof(self):
        """Nothing follows."""
        self._has_ended = True
        self._buffer.end()


class SSLSession:
    """What a client keeps to resume a session (RFC 8446 2.2, RFC 5077)."""

    __module__ = "_ssl"

    def __init__(self, saved, context, name):
        self._saved, self._context, self._name = saved, context, name
        self.time = int(time.time())
        self.timeout = self.ticket_lifetime_hint = _TICKET_LIFETIME
        self.has_ticket = True

    @property
    def id(self):
        return self._saved[-32:]

    def __eq__(self, other):
        return isinstance(other, SSLSession) and self._saved == other._saved

    def __hash__(self):
        return hash(self._saved)


class _SSLSocket:
    """One connection. With a socket its calls wait as those of the socket do; with MemoryBIO they raise
    SSLWantReadError."""

    def __init__(self, context, sock, incoming, outgoing, server_side, server_hostname, owner, session):
        if server_hostname is not None:
            _check_name(server_hostname)
        self._context, self._sock, self.owner = context, sock, owner
        self._in = _tls.Buffer() if sock is not None else incoming._buffer
        self._out = _tls.Buffer() if sock is not None else outgoing._buffer
        self._log = None if context._keylog is None else _tls.Buffer()
        self.server_side, self.server_hostname = bool(server_side), server_hostname
        self._resumed = session
        self._is_done = self._has_ended = self._peer_has_ended = False
        self._written = 0  # bytes of a write() whose records are not all sent
        self.may_pause = self.is_paused = False  # asyncio: its loop goes on meanwhile
        if session is not None:
            self._check_session(session)
        saved = None if session is None else session._saved
        config = context._config(self.server_side)
        self._session = _tls.Session(
            config, self._in, self._out, server_hostname, context._checks, saved, self._log
        )
        kind = "accept" if server_side else "connect"
        context._counters[kind] += 1

    # The loop around the session

    def _deadline(self):
        return None if self._sock is None else self._sock._deadline()

    def _run(self, call, deadline, doing):
        """Call until it is neither in need of input nor interrupted; returns its result."""
        while True:
            code = call()
            try:
                self._send(deadline, doing)
            except OSError:
                if code >= 0 or code == errors.WANT_READ:
                    raise
            if code == errors.WANT_READ:
                self._receive(deadline, doing)
            elif code == _WAITS and doing == "handshake":
                self._pause()
            elif code == _ASKS and doing == "handshake":
                self._answer()
            else:
                return code

    def _pause(self):
        """Let the other tasks run."""
        if self.may_pause:
            self.is_paused = True
            raise errors.want_read()
        time.sleep(0)

    def _send(self, deadline, doing):
        """Send the records that are ready."""
        sock, out = self._sock, self._out
        if sock is None:
            return
        while out.size:
            piece = out.peek(_RECORD)
            try:
                sent = sock._impl.send(piece, 0, len(piece), deadline)
            except BlockingIOError:
                raise errors.want_write() from None
            except TimeoutError as error:
                raise _timed_out(error, doing) from None
            out.discard(sent)

    def _receive(self, deadline, doing):
        """Receive what has come, at least a byte."""
        sock = self._sock
        if sock is None:
            raise errors.want_read()
        try:
            data = sock._impl.recv(_RECORD, deadline)
        except BlockingIOError:
            raise errors.want_read() from None
        except TimeoutError as error:
            raise _timed_out(error, doing) from None
        if data:
            self._in.write(data)
        else:
            self._in.end()

    def _checked(self, code):
        """Raise the exception of a code that is an error."""
        if code < 0:
            raise errors.error_of(code, self._session.state(), self.server_hostname)
        return code

    # Handshake

    def do_handshake(self):
        """Do the handshake."""
        if self._is_done:
            return
        self.is_paused = False
        try:
            code = self._run(self._session.step, self._deadline(), "handshake")
        finally:
            self._write_log()
        self._checked(code)
        self._is_done = True
        counters = self._context._counters
        counters["accept_good" if self.server_side else "connect_good"] += 1
        counters["hits"] += bool(self.session_reused)

    def _write_log(self):
        if self._log is not None and self._log.size:
            self._context._log_keys(self._log.read(-1))

    def _answer(self):
        """Call the program's sni_callback (RFC 6066 section 3)."""
        callback = self._context._sni_callback
        if callback is None:
            return
        try:
            name = self._session.name().decode("ascii")
            alert = callback(self.owner, name, self._context)
        except BaseException as error:
            _unraisable(error)
            alert = _HANDSHAKE_FAILURE
        if alert is None:
            return
        try:
            alert = int(alert)
        except (TypeError, ValueError) as error:
            _unraisable(error)
            alert = _INTERNAL_ERROR
        self._session.throw(alert)

    @property
    def context(self):
        return self._context

    @context.setter
    def context(self, context):
        if not hasattr(context, "_config"):
            raise TypeError("The value must be a SSLContext")
        self._context = context
        self._session.replace(context._config(self.server_side))

    # Data

    def read(self, size=1024, buffer=None):
        """Return up to `size` bytes, or read them into a buffer and return how many."""
        if buffer is None:
            if size < 0:
                raise ValueError("size should not be negative")
            if size == 0:
                return b""
            target = bytearray(min(size, 16384))
        else:
            target = memoryview(buffer).cast("B") if not isinstance(buffer, bytearray) else buffer
            size = len(target) if size <= 0 or size > len(target) else size
            if size == 0:
                return 0
        if not self._is_done:
            self.do_handshake()
        count = self._read(target, size, self._deadline())
        if buffer is not None:
            return count
        return bytes(target) if count == len(target) else bytes(memoryview(target)[:count])

    def _read(self, target, size, deadline):
        """Read into a buffer. Returns how many bytes, 0 after the peer's close_notify."""
        if self._peer_has_ended:
            return 0
        session = self._session
        count = self._checked(self._run(lambda: session.readinto(target, size), deadline, "read"))
        self._peer_has_ended = count == 0
        return count

    def write(self, data, /):
        """Send a record's worth of the data. Returns how many bytes that are."""
        if not self._is_done:
            self.do_handshake()
        deadline = self._deadline()
        if self._written:  # the same data again, after SSLWantWriteError
            self._send(deadline, "write")
        else:
            self._send(deadline, "write")
            self._written = self._checked(self._session.write(data))
            self._send(deadline, "write")
        count, self._written = self._written, 0
        return count

    def pending(self):
        """Return how many decrypted bytes wait."""
        return self._session.state()[7]

    def shutdown(self):
        """Say farewell and wait for the peer's. Returns the socket."""
        if not self._is_done:
            raise errors.worded("SHUTDOWN_WHILE_IN_INIT")
        deadline = self._deadline()
        if not self._has_ended:
            self._session.end()
            self._has_ended = True
        self._send(deadline, "write")
        if self._read(bytearray(1), 1, deadline) > 0:
            raise errors.worded("APPLICATION_DATA_AFTER_CLOSE_NOTIFY")
        return self._sock

    # State

    def getpeercert(self, binary_form=False, /):
        """Return the peer's certificate."""
        if not self._is_done:
            raise ValueError("handshake not done yet")
        chain = self._session.values()
        if not chain:
            return None
        if binary_form:
            return chain[0]
        return {} if self._context._verify == CERT_NONE else decoded(chain[0])

    def get_verified_chain(self):
        """Return the certificates that the peer has sent, DER."""
        return self._session.values()

    get_unverified_chain = get_verified_chain

    def version(self):
        """Return "TLSv1.2" or "TLSv1.3"."""
        return _VERSIONS.get(self._session.state()[0])

    def cipher(self):
        """Return (name, version, bits)."""
        number = self._session.state()[1]
        return suites.described(number) if number in suites.SUITES else None

    def shared_ciphers(self):
        """Return the server's suites that were offered: the chosen one."""
        chosen = self.cipher() if self.server_side and self._is_done else None
        return None if chosen is None else [chosen]

    def selected_alpn_protocol(self):
        """Return the protocol, or None."""
        return self._session.state()[2] if self._is_done else None

    def compression(self):
        """Return None: TLS 1.3 has none, and in TLS 1.2 it is unsafe (RFC 7525 3.3)."""

    def get_channel_binding(self, cb_type="tls-unique"):
        """Return None: TLS 1.3 has no tls-unique, and in TLS 1.2 it is unsafe (RFC 7627)."""
        if cb_type != "tls-unique":
            raise ValueError("%r channel binding type not implemented" % cb_type)

    def verify_client_post_handshake(self):
        """Refuse: there is no authentication after the handshake."""
        raise errors.worded("EXTENSION_NOT_RECEIVED" if self.version() == "TLSv1.3" else "WRONG_SSL_VERSION")

    @property
    def session(self):
        if self.server_side or not self._is_done:
            return self._resumed
        saved = self._session.dump()
        return None if saved is None else SSLSession(saved, self._context, self.server_hostname)

    @session.setter
    def session(self, session):
        if not isinstance(session, SSLSession):
            raise TypeError("Value is not a SSLSession.")
        if self.server_side:
            raise ValueError("Cannot set session for server-side SSLSocket.")
        if self._is_done:
            raise ValueError("Cannot set session after handshake.")
        self._check_session(session)
        self._resumed = session
        config = self._context._config(False)
        self._session.close()
        self._session = _tls.Session(
            config,
            self._in,
            self._out,
            self.server_hostname,
            self._context._checks,
            session._saved,
            self._log,
        )

    def _check_session(self, session):
        if not isinstance(session, SSLSession):
            raise TypeError("Value is not a SSLSession.")
        if session._context is not self._context:
            raise ValueError("Session refers to a different SSLContext.")

    @property
    def session_reused(self):
        return self._session.state()[12] if self._is_done else False

    def close(self):
        """Free the session's memory, which the collector would do later."""
        self._session.close()


def _check_name(name):
    """Refuse what is no host name, as OpenSSL's caller does."""
    if not name or name.startswith("."):
        raise ValueError("server_hostname cannot be an empty string or start with a leading dot.")
    if "\0" in name:
        raise TypeError("argument must be encoded string without null bytes")


def _timed_out(error, doing):
    return type(error)("The %s operation timed out" % doing)


def _unraisable(error):
    import sys

    sys.print_exception(error, sys.stderr)
