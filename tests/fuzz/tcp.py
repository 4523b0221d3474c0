"""`invoke fuzz tcp`: live connections, segments with nearly valid numbers, user calls, and time.

The first byte says who opened the connection and its state; events follow. The user never receives more data
than the peer has sent, and in the end no state is left."""

import struct

from mnet.limits import TCP_RANGES
from mnet.seq import M32
from mnet.tcp import user
from mnet.tcp.settings import Settings
from mnet.tcp.states import CLOSED, ESTABLISHED
from unit.mnet import frames
from unit.mnet.frames import OURS, PEER
from unit.mnet.sending import open_connection

from fuzz.lab import START, STEPS, Bytes, arrive, bounded, connections, make

NEAR = (0, 0, 0, 0, 1, M32, 100, M32 - 99, 1448, 5000, 65535, 70000, 1 << 31)
FLAGS = (".", ".", ".", "P.", "F.", "R", "R.", "S", "S.", "SF", "F", "", "FRPU.", "U.", "SR.", "FP")
WINDOWS = (65535, 0, 1, 500, 32768)
SIZES = (0, 0, 1, 10, 100, 536, 1448, 255)
TEXT = bytes(range(256)) * 6
OPTIONS = b"\2\4\5\xb4\1\3\3\7\1\1\4\2\1\1\x08\x0a\0\0\0\1\0\0\0\0"
SYN_OPTIONS = (b"", OPTIONS[:4], OPTIONS[:12], OPTIONS, b"\2\4\0\1", b"\1\3\3\xff")


class Talk:
    """A stack, a listener, and the data exchanged."""

    def __init__(self, source):
        self.source = source
        self.stack, self.device = make(False)
        self.now = START
        self.sent = self.got = 0
        self.buf = bytearray(4096)
        self.tcbs = []
        buffers = source.choice((65536, 0, 2048))
        settings = Settings(buffers, buffers, bool(source.byte() & 1))
        self.listener = self.stack.tcp.listen(0, 9000, 4, settings)
        self.opened = source.byte()
        if self.opened & 1:
            self.opens(buffers)
        else:
            self.comes()

    def comes(self):
        """A client opens a connection, completely or not."""
        arrive(self.stack, frames.tcp("S", 1000, 0, 65535, b"", self.source.choice(SYN_OPTIONS)), self.now)
        for tcb in connections(self.stack) if self.opened & 6 else ():
            options = self.stamp(tcb)
            arrive(self.stack, frames.tcp(".", 1001, tcb.iss + 1 & M32, 65535, b"", options), self.now)
        self.accept()

    def opens(self, buffers):
        """Open a connection from the stack."""
        tcb = open_connection(self.stack, PEER, 7, 0, buffers, buffers, self.now)
        self.tcbs.append(tcb)
        if self.opened & 6:
            answer = self.source.choice(SYN_OPTIONS)
            self.segment(tcb, "S.", 1000, tcb.iss + 1 & M32, 65535, b"", answer)

    def accept(self):
        """Read the segments sent."""
        while self.listener.accept_queue:
            self.tcbs.append(self.listener.accept())

    def stamp(self, tcb):
        """Return the timestamps that a peer would send now."""
        if not tcb.ts_on:
            return b""
        value = tcb.ts_recent + (1 if self.source.byte() & 3 else M32) & M32
        return struct.pack("!BBBBII", 1, 1, 8, 10, value, 0)

    def segment(self, tcb, flags, seq, ack, window, data, options):
        """Send a segment from this connection's peer."""
        self.sent += len(data)
        ends = {"sport": tcb.rport, "dport": tcb.lport, "src": PEER, "dst": OURS}
        arrive(self.stack, frames.tcp(flags, seq, ack, window, data, options, **ends), self.now)

    def options(self, tcb):
        """Return timestamps, SACK blocks, or random options."""
        source, kind = self.source, self.source.byte() & 7
        if kind < 4:
            return self.stamp(tcb)
        if kind < 6:
            made = b""
            for _ in range(1 + (source.byte() & 1)):
                start = (tcb.snd_una + source.choice(NEAR)) & M32
                made += struct.pack("!II", start, start + source.choice((1, 100, 1448, 0, M32)) & M32)
            return self.stamp(tcb) + struct.pack("!BBBB", 1, 1, 5, 2 + len(made)) + made
        made = source.some()[:40]
        return made + bytes(-len(made) % 4)

    def peer(self):
        """Send a segment with numbers that are valid or nearly so."""
        source = self.source
        live = connections(self.stack)
        if not live:
            return self.comes()
        tcb = live[source.byte() % len(live)]
        seq = (tcb.rcv_nxt + source.choice(NEAR)) & M32
        ack = (source.choice((tcb.snd_max, tcb.snd_una, tcb.snd_nxt)) + source.choice(NEAR)) & M32
        data = TEXT[: source.choice(SIZES)]
        window, flags = source.choice(WINDOWS), source.choice(FLAGS)
        self.segment(tcb, flags, seq, ack, window, data, self.options(tcb))

    def user(self):
        """Make a user call."""
        source = self.source
        self.accept()
        if not self.tcbs:
            return
        tcb, what = source.choice(self.tcbs), source.byte() & 15
        if what < 6 and tcb.state >= ESTABLISHED and tcb.fin_seq < 0:
            user.send(tcb, TEXT, 0, source.choice((1, 100, 1536)), self.now)
        elif what < 12:
            self.got += user.receive(tcb, self.buf, 0, source.choice((4096, 1, 100)), self.now)
        elif what == 12 and tcb.state >= ESTABLISHED:
            user.shutdown(tcb, self.now)
        elif what == 13:
            user.close_and_release(tcb, self.now)
        elif what == 14:
            user.abort(tcb, self.now)
        elif tcb.state >= ESTABLISHED:
            settings = Settings(tcb.settings.snd_buf, tcb.settings.rcv_buf)
            settings.keep_alive, settings.corked = True, bool(source.byte() & 1)
            user.apply_settings(tcb, settings, self.now)

    def time(self):
        """Let time pass; the device may be full."""
        self.device.full = self.source.byte() & 15 == 15
        step = self.source.byte()
        if step & 15 == 15:
            self.now = max(self.now, min(self.stack.deadline(), self.now + 10**9))
        else:
            self.now += STEPS[step % len(STEPS)]
        self.stack.tick(self.now)

    def check(self):
        """Check the invariants between two events."""
        bounded(self.stack)
        assert self.got <= self.sent
        for tcb in connections(self.stack):
            assert len(tcb.out_of_order.ranges) <= TCP_RANGES

    def end(self):
        """Reset from the peer, or abort where its RST is ignored: no state is left."""
        self.device.full = False
        for tcb in connections(self.stack):
            if tcb.state >= ESTABLISHED:
                self.segment(tcb, "R", tcb.rcv_nxt, 0, 0, b"", b"")
                assert tcb.state == CLOSED, "a reset at the next number ends it (RFC 5961 3.2)"
        self.stack.tcp.unlisten(self.listener, self.now)
        for tcb in connections(self.stack):
            user.abort(tcb, self.now)
        for tcb in self.tcbs:
            tcb.rx.release()
        tcp = self.stack.tcp
        assert (tcp.count, tcp.ports, tcp.time_waits, tcp.memory.used) == (0, {}, [], 0)
        assert len(self.stack.deadlines.heap) <= 1, "the neighbor's only"


def target(data):
    """Run one execution."""
    talk = Talk(Bytes(data))
    events = (talk.peer, talk.peer, talk.peer, talk.user, talk.peer, talk.time, talk.user, talk.peer)
    for _ in range(16):
        if not talk.source.more():
            break
        talk.source.choice(events)()
    talk.check()
    talk.end()
