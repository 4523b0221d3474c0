# unclosed.py - sockets that their users have let go of without closing them, as the collector finds out.
import sys

from mkernel import files

from ..runner import current


def described(number, family, kind, proto, impl):
    """What repr() says of a socket, without its brackets, as CPython."""
    closed = " [closed]" if number < 0 else ""
    text = "socket.socket%s fd=%d, family=%d, type=%d, proto=%d" % (closed, number, family, kind, proto)
    for name, call in (("laddr", "sockname"), ("raddr", "peername")):
        try:
            end = impl.family.text(getattr(impl, call)(), impl.scope)
        except OSError:
            continue
        if end:
            text += ", %s=%r" % (name, end)
    return text


class Unclosed:
    """What is left of such a socket: its file number, the Stream, Datagram or Ping behind it, and the rest of
    what repr() says."""

    def __init__(self, number, impl, family, kind, proto):
        self.number = number
        self.impl = impl
        self.family = family
        self.kind = kind
        self.proto = proto

    def abandoned(self):
        """Close it, with CPython's ResourceWarning if the image was started with -v (mkernel.scheduler)."""
        if files.find(self.number) is not self.impl:
            return  # it was closed by its number, which is another's now
        for running in current().running:
            if running.verbose:
                self._warn()
                break
        if getattr(self.impl, "linger", None):
            self.impl.linger = None  # nobody is there to wait
        files.close(self.number)

    def _warn(self):
        try:
            text = described(self.number, self.family, self.kind, self.proto, self.impl)
            print("ResourceWarning: unclosed <%s>" % text, file=sys.stderr)
        except MemoryError:
            pass
