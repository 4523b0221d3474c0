# cable.py - two net devices joined by a cable, for tests that run two stacks in one interpreter on the
# virtual clock.


class Counters:
    """The fields of Net.stats() that the stack uses."""

    def __init__(self, rx_dropped, tx_errors):
        self.rx_dropped = rx_dropped
        self.tx_dropped = 0
        self.tx_errors = tx_errors


class End:
    """One device, with the interface of `_mkernel.Net`: frames written at the other end can be read here
    `delay` nanoseconds later."""

    mtu = 1500
    features = 0
    rx_csum = 0
    rx_gso = 0
    link = 1
    capacity = 1 << 30  # frames on the cable; more find no room

    def __init__(self, number, clock, delay):
        self.mac = bytes((2, 0, 0, 0, 0, number))
        self.clock = clock
        self.delay = delay
        self.frames = []  # (when, frame)
        self.peer = None
        self.lose = None  # lose(frame) -> whether to lose it
        self.sent = 0
        self.refused = False
        self.dropped = 0  # received frames without a buffer, as a device may report
        self.errors = 0  # frames that it could not send

    def due(self):
        """Return when the next frame can be read, or when there is room again after a refused frame (once),
        or None."""
        if self.refused and len(self.peer.frames) < self.capacity:
            self.refused = False
            return self.clock()
        return self.frames[0][0] if self.frames else None

    def read_into(self, buf):
        """As Net.read_into."""
        if not self.frames or self.frames[0][0] > self.clock():
            return 0
        frame = self.frames.pop(0)[1]
        buf[: len(frame)] = frame
        return len(frame)

    def write(self, buf, n, csum_start=0, csum_offset=0, gso_size=0):
        """As Net.write."""
        if len(self.peer.frames) >= self.capacity:
            self.refused = True
            return False
        frame = bytes(memoryview(buf)[:n])
        self.sent += 1
        if self.lose is None or not self.lose(frame):
            self.peer.frames.append((self.clock() + self.delay, frame))
        return True

    def flush(self):
        """As Net.flush."""

    def stats(self):
        """Return the counters that are used."""
        return Counters(self.dropped, self.errors)

    def room(self):
        """As Net.room."""
        return 256


def cable(clock, delay=50000):
    """Return two joined Ends."""
    left, right = End(1, clock, delay), End(2, clock, delay)
    left.peer, right.peer = right, left
    return left, right
