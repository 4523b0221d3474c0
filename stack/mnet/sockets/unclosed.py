# unclosed.py - sockets that became unreachable without being closed, as found by the collector.
import sys

from mkernel import files

from ..runner import current
from .names import SOCK_STREAM


def described(name, number, family, kind, proto, impl):
    """Return repr() of a socket of the class `name` without its brackets, as in CPython."""
    closed = " [closed]" if number < 0 else ""
    text = "%s%s fd=%d, family=%d, type=%d, proto=%d" % (name, closed, number, family, kind, proto)
    for name, call in (("laddr", "sockname"), ("raddr", "peername")):
        try:
            end = impl.family.text(getattr(impl, call)(), impl.scope)
        except OSError:
            continue
        if end:
            text += ", %s=%r" % (name, end)
    return text


class Unclosed:
    """The remains of such a socket: its file descriptor, the Stream, Datagram or Ping behind it, and the
    rest of its repr()."""

    kind = SOCK_STREAM  # those of most
    proto = 0

    def __init__(self, number, impl, kind, proto):
        self.number = number
        self.impl = impl
        if kind != SOCK_STREAM:
            self.kind = kind
        if proto:
            self.proto = proto

    def abandoned(self):
        """Close it, with CPython's ResourceWarning if the image was started with -v (mkernel.scheduler)."""
        if files.find(self.number) is not self.impl:
            return  # it was closed by its descriptor, which is in use again
        for running in current().running:
            if running.verbose:
                self._warn()
                break
        if getattr(self.impl, "linger", None):
            self.impl.linger = None  # no caller is left to wait
        files.close(self.number)

    def _warn(self):
        try:
            family = self.impl.family.number
            text = described("socket.socket", self.number, family, self.kind, self.proto, self.impl)
            print("ResourceWarning: unclosed <%s>" % text, file=sys.stderr)
        except MemoryError:
            pass
