# services.py - what is served: echo, and the small servers of RFC 862 (echo), 863 (discard) and 864
# (chargen).
import socket
import threading

_PIECE = 32768
_PRINTABLE = bytes(range(32, 127))

# Ports of services that answer any datagram (echo, discard, daytime, qotd, chargen, time): an answer sent
# there would be answered in turn, without end (CVE-2024-2169).
_SERVICES = (7, 9, 13, 17, 19, 37)


def echo(connection):
    """Send back what comes until the peer has said all."""
    piece = bytearray(_PIECE)
    view = memoryview(piece)
    while True:
        n = connection.recv_into(piece)
        if not n:
            return
        connection.sendall(view[:n])


def discard(connection):
    """Read and forget."""
    piece = bytearray(_PIECE)
    while connection.recv_into(piece):
        pass


def chargen(connection):
    """Lines of 72 printable characters, each line one character further, until the peer has had enough (RFC
    864)."""
    ring = _PRINTABLE * 2
    start = 0
    while True:
        connection.sendall(ring[start : start + 72] + b"\r\n")
        start = (start + 1) % len(_PRINTABLE)


def listen(port):
    """A listening socket for IPv4 and, where that is possible, IPv6."""
    if socket.has_dualstack_ipv6():
        return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
    return socket.create_server(("", port))


class Server:
    """Serves one TCP port with a thread a connection; `limit` connections, or any number if it is None."""

    def __init__(self, port, service, limit=None):
        self.listener = listen(port)
        self.service = service
        self.limit = limit
        self.threads = []

    def run(self):
        """Accept until the limit is reached, then wait for those that are still served."""
        served = 0
        while self.limit is None or served < self.limit:
            connection, peer = self.listener.accept()
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            try:
                thread.start()
            except (MemoryError, RuntimeError):  # no room for one more (CPython has the second)
                connection.close()
                continue
            served += 1
            if self.limit is not None:
                self.threads.append(thread)
        for thread in self.threads:
            thread.join()

    def _serve(self, connection):
        with connection:
            try:
                self.service(connection)
            except OSError:
                pass  # the peer went away: its business


def udp_socket(port):
    """A socket that takes datagrams from now on."""
    both = socket.has_dualstack_ipv6()
    sock = socket.socket(socket.AF_INET6 if both else socket.AF_INET, socket.SOCK_DGRAM)
    if both:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    sock.bind(("", port))
    return sock


def udp_answers(sock, answer):
    """Answer every datagram with answer(data), or not at all if that is None or the sender is a service."""
    own = sock.getsockname()[1]
    while True:
        data, peer = sock.recvfrom(65535)
        if peer[1] == own or peer[1] in _SERVICES:
            continue
        reply = answer(data)
        if reply is not None:
            try:
                sock.sendto(reply, peer)
            except OSError:
                pass  # no way back, or too large for one packet


def in_background(function, *arguments):
    """Start a thread that does not keep the program alive."""
    threading.Thread(target=function, args=arguments, daemon=True).start()


def start_inetd():
    """Echo, discard and chargen at their own ports, TCP and UDP."""
    for port, service, answer in (
        (7, echo, lambda data: data),
        (9, discard, lambda data: None),
        (19, chargen, lambda data: _PRINTABLE[:72] + b"\r\n"),
    ):
        in_background(Server(port, service).run)
        in_background(udp_answers, udp_socket(port), answer)
