# services.py - the services: echo, and the small servers of RFC 862 (echo), 863 (discard) and 864 (chargen).
import socket
import threading
import time

_PIECE = 32768
_RESERVE = 65536  # bytes left free for the network when a client is accepted: the next SYN needs memory, too
_VICTIMS = 8  # clients that are disconnected at once, at most
_PRINTABLE = bytes(range(32, 127))

# Ports of services that answer any datagram (echo, discard, daytime, qotd, chargen, time): an answer sent
# there would be answered in turn, without end (CVE-2024-2169).
_SERVICES = (7, 9, 13, 17, 19, 37)


def echo(connection):
    """Echo until the peer has closed its half."""
    piece = connection.piece
    view = memoryview(piece)
    while True:
        n = connection.recv_into(piece)
        if not n:
            return
        connection.sendall(view[:n])


def discard(connection):
    """Read and discard."""
    piece = connection.piece
    while connection.recv_into(piece):
        pass


def chargen(connection):
    """Send lines of 72 printable characters, each line one character further, until the peer closes (RFC
    864)."""
    ring = _PRINTABLE * 2
    start = 0
    while True:
        connection.sendall(ring[start : start + 72] + b"\r\n")
        start = (start + 1) % len(_PRINTABLE)


def listen(port):
    """Return a listening socket for IPv4 and, if possible, IPv6."""
    if socket.has_dualstack_ipv6():
        return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
    return socket.create_server(("", port))


class Client:
    """A connection of a server, its buffer, and when it was last used: `turn` counts the calls of all
    clients."""

    def __init__(self, server, connection):
        self.server = server
        self.connection = connection
        self.piece = bytearray(_PIECE)
        self.turn = server.next_turn()

    def recv_into(self, buf):
        n = self.connection.recv_into(buf)
        self.turn = self.server.next_turn()
        return n

    def sendall(self, data):
        self.connection.sendall(data)
        self.turn = self.server.next_turn()


class Server:
    """Serves one TCP port with a thread a connection; `limit` connections, or any number if it is None. When
    there is no room for one more, the client that has been idle for longest is disconnected."""

    def __init__(self, port, service, limit=None):
        self.listener = listen(port)
        self.service = service
        self.limit = limit
        self.threads = []
        self.clients = set()
        self.turn = 0

    def next_turn(self):
        self.turn += 1
        return self.turn

    def run(self):
        """Accept until the limit is reached, then wait for the connections still served."""
        served = 0
        while self.limit is None or served < self.limit:
            connection = thread = None
            try:
                connection, _ = self.listener.accept()
                thread = self._start(connection)
                while not thread and self._disconnect_idlest():
                    thread = self._start(connection)
            except MemoryError:
                pass
            if connection is None:  # it stays in the backlog
                if not self._make_room():
                    time.sleep(1)
                continue
            if not thread:
                connection.close()
                continue
            served += 1
            if self.limit is not None:
                self.threads.append(thread)
        for thread in self.threads:
            thread.join()

    def _start(self, connection):
        """Return a thread that serves the connection, or None if there is no room for it."""
        client = None
        try:
            client = Client(self, connection)
            bytearray(_RESERVE)
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            self.clients.add(client)
            thread.start()
            return thread
        except Exception:  # MemoryError, RuntimeError
            self.clients.discard(client)
            return None

    def _disconnect_idlest(self):
        """Disconnect the clients that have been idle for longest: several at once, because each failed search
        for memory takes a garbage collection. Returns whether a thread has ended."""
        before = len(self.clients)
        for _ in range(min(_VICTIMS, (before + 7) // 8)):
            idlest = min(self.clients, key=lambda client: client.turn)
            idlest.turn = self.next_turn()
            try:
                idlest.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the peer went away
        deadline = time.monotonic() + 1
        while before and len(self.clients) >= before and time.monotonic() < deadline:
            time.sleep(0.001)
        return len(self.clients) < before

    def _make_room(self):
        """Disconnect the idlest client if there is memory for finding it. Returns whether one was
        disconnected."""
        try:
            return self._disconnect_idlest()
        except MemoryError:
            return False

    def _serve(self, client):
        with client.connection:
            try:
                self.service(client)
            except OSError:
                pass  # the peer has closed
            except MemoryError:
                pass  # no room for one more: it is refused
        self.clients.discard(client)


def udp_socket(port):
    """Return a socket that receives datagrams from now on."""
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
        try:
            data, peer = sock.recvfrom(65535)
        except MemoryError:
            time.sleep(0)  # that datagram is lost
            continue
        if peer[1] == own or peer[1] in _SERVICES:
            continue
        reply = answer(data)
        if reply is not None:
            try:
                sock.sendto(reply, peer)
            except OSError:
                pass  # no route back, or too large for one packet
            except MemoryError:
                pass


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
