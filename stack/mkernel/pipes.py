# pipes.py - pipe(2) within this program: data written to one file descriptor is read from the other.

from mkernel import files, pollable
from mkernel.errors import oserror
from mkernel.scheduler import Waiters

_EAGAIN, _EBADF, _EPIPE = 11, 9, 32
_SIZE = 65536  # Linux's


class _End(pollable.Pollable):
    """One end; `other` is the other. The bytes are those of the reading end."""

    users = 0  # number of file descriptors (mkernel.files)
    nonblocking = closed = False
    other = None

    def __init__(self):
        self.data = bytearray()
        self.waiters = Waiters()

    def close(self):
        """Close the end and wake all tasks that wait for either."""
        self.closed = True
        for end in (self, self.other):
            end.changed_here()

    def changed_here(self):
        """Wake the tasks that wait for this end, and its watchers."""
        self.waiters.wake_all()
        self.poll_changed()

    def _wait(self):
        if self.nonblocking:
            raise oserror(_EAGAIN)
        self.waiters.wait()
        if self.closed:
            raise oserror(_EBADF)


class _Reader(_End):
    def read(self, n):
        """Return up to n bytes, b"" once the writing end is closed and all is read."""
        while not self.data and not self.other.closed:
            self._wait()
        found = bytes(self.data[:n])
        self.data[:n] = b""
        self.other.changed_here()
        return found

    def write(self, data):
        raise oserror(_EBADF)

    def poll_mask(self):
        """Return the events that are ready (mkernel.pollable)."""
        if self.closed:
            return pollable.NVAL
        return (pollable.IN if self.data else 0) | (pollable.HUP if self.other.closed else 0)


class _Writer(_End):
    def read(self, n):
        raise oserror(_EBADF)

    def write(self, data):
        """Write all data, or as much as there is room for if the end does not block. Returns the number of
        bytes."""
        data = memoryview(data)
        sent = 0
        while True:
            if self.other.closed:
                raise oserror(_EPIPE)
            n = min(len(data) - sent, _SIZE - len(self.other.data))
            if n:
                self.other.data += data[sent : sent + n]
                self.other.changed_here()
                sent += n
            if sent == len(data) or sent and self.nonblocking:
                return sent
            self._wait()

    def poll_mask(self):
        """Return the events that are ready (mkernel.pollable)."""
        if self.closed:
            return pollable.NVAL
        if self.other.closed:
            return pollable.OUT | pollable.ERR
        return pollable.OUT if len(self.other.data) < _SIZE else 0


def pipe():
    """Return the descriptors of both ends: to read from, to write to."""
    reader, writer = _Reader(), _Writer()
    reader.other, writer.other = writer, reader
    number = files.take(reader)
    try:
        return number, files.take(writer)
    except MemoryError:
        files.close(number)
        raise
