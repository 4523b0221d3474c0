"""The programs that use the connections."""

from mnet.tcp import user
from mnet.tcp.states import CLOSE_WAIT, CLOSED, ESTABLISHED

CLOSES_SECOND, ANSWERS = "closes", "answers"


class User:
    """The program of one connection: sends `data`, half closes, reads to the end, closes. A slow one reads
    `read` bytes every `every` microseconds, or writes `write` bytes every `pace`. One with the argument to
    `hold` does not close until it is released. One with `second` closes, or even sends, only after the peer
    has closed."""

    def __init__(
        self, host, tcb, data=b"", read=1 << 20, every=0, write=1 << 20, pace=0, hold=False, second=""
    ):
        self.host, self.tcb, self.data, self.second = host, tcb, data, second
        self.read, self.every, self.write, self.pace = read, every, write, pace
        self.hold = hold
        self.taken = 0
        self.got = bytearray()
        self.shut = self.ended = self.closed = self.asleep = self.pausing = False
        self.error = None
        tcb.on_readable = tcb.on_writable = self.wake
        self.wake()

    def release(self, data=b""):
        """Send this too, then close."""
        self.data += data
        self.hold = False
        self.wake()

    def wake(self):
        """Handle readiness to read or write."""
        host = self.host
        if self not in host.ready:
            host.ready.append(self)
            host.world.at(host.world.now, host.turn)

    def step(self):
        """Read, write and close as far as possible."""
        if self.closed or self.tcb.state != CLOSED and self.tcb.state < ESTABLISHED:
            return
        if not self.pausing:
            self._write()
        if not self.asleep:
            self._read()
        if self.ended and (self.shut or self.tcb.state == CLOSED):
            self.closed = True
            self.error = self.tcb.error
            user.close_and_release(self.tcb, self.host.world.now)

    def _write(self):
        tcb, data, now = self.tcb, self.data, self.host.world.now
        if self.second == ANSWERS and not self.ended:
            return
        while self.taken < len(data) and not self.shut and tcb.state in (ESTABLISHED, CLOSE_WAIT):
            n = user.send(tcb, data, self.taken, min(len(data) - self.taken, self.write), now)
            if not n:
                return
            self.taken += n
            if self.pace and self.taken < len(data):
                self.pausing = True
                return self.host.world.at(now + self.pace, self._go_on)
        waits = self.hold or (self.second and not self.ended)
        if self.taken == len(data) and not (self.shut or waits) and tcb.state != CLOSED:
            self.shut = True
            user.shutdown(tcb, now)

    def _read(self):
        buf = bytearray(min(self.read, self.tcb.rx.size))
        n = user.receive(self.tcb, buf, 0, len(buf), self.host.world.now)
        self.got += buf[:n]
        if not n:
            ended = self.tcb.state == CLOSED or self.tcb.state >= CLOSE_WAIT
            if ended and not self.ended and self.second:
                self.wake()
            self.ended = ended
        elif self.every:
            self.asleep = True
            self.host.world.at(self.host.world.now + self.every, self._awake)
        else:
            self.wake()

    def _go_on(self):
        self.pausing = False
        self.wake()

    def _awake(self):
        self.asleep = False
        self.wake()


class Echo(User):
    """Sends back the data that it reads."""

    def _write(self):
        self.data = self.got
        tcb = self.tcb
        while self.taken < len(self.data) and tcb.state in (ESTABLISHED, CLOSE_WAIT):
            data = bytes(self.data[self.taken : self.taken + 65536])
            n = user.send(tcb, data, 0, len(data), self.host.world.now)
            if not n:
                return
            self.taken += n
        if self.ended and not self.shut and tcb.state != CLOSED:
            self.shut = True
            user.shutdown(tcb, self.host.world.now)

    def _read(self):
        if len(self.got) - self.taken < 65536:
            super()._read()
            if self.ended:
                self._write()
