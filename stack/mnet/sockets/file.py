# file.py - sockets as streams: MicroPython's stream protocol.
from ..errors import EAGAIN
from ..limits import TCP_RCV_BUF
from ..wire.primitives import copy
from .names import MSG_PEEK, SOCK_STREAM
from .transfer import flat, length, room

_LINE_PIECE = 512  # bytes that are searched for the end of a line at a time


class Files:
    """MicroPython's read(), readinto(), readline() and write(): complete on a blocking socket; on a
    non-blocking one what is available, or None. A timeout in the middle returns the part transferred."""

    def read(self, size=-1):
        """Read `size` bytes, or to the end of the stream; of a datagram at most `size`."""
        if size is None or size < 0:
            size = 1 << 62
        if self._type != SOCK_STREAM:
            return _unless_blocked(self.recv, min(size, 1 << 16))
        pieces = []
        while size:
            data = self._some(self.recv, min(size, TCP_RCV_BUF), pieces)
            if not data:
                return data if data is None and not pieces else b"".join(pieces)
            pieces.append(data)
            size -= len(data)
        return b"".join(pieces)

    def readinto(self, buffer, nbytes=-1):
        """Read into a buffer. Returns the number of bytes, or None."""
        size = room(buffer, max(nbytes, 0), "readinto", "buffer too small for requested bytes")
        if self._type != SOCK_STREAM:
            return _unless_blocked(self.recv_into, buffer)
        data = self.read(size)
        if data is None:
            return None
        copy(buffer, 0, data, 0, len(data))
        return len(data)

    def readline(self, size=-1):
        """Read to the end of the line, or of the stream, or `size` bytes."""
        line = b""
        while line[-1:] != b"\n" and len(line) != size:
            ahead = self._some(self._peek, _LINE_PIECE, line)
            if not ahead:
                return ahead if ahead is None and not line else line
            n = ahead.find(b"\n") + 1 or len(ahead)
            line += self.recv(n if size < 0 else min(n, size - len(line)))
        return line

    def write(self, data, *part):
        """Write all data, text as UTF-8; write(data, n) the first n bytes, write(data, offset, n) n from
        there on. Returns the number of bytes, or None."""
        if isinstance(data, str):
            data = data.encode()
        first, size = 0, length(data)
        if part:
            first = part[0] if len(part) > 1 else 0
            size = min(first + part[-1], size)
        if self._type != SOCK_STREAM or first >= size:
            return _unless_blocked(self.send, flat(data, length(data))[first:size])
        off = first
        while off < size:
            n = self._some(self._send_from, (data, off, size), off - first)
            if n is None:
                return off - first or None
            off += n
        return off - first

    def _peek(self, size):
        return self.recv(size, MSG_PEEK)

    def _send_from(self, part):
        data, off, size = part
        return self._impl.send(data, off, size - off, self._deadline())

    def _some(self, call, argument, before):
        """Run call(argument). Returns None if it would block, or timed out after a part was transferred."""
        try:
            return call(argument)
        except OSError as error:
            if error.errno == EAGAIN or before and isinstance(error, TimeoutError):
                return None
            raise


def _unless_blocked(call, argument):
    try:
        return call(argument)
    except OSError as error:
        if error.errno != EAGAIN:
            raise
        return None
