# work.py - the bytecodes, calls of Python functions, allocations and bytes of a connection, of a round trip
# with 64 bytes on an open one, and of a segment of bulk data: the same on every machine, so that a regression
# is seen without a clock. The server is unikernels/bench, over one host; its client is a script of frames,
# whose work does not count. Prints a line for each, `work.py functions` also the bytecodes by function, then
# "N tried, M failed".
import sys

TESTS = "/".join(__file__.split("/")[:-1] or ["."]) + "/.."
sys.path[:] = [TESTS + "/../build/library", TESTS + "/../stack", TESTS, ".frozen", TESTS + "/shims"]
sys.path += [TESTS + "/../unikernels/bench", TESTS + "/bench"]

import _boot  # noqa: E402

_boot.install_builtins()

import _counted  # noqa: E402
import _mkernel  # noqa: E402
import _nomem  # noqa: E402
from main import PIECE, accept, echo, listen  # noqa: E402
from mkernel import run, sleep, spawn  # noqa: E402
from mkernel.scheduler import Waiters  # noqa: E402
from mnet import runner  # noqa: E402
from mnet.env import Env  # noqa: E402
from mnet.host import Host  # noqa: E402
from segments import In, Out  # noqa: E402
from unit.mnet.frames import FIN, OUR_MAC, OURS, PEER, PEER_MAC, SYN, arp, read, tcp  # noqa: E402

_ROUNDS = 100
_SEGMENTS = 44  # of a round of tests/bench/segments.py
_NEVER = 1 << 60
_WINDOW = 64240
_DATA = bytes(range(64))

# What is allowed, some 5 % more than is needed today: bytecodes, calls, allocations, bytes besides the
# application's buffer.
LIMITS = {
    "connection": (13700, 470, 215, 22500),
    "trip": (2650, 93, 16, 500),
    "segment in": (370, 7.1, 0, 0),
    "segment out": (445, 7.9, 0, 0),
}


def uncounted(function):
    """Return a function whose work does not count. It must not wait."""

    def call(*args):
        was = _nomem.pause()
        try:
            return function(*args)
        finally:
            _nomem.resume(was)

    return call


class Client:
    """A net device with a Linux-like client behind it, one connection at a time: SYN, ACK, 64 bytes; then FIN
    when told. `done` is woken by the echo, and by the server's FIN."""

    mac, mtu, features, rx_csum, rx_gso, link = OUR_MAC, 1500, 0, 1, 0, 1

    def __init__(self):
        self.frames = []
        self.port = 40000
        self.done = Waiters()
        self.seq = self.ack = 0

    def due(self):
        return _mkernel._now if self.frames else None

    @uncounted
    def read_into(self, buf):
        if not self.frames:
            return 0
        frame = self.frames.pop(0)
        buf[: len(frame)] = frame
        return len(frame)

    @uncounted
    def write(self, buf, n, csum_start=0, csum_offset=0, gso_size=0):
        frame = read(bytes(memoryview(buf)[:n]))
        if frame.kind == "arp":
            self.frames.append(arp(2, PEER_MAC, PEER, OUR_MAC, OURS))
        elif frame.kind == "tcp":
            self._answer(frame)
        return True

    def flush(self):
        pass

    def _answer(self, frame):
        self.tsecr = frame.options[8][:4]
        end = frame.seq + len(frame.data) + (1 if frame.bits & (SYN | FIN) else 0)
        if end == frame.seq:
            return
        self.ack = end & 0xFFFFFFFF
        self._send(".")
        if frame.bits & SYN:
            self.ask()
        elif len(frame.data) == len(_DATA) or frame.bits & FIN:
            self.done.wake_all()

    def _send(self, flags, data=b"", options=b""):
        options += (
            b"\1\1\x08\x0a"[len(options) & 2 :] + (_mkernel._now // 1000000).to_bytes(4, "big") + self.tsecr
        )
        self.frames.append(
            tcp(flags, self.seq, self.ack, _WINDOW, data, options, self.port, src=PEER, dst=OURS)
        )
        self.seq += len(data) + (1 if "S" in flags or "F" in flags else 0)

    @uncounted
    def open(self):
        """Connect, and send 64 bytes once that has succeeded."""
        self.port += 1
        self.tsecr = bytes(4)
        self.seq, self.ack = 1000, 0
        self._send("S", options=b"\2\4\x05\xb4\4\2\1\3\3\7")  # MSS, SACK, NOP, window scale

    @uncounted
    def ask(self):
        """Send 64 bytes."""
        self._send("P.", _DATA)

    @uncounted
    def finish(self):
        """Close this end; the server then closes its own."""
        self._send("F.")


def counted(work, rounds=_ROUNDS, parts=1):
    """Return the four counts of one of the `parts` of a call of work(), which is called `rounds` times."""
    _counted.take()
    _counted.functions()
    _nomem.arm(_NEVER, 1)
    for _ in range(rounds):
        work()
    _nomem.pause()
    counts = _counted.take() + (_nomem.count(), _nomem.size())
    return [count / rounds / parts for count in counts]


def show_functions():
    """Print bytecodes, calls and allocations of each function, for each of _ROUNDS."""
    found = []
    for file, name, *counts in _counted.functions():
        found.append((counts, "%s %s" % (file.partition("/stack/")[2] or file, name)))
    for counts, name in sorted(found, reverse=True):
        if any([count >= _ROUNDS for count in counts]):
            print("%8.1f %6.1f %6.1f  %s" % (tuple([count / _ROUNDS for count in counts]) + (name,)))


def measure(by_function):
    """Return {name: counts}."""
    device = Client()
    _mkernel.attach("net", device)
    here = runner.Runner(Host(Env(_mkernel.random, print, _mkernel.memory()[1])))
    runner.use(here)
    here.start(device, "net", OURS, 24)
    spawn(accept, listen(9000), echo)

    def connection():
        device.open()
        device.done.wait()
        device.finish()
        device.done.wait()
        sleep(0)  # the last ACK

    def trip():
        device.ask()
        device.done.wait()

    connection()  # what is made once
    found = {}
    found["connection"] = counted(connection)
    found["connection"][3] -= PIECE
    if by_function:
        show_functions()
    device.open()
    device.done.wait()
    trip()
    found["trip"] = counted(trip)
    if by_function:
        show_functions()
    for name, case in (("segment in", In()), ("segment out", Out())):
        case.round()
        found[name] = counted(case.round, 10, _SEGMENTS)
    return found


def main():
    _counted.use()
    failed = 0
    for name, counts in run(measure, "functions" in sys.argv[1:]).items():
        print("%s: %d bytecodes, %.1f calls, %.1f allocations, %d bytes" % ((name,) + tuple(counts)))
        for what, count, limit in zip(("bytecodes", "calls", "allocations", "bytes"), counts, LIMITS[name]):
            if count > limit:
                failed += 1
                print("a %s costs %.1f %s, more than %d" % (name, count, what, limit))
    print("%d tried, %d failed" % (4 * len(LIMITS), failed))
    return failed


if __name__ == "__main__":
    sys.exit(main())
