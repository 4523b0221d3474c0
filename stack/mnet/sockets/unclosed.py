# unclosed.py - sockets that their users have let go of without closing them, as the collector finds out.
import sys

from mkernel import files

from .. import interface


class Unclosed:
    """What is left of such a socket: its file number and the Stream, Datagram or Ping behind it."""

    def __init__(self, number, impl):
        self.number = number
        self.impl = impl

    def abandoned(self):
        """Close it, with CPython's ResourceWarning if the image was started with -v (mkernel.scheduler)."""
        if files.find(self.number) is not self.impl:
            return  # it was closed by its number, which is another's now
        for running in interface.running:
            if running.verbose:
                self._warn()
                break
        if getattr(self.impl, "linger", None):
            self.impl.linger = None  # nobody is there to wait
        files.close(self.number)

    def _warn(self):
        impl = self.impl
        try:
            local = impl.family.text(impl.sockname(), impl.scope)
            kind = type(impl).__name__
            text = "ResourceWarning: unclosed <socket.socket fd=%d, %s, laddr=%r>"
            print(text % (self.number, kind, local), file=sys.stderr)
        except MemoryError:
            pass
