# commands.py - the socket API, a call a request: names as in the socket module, bytes as hex.
import select
import socket

SOCKETS_MAX = 1024
LARGEST = 1 << 20

_POLL = {"in": select.POLLIN, "out": select.POLLOUT, "err": select.POLLERR, "hup": select.POLLHUP}


class RequestError(Exception):
    """An invalid request; args[0] is the reason."""


def _number(value, low, high):
    if not isinstance(value, int) or not low <= value <= high:
        raise RequestError("%r is not a number from %d to %d" % (value, low, high))
    return value


def _named(name):
    """Return a number, or the value of a constant of the socket module."""
    if isinstance(name, str) and name.isupper() and hasattr(socket, name):
        return getattr(socket, name)
    if not isinstance(name, int):
        raise RequestError("socket has no %r" % (name,))
    return name


def _data(text):
    try:
        return bytes.fromhex(text)
    except (TypeError, ValueError):
        raise RequestError("data must be hex")


def _address(request):
    """Return an address for the socket module; an interface may be named in place of its scope id."""
    address = list(request["address"])
    if len(address) == 4 and isinstance(address[3], str):
        address[3] = socket.if_nametoindex(address[3])
    return tuple(address)


class Sockets:
    """The sockets that a test has made, by number. Every method that is a command takes the request and
    returns the fields of its reply."""

    def __init__(self, stats):
        self._sockets = {}
        self._number = 0
        self._stats = stats

    def execute(self, request):
        """Execute a request. Returns a dict. RequestError or the OSError of the call."""
        if not isinstance(request, dict):
            raise RequestError("a request is an object")
        name = request.get("do")
        if name not in COMMANDS:
            raise RequestError("no command %r: there are %s" % (name, ", ".join(sorted(COMMANDS))))
        try:
            return COMMANDS[name](self, request) or {}
        except KeyError as error:
            raise RequestError("%s: %s is missing" % (name, error.args[0]))
        except (TypeError, ValueError, OverflowError) as error:
            raise RequestError("%s: %s" % (name, error))

    def close_all(self):
        """Close all sockets, as before the first request."""
        for number in list(self._sockets):
            self._close({"socket": number})

    def _keep(self, sock):
        if len(self._sockets) >= SOCKETS_MAX:
            sock.close()
            raise RequestError("more than %d sockets" % SOCKETS_MAX)
        self._number += 1
        self._sockets[self._number] = sock
        return {"socket": self._number}

    def _of(self, request):
        number = request["socket"]
        if number not in self._sockets:
            raise RequestError("no socket %r" % (number,))
        return self._sockets[number]

    def _open(self, request):
        family, kind = _named(request.get("family", "AF_INET")), _named(request.get("type", "SOCK_STREAM"))
        return self._keep(socket.socket(family, kind, _named(request.get("proto", 0))))

    def _bind(self, request):
        self._of(request).bind(_address(request))

    def _listen(self, request):
        self._of(request).listen(_number(request.get("backlog", 128), 0, 65535))

    def _accept(self, request):
        sock, address = self._of(request).accept()
        sock.setblocking(True)
        reply = self._keep(sock)
        reply["address"] = address
        return reply

    def _connect(self, request):
        self._of(request).connect(_address(request))

    def _send(self, request):
        return {"sent": self._of(request).send(_data(request["data"]))}

    def _fill(self, request):
        """Send `length` zeros: more than fits into a line."""
        self._of(request).sendall(bytes(_number(request["length"], 0, LARGEST)))

    def _sendto(self, request):
        return {"sent": self._of(request).sendto(_data(request["data"]), _address(request))}

    def _recv(self, request):
        return {"data": self._of(request).recv(_number(request.get("length", 4096), 0, LARGEST)).hex()}

    def _recvfrom(self, request):
        data, address = self._of(request).recvfrom(_number(request.get("length", 4096), 0, LARGEST))
        return {"data": data.hex(), "address": address}

    def _drain(self, request):
        """Receive exactly `length` bytes, and only count them."""
        sock, left = self._of(request), _number(request["length"], 0, LARGEST)
        received = 0
        while received < left:
            data = sock.recv(min(left - received, 16384))
            if not data:
                break
            received += len(data)
        return {"received": received}

    def _shutdown(self, request):
        self._of(request).shutdown(_named(request.get("how", "SHUT_WR")))

    def _setsockopt(self, request):
        value = request["value"]
        value = _data(value) if isinstance(value, str) else value
        self._of(request).setsockopt(_named(request["level"]), _named(request["option"]), value)

    def _getsockopt(self, request):
        level, option = _named(request["level"]), _named(request["option"])
        if "length" in request:
            value = self._of(request).getsockopt(level, option, _number(request["length"], 1, 1024))
        else:
            value = self._of(request).getsockopt(level, option)
        return {"value": value if isinstance(value, int) else bytes(value).hex()}

    def _settimeout(self, request):
        """Return seconds, 0 for a non-blocking socket, null for one without a timeout."""
        self._of(request).settimeout(request["seconds"])

    def _names(self, request):
        """Return both ends; null for the peer of an unconnected socket."""
        sock = self._of(request)
        try:
            peer = sock.getpeername()
        except OSError:
            peer = None
        return {"local": sock.getsockname(), "peer": peer}

    def _poll(self, request):
        poll = select.poll()
        poll.register(self._of(request), select.POLLIN | select.POLLOUT)
        events = poll.poll(_number(request.get("milliseconds", 0), 0, 60000))
        mask = events[0][1] if events else 0
        return {"events": sorted(name for name, bit in _POLL.items() if mask & bit)}

    def _close(self, request):
        self._of(request)
        self._sockets.pop(request["socket"]).close()

    def _counters(self, _request):
        return {"stats": self._stats(), "sockets": len(self._sockets)}


COMMANDS = {
    "socket": Sockets._open,
    "bind": Sockets._bind,
    "listen": Sockets._listen,
    "accept": Sockets._accept,
    "connect": Sockets._connect,
    "send": Sockets._send,
    "fill": Sockets._fill,
    "sendto": Sockets._sendto,
    "recv": Sockets._recv,
    "recvfrom": Sockets._recvfrom,
    "drain": Sockets._drain,
    "shutdown": Sockets._shutdown,
    "setsockopt": Sockets._setsockopt,
    "getsockopt": Sockets._getsockopt,
    "settimeout": Sockets._settimeout,
    "names": Sockets._names,
    "poll": Sockets._poll,
    "close": Sockets._close,
    "stats": Sockets._counters,
}
