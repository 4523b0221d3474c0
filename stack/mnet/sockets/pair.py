# pair.py - socketpair(): two ends of a stream inside this program, as Linux's AF_UNIX.
from mkernel import pollable
from mkernel.errors import oserror
from mkernel.scheduler import Waiters

from ..errors import EAGAIN, EINVAL, EISCONN, EOPNOTSUPP, EPIPE
from ..limits import PAIR_BUF
from ..rings import Memory, Ring
from .names import AF_UNIX, SHUT_RD, SHUT_WR
from .waiting import Description, wait, yield_if_due

NEEDED_FOR = ("socketpair",)  # (optional.py)
_UNBOUNDED = Memory(1 << 60)


class _Family:
    """AF_UNIX for the ends, which have no names."""

    number = AF_UNIX

    def text(self, ends, number=0):
        return ""

    def ends(self, address, call):
        return address, 0, 0


class Pair(Description):
    """One end: its ring holds what the other end has sent."""

    family = _Family()
    listeners = ()
    scope = 0

    def __init__(self):
        self.other = None
        self.users = 0
        self.closed = False  # an attribute of its own: close() needs no memory
        self.ring = Ring(PAIR_BUF, _UNBOUNDED)
        self.read_shut = False  # no more data is received
        self.write_shut = False
        self.waiters = Waiters()

    def recv(self, n, deadline):
        """Return up to n bytes; b"" when the other end is closed."""
        buf = bytearray(min(n, self._wait_readable(deadline)))
        self.ring.read(buf, 0, len(buf))
        self.other._changed()
        return bytes(buf)

    def recv_into(self, buf, n, deadline):
        """Receive up to n bytes into buf."""
        self._wait_readable(deadline)
        n = self.ring.read(buf, 0, n)
        self.other._changed()
        return n

    def peek(self, n, deadline):
        """Return data as recv() does, without consuming it (MSG_PEEK)."""
        tail = self.ring.tail
        self._wait_readable(deadline)
        buf = bytearray(min(n, self.ring.head - self.ring.tail))
        self.ring.read(buf, 0, len(buf))
        self.ring.tail = tail
        return bytes(buf)

    def _wait_readable(self, deadline):
        while True:
            self.check_open()
            there = self.ring.head - self.ring.tail
            if there or self.read_shut:
                yield_if_due()
                return there
            wait(self.waiters, deadline, self.receive_limit)

    def send(self, data, off, n, deadline, urgently=False):
        """Send up to n bytes of data[off:]; wait while there is no room. Returns how many."""
        if urgently:
            raise oserror(EOPNOTSUPP)
        while True:
            self.check_open()
            if self.write_shut:
                raise oserror(EPIPE)
            sent = self.other.ring.write(data, off, n)
            if sent or not n:
                yield_if_due()
                self.other._changed()
                return sent
            wait(self.waiters, deadline, self.send_limit)

    def shutdown(self, how):
        """Close one or both directions, visible to the other end."""
        self.check_open()
        if how != SHUT_RD:
            self.write_shut = self.other.read_shut = True
        if how != SHUT_WR:
            self.read_shut = self.other.write_shut = True
        self._changed()
        self.other._changed()

    def close(self):
        """Close the end. Sent data can still be read."""
        if not self.closed:
            self.closed = True
            other = self.other
            self.write_shut = self.read_shut = other.write_shut = other.read_shut = True
            self.ring.release()
            self._changed()
            other._changed()

    def _changed(self):
        self.waiters.wake_all()
        self.poll_changed()

    def poll_mask(self):
        """Return the events that are ready (mkernel.pollable)."""
        if self.closed:
            return pollable.NVAL
        mask = pollable.IN if self.read_shut or self.ring.head != self.ring.tail else 0
        if self.write_shut or self.other.ring.room():
            mask |= pollable.OUT
        if self.read_shut:
            mask |= pollable.RDHUP | (pollable.HUP if self.write_shut else 0)
        return mask

    def sockname(self):
        return None

    peername = sockname

    def bind(self, *address):
        raise oserror(EINVAL)

    def connect(self, *address):
        raise oserror(EISCONN)

    def listen(self, backlog):
        raise oserror(EINVAL)

    def accept(self, deadline):
        raise oserror(EINVAL)

    def recv_urgent(self):
        raise oserror(EAGAIN)

    def at_mark(self):
        return False

    def error(self):
        return 0


def pair():
    """Return both ends."""
    one, two = Pair(), Pair()
    one.other, two.other = two, one
    return one, two
