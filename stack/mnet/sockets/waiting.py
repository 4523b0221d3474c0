# waiting.py - waiting of socket calls, and the errors that end it.
#
# A deadline is None (no limit), NOW (do not wait) or a time of the scheduler's clock in microseconds.
import _fiber
from micropython import const
from mkernel import pollable
from mkernel.errors import oserror, timed_out
from mkernel.scheduler import clock

from ..errors import EAGAIN, EBADF, EOPNOTSUPP

NOW = const(0)
_TURNS = const(16)


class _Fairness:
    """Counts calls that found their data ready and did not wait; after some of them in a row the other
    fibers run (docs/adr/0008)."""

    turns = 0


def yield_if_due():
    """Yield every 16th call that is served without waiting."""
    _Fairness.turns += 1
    if _Fairness.turns >= _TURNS:
        _Fairness.turns = 0
        _fiber.yield_()


def wait(waiters, deadline, limit=0):
    """Park until woken. BlockingIOError if the call must not wait, TimeoutError at the deadline. `limit`: at
    most so many microseconds, then BlockingIOError (SO_RCVTIMEO, SO_SNDTIMEO)."""
    if deadline == NOW:
        raise oserror(EAGAIN)
    _Fairness.turns = 0
    if deadline is None and limit:
        if not waiters.wait(clock() + limit):
            raise oserror(EAGAIN)
    elif not waiters.wait(deadline):
        raise timed_out()


class Description(pollable.Pollable):
    """What the file descriptors of a socket refer to (mkernel.files): a Stream, a Datagram, an end of a
    pair. `receive_limit`, `send_limit`: SO_RCVTIMEO and SO_SNDTIMEO in microseconds, 0: none."""

    users = 0  # number of file descriptors
    nonblocking = False  # for read() and write()
    receive_limit = send_limit = 0
    closed = False
    device = None  # the Interface of SO_BINDTODEVICE
    kept = ()  # options without effect, by number

    def use_device(self, device):
        """Use only this Interface, None: any."""
        self.device = device
        self.scope = device.number if device else 0

    def read(self, n):
        """Return up to n bytes, for os.read()."""
        return self.recv(n, NOW if self.nonblocking else None)

    def write(self, data):
        """Send, for os.write(). Returns how many bytes."""
        return self.send(data, 0, len(data), NOW if self.nonblocking else None)

    def check_open(self):
        """Raise EBADF if it is closed."""
        if self.closed:
            raise oserror(EBADF)


def only(allowed, flags):
    """Refuse all flags but MSG_OOB, which streams support."""
    if flags & ~allowed:
        raise oserror(EOPNOTSUPP, "flags %#x" % flags)
    return flags


def no_flags(flags):
    """Refuse all flags."""
    only(0, flags)
