# agent - executes socket calls received on a control connection, so that a test can bring this stack, or on
# CPython that of the host, into any state and check its packets.
import json
import socket
import sys
import threading

from commands import RequestError, Sockets

USAGE = "usage: agent [--control ADDRESS[/PREFIX]] [-p PORT]"
CONTROL, PORT = "10.0.1.2/24", 9990
LINE_MAX = 8192
PENDING_MAX = 32


class Session:
    """One control connection. Each line is a request, answered when it is complete, independent of the
    others."""

    def __init__(self, connection, sockets):
        self._connection = connection
        self._sockets = sockets
        self._pending = 0
        self._writing = threading.Lock()

    def run(self):
        """Serve until the other side has closed its half."""
        rest = b""
        while True:
            data = self._connection.recv(4096)
            if not data:
                return
            lines = (rest + data).split(b"\n")
            rest = lines.pop()
            if len(rest) > LINE_MAX:
                self._reply(None, {"error": "a line of more than %d bytes" % LINE_MAX})
                return
            for line in lines:
                self._take(line)

    def _take(self, line):
        try:
            request = json.loads(line)
            number = request["id"]
        except (ValueError, KeyError, TypeError):
            return self._reply(None, {"error": "not an object in JSON with an id"})
        if self._pending >= PENDING_MAX:
            return self._reply(number, {"error": "%d requests are waiting" % PENDING_MAX})
        self._pending += 1
        threading.Thread(target=self._answer, args=(number, request), daemon=True).start()

    def _answer(self, number, request):
        try:
            reply = self._sockets.execute(request)
        except RequestError as error:
            reply = {"error": error.args[0]}
        except OSError as error:  # without a number: the timeout of settimeout()
            reply = {"error": str(error), "errno": error.errno or 0}
        self._pending -= 1
        try:
            self._reply(number, reply)
        except OSError:
            pass  # the control connection is gone

    def _reply(self, number, reply):
        reply["id"] = number
        with self._writing:
            self._connection.sendall(json.dumps(reply).encode() + b"\n")


def host_stats():
    """Return Linux's counters of TCP by name, on CPython."""
    with open("/proc/net/netstat") as lines:
        names, values = (line.split() for line in lines if line.startswith("TcpExt:"))
    return dict(zip(names[1:], map(int, values[1:])))


def start_stack(cidr):
    """Start a stack on the control device, in an image. Returns a function for the counters of the other
    one."""
    try:
        import mnet
        from mnet.runner import current
    except ImportError:
        return host_stats
    running = current().running
    tested = running[0] if running else None
    mnet.stack("control", cidr, ipv6="off")

    def stats():
        return {"bugs": tested.stats.bugs, "drops": tested.stats.drops} if tested else {}

    return stats


def serve(address, port, sockets):
    """Serve one control connection after the other; at its end its sockets are closed."""
    listener = socket.create_server((address, port))
    print("agent: listening on port %d" % port, flush=True)
    failed = 0
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection:
            try:
                Session(connection, sockets).run()
            except OSError as error:
                failed += 1
                if not failed & (failed - 1):  # 1, 2, 4, 8 ...: peers cannot flood the console
                    print("agent: %d control connections failed: %s" % (failed, error), flush=True)
        sockets.close_all()


def choices(arguments):
    """Return (address of the control device, port). ValueError names the invalid argument."""
    control, port = CONTROL, PORT
    while arguments:
        option, value = arguments.pop(0), arguments.pop(0) if arguments else ""
        if option == "--control" and value:
            control = value
        elif option == "-p" and value.isdigit() and 0 < int(value) < 65536:
            port = int(value)
        else:
            raise ValueError("%s %s?" % (option, value))
    return control, port


def main(arguments):
    """Serve without end; 2 for invalid arguments."""
    try:
        control, port = choices(arguments)
        stats = start_stack(control)
    except ValueError as error:
        print("agent: %s\n%s" % (error, USAGE))
        return 2
    try:
        serve(control.partition("/")[0], port, Sockets(stats))
    except OSError as error:
        print("agent: %s" % error)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
