# socket.py - CPython's socket, as much of it as unikernels/bench uses, over MicroPython's for Linux.
#
# Every socket is non-blocking; a call that has nothing to do parks its fiber until poll() says that it has.
import select

import _fiber
import usocket

SOL_SOCKET = usocket.SOL_SOCKET
SO_REUSEADDR = usocket.SO_REUSEADDR
SO_SNDBUF = 7  # linux/socket.h and linux/tcp.h: MicroPython has no names for these
SO_RCVBUF = 8
IPPROTO_TCP = 6
TCP_NODELAY = 1

_EAGAIN = 11
_poll = select.poll()
_waiting = {}  # id of MicroPython's socket -> the fiber that waits for it


def wait_for_events(timeout):
    """Wake the fibers whose sockets are ready, waiting up to `timeout` ms for the first."""
    for ready, _ in _poll.ipoll(timeout):
        _poll.modify(ready, 0)
        _fiber.wake(_waiting.pop(id(ready)))


class socket:
    """A TCP socket over IPv4."""

    def __init__(self, inner=None):
        self.inner = inner or usocket.socket()
        self.inner.setblocking(False)
        _poll.register(self.inner, 0)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        _poll.unregister(self.inner)
        self.inner.close()

    def _wait(self, event):
        _waiting[id(self.inner)] = _fiber.current()
        _poll.modify(self.inner, event)
        _fiber.park()

    def setsockopt(self, level, option, value):
        self.inner.setsockopt(level, option, value)

    def bind(self, address):
        self.inner.bind(usocket.getaddrinfo(*address)[0][-1])

    def listen(self, backlog):
        self.inner.listen(backlog)

    def accept(self):
        while True:
            try:
                inner, address = self.inner.accept()
                return socket(inner), address
            except OSError as error:
                if error.errno != _EAGAIN:
                    raise
            self._wait(select.POLLIN)

    def recv(self, size):
        while True:
            data = self.inner.read(size)
            if data is not None:
                return data
            self._wait(select.POLLIN)

    def recv_into(self, buffer):
        while True:
            n = self.inner.readinto(buffer)
            if n is not None:
                return n
            self._wait(select.POLLIN)

    def sendall(self, data):
        view = memoryview(data)
        while view:
            n = self.inner.write(view)
            if n is None:
                self._wait(select.POLLOUT)
            else:
                view = view[n:]
