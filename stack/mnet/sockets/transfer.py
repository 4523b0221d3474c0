# transfer.py - the calls of class socket that transfer data. Lengths are bytes, whatever a buffer's items
# are.
from mkernel.scheduler import deadline_after

from ..wire.primitives import copy, nbytes
from .names import (
    MSG_CMSG_CLOEXEC,
    MSG_CONFIRM,
    MSG_DONTWAIT,
    MSG_EOR,
    MSG_MORE,
    MSG_NOSIGNAL,
    MSG_OOB,
    MSG_PEEK,
    MSG_TRUNC,
    MSG_WAITALL,
    SOCK_STREAM,
)
from .optional import optional
from .waiting import NOW, only

_RECV_FLAGS = MSG_OOB | MSG_PEEK | MSG_WAITALL | MSG_DONTWAIT | MSG_NOSIGNAL | MSG_TRUNC | MSG_CMSG_CLOEXEC
_SEND_FLAGS = MSG_OOB | MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE | MSG_EOR | MSG_CONFIRM
_FILE_PIECE = 8192  # bytes read from a file at a time


class Transfer:
    """Sending and receiving of a socket. It has `_type`, `_impl`, `_family` and `_timeout`."""

    def _deadline(self):
        """Return the deadline of a call that begins now."""
        timeout = self._timeout
        if timeout is None:
            return None
        return deadline_after(timeout) if timeout else NOW

    def recv(self, bufsize, flags=0):
        """Return up to bufsize bytes; b"" when the peer has closed. The rest of a longer datagram is lost."""
        if bufsize <= 0:
            return self._recv_nothing(bufsize, "recv")
        if self._type != SOCK_STREAM:
            return self._datagram(flags)[0][:bufsize]
        if flags:
            return self._recv_flagged(bufsize, flags)
        return self._impl.recv(bufsize, self._deadline())

    def _recv_nothing(self, bufsize, call):
        if bufsize < 0:
            raise ValueError("negative buffersize in %s" % call)
        self._impl.check_open()
        return b""

    def _recv_flagged(self, bufsize, flags):
        if only(_RECV_FLAGS, flags) & MSG_OOB:
            return self._impl.recv_urgent()[:bufsize]
        deadline = self._flagged_deadline(flags)
        if flags & MSG_PEEK:
            return self._impl.peek(bufsize, deadline)
        data = self._impl.recv(bufsize, deadline)
        if flags & MSG_WAITALL and deadline is None:
            while len(data) < bufsize:
                more = self._impl.recv(bufsize - len(data), None)
                if not more:
                    break
                data += more
        return data

    def _flagged_deadline(self, flags):
        return NOW if flags & MSG_DONTWAIT and self._timeout is None else self._deadline()

    def _datagram(self, flags):
        """Return the next (data, address, port, control data)."""
        only(_RECV_FLAGS & ~MSG_OOB, flags)
        return self._impl.recvfrom(self._flagged_deadline(flags), flags & MSG_PEEK)

    def recv_into(self, buffer, nbytes=0, flags=0):
        """Receive into a buffer. Returns the number of bytes."""
        n = room(buffer, nbytes, "recv_into", "buffer too small for requested bytes")
        if not n:
            return len(self._recv_nothing(0, "recv_into"))
        if self._type == SOCK_STREAM and not flags:
            return self._impl.recv_into(buffer, n, self._deadline())
        if flags & MSG_TRUNC and self._type != SOCK_STREAM:
            data = self._datagram(flags)[0]
            copy(buffer, 0, data, 0, min(n, len(data)))
        else:
            data = self.recv(n, flags)
            copy(buffer, 0, data, 0, len(data))
        return len(data)

    def recvfrom(self, bufsize, flags=0):
        """Return (data, address of the sender); for a stream the address is None."""
        if bufsize < 0:
            raise ValueError("negative buffersize in recvfrom")
        if self._type == SOCK_STREAM:
            return self.recv(bufsize, flags), None
        data, address, port, _ = self._datagram(flags)
        return data[:bufsize], self._sender(address, port)

    def recvfrom_into(self, buffer, nbytes=0, flags=0):
        """Receive into a buffer. Returns (number of bytes, address of the sender)."""
        n = room(buffer, nbytes, "recvfrom_into", "nbytes is greater than the length of the buffer")
        data, address = self.recvfrom(n, flags)
        copy(buffer, 0, data, 0, len(data))
        return len(data), address

    def recvmsg(self, bufsize, ancbufsize=0, flags=0):
        """Return (data, ancillary data, flags, address of the sender). MSG_TRUNC flags a datagram that was
        longer."""
        return optional("messages").recvmsg(self, bufsize, ancbufsize, flags)

    def recvmsg_into(self, buffers, ancbufsize=0, flags=0):
        """Receive into several buffers in order. As recvmsg(), with the number of bytes first."""
        return optional("messages").recvmsg_into(self, buffers, ancbufsize, flags)

    def sendmsg(self, buffers, ancdata=(), flags=0, address=None):
        """Send the contents of several buffers as one. Returns the number of bytes accepted."""
        return optional("messages").sendmsg(self, buffers, ancdata, flags, address)

    def _sender(self, address, port):
        return None if address is None else self._family.text((address, port))

    def send(self, data, flags=0):
        """Send part of the data. Returns the number of bytes accepted. MSG_OOB: the last of them is
        urgent."""
        n = length(data)
        if self._type == SOCK_STREAM:
            if not flags:
                return self._impl.send(data, 0, n, self._deadline())
            urgently = bool(only(_SEND_FLAGS, flags) & MSG_OOB)
            return self._impl.send(data, 0, n, self._flagged_deadline(flags), urgently)
        return self._impl.send(flat(data, n), self._send_deadline(flags) if flags else self._deadline())

    def _send_deadline(self, flags):
        """Return the deadline for sending a datagram."""
        only(_SEND_FLAGS & ~MSG_OOB, flags)
        return self._flagged_deadline(flags)

    def sendall(self, data, flags=0):
        """Send all data. MSG_OOB: the last byte is urgent."""
        size = length(data)
        if self._type != SOCK_STREAM:
            self.send(data, flags)
            return
        urgently = bool(only(_SEND_FLAGS, flags) & MSG_OOB)
        deadline = self._flagged_deadline(flags)
        off = 0
        while off < size:
            off += self._impl.send(data, off, size - off, deadline, urgently)

    def sendto(self, data, *flags_and_address):
        """Send one datagram: sendto(data, address) or sendto(data, flags, address)."""
        if not 1 <= len(flags_and_address) <= 2:
            raise TypeError("sendto() takes 2 or 3 arguments (%d given)" % (1 + len(flags_and_address)))
        n = length(data)
        flags = flags_and_address[0] if len(flags_and_address) == 2 else 0
        if self._type == SOCK_STREAM:
            return self.send(data, flags)
        ends = self._family.ends(flags_and_address[-1], "sendto")
        return self._impl.sendto(flat(data, n), *ends, self._send_deadline(flags))

    def sendfile(self, file, offset=0, count=None):
        """Send a binary file from `offset` on, to its end or `count` bytes. Returns the number of bytes."""
        if "b" not in getattr(file, "mode", "b"):
            raise ValueError("file should be opened in binary mode")
        if self._type != SOCK_STREAM:
            raise ValueError("only SOCK_STREAM type sockets are supported")
        if self._timeout == 0:
            raise ValueError("non-blocking sockets are not supported")
        if count is not None:
            if not isinstance(count, int):
                raise TypeError("count must be a positive integer (got %r)" % (count,))
            if count <= 0:
                raise ValueError("count must be a positive integer (got %r)" % (count,))
        if offset:
            file.seek(offset)
        total = 0
        try:
            while count is None or total < count:
                data = file.read(_FILE_PIECE if count is None else min(_FILE_PIECE, count - total))
                if not data:
                    break
                while data:
                    sent = self.send(data)
                    total += sent
                    data = data[sent:]
        finally:
            if total and hasattr(file, "seek"):
                file.seek(offset + total)
        return total

    _sendfile_use_send = sendfile


def length(data):
    """Return the length of a bytes-like object in bytes. TypeError for others."""
    n = nbytes(data)
    if n < 0:
        raise TypeError("a bytes-like object is required, not '%s'" % type(data).__name__)
    return n


def flat(data, n):
    """Return a bytes-like object of n bytes with items of one byte."""
    return data if n == len(data) else bytes(data)


def room(buffer, wanted, call, complaint):
    """Return how many bytes may be received into a buffer."""
    n = nbytes(buffer, True)
    if n < 0:
        name = "None" if buffer is None else type(buffer).__name__
        raise TypeError("%s() argument 1 must be read-write bytes-like object, not %s" % (call, name))
    if wanted < 0:
        raise ValueError("negative buffersize in %s" % call)
    if wanted > n:
        raise ValueError(complaint)
    return wanted or n
